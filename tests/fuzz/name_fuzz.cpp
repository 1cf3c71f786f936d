// Any bytes as the path of a tile or as a key store: refused, or read in the one way in which they
// are written.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "engine/check.h"
#include "engine/proof/seal.h"
#include "engine/proof/tile.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(bytes), size};
  if (const auto name = engine::parse_tile_path(text))
    CHECK(engine::tile_path(name->tile_level, name->tile, name->width) == text);
  if (const auto ring = engine::KeyRing::parse(text)) CHECK(ring->serialize() == text);
  return 0;
}
