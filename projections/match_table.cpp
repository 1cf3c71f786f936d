#include "projections/match_table.h"

#include <algorithm>
#include <array>
#include <limits>
#include <span>
#include <utility>

#include "engine/check.h"
#include "projections/parts.h"
#include "schemas/industry.h"
#include "schemas/profile_fields.h"

namespace projections {
namespace {

using schemas::ConditionKind;
using schemas::ConditionNode;
using schemas::Day;
using schemas::FieldKind;
using schemas::kLacks;
using schemas::kMeets;
using schemas::kMisses;
using schemas::Lack;
using schemas::Verdict;

using Block = MatchTable::Block;
constexpr std::size_t kBlock = std::tuple_size_v<Block>;
constexpr std::size_t kNodes = schemas::kNodesMax + 1;  // numbered from 1

// Folds one node into the one above it, for the first `count` enterprises of a block. `first`: the
// first child of `any`.
void fold(const Block& own, ConditionKind above_kind, bool first, Block& above, std::size_t count) {
  switch (above_kind) {
    case ConditionKind::not_:
      for (std::size_t i = 0; i < count; ++i) above[i] = schemas::opposite(own[i]);
      return;
    case ConditionKind::all:
      for (std::size_t i = 0; i < count; ++i) above[i] = static_cast<Lack>(above[i] + own[i]);
      return;
    case ConditionKind::any:
      for (std::size_t i = 0; i < count; ++i)
        above[i] = first ? own[i] : std::min(above[i], own[i]);
      return;
    case ConditionKind::leaf:
      break;
  }
  CHECK(false && "nothing lies under a leaf");
}

// A leaf made ready for columns: which numbers are met, as of which day, of which source.
class Asked {
 public:
  Asked(const ConditionNode& leaf, Day today, Day window_last, const ProfileColumns& profiles)
      : leaf_(leaf),
        profiles_(profiles),
        reference_(schemas::reference_of(leaf, today, window_last)) {
    const Texts& texts = profiles.texts();
    source_ = leaf.source.empty() ? 0 : texts.find(leaf.source);
    source_unknown_ = !leaf.source.empty() && source_ == 0;
    if (leaf.comparison == schemas::Comparison::holds)
      name_ = texts.find(leaf.values[0]);
    else
      prepare(schemas::info_of(leaf.field).kind, texts);
  }

  void answer(std::size_t from, std::size_t count, Block& out) const {
    if (leaf_.comparison == schemas::Comparison::holds) return answer_held(from, count, out);
    const auto& column = profiles_.column(leaf_.field);
    for (std::size_t i = 0; i < count; ++i) {
      const ProfileColumns::Value* found = nullptr;
      for (std::uint32_t at = column.first[from + i]; at < column.first[from + i + 1]; ++at) {
        const ProfileColumns::Value& one = column.values[at];
        if (one.as_of <= reference_ && (found == nullptr || one.as_of >= found->as_of))
          found = &one;
      }
      out[i] = found == nullptr || is_stale(*found) ? kMisses
               : is_met(found->number)              ? kMeets
                                                    : kLacks;
    }
  }

 private:
  void prepare(FieldKind kind, const Texts& texts) {
    if (kind == FieldKind::text || kind == FieldKind::industry) {
      accepted_.resize(texts.size());
      for (std::uint32_t id = 1; id < texts.size(); ++id)
        accepted_[id] = std::ranges::any_of(leaf_.values, [&](const std::string& wanted) {
          return kind == FieldKind::industry ? schemas::is_within(texts[id], wanted)
                                             : texts[id] == wanted;
        });
      return;
    }
    const std::vector<std::int64_t>& numbers = leaf_.numbers;
    switch (leaf_.comparison) {
      case schemas::Comparison::equals:
      case schemas::Comparison::one_of:
        one_of_ = numbers;
        break;
      case schemas::Comparison::at_least:
        least_ = numbers[0];
        break;
      case schemas::Comparison::at_most:
        most_ = numbers[0];
        break;
      case schemas::Comparison::between:
        least_ = numbers[0];
        most_ = numbers[1];
        break;
      case schemas::Comparison::within_years:
        least_ = first_within(static_cast<int>(numbers[0]));
        most_ = reference_;
        break;
      case schemas::Comparison::holds:
        CHECK(false && "what is held has no number");
    }
  }

  // The earliest day from which `years` years are not over on the day that is asked of. Years are
  // never shorter than 365 days, and never longer than 366.
  [[nodiscard]] Day first_within(int years) const {
    Day day = reference_ - 366 * years - 1;
    while (schemas::add_years(day, years) < reference_) ++day;
    return day;
  }

  [[nodiscard]] bool is_met(std::int64_t number) const {
    if (!accepted_.empty()) return accepted_[static_cast<std::size_t>(number)] != 0;
    if (!one_of_.empty()) return std::ranges::find(one_of_, number) != one_of_.end();
    return number >= least_ && number <= most_;
  }

  [[nodiscard]] bool is_stale(const ProfileColumns::Value& value) const {
    return (leaf_.fresh_days && reference_ - value.as_of > *leaf_.fresh_days) ||
           is_foreign(value.source);
  }
  [[nodiscard]] bool is_foreign(std::uint32_t source) const {
    return source_unknown_ || (source_ != 0 && source != source_);
  }

  void answer_held(std::size_t from, std::size_t count, Block& out) const {
    const auto& column =
        leaf_.field == schemas::ProfileField::tag ? profiles_.tags() : profiles_.qualifications();
    for (std::size_t i = 0; i < count; ++i) {
      out[i] = kLacks;
      for (std::uint32_t at = column.first[from + i]; name_ != 0 && at < column.first[from + i + 1];
           ++at) {
        const ProfileColumns::Held& one = column.values[at];
        if (one.name != name_ || one.from > reference_ || reference_ > one.last) continue;
        out[i] = is_foreign(one.source) ? kMisses : kMeets;
        break;
      }
    }
  }

