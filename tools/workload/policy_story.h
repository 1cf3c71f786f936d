// The generated policies and profiles as a history of their own, all of the morning of
// kPolicyToday: a department, the vocabulary, 63 policies, 212 items open for applications, then
// each enterprise with what the registers know of it and its consent. One seed, the same bytes.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tools/workload/policy_district.h"
#include "tools/workload/script.h"

namespace tools {

// The code of the `number`-th enterprise, below a million; its check digit holds.
[[nodiscard]] std::string policy_enterprise(std::int64_t number);

class PolicyStory {
 public:
  PolicyStory(std::uint64_t seed, std::int64_t enterprises);
  // The next line, without its newline; false: it is told.
  bool next(std::string& line);

 private:
  void found();
  void list(const GeneratedItem& item);
  void enlist(std::int64_t number);
  void tell(Script& script);

  std::uint64_t seed_;
  std::int64_t enterprises_, told_ = 0;
  Micros at_;
  std::vector<Step> steps_;  // of the subject that is being told
  std::size_t step_ = 0;
};

}  // namespace tools
