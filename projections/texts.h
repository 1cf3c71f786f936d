// An append-only dictionary: every text of the facts once, under a dense number. 0 is the empty
// text, which also stands for "left out".
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace projections {

class Texts {
 public:
  Texts();
  ~Texts();
  Texts(Texts&&) noexcept;
  Texts& operator=(Texts&&) noexcept;

  [[nodiscard]] std::uint32_t intern(std::string_view text);
  // Fetches into the processor's cache what intern() of this text will look at.
  void prefetch(std::string_view text) const;
  // Forgets every text; keeps the memory for the next ones.
  void clear();
  [[nodiscard]] std::string_view operator[](std::uint32_t id) const { return views_[id]; }
  [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(views_.size()); }
  [[nodiscard]] bool operator==(const Texts& other) const { return views_ == other.views_; }
  // Its number, or 0 when it was never interned.
  [[nodiscard]] std::uint32_t find(std::string_view text) const;

 private:
  [[nodiscard]] std::string_view store(std::string_view text);
  struct Numbers;
  std::vector<std::string_view> views_;
  std::vector<std::unique_ptr<char[]>> chunks_;  // never moved: views point into them
  std::size_t free_ = 0;                         // bytes left in the newest chunk
  char* next_ = nullptr;
  std::unique_ptr<Numbers> numbers_;
};

}  // namespace projections