  const ConditionNode& leaf_;
  const ProfileColumns& profiles_;
  Day reference_;
  std::uint32_t source_ = 0, name_ = 0;
  bool source_unknown_ = false;
  std::vector<std::uint8_t> accepted_;  // by number of the text
  std::vector<std::int64_t> one_of_;
  std::int64_t least_ = std::numeric_limits<std::int64_t>::min();
  std::int64_t most_ = std::numeric_limits<std::int64_t>::max();
};

bool asks_the_same(const ConditionNode& a, const ConditionNode& b) {
  return a.field == b.field && a.comparison == b.comparison && a.values == b.values &&
         a.as_of == b.as_of && a.fresh_days == b.fresh_days && a.source == b.source;
}

void take(const Block& root, std::size_t from, std::size_t count, ItemMatches& into) {
  for (std::size_t i = 0; i < count; ++i) {
    if (root[i] == kMeets) into.met.push_back(static_cast<std::uint32_t>(from + i));
    into.lacking_one += schemas::lacking_of(root[i]) == 1 ? 1 : 0;
    into.unknown += root[i] < kLacks && root[i] != kMeets ? 1 : 0;
  }
}

void join(std::vector<ItemMatches>& into, const std::vector<ItemMatches>& part) {
  for (std::size_t item = 0; item < into.size(); ++item) {
    into[item].met.insert(into[item].met.end(), part[item].met.begin(), part[item].met.end());
    into[item].lacking_one += part[item].lacking_one;
    into[item].unknown += part[item].unknown;
  }
}

}  // namespace

MatchTable::MatchTable(std::vector<MatchItem> items, Day today)
    : items_(std::move(items)), today_(today) {
  for (const MatchItem& item : items_) {
    std::vector<Step>& steps = steps_.emplace_back();
    for (const ConditionNode& node : item.conditions) {
      Step step;
      step.under = static_cast<std::uint32_t>(node.under);
      step.kind = node.kind;
      if (node.kind == ConditionKind::leaf) step.leaf = number_of(node, item.window_last);
      steps.push_back(step);
    }
  }
}

std::uint32_t MatchTable::number_of(const ConditionNode& leaf, Day window_last) {
  const bool by_window = leaf.as_of == schemas::AsOfRule::window_end;
  for (std::size_t i = 0; i < leaves_.size(); ++i)
    if (asks_the_same(leaves_[i].node, leaf) &&
        (!by_window || leaves_[i].window_last == window_last))
      return static_cast<std::uint32_t>(i + 1);
  leaves_.push_back({leaf, window_last});
  return static_cast<std::uint32_t>(leaves_.size());
}

// The tree of one item for `count` enterprises whose answers to every leaf are there; the root's is
// the item's.
const Block& MatchTable::fold_item(const std::vector<Step>& steps,
                                   const std::vector<Block>& answers, std::size_t count,
                                   std::vector<Block>& nodes) {
  for (std::size_t i = 0; i <= steps.size(); ++i) std::fill_n(nodes[i].begin(), count, kMeets);
  std::array<bool, kNodes> begun{};
  for (std::size_t i = steps.size(); i-- > 0;) {
    const Step& step = steps[i];
    const Block& own = step.leaf != 0 ? answers[step.leaf - 1] : nodes[i + 1];
    if (step.under == 0) return own;
    fold(own, steps[step.under - 1].kind, !begun[step.under], nodes[step.under], count);
    begun[step.under] = true;
  }
  return nodes[0];  // no condition: everyone meets it
}

std::vector<MatchOutcome> MatchTable::match(const schemas::Profile& profile) const {
  std::vector<Block> answers(leaves_.size()), nodes(kNodes);
  for (std::size_t i = 0; i < leaves_.size(); ++i)
    answers[i][0] = schemas::lack_of(
        schemas::find_leaf(leaves_[i].node, profile, today_, leaves_[i].window_last).verdict);
  std::vector<MatchOutcome> outcomes;
  for (const std::vector<Step>& steps : steps_) {
    const Lack root = fold_item(steps, answers, 1, nodes)[0];
    outcomes.push_back({schemas::lacking_of(root), schemas::missing_of(root)});
  }
  return outcomes;
}

std::vector<ItemMatches> MatchTable::match_all(const ProfileColumns& profiles,
                                               unsigned threads) const {
  std::vector<Asked> asked;
  asked.reserve(leaves_.size());
  for (const Leaf& leaf : leaves_)
    asked.emplace_back(leaf.node, today_, leaf.window_last, profiles);
  const auto work = [&](std::size_t begin, std::size_t end) {
    std::vector<ItemMatches> part(items_.size());
    std::vector<Block> answers(leaves_.size()), nodes(kNodes);
    for (std::size_t from = begin; from < end; from += kBlock) {
      const std::size_t count = std::min(kBlock, end - from);
      for (std::size_t leaf = 0; leaf < asked.size(); ++leaf)
        asked[leaf].answer(from, count, answers[leaf]);
      for (std::size_t item = 0; item < steps_.size(); ++item)
        take(fold_item(steps_[item], answers, count, nodes), from, count, part[item]);
    }
    return part;
  };
  std::vector<ItemMatches> all(items_.size());
  for (const auto& part : in_parts<std::vector<ItemMatches>>(profiles.size(), threads, work))
    join(all, part);
  return all;
}

}  // namespace projections
