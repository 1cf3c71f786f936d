// A blocked Bloom filter: an id sets six bits of one cache line.
#include "engine/log/id_filter.h"

#include <cstring>

#include "engine/check.h"

namespace engine {
namespace {

// Our choice: 12 bits an id and six of them set give about 1 false "may be" in 100 for a full
// layer.
constexpr std::size_t kIdsPerLine = 42;
constexpr std::size_t kFirstLines = 1560;  // 65,520 ids, 100 kB
constexpr std::size_t kGrowth = 4;
constexpr int kBits = 6;

struct Place {
  std::uint64_t line;  // in 2^32 parts of a layer
  std::uint64_t bits;  // 9 of them a bit of the line
};

Place place_of(IdFilter::Fingerprint print) {
  const std::uint64_t spread = (std::uint64_t{print} + 1) * 0x9E3779B97F4A7C15U;
  return {spread >> 32U, (spread ^ (spread >> 29U)) * 0xBF58476D1CE4E5B9U >> 10U};
}

}  // namespace

IdFilter::Fingerprint IdFilter::fingerprint(const IdDigest& digest) {
  Fingerprint print = 0;
  std::memcpy(&print, digest.data(), sizeof(print));
  return print;
}

IdFilter::~IdFilter() {
  for (const auto& layer : layers_) delete layer.load();
}

void IdFilter::add(Fingerprint print) {
  if (room_ == 0) {
    CHECK(used_ < kLayers);
    std::size_t lines = kFirstLines;
    for (std::size_t i = 0; i < used_; ++i) lines *= kGrowth;
    room_ = lines * kIdsPerLine;
    layers_[used_++].store(std::make_unique<Layer>(lines).release(), std::memory_order_release);
  }
  --room_;
  const Layer& layer = *layers_[used_ - 1].load(std::memory_order_relaxed);
  const Place place = place_of(print);
  Line& line = layer.lines[place.line * layer.count >> 32U];
  std::uint64_t bits = place.bits;
  for (int i = 0; i < kBits; ++i, bits >>= 9U) {
    std::atomic<std::uint64_t>& word = line.words[(bits >> 6U) & 7U];
    // One thread adds: no bit of another is lost between the two.
    word.store(word.load(std::memory_order_relaxed) | std::uint64_t{1} << (bits & 63U),
               std::memory_order_relaxed);
  }
}

bool IdFilter::may_hold(Fingerprint print) const {
  const Place place = place_of(print);
  for (const auto& slot : layers_) {
    const Layer* layer = slot.load(std::memory_order_acquire);
    if (layer == nullptr) return false;
    const Line& line = layer->lines[place.line * layer->count >> 32U];
    bool all = true;
    std::uint64_t bits = place.bits;
    for (int i = 0; all && i < kBits; ++i, bits >>= 9U) {
      const std::uint64_t word = line.words[(bits >> 6U) & 7U].load(std::memory_order_relaxed);
      all = (word >> (bits & 63U) & 1U) != 0;
    }
    if (all) return true;
  }
  return false;
}

std::size_t IdFilter::bytes() const {
  std::size_t bytes = 0;
  for (const auto& slot : layers_) {
    const Layer* layer = slot.load(std::memory_order_acquire);
    if (layer != nullptr) bytes += layer->count * sizeof(Line);
  }
  return bytes;
}

}  // namespace engine
