#include "tools/inspection/bundle.h"

#include <algorithm>

#include "engine/check.h"
#include "engine/proof/bytes.h"
#include "engine/proof/record.h"

namespace tools {
namespace {

constexpr std::string_view kEntries = "tile/entries/", kPayloads = "payloads/";
constexpr std::size_t kLengthBytes = 2, kPayloadHead = 8, kAlign = 8;
constexpr std::uint32_t kLeftOut = 0xFFFF'FFFF;

std::size_t padded(std::size_t size) { return (size + kAlign - 1) / kAlign * kAlign; }

}  // namespace

std::string payload_path(std::string_view bundle_path) {
  CHECK(bundle_path.starts_with(kEntries));
  return std::string(kPayloads) + std::string(bundle_path.substr(kEntries.size()));
}

void append_entry_to_bundle(engine::Bytes& bundle, engine::ByteSpan entry) {
  CHECK(entry.size() <= engine::kEntryBytesMax);
  bundle.push_back(static_cast<std::uint8_t>(entry.size() >> 8U));
  bundle.push_back(static_cast<std::uint8_t>(entry.size()));
  bundle.insert(bundle.end(), entry.begin(), entry.end());
}

Split<engine::ByteSpan> split_bundle(engine::ByteSpan bundle, std::size_t count) {
  Split<engine::ByteSpan> split;
  split.parts.reserve(count);
  while (!bundle.empty()) {
    if (split.parts.size() == count || bundle.size() < kLengthBytes) return split;
    const std::size_t size = (std::size_t{bundle[0]} << 8U) | bundle[1];
    bundle = bundle.subspan(kLengthBytes);
    if (size > bundle.size()) return split;
    split.parts.push_back(bundle.first(size));
    bundle = bundle.subspan(size);
  }
  split.whole = split.parts.size() == count;
  return split;
}

LeafMark mark_of(const engine::Hash& leaf) { return {leaf[0], leaf[1], leaf[2], leaf[3]}; }

void append_payload(engine::Bytes& file, const PackedPayload& payload) {
  engine::put_le(file,
                 payload.present ? static_cast<std::uint32_t>(payload.bytes.size()) : kLeftOut);
  file.insert(file.end(), payload.mark.begin(), payload.mark.end());
  if (!payload.present) return;
  file.insert(file.end(), payload.bytes.begin(), payload.bytes.end());
  file.resize(padded(file.size()));
}

Split<PackedPayload> split_payloads(engine::ByteSpan file, std::size_t count) {
  Split<PackedPayload> split;
  split.parts.reserve(count);
  while (!file.empty()) {
    if (split.parts.size() == count || file.size() < kPayloadHead) return split;
    PackedPayload payload;
    const auto size = engine::get_le<std::uint32_t>(file.data());
    std::copy_n(file.data() + sizeof(size), payload.mark.size(), payload.mark.begin());
    file = file.subspan(kPayloadHead);
    payload.present = size != kLeftOut;
    if (payload.present) {
      if (size > engine::kPayloadBytesMax || padded(size) > file.size()) return split;
      payload.bytes = file.first(size);
      const auto padding = file.subspan(size, padded(size) - size);
      if (std::ranges::any_of(padding, [](std::uint8_t byte) { return byte != 0; })) return split;
      file = file.subspan(padded(size));
    }
    split.parts.push_back(payload);
  }
  split.whole = split.parts.size() == count;
  return split;
}

}  // namespace tools
