// The dictionary of policies and what enterprises are known to be, as of record N: the policies
// with their versions, the items with their conditions, and one enterprise at a time with its
// profile. Texts point into the facts and are valid as long as nothing is applied to them.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "event_generated.h"
#include "projections/facts.h"
#include "schemas/conditions.h"
#include "schemas/item.h"
#include "schemas/policy.h"
#include "schemas/profile.h"

namespace projections {

// A policy as it was published or amended; what is left out stands as it was before.
struct PolicyVersion {
  std::uint32_t seq = 0, version = 0;  // version: of the policy's stream
  std::string_view title, number, text, reason;
  schemas::Day from = 0, last = schemas::kNoLastDay;
};

struct TagSuggestion {
  enum class Status : std::uint8_t { pending, confirmed, rejected };
  std::string_view tag, vocabulary;
  std::uint32_t seq = 0, decided_seq = 0;  // of PolicyTagSuggested; of what decided it, or 0
  Status status = Status::pending;
  const flatbuffers::Vector<flatbuffers::Offset<flatbuffers::String>>* sentences = nullptr;
};

struct TagState {  // a tag that was confirmed; `standing` until it is taken away
  std::string_view tag;
  std::uint32_t seq = 0;
  bool suggested = false, standing = true;
};

struct PolicyEntry {
  std::string_view no, title, number, issuer, text;
  schemas::Policy state;
  std::uint32_t last_seq = 0;
  std::vector<PolicyVersion> versions;
  std::vector<TagSuggestion> suggestions;  // one a tag, the newest
  std::vector<TagState> tags;              // one a tag, the newest
  const schemas::KeywordsExtracted* keywords = nullptr;
};

struct ItemEntry {
  std::string_view no, title, standard, contact;
  schemas::Item state;
  std::uint32_t last_seq = 0, conditions_seq = 0;
  const schemas::Conditions* conditions = nullptr;  // as they were written, with their clauses
  const schemas::ItemMaterialsSet* materials = nullptr;
  const PolicyEntry* policy = nullptr;  // nullptr: there is none of that number
};

class PolicyBook {
 public:
  // After record `seq`, which the facts have.
  PolicyBook(const Facts& facts, std::uint64_t seq);

  // In order of their first seq.
  [[nodiscard]] const std::vector<PolicyEntry>& policies() const { return policies_; }
  [[nodiscard]] const std::vector<ItemEntry>& items() const { return items_; }
  [[nodiscard]] const PolicyEntry* find_policy(std::string_view no) const;
  [[nodiscard]] const ItemEntry* find_item(std::string_view no) const;

 private:
  std::vector<PolicyEntry> policies_;
  std::vector<ItemEntry> items_;
};

// The newest publication of a vocabulary after record `seq`; nullptr: there is none.
[[nodiscard]] const schemas::TagVocabularyPublished* vocabulary_at(const Facts& facts,
                                                                   std::string_view vocabulary,
                                                                   std::uint64_t seq);

// null for kNoLastDay
[[nodiscard]] boost::json::value day_json(schemas::Day day);

// May the item be matched and pushed on that day: not withdrawn, with conditions, its policy in
// force? The same as ComputeMatch and PushPolicy ask.
[[nodiscard]] bool in_use(const ItemEntry& item, schemas::Day day);
// The last day of the window that conditions as of its end ask about on that day.
[[nodiscard]] schemas::Day window_last(const ItemEntry& item, schemas::Day day);

struct PushMark {
  std::string_view item, reason;
  std::uint32_t conditions = 0;         // version of the item's stream
  std::uint32_t seq = 0, read_seq = 0;  // 0: not read
};

struct KnownEnterprise {
  std::string_view no, name, industry, size, town;  // as it was registered and renamed
  bool active = false;
  schemas::Profile profile;
  std::vector<PushMark> pushes;
  std::uint32_t last_seq = 0;       // of its stream, up to the moment; 0: it had not begun
  std::vector<std::uint32_t> seqs;  // of its stream by version, from 1
};

// The enterprise (an item of Subject::enterprise) after record `seq`.
[[nodiscard]] KnownEnterprise enterprise_at(const Facts& facts, std::uint32_t item,
                                            std::uint64_t seq);
// A value of the profile on the day, or else what it was registered with; empty: not known.
[[nodiscard]] std::string_view town_on(const KnownEnterprise& one, schemas::Day day);
[[nodiscard]] std::string_view industry_on(const KnownEnterprise& one, schemas::Day day);
[[nodiscard]] std::string_view size_on(const KnownEnterprise& one, schemas::Day day);
// Are these topics of a subscription (none: everything) met by the policy's tags?
[[nodiscard]] bool is_wanted(const std::vector<std::string>& topics, const PolicyEntry& policy);
// May pushes on this policy reach it at all: it agreed, subscribed, and to one of the tags?
[[nodiscard]] bool reachable(const KnownEnterprise& one, const PolicyEntry& policy);

// One application, as far as the figures of policies need it. seq 0: it did not come to that.
struct ApplicationMarks {
  std::string_view no, enterprise, item;
  std::uint32_t applied = 0, granted = 0, paid = 0;
  std::int64_t amount = 0;  // 元: approved, less what was taken back
  std::uint32_t last_seq = 0;
  schemas::EventType last = schemas::EventType::MatchComputed;  // the newest event
};
[[nodiscard]] ApplicationMarks application_at(const Facts& facts, std::uint32_t item,
                                              std::uint64_t seq);

}  // namespace projections
