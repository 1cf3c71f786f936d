// The office's procedure as a plain table, written from domain.md section 10 and the golden tables
// of tests/golden/lifecycles, for the simulation's model. It shares nothing with schemas.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace simulation {

// One step: who may ask for what, where it leads.
struct Row {
  std::string_view about;  // appeal, work, round, report, supervisor, task, ...
  std::string_view command, event;
  std::string_view from;     // statuses, apart by a space; "none": nothing is recorded yet
  std::string_view to;       // "": it stays
  std::string_view roles;    // E enterprise, D department, C clerk, L lead, S supervisor,
                             // I inspector, G district leader, Y system
  std::string_view instead;  // what may be said in place of WrongState, apart by a space
};

[[nodiscard]] const std::vector<Row>& procedure();
[[nodiscard]] bool has_word(std::string_view words, std::string_view word);
[[nodiscard]] std::vector<std::string> words_of(std::string_view words);
[[nodiscard]] char letter_of(std::string_view role);
// What the command records first.
[[nodiscard]] std::string_view event_of(std::string_view command);

}  // namespace simulation
