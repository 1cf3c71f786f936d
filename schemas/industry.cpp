#include "schemas/industry.h"

#include <algorithm>
#include <array>

namespace schemas {
namespace {

struct Section {
  char letter;
  int first, last;  // 大类
};

// GB/T 4754-2017: 97 divisions in 20 sections.
constexpr std::array<Section, 20> kSections{{
    {'A', 1, 5},   {'B', 6, 12},  {'C', 13, 43}, {'D', 44, 46}, {'E', 47, 50},
    {'F', 51, 52}, {'G', 53, 60}, {'H', 61, 62}, {'I', 63, 65}, {'J', 66, 69},
    {'K', 70, 70}, {'L', 71, 72}, {'M', 73, 75}, {'N', 76, 79}, {'O', 80, 82},
    {'P', 83, 83}, {'Q', 84, 85}, {'R', 86, 90}, {'S', 91, 96}, {'T', 97, 97},
}};
constexpr std::size_t kLongest = 5;

}  // namespace

int division_of(std::string_view code) {
  return code.size() < 3 ? 0 : (code[1] - '0') * 10 + (code[2] - '0');
}

bool is_industry(std::string_view code) {
  if (code.empty() || code.size() > kLongest || code.size() == 2) return false;
  const auto* const section = std::ranges::find(kSections, code.front(), &Section::letter);
  if (section == kSections.end()) return false;
  if (!std::ranges::all_of(code.substr(1), [](char c) { return c >= '0' && c <= '9'; }))
    return false;
  const int division = division_of(code);
  return code.size() == 1 || (division >= section->first && division <= section->last);
}

}  // namespace schemas
