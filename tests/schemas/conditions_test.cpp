// Conditions of an item against a profile: three-valued, as of the right day, and how many of them
// keep it from being met.
#include "schemas/conditions.h"

#include <doctest/doctest.h>

#include <memory>
#include <random>
#include <string>
#include <vector>

#include "schemas/event.h"
#include "schemas/profile_fields.h"

namespace conditions_test {

namespace {

using namespace schemas;
using K = ConditionKind;
using F = ProfileField;
using C = Comparison;

Day day(std::string_view text) { return parse_date(text).value(); }
const Day kToday = day("2021-09-16");
const Day kWindowLast = day("2021-10-31");

// A tree under construction: nodes as the command brings them.
class Tree {
 public:
  Tree& node(K kind, int under) {
    auto& made = *event_.conditions.emplace_back(std::make_unique<ConditionT>());
    made.node = static_cast<int>(event_.conditions.size());
    made.under = under;
    made.kind = kind;
    return *this;
  }
  Tree& leaf(int under, F field, C comparison, std::vector<std::string> values) {
    node(K::leaf, under);
    last().field = field;
    last().comparison = comparison;
    last().values = std::move(values);
    return *this;
  }
  ConditionT& last() { return *event_.conditions.back(); }
  ConditionT& at(std::size_t node) { return *event_.conditions.at(node - 1); }

  [[nodiscard]] std::string fault() const {
    const std::vector<std::uint8_t> payload = pack(event_);
    return conditions_fault(payload_of<ItemConditionsSet>(payload).conditions());
  }
  [[nodiscard]] std::vector<ConditionNode> read() const {
    const std::vector<std::uint8_t> payload = pack(event_);
    REQUIRE(fault().empty());
    return read_conditions(*payload_of<ItemConditionsSet>(payload).conditions());
  }
  // "met", "not_met 2", "unknown 1": the verdict and how many lack or miss.
  [[nodiscard]] std::string on(const Profile& profile) const {
    const Matching matching = match(read(), profile, kToday, kWindowLast);
    std::string text(EnumNameVerdict(matching.verdict()));
    if (matching.verdict() == Verdict::not_met) text += " " + std::to_string(matching.lacking);
    if (matching.verdict() == Verdict::unknown) text += " " + std::to_string(matching.missing);
    return text;
  }

