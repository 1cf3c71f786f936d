#include "projections/dictionary.h"

#include <algorithm>

#include "projections/matches.h"
#include "schemas/event.h"
#include "schemas/industry.h"

namespace projections {

using boost::json::array;
using boost::json::object;
using boost::json::value;
using engine::ErrorCode;
using engine::fail;
using engine::Result;

namespace {

constexpr std::size_t kContext = 60;  // bytes of text shown on each side of what was found

array keywords_json(const PolicyEntry& policy) {
  array words;
  if (policy.keywords != nullptr)
    for (const auto* one : *policy.keywords->keywords())
      words.push_back({{"word", schemas::view(one->word())}, {"weight", one->weight()}});
  return words;
}

std::string_view status_name(schemas::PolicyStatus status) {
  return schemas::kPolicyLifecycle.statuses[static_cast<std::size_t>(status)];
}

object head_json(const PolicyEntry& policy) {
  return {{"policy", policy.no},
          {"title", policy.title},
          {"number", text_json(policy.number)},
          {"issuer", text_json(policy.issuer)},
          {"status", status_name(policy.state.status)},
          {"from", schemas::date_text(policy.state.from)},
          {"until", day_json(policy.state.last)},
          {"tags", boost::json::value_from(policy.state.tags)},
          {"suggested", boost::json::value_from(policy.state.suggested)},
          {"keywords", keywords_json(policy)}};
}

// Does the item ask for an industry that takes in the code, or lies in it, or for none at all?
// What is asked under a "not" is no invitation.
bool open_to(const ItemEntry& item, std::string_view industry) {
  bool asked = false;
  for (const schemas::ConditionNode& node : item.state.conditions) {
    const auto parent = static_cast<std::size_t>(node.under);
    const bool denied =
        parent > 0 && item.state.conditions[parent - 1].kind == schemas::ConditionKind::not_;
    if (node.kind != schemas::ConditionKind::leaf || denied ||
        node.field != schemas::ProfileField::industry)
      continue;
    asked = true;
    for (const std::string& code : node.values)
      if (schemas::is_within(industry, code) || schemas::is_within(code, industry)) return true;
  }
  return !asked;
}

// The words around a place of a text, cut between characters, on one line.
std::string words_around(std::string_view text, std::size_t at, std::size_t length) {
  const auto inside = [&](std::size_t byte) {
    return byte < text.size() && (static_cast<unsigned char>(text[byte]) & 0xc0U) == 0x80U;
  };
  std::size_t from = at > kContext ? at - kContext : 0,
              to = std::min(text.size(), at + length + kContext);
  while (inside(from)) ++from;
  while (inside(to)) --to;
  std::string words(text.substr(from, to - from));
  std::ranges::replace(words, '\n', ' ');
  return words;
}

std::string found_words(const PolicyEntry& policy, const std::string& phrase) {
  const std::size_t at = policy.text.find(phrase);
  return at == std::string_view::npos ? std::string(policy.title)
                                      : words_around(policy.text, at, phrase.size());
}

class Items {
 public:
  explicit Items(const PolicyBook& book) : book_(book) {}
  [[nodiscard]] bool any_open_to(std::string_view policy, std::string_view industry) const {
    bool any = false, open = false;
    for (const ItemEntry& item : book_.items()) {
      if (item.state.policy != policy || item.state.status == schemas::ItemStatus::withdrawn)
        continue;
      any = true;
      open = open || open_to(item, industry);
    }
    return open || !any;
  }
  [[nodiscard]] array short_json(std::string_view policy) const {
    array rows;
    for (const ItemEntry& item : book_.items())
      if (item.state.policy == policy) rows.push_back({{"item", item.no}, {"title", item.title}});
    return rows;
  }

