// Industry codes of GB/T 4754-2017: a letter (门类 A to T) and up to four digits, of which the
// first two (大类) lie in the letter's range.
#pragma once

#include <string_view>

namespace schemas {

// "C", "C26", "C266", "C2661". Classes are not listed one by one: the two digits are held against
// the letter.
[[nodiscard]] bool is_industry(std::string_view code);

// The two digits as a number; 0: only the letter is given. Needs is_industry().
[[nodiscard]] int division_of(std::string_view code);

// Is `code` within `within`, which is as long or shorter ("C2661" is within "C26" and "C")?
[[nodiscard]] inline bool is_within(std::string_view code, std::string_view within) {
  return code.starts_with(within);
}

}  // namespace schemas
