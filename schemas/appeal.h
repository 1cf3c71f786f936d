// Appeals 诉求: the appeal, its assignments 承办单 and its rating rounds 评价, each with a table of its own.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/record.h"
#include "event_generated.h"
#include "schemas/calendar.h"
#include "schemas/decision.h"
#include "schemas/lifecycle.h"
#include "schemas/obligations.h"

namespace schemas {

struct Command;

enum class AppealStatus : std::uint8_t {
  none, submitted, supplement_requested, accepted, shelved, concluded, answered, closed,
  rejected, withdrawn, transferred, merged, excluded
};
enum class AssignmentStatus : std::uint8_t {
  none, dispatched, signed_, contacted, returning, long_term, completed, returned, redispatched, cancelled
};
enum class RoundStatus : std::uint8_t {
  none, invited, rated, assigned, verified, contested, planned, reported, accepted, fed_back, invalidated
};

struct Assignment {
  int matter = 0;
  std::string department;
  Duty duty = Duty::lead;
  Track track = Track::standard;
  AssignmentStatus status = AssignmentStatus::none;
  AssignmentStatus before_return = AssignmentStatus::none;
  Micros dispatched_at = 0, return_until = 0;
  std::vector<Clock> clocks;
  // The rest is what guards must remember; see appeal.cpp.
  bool return_asked = false, contacted = false, completion_accepted = false, suspended = false;
  int extensions = 0, extension_pending = 0;
  bool long_term_pending = false, weekly = false;
  std::string long_term_plan;
  Day long_term_until = 0;
  Micros long_term_at = 0, suspended_at = 0;
  std::vector<Day> weeks_filed;
  std::string last_progress;
  std::vector<Micros> failed_contacts;
  std::uint32_t yellow_cards = 0, red_cards = 0;  // bit = Obligation
  [[nodiscard]] bool open() const;  // dispatched and not completed, returned, redispatched, cancelled
};

struct RatingRound {
  int round = 0;
  RoundStatus status = RoundStatus::none;
  RoundStatus before_contest = RoundStatus::none;
  Micros concluded_at = 0, until = 0, rated_at = 0;
  int level = 0;
  std::optional<Finding> finding;
  std::vector<Clock> clocks;
};

struct Appeal {
  AppealStatus status = AppealStatus::none;
  AppealStatus before = AppealStatus::none;   // merged, shelved, excluded: where it came from
  std::uint32_t version = 0;
  std::string enterprise, submitter, merged_into;
  std::vector<int> matters;
  bool decomposed = false, supervised = false;
  bool callback_done = false, answered = false;
  int reopens = 0;
  std::vector<Micros> failed_callbacks;
  std::vector<Clock> clocks;                  // the office's own: accept, dispatch, callback
  std::vector<Assignment> assignments;        // of every round, oldest first
  std::vector<RatingRound> rounds;
  std::uint32_t yellow_cards = 0, red_cards = 0;
};

extern const Lifecycle kAppealLifecycle, kAssignmentLifecycle, kRatingLifecycle;
[[nodiscard]] bool admits(const Appeal& state, const engine::RecordView& record);
void evolve(Appeal& state, const engine::RecordView& record);   // CHECKs admits
[[nodiscard]] Decision decide(const Appeal& state, const Command& command, const Context& context);

// Every open clock of the stream whose due differs under `calendar`, for AmendCalendar and PublishCalendar:
// the office's own, the assignments' in order, the rounds'; within each in the order of the obligations.
[[nodiscard]] std::vector<Recomputed> recompute(const Appeal& state, const Calendar& calendar);

}  // namespace schemas
