// Keywords and suggested tags of policies: TF-IDF over the policies of the dictionary itself, and
// the vocabulary's words in title and sentences. What it says is a suggestion; a person decides.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "tools/bihuan/segmenter.h"

namespace tools {

struct Weighted {
  std::string word;
  int weight = 0;  // TF-IDF in thousandths
};

struct VocabularyWords {
  std::string tag;
  std::vector<std::string> words;  // that speak for it; none: it is never suggested
};

struct Suggestion {
  std::string tag;
  std::vector<std::string> sentences;  // that support it, at most three, in order of the text
};

// The documents of a dictionary, cut into words once.
class Corpus {
 public:
  explicit Corpus(const Segmenter& segmenter) : segmenter_(segmenter) {}

  void add(std::string_view title, std::string_view text);
  [[nodiscard]] std::size_t size() const { return documents_.size(); }
  // The `most` words of the document that weigh most; of equal weight in order of their bytes.
  [[nodiscard]] std::vector<Weighted> keywords(std::size_t document, std::size_t most) const;

 private:
  struct Document {
    std::map<std::string, int> times;
    int words = 0;
  };
  const Segmenter& segmenter_;
  std::vector<Document> documents_;
  std::map<std::string, int> documents_with_;
};

[[nodiscard]] std::vector<std::string> sentences_of(std::string_view text);
// A tag whose word is in the title, or in enough sentences of the text.
[[nodiscard]] std::vector<Suggestion> suggest_tags(std::string_view title, std::string_view text,
                                                   const std::vector<VocabularyWords>& vocabulary);

}  // namespace tools
