// Folds the streams of the dictionary and of one enterprise with the rules' own evolve(), so that
// a match asked here is asked of the same state that a command would be decided on.
#include "projections/policy_book.h"

#include <algorithm>

#include "projections/fact_fields.h"
#include "schemas/event.h"

namespace projections {

using schemas::EventType;
using schemas::payload_of;
using schemas::view;

namespace {

// Each record of an item up to `seq`, with its place in the stream.
template <class Visit>
void each_record(const Facts& facts, std::uint32_t item, std::uint64_t seq, Visit visit) {
  std::uint32_t version = 0;
  for (std::uint32_t at = facts.items()[item].first; at != 0 && at <= seq; at = facts.row(at).next)
    visit(at, ++version);
}

void amend(PolicyEntry& policy, const PolicyVersion& version) {
  if (!version.title.empty()) policy.title = version.title;
  policy.number = version.number;
  policy.text = version.text;
  policy.versions.push_back(version);
}

template <class List>
auto* find_tag(List& list, std::string_view tag) {
  const auto found = std::ranges::find(list, tag, [](const auto& one) { return one.tag; });
  return found == list.end() ? nullptr : &*found;
}

template <class Event>
void confirm(PolicyEntry& policy, const Event& event, std::uint32_t seq) {
  std::erase_if(policy.tags, [&](const TagState& one) { return one.tag == view(event.tag()); });
  policy.tags.push_back({.tag = view(event.tag()), .seq = seq, .suggested = event.suggested()});
  if (auto* suggestion = find_tag(policy.suggestions, view(event.tag())))
    if (suggestion->status == TagSuggestion::Status::pending) {
      suggestion->status = TagSuggestion::Status::confirmed;
      suggestion->decided_seq = seq;
    }
}

void fold_tag(PolicyEntry& policy, const engine::RecordView& record) {
  const auto seq = static_cast<std::uint32_t>(record.seq);
  switch (schemas::type_of(record)) {
    case EventType::PolicyTagSuggested: {
      const auto& event = payload_of<schemas::PolicyTagSuggested>(record);
      std::erase_if(policy.suggestions,
                    [&](const auto& one) { return one.tag == view(event.tag()); });
      policy.suggestions.push_back({.tag = view(event.tag()),
                                    .vocabulary = view(event.vocabulary()),
                                    .seq = seq,
                                    .sentences = event.sentences()});
      break;
    }
    case EventType::PolicyTagRejected:
      if (auto* one = find_tag(policy.suggestions,
                               view(payload_of<schemas::PolicyTagRejected>(record).tag()))) {
        one->status = TagSuggestion::Status::rejected;
        one->decided_seq = seq;
      }
      break;
    case EventType::PolicyTagged:
      confirm(policy, payload_of<schemas::PolicyTagged>(record), seq);
      break;
    case EventType::PolicyUntagged:
      if (auto* one =
              find_tag(policy.tags, view(payload_of<schemas::PolicyUntagged>(record).tag())))
        one->standing = false;
      break;
    default:
      break;
  }
}

void fold_text(PolicyEntry& policy, const engine::RecordView& record) {
  const auto seq = static_cast<std::uint32_t>(record.seq);
  switch (schemas::type_of(record)) {
    case EventType::PolicyDrafted: {
      const auto& event = payload_of<schemas::PolicyDrafted>(record);
      policy.title = view(event.title());
      policy.issuer = view(event.issuer());
      policy.text = view(event.text());
      break;
    }
    case EventType::PolicyPublished: {
      const auto& event = payload_of<schemas::PolicyPublished>(record);
      policy.issuer = view(event.issuer());
      amend(policy, {.seq = seq,
                     .version = record.version,
                     .title = view(event.title()),
                     .number = view(event.number()),
                     .text = view(event.text()),
                     .reason = {},
                     .from = event.from(),
                     .last = event.until().value_or(schemas::kNoLastDay)});
      break;
    }
    case EventType::PolicyAmended: {
      const auto& event = payload_of<schemas::PolicyAmended>(record);
      amend(policy, {.seq = seq,
                     .version = record.version,
                     .title = view(event.title()),
                     .number = view(event.number()),
                     .text = view(event.text()),
                     .reason = view(event.reason()),
                     .from = event.from(),
                     .last = event.until().value_or(schemas::kNoLastDay)});
      break;
    }
    case EventType::KeywordsExtracted:
      policy.keywords = &payload_of<schemas::KeywordsExtracted>(record);
      break;
    default:
      break;
  }
}

void fold_item(ItemEntry& item, const engine::RecordView& record) {
  switch (schemas::type_of(record)) {
    case EventType::ItemListed: {
      const auto& event = payload_of<schemas::ItemListed>(record);
      item.title = view(event.title());
      item.standard = view(event.standard());
      item.contact = view(event.contact());
      break;
    }
    case EventType::ItemConditionsSet:
      item.conditions = payload_of<schemas::ItemConditionsSet>(record).conditions();
      item.conditions_seq = static_cast<std::uint32_t>(record.seq);
      break;
    case EventType::ItemMaterialsSet:
      item.materials = &payload_of<schemas::ItemMaterialsSet>(record);
      break;
    default:
      break;
  }
}

// An event that the lifecycle does not admit is the audit's to tell; here it changes nothing.
template <class Entry, class Fold>
std::vector<Entry> entries_at(const Facts& facts, Subject subject, std::uint64_t seq, Fold fold) {
  std::vector<Entry> entries;
  for (const std::uint32_t item : facts.items_of(subject)) {
    if (facts.items()[item].first > seq) break;
    Entry entry;
    entry.no = facts.text(facts.items()[item].no);
    each_record(facts, item, seq, [&](std::uint32_t at, std::uint32_t version) {
      const engine::RecordView record = facts.record_of(at, version);
      if (record.payload.empty() || !schemas::admits(entry.state, record)) return;
      schemas::evolve(entry.state, record);
      entry.last_seq = at;
      fold(entry, record);
    });
    entries.push_back(std::move(entry));
  }
  return entries;
}

template <class Entry>
const Entry* find_entry(const std::vector<Entry>& entries, std::string_view no) {
  const auto found = std::ranges::find(entries, no, &Entry::no);
  return found == entries.end() ? nullptr : &*found;
}

}  // namespace

PolicyBook::PolicyBook(const Facts& facts, std::uint64_t seq)
    : policies_(entries_at<PolicyEntry>(facts, Subject::policy, seq,
                                        [](PolicyEntry& policy, const engine::RecordView& record) {
                                          fold_text(policy, record);
                                          fold_tag(policy, record);
                                        })),
      items_(entries_at<ItemEntry>(facts, Subject::policy_item, seq, fold_item)) {
  for (ItemEntry& item : items_) item.policy = find_policy(item.state.policy);
}

const PolicyEntry* PolicyBook::find_policy(std::string_view no) const {
  return find_entry(policies_, no);
}
const ItemEntry* PolicyBook::find_item(std::string_view no) const { return find_entry(items_, no); }

const schemas::TagVocabularyPublished* vocabulary_at(const Facts& facts,
                                                     std::string_view vocabulary,
                                                     std::uint64_t seq) {
  const schemas::TagVocabularyPublished* newest = nullptr;
  const std::uint32_t item = facts.find_item(Subject::vocabulary, vocabulary);
  if (item == kNone) return newest;
  each_record(facts, item, seq, [&](std::uint32_t at, std::uint32_t version) {
    if (facts.type_of(at) == EventType::TagVocabularyPublished)
      newest = &payload_of<schemas::TagVocabularyPublished>(facts.record_of(at, version));
  });
  return newest;
}

boost::json::value day_json(schemas::Day day) {
  if (day == schemas::kNoLastDay) return nullptr;
  return boost::json::value(schemas::date_text(day));
}

bool in_use(const ItemEntry& item, schemas::Day day) {
  return item.state.status != schemas::ItemStatus::withdrawn && item.conditions != nullptr &&
         item.policy != nullptr && item.policy->state.in_force(day);
}

schemas::Day window_last(const ItemEntry& item, schemas::Day day) {
  return item.state.status == schemas::ItemStatus::open ? item.state.last : day;
}

namespace {

void fold_push(KnownEnterprise& one, const engine::RecordView& record) {
  if (schemas::type_of(record) == EventType::PolicyPushed) {
    const auto& event = payload_of<schemas::PolicyPushed>(record);
    one.pushes.push_back({.item = view(event.item()),
                          .reason = view(event.reason()),
                          .conditions = event.conditions(),
                          .seq = static_cast<std::uint32_t>(record.seq)});
  } else if (schemas::type_of(record) == EventType::PolicyRead) {
    for (PushMark& push : one.pushes)
      if (push.item == view(payload_of<schemas::PolicyRead>(record).item()) && push.read_seq == 0)
        push.read_seq = static_cast<std::uint32_t>(record.seq);
  }
}

}  // namespace

KnownEnterprise enterprise_at(const Facts& facts, std::uint32_t item, std::uint64_t seq) {
  KnownEnterprise one;
  one.no = facts.text(facts.items()[item].no);
  each_record(facts, item, seq, [&](std::uint32_t at, std::uint32_t version) {
    one.last_seq = at;
    one.seqs.push_back(at);
    const auto args = facts.args_of(at);
    switch (facts.type_of(at)) {
      case EventType::EnterpriseRegistered:
        one.active = true;
        one.name = facts.text(args[0]);
        one.industry = facts.text(args[1]);
        one.size = facts.text(args[2]);
        one.town = facts.text(args[3]);
        break;
      case EventType::EnterpriseRenamed:
        one.name = facts.text(args[0]);
        break;
      case EventType::EnterpriseMerged:
      case EventType::EnterpriseDeregistered:
        one.active = false;
        break;
      default:
        if (!schemas::is_profile_event(facts.type_of(at))) break;
        const engine::RecordView record = facts.record_of(at, version);
        schemas::evolve_profile(one.profile, record);
        fold_push(one, record);
    }
  });
  return one;
}

namespace {

std::string_view known_or(const KnownEnterprise& one, schemas::ProfileField field, schemas::Day day,
                          std::string_view registered) {
  const schemas::KnownValue* known = schemas::value_on(one.profile, field, day);
  return known == nullptr ? registered : std::string_view(known->value);
}

}  // namespace

std::string_view town_on(const KnownEnterprise& one, schemas::Day day) {
  return known_or(one, schemas::ProfileField::town, day, one.town);
}
std::string_view industry_on(const KnownEnterprise& one, schemas::Day day) {
  return known_or(one, schemas::ProfileField::industry, day, one.industry);
}
std::string_view size_on(const KnownEnterprise& one, schemas::Day day) {
  return known_or(one, schemas::ProfileField::size, day, one.size);
}

bool is_wanted(const std::vector<std::string>& topics, const PolicyEntry& policy) {
  return topics.empty() || std::ranges::any_of(topics, [&](const std::string& topic) {
           return policy.state.is_tagged(topic);
         });
}

bool reachable(const KnownEnterprise& one, const PolicyEntry& policy) {
  return one.profile.may_push && one.profile.subscribed && is_wanted(one.profile.topics, policy);
}

ApplicationMarks application_at(const Facts& facts, std::uint32_t item, std::uint64_t seq) {
  ApplicationMarks marks;
  marks.no = facts.text(facts.items()[item].no);
  const auto amount = [&](std::uint32_t at) {
    const auto args = facts.args_of(at);
    return amount_of(args[0], args[1]);
  };
  each_record(facts, item, seq, [&](std::uint32_t at, std::uint32_t) {
    marks.last_seq = at;
    marks.last = facts.type_of(at);
    switch (facts.type_of(at)) {
      case EventType::MatchComputed:
      case EventType::ApplicationStarted:
        marks.enterprise = facts.text(facts.args_of(at)[0]);
        marks.item = facts.text(facts.args_of(at)[1]);
        break;
      case EventType::IntentConfirmed:
      case EventType::ApplicationSubmitted:
        if (marks.applied == 0) marks.applied = at;
        break;
      case EventType::ApplicationApproved:
        marks.granted = at;
        marks.amount = amount(at);
        break;
      case EventType::GrantRevoked:
        marks.amount -= amount(at);
        break;
      case EventType::PaymentConfirmed:
        marks.paid = at;
        break;
      default:
        break;
    }
  });
  return marks;
}

}  // namespace projections
