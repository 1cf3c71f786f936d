// Who may do what: ONE table, role by action, with the scope of each right (reliability.md section
// 9). It drives the checks of commands and reads, the tests, and docs/ROLES.md. What it does not
// grant is denied; what it grants, the rules of schemas/ still judge by state and stream.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "event_generated.h"

namespace server {

enum class Action : std::uint8_t {
  // commands
  appeal,
  rate,
  handle,
  callback,
  work,
  conclude,
  oversee,
  enterprise,
  file_report,
  handle_report,
  supervisor,
  unmask,
  erase,
  plan,
  task,
  approve_task,
  policy,
  publish_policy,
  profile,
  consent,
  match,
  apply,
  handle_application,
  revoke_grant,
  directory,
  roles,
  settings,
  set_clock,
  attach,
  draw_package,
  // reads
  read_report,
  read_stream,
  read_events,
  read_entries,
  read_proof,
  read_checkpoint,
  read_calendar,
  read_policy,
  read_match,
  read_metrics,
  read_self,
  read_page,
  read_alive,
};

enum class Scope : std::uint8_t {
  none,
  own,         // what the person itself brought or is about
  department,  // of the person's department, while it holds
  all,
};

// Columns of the table: the roles of schemas::Role by number, and who keeps the directory with the
// token that `bihuan init` printed. He acts as `system`, and reads no content.
inline constexpr std::size_t kColumns = 9, kAdministrator = 8;

struct Right {
  Action action;
  std::string_view name, chinese, english;
  std::array<Scope, kColumns> of_column;
  bool open = false;  // needs no token: what it shows is public
};

[[nodiscard]] std::span<const Right> rights();  // one row an action, in their order
[[nodiscard]] const Right& right_of(Action action);
[[nodiscard]] inline Scope scope_of(Action action, std::size_t column) {
  return right_of(action).of_column.at(column);
}
[[nodiscard]] std::string_view scope_name(Scope scope);  // "none", "own", "department", "all"
// The action that asks for this event; nullopt: nobody may ask for it over HTTP.
[[nodiscard]] std::optional<Action> action_of(schemas::EventType event);

// docs/ROLES.md.
[[nodiscard]] std::string rights_document();

}  // namespace server
