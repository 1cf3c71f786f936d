#include "tools/bihuan/tagger.h"

#include <algorithm>
#include <cmath>

namespace tools {
namespace {

constexpr int kTitleWeight = 5;  // a word of the title counts as often in the text
constexpr std::size_t kSentencesShown = 3;
// Our choice, looked at over forty documents of the State Council: with fewer, whatever a document
// mentions in passing becomes its tag.
constexpr std::size_t kSentencesNeeded = 4, kSentencesPerMille = 80;

bool has_any(std::string_view text, const std::vector<std::string>& words) {
  return std::ranges::any_of(
      words, [&](const std::string& word) { return text.find(word) != std::string_view::npos; });
}

}  // namespace

void Corpus::add(std::string_view title, std::string_view text) {
  Document& document = documents_.emplace_back();
  for (const std::string& word : segmenter_.words(text)) ++document.times[word];
  for (const std::string& word : segmenter_.words(title)) document.times[word] += kTitleWeight;
  for (const auto& [word, times] : document.times) {
    document.words += times;
    ++documents_with_[word];
  }
}

std::vector<Weighted> Corpus::keywords(std::size_t document, std::size_t most) const {
  const Document& of = documents_.at(document);
  std::vector<Weighted> words;
  constexpr double kThousandths = 1000;
  for (const auto& [word, times] : of.times) {
    // What every document says is worth next to nothing; what one alone says is worth most.
    const double rarity = std::log((static_cast<double>(documents_.size()) + 1) /
                                   static_cast<double>(documents_with_.at(word)));
    words.push_back({word, static_cast<int>(std::lround(kThousandths * times * rarity /
                                                        std::max(of.words, 1)))});
  }
  std::ranges::sort(words, [](const Weighted& a, const Weighted& b) {
    return a.weight != b.weight ? a.weight > b.weight : a.word < b.word;
  });
  if (words.size() > most) words.resize(most);
  return words;
}

std::vector<std::string> sentences_of(std::string_view text) {
  std::vector<std::string> sentences;
  std::string sentence;
  const auto end = [&] {
    const std::size_t first = sentence.find_first_not_of(" \t\r");
    if (first != std::string::npos) sentences.push_back(sentence.substr(first));
    sentence.clear();
  };
  for (std::size_t at = 0; at < text.size();) {
    const auto lead = static_cast<unsigned char>(text[at]);
    const std::size_t bytes = lead < 0x80U ? 1 : lead < 0xe0U ? 2 : lead < 0xf0U ? 3 : 4;
    const std::string_view one = text.substr(at, bytes);
    at += bytes;
    if (one == "\n") {
      end();
      continue;
    }
    sentence += one;
    if (one == "。" || one == "！" || one == "？" || one == "；") end();
  }
  end();
  return sentences;
}

std::vector<Suggestion> suggest_tags(std::string_view title, std::string_view text,
                                     const std::vector<VocabularyWords>& vocabulary) {
  const std::vector<std::string> sentences = sentences_of(text);
  std::vector<Suggestion> suggestions;
  for (const VocabularyWords& one : vocabulary) {
    Suggestion suggestion{one.tag, {}};
    std::size_t supporting = 0;
    for (const std::string& sentence : sentences)
      if (has_any(sentence, one.words) && ++supporting <= kSentencesShown)
        suggestion.sentences.push_back(sentence);
    const bool titled = has_any(title, one.words);
    const bool often = supporting >= kSentencesNeeded &&
                       supporting * 1000 >= sentences.size() * kSentencesPerMille;
    if (suggestion.sentences.empty() && titled) suggestion.sentences.emplace_back(title);
    if (titled || often) suggestions.push_back(std::move(suggestion));
  }
  return suggestions;
}

}  // namespace tools
