// The two files of a package that hold 256 records: their headers as a C2SP entry bundle, and their
// payloads beside it. Byte by byte in docs/FORMAT.md.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/proof/hash.h"
#include "engine/record.h"

namespace tools {

// "payloads/x001/067.p/12" beside "tile/entries/x001/067.p/12".
[[nodiscard]] std::string payload_path(std::string_view bundle_path);

void append_entry_to_bundle(engine::Bytes& bundle, engine::ByteSpan entry);
// What a file was taken apart into, borrowed from it. Not whole: what comes after these parts is
// not of the form, or there are not as many of them as asked for.
template <class Part>
struct Split {
  std::vector<Part> parts;
  bool whole = false;
};

[[nodiscard]] Split<engine::ByteSpan> split_bundle(engine::ByteSpan bundle, std::size_t count);

// A payload as it is packed. The first bytes of its record's leaf hash stand with it, so that a
// changed header can be named although only 256 leaves together are tied to the root.
using LeafMark = std::array<std::uint8_t, 4>;
[[nodiscard]] LeafMark mark_of(const engine::Hash& leaf);

struct PackedPayload {
  LeafMark mark{};
  bool present = false;    // left out otherwise
  engine::ByteSpan bytes;  // begins at a multiple of 8 from the file's start
};
void append_payload(engine::Bytes& file, const PackedPayload& payload);
[[nodiscard]] Split<PackedPayload> split_payloads(engine::ByteSpan file, std::size_t count);

}  // namespace tools
