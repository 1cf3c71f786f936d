// Chinese words of a text, by cppjieba with the dictionaries that tools/words fetches. Loading
// takes about a second and a half and 150 MB, so only the tagging job does it.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/result.h"

namespace tools {

class Segmenter {
 public:
  // `directory`: the dictionaries; empty: where the build found them. `terms`: words of our own.
  // not_found: there are none, or this program was built without them.
  [[nodiscard]] static engine::Result<Segmenter> load(const std::string& directory,
                                                      std::span<const std::string> terms);
  ~Segmenter();
  Segmenter(Segmenter&&) noexcept;
  Segmenter& operator=(Segmenter&&) noexcept;

  // Words worth counting, in order: of two characters or more, no digits, no stop words.
  [[nodiscard]] std::vector<std::string> words(std::string_view text) const;
  // The program and its dictionaries, with their version.
  [[nodiscard]] static std::string name();

 private:
  struct Parts;
  explicit Segmenter(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace tools