 private:
  ItemConditionsSetT event_;
};

void know(Profile& profile, F field, const std::string& value,
          std::string_view as_of = "2021-06-30", const std::string& source = "税务") {
  const auto number = parse_value(info_of(field), value);
  REQUIRE_MESSAGE(number.has_value(), value);
  profile.values.push_back({field, value, source, *number, day(as_of),
                            static_cast<std::uint32_t>(profile.values.size() + 2)});
}

Tree one(F field, C comparison, std::vector<std::string> values) {
  Tree tree;
  tree.leaf(0, field, comparison, std::move(values));
  return tree;
}

}  // namespace

TEST_CASE("conditions: a leaf is met, not met, or unknown when nothing is known") {
  Profile profile;
  const Tree tree = one(F::people, C::at_least, {"300"});
  CHECK(tree.on(profile) == "unknown 1");
  know(profile, F::people, "299");
  CHECK(tree.on(profile) == "not_met 1");
  know(profile, F::people, "300");
  CHECK(tree.on(profile) == "met");
}

TEST_CASE("conditions: each comparison at its bounds") {
  struct Row {
    F field;
    C comparison;
    std::vector<std::string> values;
    std::string value, verdict;
  };
  const std::vector<Row> rows{
      {F::revenue, C::at_most, {"2000"}, "2000", "met"},
      {F::revenue, C::at_most, {"2000"}, "2001", "not_met 1"},
      {F::revenue, C::between, {"300", "2000"}, "300", "met"},
      {F::revenue, C::between, {"300", "2000"}, "299", "not_met 1"},
      {F::revenue, C::between, {"300", "2000"}, "2001", "not_met 1"},
      {F::revenue, C::equals, {"5"}, "5", "met"},
      {F::revenue_growth, C::at_least, {"-500"}, "-500", "met"},
      {F::revenue_growth, C::at_least, {"-500"}, "-501", "not_met 1"},
      {F::industry, C::equals, {"C26"}, "C2661", "met"},
      {F::industry, C::one_of, {"A", "C26"}, "C2661", "met"},
      {F::industry, C::one_of, {"C2661"}, "C26", "not_met 1"},
      {F::town, C::equals, {"水清沟街道"}, "水清沟街道", "met"},
      {F::town, C::one_of, {"水清沟街道", "洛阳路街道"}, "湖岛街道", "not_met 1"},
      {F::size, C::one_of, {"small", "micro"}, "micro", "met"},
      {F::size, C::one_of, {"small", "micro"}, "large", "not_met 1"},
      {F::listed, C::equals, {"yes"}, "no", "not_met 1"},
      {F::founded, C::within_years, {"3"}, "2018-09-16", "met"},
      {F::founded, C::within_years, {"3"}, "2018-09-15", "not_met 1"},
      {F::founded, C::at_most, {"2018-01-01"}, "2018-01-01", "met"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.value);
    Profile profile;
    know(profile, row.field, row.value);
    CHECK(one(row.field, row.comparison, row.values).on(profile) == row.verdict);
  }
}

TEST_CASE(
    "conditions: a qualification counts on the days that it holds, a tag as long as it is there") {
  Profile profile;
  const Tree high = one(F::qualification, C::holds, {"高新技术企业"});
  CHECK(high.on(profile) == "not_met 1");
  profile.qualifications.push_back({.name = "高新技术企业",
                                    .source = "科技",
                                    .from = day("2018-09-17"),
                                    .last = day("2021-09-16"),
                                    .version = 3});
  CHECK(high.on(profile) == "met");
  Tree later = one(F::qualification, C::holds, {"高新技术企业"});
  later.last().as_of = AsOfRule::window_end;
  CHECK(later.on(profile) == "not_met 1");
  const Tree tag = one(F::tag, C::holds, {"专精特新"});
  CHECK(tag.on(profile) == "not_met 1");
  profile.tags.push_back({.name = "专精特新", .source = {}, .version = 4});
  CHECK(tag.on(profile) == "met");
}

TEST_CASE(
    "conditions: the value of the year's end is the one that held then, whenever it was recorded") {
  Profile profile;
  know(profile, F::revenue, "900", "2020-12-31");
  know(profile, F::revenue, "2500", "2021-06-30");
  Tree tree = one(F::revenue, C::at_most, {"1000"});
  CHECK(tree.on(profile) == "not_met 1");
  tree.last().as_of = AsOfRule::year_end;
  CHECK(tree.on(profile) == "met");
  know(profile, F::revenue, "1100",
       "2020-12-31");  // corrected late: of equal days the newer record counts
  CHECK(tree.on(profile) == "not_met 1");
}

TEST_CASE("conditions: a value that is too old, or of another source, is no answer") {
  Profile profile;
  know(profile, F::insured, "80", "2021-06-30", "自报");
  Tree tree = one(F::insured, C::at_least, {"50"});
  CHECK(tree.on(profile) == "met");
  tree.last().fresh_days = 78;
  CHECK(tree.on(profile) == "met");
  tree.last().fresh_days = 77;
  CHECK(tree.on(profile) == "unknown 1");
  tree.last().fresh_days = 78;
  tree.last().source = "人社";
  CHECK(tree.on(profile) == "unknown 1");
  const Matching matching = match(tree.read(), profile, kToday, kWindowLast);
  REQUIRE(matching.leaves.size() == 1);
  CHECK(matching.leaves[0].stale);
  CHECK(matching.leaves[0].value->value == "80");
}

TEST_CASE("conditions: all needs each, any the branch that lacks least, not the opposite") {
  Profile profile;
  know(profile, F::people, "100");
  know(profile, F::revenue, "500");
  // 1 all: people >= 300, revenue >= 1000, patents >= 1 (unknown)
  Tree all;
  all.node(K::all, 0)
      .leaf(1, F::people, C::at_least, {"300"})
      .leaf(1, F::revenue, C::at_least, {"1000"})
      .leaf(1, F::patents, C::at_least, {"1"});
  CHECK(all.on(profile) == "not_met 2");
  // 1 any: (all of two that lack) or one that lacks
  Tree any;
  any.node(K::any, 0)
      .node(K::all, 1)
      .leaf(2, F::people, C::at_least, {"300"})
      .leaf(2, F::revenue, C::at_least, {"1000"})
      .leaf(1, F::assets, C::at_least, {"1"});
  CHECK(any.on(profile) == "unknown 1");
  know(profile, F::assets, "0");
  CHECK(any.on(profile) == "not_met 1");
  Tree no;
  no.node(K::not_, 0).leaf(1, F::people, C::at_least, {"50"});
  CHECK(no.on(profile) == "not_met 1");
  Tree unknown;
  unknown.node(K::not_, 0).leaf(1, F::patents, C::at_least, {"1"});
  CHECK(unknown.on(profile) == "unknown 1");
}

TEST_CASE("conditions: what is no sound tree is refused with the node that is wrong") {
  CHECK(Tree().fault() == "there is no condition");
  Tree gap = one(F::people, C::at_least, {"1"});
  gap.last().node = 2;
  CHECK(gap.fault() == "node 2: nodes are numbered 1, 2, 3 in order");
  Tree two_roots = one(F::people, C::at_least, {"1"});
  two_roots.leaf(0, F::people, C::at_least, {"1"});
  CHECK(two_roots.fault() == "node 2: under 0");
  Tree ahead;
  ahead.node(K::all, 0).leaf(3, F::people, C::at_least, {"1"});
  CHECK(ahead.fault() == "node 2: under 3");
  Tree under_leaf = one(F::people, C::at_least, {"1"});
  under_leaf.leaf(1, F::people, C::at_least, {"1"});
  CHECK(under_leaf.fault() == "node 2: under a leaf");
  Tree empty;
  empty.node(K::all, 0);
  CHECK(empty.fault() == "node 1: children 0");
  Tree double_not;
  double_not.node(K::not_, 0)
      .leaf(1, F::people, C::at_least, {"1"})
      .leaf(1, F::people, C::at_most, {"9"});
  CHECK(double_not.fault() == "node 1: children 2");
  CHECK(one(F::people, C::holds, {"1"}).fault() == "node 1: people cannot be compared so");
  CHECK(one(F::people, C::at_least, {}).fault() == "node 1: people cannot be compared so");
  CHECK(one(F::people, C::at_least, {"many"}).fault() == "node 1: value many");
  CHECK(one(F::founded, C::within_years, {"200"}).fault().empty());
  CHECK(one(F::founded, C::within_years, {"201"}).fault() == "node 1: value 201");
  CHECK(one(F::people, C::between, {"9", "1"}).fault() ==
        "node 1: between what is larger and what is smaller");
  CHECK(one(F::qualification, C::equals, {"高新"}).fault() ==
        "node 1: qualification cannot be compared so");
  Tree compares = one(F::people, C::at_least, {"1"});
  compares.last().kind = K::all;
  CHECK(compares.fault() == "node 1: only a leaf compares");
}

TEST_CASE("conditions: a random tree says what Kleene's logic says of its leaves") {
  std::mt19937 random(20210916);
  const auto pick = [&](std::size_t below) { return random() % below; };
  int met = 0, not_met = 0, unknown = 0;
  for (int round = 0; round < 2'000; ++round) {
    Tree tree;
    std::vector<K> kinds{};
    std::vector<int> parents, open_nodes;
    const std::size_t inner = 1 + pick(5);
    for (std::size_t i = 0; i < inner; ++i) {
      const K kind = static_cast<K>(pick(3));
      int under = 0;
      if (i > 0) {
        under = open_nodes[pick(open_nodes.size())];
        if (kinds[static_cast<std::size_t>(under - 1)] == K::not_) std::erase(open_nodes, under);
      }
      tree.node(kind, under);
      kinds.push_back(kind);
      parents.push_back(under);
      open_nodes.push_back(static_cast<int>(i + 1));
      if (open_nodes.empty()) break;
    }
    // Every node that still has room gets leaves, so that none is empty.
    Profile profile;
    const std::vector<F> fields{F::people, F::revenue, F::patents, F::assets};
    for (std::size_t i = 0; i < 2; ++i) know(profile, fields[i], pick(2) == 0 ? "1" : "9");
    for (const int node : open_nodes) {
      const std::size_t leaves =
          kinds[static_cast<std::size_t>(node - 1)] == K::not_ ? 1 : 1 + pick(3);
      for (std::size_t i = 0; i < leaves; ++i) {
        tree.leaf(node, fields[pick(fields.size())], C::at_least, {"5"});
        kinds.push_back(K::leaf);
        parents.push_back(node);
      }
    }
    const std::vector<ConditionNode> nodes = tree.read();
    const Matching matching = match(nodes, profile, kToday, kWindowLast);
    // -1 not met, 0 unknown, 1 met; from the leaves up by minimum, maximum and negation.
    std::vector<std::vector<int>> under(nodes.size() + 1);
    std::vector<int> truth(nodes.size() + 1);
    std::size_t leaf = matching.leaves.size();
    for (std::size_t i = nodes.size(); i-- > 0;) {
      if (nodes[i].kind == K::leaf) {
        const Verdict found = matching.leaves[--leaf].verdict;
        truth[i + 1] = found == Verdict::met ? 1 : found == Verdict::unknown ? 0 : -1;
      } else {
        const std::vector<int>& below = under[i + 1];
        truth[i + 1] = nodes[i].kind == K::not_  ? -below.front()
                       : nodes[i].kind == K::all ? *std::ranges::min_element(below)
                                                 : *std::ranges::max_element(below);
      }
      under[static_cast<std::size_t>(nodes[i].under)].push_back(truth[i + 1]);
    }
    const Verdict wanted = truth[1] > 0   ? Verdict::met
                           : truth[1] < 0 ? Verdict::not_met
                                          : Verdict::unknown;
    CHECK(matching.verdict() == wanted);
    met += wanted == Verdict::met ? 1 : 0;
    not_met += wanted == Verdict::not_met ? 1 : 0;
    unknown += wanted == Verdict::unknown ? 1 : 0;
  }
  CHECK(met > 100);
  CHECK(not_met > 100);
  CHECK(unknown > 100);
}

}  // namespace conditions_test
