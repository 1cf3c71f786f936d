// A verdict as people and programs read it: one line a check, Chinese and English.
#pragma once

#include <boost/json.hpp>
#include <string>

#include "tools/inspection/verdict.h"

namespace tools {

[[nodiscard]] std::string verdict_text(const Verdict& verdict);
[[nodiscard]] boost::json::object verdict_json(const Verdict& verdict);

}  // namespace tools
