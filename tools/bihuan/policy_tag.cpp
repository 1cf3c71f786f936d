// `bihuan policy tag`: keywords and suggested tags of every policy of the dictionary, recorded as
// events of the system's. Suggestions wait for a person (TagPolicy, RejectPolicyTag).
#include "tools/bihuan/policy_tag.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "projections/policy_book.h"
#include "schemas/event.h"
#include "tools/bihuan/import.h"
#include "tools/bihuan/made_source.h"
#include "tools/bihuan/policy_terms.h"
#include "tools/bihuan/question.h"
#include "tools/bihuan/table.h"
#include "tools/bihuan/tagger.h"

namespace tools {

namespace json = boost::json;
using engine::ErrorCode;
using engine::Result;
using projections::PolicyEntry;
using schemas::view;

namespace {

struct TagOptions {
  std::string vocabulary, actor = "tagger", dictionaries;
  std::size_t keywords = 12;
  bool dry_run = false;
};

struct Tagged {
  const PolicyEntry* policy = nullptr;
  std::vector<Weighted> keywords;
  std::vector<Suggestion> suggestions;  // those that nobody made or decided on for this text
};

std::vector<VocabularyWords> words_of(const schemas::TagVocabularyPublished& vocabulary) {
  std::vector<VocabularyWords> all;
  for (const schemas::VocabularyTag* tag : *vocabulary.tags()) {
    VocabularyWords& one = all.emplace_back();
    one.tag = view(tag->tag());
    if (tag->words() != nullptr)
      for (const flatbuffers::String* word : *tag->words()) one.words.emplace_back(view(word));
  }
  return all;
}

std::uint32_t text_seq(const PolicyEntry& policy) {
  return policy.versions.empty() ? 0 : policy.versions.back().seq;
}

// Suggested for this text before, or a tag of it already.
bool is_settled(const PolicyEntry& policy, std::string_view tag) {
  return policy.state.is_tagged(tag) ||
         std::ranges::any_of(policy.suggestions, [&](const projections::TagSuggestion& one) {
           return one.tag == tag && one.seq > text_seq(policy);
         });
}

std::vector<Tagged> tag_all(const projections::PolicyBook& book, const Segmenter& segmenter,
                            const std::vector<VocabularyWords>& vocabulary, std::size_t keywords) {
  Corpus corpus(segmenter);
  for (const PolicyEntry& policy : book.policies()) corpus.add(policy.title, policy.text);
  std::vector<Tagged> all;
  for (std::size_t i = 0; i < book.policies().size(); ++i) {
    const PolicyEntry& policy = book.policies()[i];
    Tagged& one = all.emplace_back(Tagged{&policy, corpus.keywords(i, keywords), {}});
    for (Suggestion& suggestion : suggest_tags(policy.title, policy.text, vocabulary))
      if (!is_settled(policy, suggestion.tag)) one.suggestions.push_back(std::move(suggestion));
  }
  return all;
}

json::array keywords_json(const Tagged& one) {
  json::array words;
  for (const Weighted& keyword : one.keywords)
    words.push_back({{"word", keyword.word}, {"weight", keyword.weight}});
  return words;
}

// The same keywords are not recorded again.
bool are_known(const Tagged& one) {
  if (one.keywords.empty()) return true;
  const schemas::KeywordsExtracted* const known = one.policy->keywords;
  if (known == nullptr) return false;
  return std::ranges::equal(
      one.keywords, *known->keywords(), [](const Weighted& word, const schemas::Keyword* recorded) {
        return word.word == view(recorded->word()) && word.weight == recorded->weight();
      });
}

std::vector<json::object> lines_of(const std::vector<Tagged>& all, const TagOptions& options,
                                   std::uint64_t seq) {
  const engine::Micros at = engine::now();
  std::vector<json::object> lines;
  for (const Tagged& one : all) {
    const std::string stream = "policy/" + std::string(one.policy->no);
    const std::uint32_t place = one.policy->last_seq;  // what the ids rest on
    if (!are_known(one))
      lines.push_back(made_line(
          at, options.actor, "ExtractKeywords", stream, fmt::format("keywords-{}-{}", place, seq),
          {{"keywords", keywords_json(one)},
           {"extractor", fmt::format("{}; TF-IDF, {} policies", Segmenter::name(), all.size())}}));
    std::size_t number = 0;
    for (const Suggestion& suggestion : one.suggestions)
      lines.push_back(made_line(at, options.actor, "SuggestPolicyTag", stream,
                                fmt::format("tag-{}-{}-{}", place, seq, ++number),
                                {{"tag", suggestion.tag},
                                 {"vocabulary", options.vocabulary},
                                 {"sentences", json::value_from(suggestion.sentences)},
                                 {"method", "rule"}}));
  }
  return lines;
}

void print_tagged(Format format, const std::vector<Tagged>& all) {
  if (format == Format::json) {
    json::array rows;
    for (const Tagged& one : all) {
      json::array tags;
      for (const Suggestion& suggestion : one.suggestions)
        tags.push_back(
            {{"tag", suggestion.tag}, {"sentences", json::value_from(suggestion.sentences)}});
      rows.push_back({{"policy", one.policy->no},
                      {"title", one.policy->title},
                      {"keywords", keywords_json(one)},
                      {"suggested", std::move(tags)}});
    }
    return print_json({{"policies", rows.size()}, {"rows", std::move(rows)}});
  }
  Cells cells;
  for (const Tagged& one : all) {
    std::string words, tags;
    for (const Weighted& keyword : one.keywords)
      words += (words.empty() ? "" : "、") + keyword.word;
    for (const Suggestion& suggestion : one.suggestions)
      tags += (tags.empty() ? "" : "、") + suggestion.tag;
    cells.push_back({std::string(one.policy->no), std::string(one.policy->title), words, tags});
  }
  const std::vector<std::string> headings{"编号", "标题", "关键词", "建议标签"};
  print_rows(format, headings, cells);
}

// Prints, or leaves the lines to be recorded; the ledger is let go of either way.
Result<std::vector<json::object>> tag_policies(const Session& session, const TagOptions& options) {
  const auto log = Ledger::open_log(session.data, engine::OpenMode::read_only);
  if (!log) return std::unexpected(log.error());
  const auto facts = facts_of(**log, /*keep=*/false);
  if (!facts) return std::unexpected(facts.error());
  const std::uint64_t seq = (*facts)->seq();
  const projections::PolicyBook book(**facts, seq);
  std::vector<VocabularyWords> vocabulary;
  if (!options.vocabulary.empty()) {
    const auto* const published = projections::vocabulary_at(**facts, options.vocabulary, seq);
    if (published == nullptr)
      return engine::fail(ErrorCode::not_found,
                          "There is no such vocabulary: " + options.vocabulary);
    vocabulary = words_of(*published);
  }
  std::vector<std::string> terms(policy_terms().begin(), policy_terms().end());
  for (const VocabularyWords& one : vocabulary)
    terms.insert(terms.end(), one.words.begin(), one.words.end());
  const auto segmenter = Segmenter::load(options.dictionaries, terms);
  if (!segmenter) return std::unexpected(segmenter.error());
  const auto all = tag_all(book, *segmenter, vocabulary, options.keywords);
  if (!options.dry_run) return lines_of(all, options, seq);
  print_tagged(session.form(), all);
  return std::vector<json::object>{};
}

int tag(const Session& session, const TagOptions& options) {
  auto lines = tag_policies(session, options);
  if (!lines) return complain(lines.error());
  if (options.dry_run) return kDone;
  std::vector<std::unique_ptr<ItemSource>> sources;
  sources.push_back(made_source(std::move(*lines)));
  return import_sources(session, {"tag"}, std::move(sources));
}

}  // namespace

void add_policy_tag(CLI::App& policy, Session& session) {
  CLI::App* const sub =
      add_subcommand(policy, session, "tag", "为每项政策提取关键词、建议标签，由人确认",
                     "Keywords and suggested tags of every policy, for a person to confirm");
  const auto options = std::make_shared<TagOptions>();
  sub->add_option("--vocabulary", options->vocabulary,
                  both("标签词表（缺省只提取关键词）", "the tags; without it only keywords"))
      ->type_name("ID");
  sub->add_option("--keywords", options->keywords, both("每项政策的关键词数", "keywords of each"))
      ->check(CLI::Range(1, 50))
      ->type_name("N");
  sub->add_option("--dictionaries", options->dictionaries,
                  both("分词词典目录", "directory of the segmenter's dictionaries"))
      ->type_name("DIR");
  sub->add_option("--actor", options->actor, both("标注者", "who suggests them"))->type_name("ID");
  sub->add_flag("--dry-run", options->dry_run,
                both("只印出，不记录", "only prints them, records nothing"));
  sub->callback([options, &session] { session.exit_code = tag(session, *options); });
}

}  // namespace tools
