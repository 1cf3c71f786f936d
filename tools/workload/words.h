// The words of the generated district: departments, subjects of appeals, towns, names. Invented,
// fixed, and without a character that JSON would have to escape.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "tools/workload/random.h"

namespace tools {

inline constexpr int kDepartments = 30;
[[nodiscard]] std::string_view department_name(int department);  // 0 .. 29
[[nodiscard]] std::string department_id(int department);         // "D01" .. "D30"

struct Topic {
  std::string_view title, problem, wish;
};
struct Subject {
  std::string_view category;
  std::span<const int> departments;  // who may lead; numbers from 0
  std::span<const Topic> topics;
};
[[nodiscard]] std::span<const Subject> subjects();

struct Industry {
  std::string_view code, words;  // GB/T 4754-2017; the part of a name that tells the trade
};
[[nodiscard]] const Industry& industry(Random& random);
[[nodiscard]] std::string_view town(Random& random);
[[nodiscard]] std::string_view size(Random& random);
[[nodiscard]] std::string enterprise_name(Random& random, const Industry& industry);
[[nodiscard]] std::string person_name(Random& random);
[[nodiscard]] std::string phone_number(Random& random);

struct PlanEnvironment {
  std::string_view name, aim;
  std::span<const std::string_view> domains;
  int tasks = 0;
};
[[nodiscard]] std::span<const PlanEnvironment>
plan_environments();  // domain.md section 1: 6, 20, 291

}  // namespace tools
