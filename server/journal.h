// What the operator is told: one JSON object a line on standard error. It names no person and
// quotes nothing that a client wrote, and no byte of it steers a terminal.
#pragma once

#include <boost/json.hpp>
#include <string_view>

namespace server {

enum class Grade { info, warning, error };

// Until it is called nothing is written: tests stay silent.
void open_journal();

// Any thread. `what` is a word of ours, `more` further members.
void note(Grade grade, std::string_view what, boost::json::object more = {});

}  // namespace server
