// The size classes of 国统字〔2017〕213号, read again line by line from domain.md section 6: each
// bound holds at its figure and not one below it.
#include "schemas/size_class.h"

#include <doctest/doctest.h>

#include <array>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "schemas/industry.h"

namespace size_class_test {

namespace {

using namespace schemas;

// industry, then for each figure that it is judged by: X people, Y revenue, Z assets (万元),
// large/medium/small.
constexpr std::string_view kTable = R"(
A01    Y 20000/500/50
A0511  Y 20000/500/50
B06    X 1000/300/20     Y 40000/2000/300
C13    X 1000/300/20     Y 40000/2000/300
C2661  X 1000/300/20     Y 40000/2000/300
C43    X 1000/300/20     Y 40000/2000/300
D44    X 1000/300/20     Y 40000/2000/300
E47    Y 80000/6000/300  Z 80000/5000/300
E50    Y 80000/6000/300  Z 80000/5000/300
F51    X 200/20/5        Y 40000/5000/1000
F52    X 300/50/10       Y 20000/500/100
G54    X 1000/300/20     Y 30000/3000/200
G58    X 1000/300/20     Y 30000/3000/200
G59    X 200/100/20      Y 30000/1000/100
G60    X 1000/300/20     Y 30000/2000/100
H61    X 300/100/10      Y 10000/2000/100
H62    X 300/100/10      Y 10000/2000/100
I63    X 2000/100/10     Y 100000/1000/100
I64    X 2000/100/10     Y 100000/1000/100
I65    X 300/100/10      Y 10000/1000/50
K7010  Y 200000/1000/100 Z 10000/5000/2000
K7020  X 1000/300/100    Y 5000/1000/500
K7030  X 300/100/10
L71    X 300/100/10      Z 120000/8000/100
L72    X 300/100/10      Z 120000/8000/100
M73    X 300/100/10
N78    X 300/100/10
O80    X 300/100/10
Q84    X 300/100/10
R90    X 300/100/10
)";

struct Judged {
  std::optional<std::int64_t> SizeFigures::* figure;
  std::array<std::int64_t, 3> bounds;
};
struct Row {
  std::string industry;
  std::vector<Judged> judged;
};

std::vector<Row> rows() {
  std::vector<Row> rows;
  std::istringstream lines{std::string(kTable)};
  for (std::string line; std::getline(lines, line);) {
    std::istringstream parts(line);
    Row row;
    if (!(parts >> row.industry)) continue;
    char letter = 0, slash = 0;
    Judged one{};
    while (parts >> letter >> one.bounds[0] >> slash >> one.bounds[1] >> slash >> one.bounds[2]) {
      one.figure = letter == 'X'   ? &SizeFigures::people
                   : letter == 'Y' ? &SizeFigures::revenue
                                   : &SizeFigures::assets;
      row.judged.push_back(one);
    }
    rows.push_back(row);
  }
  return rows;
}

SizeFigures at_bound(const Row& row, std::size_t of) {
  SizeFigures figures;
  for (const Judged& one : row.judged) figures.*one.figure = one.bounds[of];
  return figures;
}

constexpr std::array kClasses{SizeClass::large, SizeClass::medium, SizeClass::small,
                              SizeClass::micro};

}  // namespace

TEST_CASE("size: all bounds of a class make the class, and one below one of them is the next") {
  REQUIRE(rows().size() == 30);
  for (const Row& row : rows())
    for (std::size_t of = 0; of < 3; ++of) {
      CAPTURE(row.industry);
      CAPTURE(of);
      CHECK(size_class(row.industry, at_bound(row, of)) == kClasses.at(of));
      for (const Judged& one : row.judged) {
        SizeFigures figures = at_bound(row, of);
        figures.*one.figure = one.bounds.at(of) - 1;
        CHECK(size_class(row.industry, figures) == kClasses.at(of + 1));
      }
    }
}

TEST_CASE(
    "size: what the industry is not judged by does not count, what it is judged by is needed") {
  for (const Row& row : rows()) {
    CAPTURE(row.industry);
    SizeFigures figures = at_bound(row, 1);
    for (const auto figure : {&SizeFigures::people, &SizeFigures::revenue, &SizeFigures::assets})
      if (!(figures.*figure)) figures.*figure = 0;
    CHECK(size_class(row.industry, figures) == SizeClass::medium);
    for (const Judged& one : row.judged) {
      SizeFigures without = figures;
      without.*one.figure = std::nullopt;
      CHECK(!size_class(row.industry, without).has_value());
    }
  }
}

TEST_CASE(
    "size: finance, education, associations, international bodies and railways have no class") {
  for (const char* industry : {"J66", "P83", "S91", "T97", "G53"})
    CHECK(size_class(industry, {100'000, 100'000, 100'000}) == SizeClass::unclassed);
}

TEST_CASE("industry: a code is a letter and digits of its range") {
  for (const char* good :
       {"A", "C", "T", "A01", "A05", "B06", "C13", "C43", "C266", "C2661", "T97"})
    CHECK_MESSAGE(is_industry(good), good);
  for (const char* bad :
       {"", "U", "c26", "C2", "C12", "C44", "A06", "A00", "T98", "C26610", "C26a", "26"})
    CHECK_MESSAGE(!is_industry(bad), bad);
  CHECK(is_within("C2661", "C26"));
  CHECK(is_within("C2661", "C"));
  CHECK(!is_within("C26", "C2661"));
}

}  // namespace size_class_test