 private:
  const PolicyBook& book_;
};

array conditions_json(const ItemEntry& item) {
  array rows;
  for (std::size_t i = 0; i < item.state.conditions.size(); ++i) {
    const schemas::ConditionNode& node = item.state.conditions[i];
    const auto& written = *item.conditions->Get(static_cast<flatbuffers::uoffset_t>(i));
    const bool leaf = node.kind == schemas::ConditionKind::leaf;
    const std::string_view kind = schemas::EnumNameConditionKind(node.kind);
    object row{{"node", node.node},
               {"under", node.under},
               {"kind", kind == "not_" ? "not" : kind},
               {"text", leaf ? value(condition_text(node)) : value(nullptr)},
               {"clause", text_json(schemas::view(written.clause()))}};
    if (leaf) {
      row["field"] = schemas::EnumNameProfileField(node.field);
      row["comparison"] = schemas::EnumNameComparison(node.comparison);
      row["values"] = boost::json::value_from(node.values);
      row["as_of"] = schemas::EnumNameAsOfRule(node.as_of);
      row["fresh_days"] = node.fresh_days ? value(*node.fresh_days) : value(nullptr);
      row["source"] = text_json(node.source);
    }
    rows.emplace_back(std::move(row));
  }
  return rows;
}

object whole_item_json(const ItemEntry& item) {
  array materials;
  if (item.materials != nullptr && item.materials->materials() != nullptr)
    for (const auto* one : *item.materials->materials()) materials.emplace_back(schemas::view(one));
  const bool windowed = item.state.status == schemas::ItemStatus::open;
  return {{"item", item.no},
          {"title", item.title},
          {"department", item.state.department},
          {"standard", item.standard},
          {"contact", text_json(item.contact)},
          {"mode", schemas::EnumNameItemMode(item.state.mode)},
          {"status", schemas::kItemLifecycle.statuses[static_cast<std::size_t>(item.state.status)]},
          {"window", windowed ? value(object{{"from", schemas::date_text(item.state.from)},
                                             {"until", schemas::date_text(item.state.last)}})
                              : value(nullptr)},
          {"materials", std::move(materials)},
          {"conditions_version", item.state.conditions_version},
          {"conditions", conditions_json(item)}};
}

array suggestions_json(const PolicyEntry& policy) {
  using Status = TagSuggestion::Status;
  array rows;
  for (const TagSuggestion& one : policy.suggestions) {
    array sentences;
    for (const auto* sentence : *one.sentences) sentences.emplace_back(schemas::view(sentence));
    const char* const status = one.status == Status::pending     ? "pending"
                               : one.status == Status::confirmed ? "confirmed"
                                                                 : "rejected";
    rows.push_back({{"tag", one.tag},
                    {"vocabulary", one.vocabulary},
                    {"seq", one.seq},
                    {"status", status},
                    {"sentences", std::move(sentences)}});
  }
  return rows;
}

array versions_json(const Facts& facts, const PolicyEntry& policy) {
  array rows;
  for (const PolicyVersion& one : policy.versions)
    rows.push_back({{"version", one.version},
                    {"seq", one.seq},
                    {"at", time_json(facts.time_of(one.seq))},
                    {"title", text_json(one.title)},
                    {"number", one.number},
                    {"from", schemas::date_text(one.from)},
                    {"until", day_json(one.last)},
                    {"reason", text_json(one.reason)},
                    {"text", one.text}});
  return rows;
}

}  // namespace

object dictionary(const Facts& facts, const Moment& moment, const DictionaryQuestion& question) {
  const PolicyBook book(facts, moment.seq);
  const Items items(book);
  std::vector<const PolicyEntry*> found;
  std::size_t published = 0;
  for (const PolicyEntry& policy : book.policies()) {
    if (policy.versions.empty()) continue;
    ++published;
    const auto has = [&](std::string_view text) {
      return text.find(question.text) != std::string_view::npos;
    };
    if (!has(policy.title) && !has(policy.number) && !has(policy.text)) continue;
    if (!question.tag.empty() && !policy.state.is_tagged(question.tag)) continue;
    if (!question.industry.empty() && !items.any_open_to(policy.no, question.industry)) continue;
    found.push_back(&policy);
  }
  const std::size_t first = std::min(question.offset, found.size());
  const std::size_t left = found.size() - first;
  const std::size_t count = question.limit == 0 ? left : std::min(question.limit, left);
  array rows;
  for (std::size_t i = first; i < first + count; ++i) {
    object row = head_json(*found[i]);
    row["items"] = items.short_json(found[i]->no);
    row["words"] = found_words(*found[i], question.text);
    rows.emplace_back(std::move(row));
  }
  return {{"policies", published}, {"found", found.size()}, {"rows", std::move(rows)}};
}

Result<object> policy_entry(const Facts& facts, const Moment& moment, std::string_view policy) {
  const PolicyBook book(facts, moment.seq);
  const PolicyEntry* const entry = book.find_policy(policy);
  if (entry == nullptr || entry->versions.empty())
    return fail(ErrorCode::not_found, "There is no such policy: " + std::string(policy));
  object body = head_json(*entry);
  body["text"] = entry->text;
  body["suggestions"] = suggestions_json(*entry);
  body["versions"] = versions_json(facts, *entry);
  array items;
  for (const ItemEntry& item : book.items())
    if (item.state.policy == policy) items.emplace_back(whole_item_json(item));
  body["items"] = std::move(items);
  return body;
}

}  // namespace projections
