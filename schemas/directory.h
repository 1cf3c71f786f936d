// The directory: departments 部门 with their people's roles, and enterprises 企业 by their code.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/record.h"
#include "event_generated.h"
#include "schemas/decision.h"
#include "schemas/lifecycle.h"
#include "schemas/profile.h"

namespace schemas {

struct CommandView;

// Unified social credit code, GB 32100-2015.
[[nodiscard]] bool is_uscc_shape(std::string_view code);           // 18 of 0-9A-Z without I O S V Z
[[nodiscard]] bool uscc_check_digit_holds(std::string_view code);  // needs the shape
[[nodiscard]] char uscc_check_digit(std::string_view first17);

enum class DepartmentStatus : std::uint8_t { none, active, merged };
struct Department {
  DepartmentStatus status = DepartmentStatus::none;
  std::uint32_t version = 0;
  std::string name, merged_into;
  std::vector<std::pair<std::string, Role>> people;
};
extern const Lifecycle kDepartmentLifecycle;
[[nodiscard]] bool admits(const Department& state, const engine::RecordView& record);
void evolve(Department& state, const engine::RecordView& record);
[[nodiscard]] Decision decide(const Department& state, const CommandView& command,
                              const Context& context);

enum class EnterpriseStatus : std::uint8_t { none, registered, verified, merged, deregistered };
enum class Contact : std::uint8_t { none, sealed, erased };
struct Enterprise {
  EnterpriseStatus status = EnterpriseStatus::none;
  Contact contact = Contact::none;
  std::uint32_t version = 0;
  std::string name, merged_into;
  Profile profile;
  [[nodiscard]] bool active() const {
    return status == EnterpriseStatus::registered || status == EnterpriseStatus::verified;
  }
};
extern const Lifecycle kEnterpriseLifecycle;
[[nodiscard]] bool admits(const Enterprise& state, const engine::RecordView& record);
void evolve(Enterprise& state, const engine::RecordView& record);
[[nodiscard]] Decision decide(const Enterprise& state, const CommandView& command,
                              const Context& context);

}  // namespace schemas
