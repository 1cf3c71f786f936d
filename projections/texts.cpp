// The dictionary of the facts: texts lie in chunks that never move, so that views and keys stay
// valid.
#include "projections/texts.h"

#include <absl/container/flat_hash_map.h>
#include <absl/strings/string_view.h>

#include <algorithm>
#include <cstring>

namespace projections {

struct Texts::Numbers {
  absl::flat_hash_map<absl::string_view, std::uint32_t> by_text;
};

Texts::Texts() : numbers_(std::make_unique<Numbers>()) { views_.emplace_back(); }
Texts::~Texts() = default;
Texts::Texts(Texts&&) noexcept = default;
Texts& Texts::operator=(Texts&&) noexcept = default;

std::string_view Texts::store(std::string_view text) {
  constexpr std::size_t kChunk = 1 << 18;
  if (text.size() > free_) {
    free_ = std::max(kChunk, text.size());
    chunks_.push_back(std::make_unique_for_overwrite<char[]>(free_));
    next_ = chunks_.back().get();
  }
  std::memcpy(next_, text.data(), text.size());
  const std::string_view stored(next_, text.size());
  next_ += text.size();
  free_ -= text.size();
  return stored;
}

void Texts::clear() {
  // Clearing gives the table's room back; the next texts will be about as many.
  const std::size_t before = numbers_->by_text.size();
  numbers_->by_text.clear();
  numbers_->by_text.reserve(before);
  views_.resize(1);
  if (chunks_.empty()) return;
  // The newest chunk stays: a batch of the same size as the last one finds its room there.
  chunks_.erase(chunks_.begin(), chunks_.end() - 1);
  free_ += static_cast<std::size_t>(next_ - chunks_.back().get());
  next_ = chunks_.back().get();
}

void Texts::prefetch(std::string_view text) const {
  numbers_->by_text.prefetch(absl::string_view(text.data(), text.size()));
}

std::uint32_t Texts::find(std::string_view text) const {
  if (text.empty()) return 0;
  const auto at = numbers_->by_text.find(absl::string_view(text.data(), text.size()));
  return at == numbers_->by_text.end() ? 0 : at->second;
}

std::uint32_t Texts::intern(std::string_view text) {
  if (text.empty()) return 0;
  const absl::string_view key(text.data(), text.size());
  const std::size_t hash = numbers_->by_text.hash_function()(key);
  if (const auto at = numbers_->by_text.find(key, hash); at != numbers_->by_text.end())
    return at->second;
  const std::string_view stored = store(text);
  const std::uint32_t number = size();
  views_.push_back(stored);
  numbers_->by_text.emplace(absl::string_view(stored.data(), stored.size()), number);
  return number;
}

}  // namespace projections
