// Many items against many enterprises. Conditions that several items share are asked once of each
// enterprise, column by column; the items' trees are then folded over blocks of enterprises from
// the answers. The same verdicts as schemas::match() gives for each pair.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "projections/profile_columns.h"
#include "schemas/conditions.h"

namespace projections {

struct MatchItem {
  std::string no;
  std::vector<schemas::ConditionNode> conditions;
  schemas::Day window_last = 0;
};

// What a pair comes to; both counts fit, since a tree has at most 64 nodes.
struct MatchOutcome {
  std::uint8_t lacking = 0, missing = 0;
  auto operator<=>(const MatchOutcome&) const = default;
};

// Of one item: who meets it, and how many would with one condition or one value more.
struct ItemMatches {
  std::vector<std::uint32_t> met;  // numbers of enterprises, ascending
  std::uint64_t lacking_one = 0;   // 差一项
  std::uint64_t unknown = 0;       // 待补数据
};

class MatchTable {
 public:
  // Lacking and missing of as many enterprises as keep their answers in the nearest cache.
  using Block = std::array<schemas::Lack, 1024>;

  // `today`: the day of the match. Items keep their order.
  MatchTable(std::vector<MatchItem> items, schemas::Day today);

  [[nodiscard]] const std::vector<MatchItem>& items() const { return items_; }
  // How many different conditions the items ask in all.
  [[nodiscard]] std::size_t leaves() const { return leaves_.size(); }

  // Every item for one enterprise, in the order of the items: what a changed profile now meets.
  [[nodiscard]] std::vector<MatchOutcome> match(const schemas::Profile& profile) const;
  // Every item for everyone, on up to `threads` threads.
  [[nodiscard]] std::vector<ItemMatches> match_all(const ProfileColumns& profiles,
                                                   unsigned threads) const;

 private:
  struct Leaf {
    schemas::ConditionNode node;
    schemas::Day window_last = 0;
  };
  // A node of an item's tree: a condition of `leaves_`, or a kind that joins those below it.
  struct Step {
    std::uint32_t leaf = 0;  // from 1; 0: no leaf
    std::uint32_t under = 0;
    schemas::ConditionKind kind{};
  };

  static const Block& fold_item(const std::vector<Step>& steps, const std::vector<Block>& answers,
                                std::size_t count, std::vector<Block>& nodes);
  std::uint32_t number_of(const schemas::ConditionNode& leaf, schemas::Day window_last);

  std::vector<MatchItem> items_;
  schemas::Day today_;
  std::vector<Leaf> leaves_;
  std::vector<std::vector<Step>> steps_;  // of each item, parents first
};

}  // namespace projections
