// Many items against many enterprises by columns, held against asking each pair by itself.
#include "projections/match_table.h"

#include <doctest/doctest.h>

#include <random>
#include <string>
#include <vector>

#include "schemas/profile_fields.h"

namespace {

using namespace schemas;
using F = ProfileField;
using C = Comparison;
using K = ConditionKind;
using projections::MatchItem;
using projections::MatchTable;
using projections::ProfileColumns;

Day day(std::string_view text) { return parse_date(text).value(); }
const Day kToday = day("2021-09-16");

class Maker {
 public:
  explicit Maker(unsigned seed) : random_(seed) {}

  Profile profile() {
    Profile made;
    for (const F field :
         {F::industry, F::town, F::size, F::founded, F::people, F::revenue, F::research, F::listed})
      for (std::size_t times = pick(4); times > 1; --times) know(made, field);
    for (const char* name : {"高新技术企业", "专精特新"})
      if (pick(3) == 0)
        made.qualifications.push_back({name, pick(2) == 0 ? "科技" : "自报", day("2019-01-01"),
                                       pick(2) == 0 ? kNoLastDay : day("2021-09-30"), 7});
    if (pick(3) == 0) made.tags.push_back({.name = "研发", .source = {}, .version = 8});
    return made;
  }

  MatchItem item(int number) {
    MatchItem made;
    made.no = "X" + std::to_string(number);
    made.window_last = day(pick(2) == 0 ? "2021-09-30" : "2021-12-31");
    node(made, 0, K::all);
    for (std::size_t i = 1 + pick(3); i-- > 0;) leaf(made, 1);
    if (pick(2) == 0) {
      const int any = node(made, 1, K::any);
      leaf(made, any);
      const int no = node(made, any, K::not_);
      leaf(made, no);
      leaf(made, any);
    }
    if (pick(9) == 0) made.conditions.clear();
    return made;
  }

 private:
  std::size_t pick(std::size_t below) { return random_() % below; }
  const char* one_of(std::initializer_list<const char*> texts) {
    return texts.begin()[pick(texts.size())];
  }

  std::string value_of(F field) {
    switch (field) {
      case F::industry:
        return one_of({"C", "C26", "C2661", "I65", "F52"});
      case F::town:
        return one_of({"水清沟街道", "洛阳路街道", "湖岛街道"});
      case F::size:
        return one_of({"large", "medium", "small", "micro"});
      case F::founded:
        return one_of({"2016-02-29", "2018-09-15", "2018-09-16", "2018-09-17", "2020-01-01"});
      case F::listed:
        return one_of({"yes", "no"});
      default:
        return one_of({"0", "9", "10", "11", "200"});
    }
  }
  void know(Profile& made, F field) {
    const std::string value = value_of(field);
    made.values.push_back({field, value, one_of({"税务", "自报"}),
                           *parse_value(info_of(field), value),
                           day(one_of({"2019-12-31", "2020-12-31", "2021-06-30", "2021-12-31"})),
                           static_cast<std::uint32_t>(made.values.size() + 2)});
  }
  static int node(MatchItem& made, int under, K kind) {
    ConditionNode& one = made.conditions.emplace_back();
    one.node = static_cast<int>(made.conditions.size());
    one.under = under;
    one.kind = kind;
    return one.node;
  }
  void leaf(MatchItem& made, int under) {
    ConditionNode& one = made.conditions[static_cast<std::size_t>(node(made, under, K::leaf) - 1)];
    if (pick(4) == 0) {
      one.field = pick(2) == 0 ? F::tag : F::qualification;
      one.comparison = C::holds;
      one.values = {one.field == F::tag ? "研发" : one_of({"高新技术企业", "专精特新", "独角兽"})};
      one.numbers = {0};
    } else {
      compare(one);
    }
    one.as_of = static_cast<AsOfRule>(pick(3));
    if (pick(4) == 0) one.fresh_days = 100;
    if (pick(5) == 0) one.source = one_of({"税务", "科技", "无人知"});
  }
  void compare(ConditionNode& one) {
    one.field = std::initializer_list<F>{F::industry, F::town,    F::size,   F::founded,
                                         F::people,   F::revenue, F::listed, F::research}
                    .begin()[pick(8)];
    const FieldKind kind = info_of(one.field).kind;
    std::vector<C> fit;
    for (const C comparison : EnumValuesComparison())
      for (const std::size_t values : {1U, 2U})
        if (may_compare(kind, comparison, values)) fit.push_back(comparison);
    one.comparison = fit[pick(fit.size())];
    if (one.comparison == C::within_years) {
      one.values = {one_of({"0", "3", "5"})};
      one.numbers = {std::stoi(one.values[0])};
      return;
    }
    const std::size_t count = may_compare(kind, one.comparison, 1) ? 1 : 2;
    for (std::size_t i = 0; i < count; ++i) {
      one.values.push_back(value_of(one.field));
      one.numbers.push_back(*parse_value(info_of(one.field), one.values.back()));
    }
    if (count == 2 && one.numbers[0] > one.numbers[1]) std::swap(one.numbers[0], one.numbers[1]);
  }

