#include "tools/bihuan/segmenter.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <utility>

#include <cppjieba/MixSegment.hpp>

namespace tools {

using engine::ErrorCode;
using engine::fail;
using engine::Result;

namespace {

std::size_t characters(std::string_view word) {
  return static_cast<std::size_t>(std::ranges::count_if(
      word, [](char byte) { return (static_cast<unsigned char>(byte) & 0xc0U) != 0x80U; }));
}

// Latin and full-width digits, and words that are nothing but Chinese numerals (二十, 第三).
bool is_number(std::string_view word) {
  for (const char byte : word)
    if (byte >= '0' && byte <= '9') return true;
  constexpr std::string_view kNumerals =
      "一二三四五六七八九十百千万亿第两几多０１２３４５６７８９〇";
  constexpr std::size_t kBytes = 3;  // of each of them
  if (word.size() % kBytes != 0) return false;
  for (std::size_t at = 0; at < word.size(); at += kBytes) {
    const std::size_t found = kNumerals.find(word.substr(at, kBytes));
    if (found == std::string_view::npos || found % kBytes != 0) return false;
  }
  return true;
}

bool is_word(std::string_view word) {
  const auto lead = static_cast<unsigned char>(word.front());
  // Han characters are E4 to E9 in UTF-8; what begins with anything else is Latin or punctuation.
  // What begins with 的 is a cut in the wrong place (的市, 的省).
  return lead >= 0xe4U && lead <= 0xe9U && characters(word) >= 2 && !word.starts_with("的") &&
         !is_number(word);
}

// build/words/dict, as seen from build/PRESET/bin.
std::string beside_the_build() {
  std::error_code error;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", error);
  return (program.parent_path().parent_path().parent_path() / "words" / "dict").string();
}

}  // namespace

struct Segmenter::Parts {
  explicit Parts(const std::string& directory)
      : dictionary(directory + "/jieba.dict.utf8"),
        model(directory + "/hmm_model.utf8"),
        mix(&dictionary, &model) {
    std::ifstream file(directory + "/stop_words.utf8");
    for (std::string line; std::getline(file, line);) stop.insert(std::move(line));
  }
  cppjieba::DictTrie dictionary;
  cppjieba::HMMModel model;
  cppjieba::MixSegment mix;
  std::set<std::string, std::less<>> stop;
};

Segmenter::Segmenter(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Segmenter::~Segmenter() = default;
Segmenter::Segmenter(Segmenter&&) noexcept = default;
Segmenter& Segmenter::operator=(Segmenter&&) noexcept = default;

Result<Segmenter> Segmenter::load(const std::string& directory,
                                  std::span<const std::string> terms) {
  const std::string from = directory.empty() ? beside_the_build() : directory;
  // cppjieba ends the program where a file is missing.
  for (const char* const name : {"jieba.dict.utf8", "hmm_model.utf8", "stop_words.utf8"})
    if (!std::filesystem::exists(from + "/" + name))
      return fail(ErrorCode::not_found,
                  "The dictionaries are not in " + from + ": tools/words fetches them.");
  auto parts = std::make_unique<Parts>(from);
  for (const std::string& term : terms) parts->dictionary.InsertUserWord(term);
  return Segmenter(std::move(parts));
}

std::vector<std::string> Segmenter::words(std::string_view text) const {
  std::vector<std::string> all;
  parts_->mix.Cut(std::string(text), all);
  std::erase_if(all, [&](const std::string& word) {
    return word.empty() || !is_word(word) || parts_->stop.contains(word);
  });
  return all;
}

std::string Segmenter::name() { return "cppjieba (nodejieba " BIHUAN_WORDS_VERSION ")"; }

}  // namespace tools
