// What supervisors report 监督员反映事项: suggestions and clues, each settled and answered.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/record.h"
#include "event_generated.h"
#include "schemas/clocks.h"
#include "schemas/decision.h"
#include "schemas/lifecycle.h"

namespace schemas {

struct CommandView;

enum class ReportStatus : std::uint8_t {
  none,
  filed,
  registered,
  graded,
  dispatched,
  concluded,
  answered,
  closed,
  declined,
  transferred
};
struct SupervisorReport {
  ReportStatus status = ReportStatus::none;
  std::uint32_t version = 0;
  ReportKind kind = ReportKind::suggestion;
  bool sealed = false;
  std::string supervisor;              // of an open report
  std::vector<std::uint8_t> reporter;  // of a sealed one, as stored
  std::uint32_t reporter_version = 1;  // the version it was sealed under
  Grade grade = Grade::C;              // a suggestion may stay ungraded and counts as simple
  bool rated = false;                  // since the last answer
  std::string department;
  std::vector<Clock> clocks;
};
extern const Lifecycle kReportLifecycle;
[[nodiscard]] bool admits(const SupervisorReport& state, const engine::RecordView& record);
void evolve(SupervisorReport& state, const engine::RecordView& record);
[[nodiscard]] Decision decide(const SupervisorReport& state, const CommandView& command,
                              const Context& context);
[[nodiscard]] std::vector<Recomputed> recompute(const SupervisorReport& state,
                                                const Calendar& calendar);
[[nodiscard]] bool has_running_clock(const SupervisorReport& state);

}  // namespace schemas
