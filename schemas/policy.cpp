// The lifecycle of policies (domain.md section 10). A tag that a program suggests is no tag until a
// person confirms it; both stay in the stream, so that the suggestions can be judged by what was
// confirmed.
#include "schemas/policy.h"

#include <algorithm>

#include "engine/check.h"
#include "schemas/command.h"
#include "schemas/event.h"

namespace schemas {
namespace {

using E = EventType;
using R = RefusalCode;
using S = PolicyStatus;

constexpr int to(S status) { return static_cast<int>(status); }

constexpr std::string_view kStatuses[] = {"none", "drafted", "published", "repealed"};
constexpr Statuses kKnown = in({S::drafted, S::published});

// clang-format off
// Publishing, amending and repealing are the lead's; the clerks keep the dictionary (reliability.md section 9).
constexpr Transition kRows[] = {
  // event                 from                            to                roles             refusals
  {E::PolicyDrafted,     in({S::none}),                  to(S::drafted),   kOffice | kDepartment, {}},
  {E::PolicyPublished,   in({S::none, S::drafted}),      to(S::published), kLead | kSystem,   {R::OutOfRange}},
  {E::PolicyAmended,     in({S::published}),             kStays,           kLead | kSystem,   {R::OutOfRange}},
  {E::PolicyRepealed,    in({S::published}),             to(S::repealed),  kLead | kSystem,   {}},
  {E::KeywordsExtracted, kKnown,                         kStays,           kOffice | kSystem, {R::NothingChanged, R::OutOfRange}},
  {E::PolicyTagSuggested, kKnown,                        kStays,           kOffice | kSystem, {R::UnknownTag, R::AlreadyTagged, R::EvidenceNeeded}},
  {E::PolicyTagRejected, kKnown,                         kStays,           kOffice,           {R::NotSuggested}},
  {E::PolicyTagged,      kKnown,                         kStays,           kOffice | kSystem, {R::UnknownTag, R::AlreadyTagged}},
  {E::PolicyUntagged,    kKnown,                         kStays,           kOffice,           {R::NotTagged}},
  {E::PolicyExplained,   in({S::published}),             kStays,           kOffice | kDepartment | kSystem, {}},
};
// clang-format on
constexpr TransitionIndex kIndex = index_of(kRows);

constexpr std::string_view kVocabularyStatuses[] = {"none", "published"};
// clang-format off
constexpr Transition kVocabularyRows[] = {
  {E::TagVocabularyPublished, in({VocabularyStatus::none, VocabularyStatus::published}), static_cast<int>(VocabularyStatus::published),
   kOffice | kSystem, {R::TagListedTwice, R::NothingChanged}},
};
// clang-format on
constexpr TransitionIndex kVocabularyIndex = index_of(kVocabularyRows);

constexpr std::size_t kKeywordsMax = 200;  // our choice

bool contains(const std::vector<std::string>& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

template <class Event>
Decision check_force(const CommandView& command) {
  const auto& data = payload_of<Event>(command.data);
  if (data.until() && *data.until() < data.from())
    return refuse(R::OutOfRange, "until " + date_text(*data.until()));
  return pass_through(command);
}

Decision extract(const CommandView& command) {
  const auto* keywords = payload_of<KeywordsExtracted>(command.data).keywords();
  if (keywords == nullptr || keywords->size() == 0) return refuse(R::NothingChanged, "keywords");
  if (keywords->size() > kKeywordsMax)
    return refuse(R::OutOfRange, "keywords " + std::to_string(keywords->size()));
  return pass_through(command);
}

std::optional<Refusal> refuse_tag(const Policy& state, std::string_view tag,
                                  std::string_view vocabulary, const Context& context) {
  const Vocabulary* words = context.neighbours.vocabulary(vocabulary);
  if (words == nullptr || !words->has(tag)) return Refusal{R::UnknownTag, std::string(tag)};
  if (contains(state.tags, tag)) return Refusal{R::AlreadyTagged, std::string(tag)};
  return std::nullopt;
}

Decision suggest(const Policy& state, const CommandView& command, const Context& context) {
  const auto& data = payload_of<PolicyTagSuggested>(command.data);
  if (auto refusal = refuse_tag(state, view(data.tag()), view(data.vocabulary()), context))
    return std::unexpected(std::move(*refusal));
  if (data.sentences() == nullptr || data.sentences()->size() == 0)
    return refuse(R::EvidenceNeeded, "sentences");
  return pass_through(command);
}

Decision tag(const Policy& state, const CommandView& command, const Context& context) {
  const auto& data = payload_of<PolicyTagged>(command.data);
  if (auto refusal = refuse_tag(state, view(data.tag()), view(data.vocabulary()), context))
    return std::unexpected(std::move(*refusal));
  PolicyTaggedT event;
  data.UnPackTo(&event);
  event.suggested = contains(state.suggested, event.tag);
  return std::vector{emit(command.event, pack(event))};
}

}  // namespace

constexpr Lifecycle kPolicyLifecycle{
    .name = "policy", .chinese = "政策", .statuses = kStatuses, .rows = kRows, .index = kIndex};
constexpr Lifecycle kVocabularyLifecycle{.name = "vocabulary",
                                         .chinese = "标签词表",
                                         .statuses = kVocabularyStatuses,
                                         .rows = kVocabularyRows,
                                         .index = kVocabularyIndex};

bool Policy::in_force(Day day) const {
  return status != S::none && status != S::drafted && from <= day && day <= last;
}

bool Policy::is_tagged(std::string_view tag) const { return contains(tags, tag); }

bool Vocabulary::has(std::string_view tag) const {
  return std::ranges::binary_search(tags, tag, std::less<>{});
}

bool admits(const Policy& state, const engine::RecordView& record) {
  return find_transition(kPolicyLifecycle, static_cast<unsigned>(state.status), type_of(record)) !=
         nullptr;
}

void evolve(Policy& state, const engine::RecordView& record) {
  CHECK(admits(state, record));
  const Transition& row =
      *find_transition(kPolicyLifecycle, static_cast<unsigned>(state.status), type_of(record));
  if (row.to != kStays) state.status = static_cast<S>(row.to);
  state.version = record.version;
  switch (type_of(record)) {
    case E::PolicyPublished: {
      const auto& event = payload_of<PolicyPublished>(record);
      state.from = event.from();
      state.last = event.until().value_or(kNoLastDay);
      break;
    }
    case E::PolicyAmended:
      // What is in force stays so until the amendment is; then the amendment's last day counts.
      state.last = payload_of<PolicyAmended>(record).until().value_or(kNoLastDay);
      break;
    case E::PolicyRepealed:
      state.last = std::min(state.last, payload_of<PolicyRepealed>(record).from() - 1);
      break;
    case E::PolicyTagSuggested: {
      const std::string_view tag = view(payload_of<PolicyTagSuggested>(record).tag());
      if (!contains(state.suggested, tag)) state.suggested.emplace_back(tag);
      break;
    }
    case E::PolicyTagRejected:
      std::erase(state.suggested, view(payload_of<PolicyTagRejected>(record).tag()));
      break;
    case E::PolicyTagged: {
      const std::string_view tag = view(payload_of<PolicyTagged>(record).tag());
      std::erase(state.suggested, tag);
      state.tags.emplace_back(tag);
      break;
    }
    case E::PolicyUntagged:
      std::erase(state.tags, view(payload_of<PolicyUntagged>(record).tag()));
      break;
    default:
      break;
  }
}

Decision decide(const Policy& state, const CommandView& command, const Context& context) {
  if (auto refusal =
          check_transition(kPolicyLifecycle, static_cast<unsigned>(state.status), command))
    return std::unexpected(std::move(*refusal));
  switch (command.event) {
    case E::PolicyPublished:
      return check_force<PolicyPublished>(command);
    case E::PolicyAmended:
      return check_force<PolicyAmended>(command);
    case E::KeywordsExtracted:
      return extract(command);
    case E::PolicyTagSuggested:
      return suggest(state, command, context);
    case E::PolicyTagRejected: {
      const std::string_view tag = view(payload_of<PolicyTagRejected>(command.data).tag());
      if (!contains(state.suggested, tag)) return refuse(R::NotSuggested, std::string(tag));
      return pass_through(command);
    }
    case E::PolicyTagged:
      return tag(state, command, context);
    case E::PolicyUntagged: {
      const std::string_view tag = view(payload_of<PolicyUntagged>(command.data).tag());
      if (!contains(state.tags, tag)) return refuse(R::NotTagged, std::string(tag));
      return pass_through(command);
    }
    default:
      return pass_through(command);
  }
}

bool admits(const Vocabulary& state, const engine::RecordView& record) {
  return find_transition(kVocabularyLifecycle, static_cast<unsigned>(state.status),
                         type_of(record)) != nullptr;
}

void evolve(Vocabulary& state, const engine::RecordView& record) {
  CHECK(admits(state, record));
  state.status = VocabularyStatus::published;
  state.version = record.version;
  state.tags.clear();
  for (const VocabularyTag* one : *payload_of<TagVocabularyPublished>(record).tags())
    state.tags.emplace_back(view(one->tag()));
  std::ranges::sort(state.tags);
}

Decision decide(const Vocabulary& state, const CommandView& command, const Context&) {
  if (auto refusal =
          check_transition(kVocabularyLifecycle, static_cast<unsigned>(state.status), command))
    return std::unexpected(std::move(*refusal));
  const auto& data = payload_of<TagVocabularyPublished>(command.data);
  if (data.tags() == nullptr || data.tags()->size() == 0) return refuse(R::NothingChanged, "tags");
  std::vector<std::string_view> tags;
  for (const VocabularyTag* one : *data.tags()) tags.push_back(view(one->tag()));
  std::ranges::sort(tags);
  const auto twice = std::ranges::adjacent_find(tags);
  if (twice != tags.end()) return refuse(R::TagListedTwice, std::string(*twice));
  return pass_through(command);
}

}  // namespace schemas