  std::mt19937 random_;
};

}  // namespace

TEST_CASE("matching: everyone against everything by columns is what each pair by itself comes to") {
  Maker maker(212);
  std::vector<Profile> profiles;
  ProfileColumns columns;
  for (int i = 0; i < 2'500; ++i) columns.add(profiles.emplace_back(maker.profile()));
  std::vector<MatchItem> items;
  for (int i = 0; i < 60; ++i) items.push_back(maker.item(i));
  const MatchTable table(items, kToday);
  const auto one = table.match_all(columns, 1), two = table.match_all(columns, 2);
  std::size_t met = 0, lacking = 0, unknown = 0;
  for (std::size_t i = 0; i < items.size(); ++i) {
    std::vector<std::uint32_t> wanted;
    std::uint64_t lacking_one = 0, unknowns = 0;
    for (std::uint32_t p = 0; p < profiles.size(); ++p) {
      const Matching pair = match(items[i].conditions, profiles[p], kToday, items[i].window_last);
      if (pair.verdict() == Verdict::met) wanted.push_back(p);
      lacking_one += pair.lacking == 1 ? 1 : 0;
      unknowns += pair.verdict() == Verdict::unknown ? 1 : 0;
    }
    CHECK(one[i].met == wanted);
    CHECK(two[i].met == wanted);
    CHECK(one[i].lacking_one == lacking_one);
    CHECK(one[i].unknown == unknowns);
    CHECK(two[i].unknown == unknowns);
    met += wanted.size();
    lacking += lacking_one;
    unknown += unknowns;
  }
  CHECK(met > 1'000);
  CHECK(lacking > 1'000);
  CHECK(unknown > 1'000);
}

TEST_CASE("matching: one enterprise against every item is what each pair by itself comes to") {
  Maker maker(63);
  std::vector<MatchItem> items;
  for (int i = 0; i < 60; ++i) items.push_back(maker.item(i));
  const MatchTable table(items, kToday);
  for (int round = 0; round < 200; ++round) {
    const Profile profile = maker.profile();
    const auto outcomes = table.match(profile);
    REQUIRE(outcomes.size() == items.size());
    for (std::size_t i = 0; i < items.size(); ++i) {
      const Matching pair = match(items[i].conditions, profile, kToday, items[i].window_last);
      CHECK(outcomes[i].lacking == pair.lacking);
      CHECK(outcomes[i].missing == pair.missing);
    }
  }
}

TEST_CASE("matching: a condition that several items share is asked once") {
  Maker maker(1);
  MatchItem item;
  while (item.conditions.size() < 2) item = maker.item(1);
  const MatchTable one({item}, kToday), three({item, item, item}, kToday);
  CHECK(one.leaves() > 0);
  CHECK(three.leaves() == one.leaves());
}
