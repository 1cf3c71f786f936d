// What an enterprise gets and what it lacks, whom an item fits, and whom to tell of it: the
// conditions of the items asked of the profiles as of a moment, each answer with the value, the
// event that brought it and the clause that asks for it. The same answers as a recorded match
// (schemas/conditions.h).
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/result.h"
#include "projections/policy_book.h"
#include "projections/report.h"
#include "schemas/conditions.h"

namespace projections {

// A condition as a person reads it: "从业人员不少于 100 人". Needs a leaf.
[[nodiscard]] std::string condition_text(const schemas::ConditionNode& leaf);
// 符合, 差 k 项, 待补数据.
[[nodiscard]] std::string verdict_text(int lacking, int missing);
// Why the enterprise is told of the item, in one sentence that begins with 因为: the values that
// meet its conditions.
[[nodiscard]] std::string match_reason(const ItemEntry& item, const schemas::Matching& matching);

// Every item in use for one enterprise: what it meets first, then what it lacks least. An
// enterprise that did not agree to being matched has no rows, unless `own`: it asks itself.
// not_found: there is no such enterprise at the moment.
[[nodiscard]] engine::Result<boost::json::object> enterprise_matches(const Facts& facts,
                                                                     const Moment& moment,
                                                                     std::string_view enterprise,
                                                                     bool own);

struct ItemQuestion {
  std::string item;
  std::string verdict;                // met, not_met, unknown; empty: all
  std::size_t limit = 0, offset = 0;  // limit 0: all
};
// Every active enterprise that agreed to being matched, for one item. not_found: there is no such
// item at the moment, or it is not in use.
[[nodiscard]] engine::Result<boost::json::object> item_matches(const Facts& facts,
                                                               const Moment& moment,
                                                               const ItemQuestion& question);

struct DuePush {
  std::string enterprise, item, reason;
  std::uint32_t conditions = 0;  // version of the item's stream
};
struct DuePushes {
  std::vector<DuePush> pushes;  // in order of enterprises, then of items
  std::uint64_t told = 0;       // pairs that meet and were told already
  std::uint64_t quiet = 0;      // that meet, and whose quiet hours it is
};
// Who is to be told of what: active, agreed and subscribed enterprises that meet an open item and
// were not told of this version of its conditions. Empty names: all.
[[nodiscard]] DuePushes due_pushes(const Facts& facts, const Moment& moment, std::string_view item,
                                   std::string_view enterprise);

}  // namespace projections
