#include "schemas/size_class.h"

#include <array>

#include "schemas/industry.h"

namespace schemas {
namespace {

struct Bounds {
  std::int64_t large = 0, medium = 0, small = 0;
  [[nodiscard]] constexpr bool asked() const { return large != 0; }
};

// One line of the standard's table: divisions, and a class within one division where it has its own
// line.
struct Line {
  char letter;
  int first, last;
  std::string_view class_;  // digits after the letter; empty: the whole divisions
  Bounds people, revenue, assets;
};

// The first line that fits is the one. G60 邮政 and the rest as the standard's text has them; the
// public function that is often copied has 仓储 and 信息传输 wrong.
constexpr std::array kLines{
    Line{'A', 1, 5, "", {}, {20'000, 500, 50}, {}},
    Line{'B', 6, 12, "", {1'000, 300, 20}, {40'000, 2'000, 300}, {}},
    Line{'C', 13, 43, "", {1'000, 300, 20}, {40'000, 2'000, 300}, {}},
    Line{'D', 44, 46, "", {1'000, 300, 20}, {40'000, 2'000, 300}, {}},
    Line{'E', 47, 50, "", {}, {80'000, 6'000, 300}, {80'000, 5'000, 300}},
    Line{'F', 51, 51, "", {200, 20, 5}, {40'000, 5'000, 1'000}, {}},
    Line{'F', 52, 52, "", {300, 50, 10}, {20'000, 500, 100}, {}},
    Line{'G', 54, 58, "", {1'000, 300, 20}, {30'000, 3'000, 200}, {}},
    Line{'G', 59, 59, "", {200, 100, 20}, {30'000, 1'000, 100}, {}},
    Line{'G', 60, 60, "", {1'000, 300, 20}, {30'000, 2'000, 100}, {}},
    Line{'H', 61, 62, "", {300, 100, 10}, {10'000, 2'000, 100}, {}},
    Line{'I', 63, 64, "", {2'000, 100, 10}, {100'000, 1'000, 100}, {}},
    Line{'I', 65, 65, "", {300, 100, 10}, {10'000, 1'000, 50}, {}},
    Line{'K', 70, 70, "701", {}, {200'000, 1'000, 100}, {10'000, 5'000, 2'000}},
    Line{'K', 70, 70, "702", {1'000, 300, 100}, {5'000, 1'000, 500}, {}},
    Line{'K', 70, 70, "", {300, 100, 10}, {}, {}},
    Line{'L', 71, 72, "", {300, 100, 10}, {}, {120'000, 8'000, 100}},
    Line{'M', 73, 75, "", {300, 100, 10}, {}, {}},
    Line{'N', 76, 79, "", {300, 100, 10}, {}, {}},
    Line{'O', 80, 82, "", {300, 100, 10}, {}, {}},
    Line{'Q', 84, 85, "", {300, 100, 10}, {}, {}},
    Line{'R', 86, 90, "", {300, 100, 10}, {}, {}},
};

const Line* line_of(std::string_view industry) {
  const int division = division_of(industry);
  for (const Line& line : kLines)
    if (line.letter == industry.front() && division >= line.first && division <= line.last &&
        industry.substr(1).starts_with(line.class_))
      return &line;
  return nullptr;
}

bool reaches(std::int64_t Bounds::* of_class, const Line& line, const SizeFigures& figures) {
  return (!line.people.asked() || *figures.people >= line.people.*of_class) &&
         (!line.revenue.asked() || *figures.revenue >= line.revenue.*of_class) &&
         (!line.assets.asked() || *figures.assets >= line.assets.*of_class);
}

}  // namespace

std::optional<SizeClass> size_class(std::string_view industry, const SizeFigures& figures) {
  const Line* const line = line_of(industry);
  if (line == nullptr) return SizeClass::unclassed;
  if ((line->people.asked() && !figures.people) || (line->revenue.asked() && !figures.revenue) ||
      (line->assets.asked() && !figures.assets))
    return std::nullopt;
  if (reaches(&Bounds::large, *line, figures)) return SizeClass::large;
  if (reaches(&Bounds::medium, *line, figures)) return SizeClass::medium;
  if (reaches(&Bounds::small, *line, figures)) return SizeClass::small;
  return SizeClass::micro;
}

}  // namespace schemas
