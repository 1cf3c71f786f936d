// The unified social credit code, GB 32100-2015: 18 characters, the last one a check digit
// modulo 31.
#include <array>

#include "engine/check.h"
#include "schemas/directory.h"

namespace schemas {
namespace {

constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";  // without I O S V Z
constexpr std::size_t kCodeSize = 18;

}  // namespace

bool is_uscc_shape(std::string_view code) {
  return code.size() == kCodeSize && code.find_first_not_of(kAlphabet) == std::string_view::npos;
}

char uscc_check_digit(std::string_view first17) {
  CHECK(first17.size() == kCodeSize - 1);
  std::size_t sum = 0, weight = 1;  // weight i = 3^(i-1) mod 31
  for (const char c : first17) {
    const std::size_t value = kAlphabet.find(c);
    CHECK(value != std::string_view::npos);
    sum += value * weight;
    weight = weight * 3 % 31;
  }
  return kAlphabet[(31 - sum % 31) % 31];
}

bool uscc_check_digit_holds(std::string_view code) {
  return is_uscc_shape(code) && uscc_check_digit(code.substr(0, kCodeSize - 1)) == code.back();
}

}  // namespace schemas
