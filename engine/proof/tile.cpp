// Paths and places of tiles (evidence.md, "Tiles").
#include "engine/proof/tile.h"

#include <charconv>

#include "engine/check.h"

namespace engine {
namespace {

std::string three_digits(std::uint64_t number) {
  const std::string text = std::to_string(number);
  return std::string(3 - text.size(), '0') + text;
}

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

std::uint64_t full_tiles(unsigned tile_level, std::uint64_t size) {
  const unsigned shift = kTileHeight * (tile_level + 1);
  return shift >= 64 ? 0 : size >> shift;
}

std::uint64_t partial_width(unsigned tile_level, std::uint64_t size) {
  const unsigned shift = kTileHeight * tile_level;
  return shift >= 64 ? 0 : (size >> shift) % kTileWidth;
}

TilePlace tile_of(unsigned level, std::uint64_t index) {
  const unsigned within = level % kTileHeight;
  const std::uint64_t first = index << within;
  return {level / kTileHeight, first / kTileWidth, first % kTileWidth, std::uint64_t{1} << within};
}

std::string tile_path(std::optional<unsigned> tile_level, std::uint64_t tile, std::uint64_t width) {
  CHECK(width >= 1 && width <= kTileWidth);
  std::string digits = three_digits(tile % 1000);
  for (std::uint64_t rest = tile / 1000; rest != 0; rest /= 1000) {
    digits = "x" + three_digits(rest % 1000) + "/" + digits;
  }
  const std::string level = tile_level ? std::to_string(*tile_level) : "entries";
  const std::string partial = width == kTileWidth ? "" : ".p/" + std::to_string(width);
  return "tile/" + level + "/" + digits + partial;
}

std::optional<TileName> parse_tile_path(std::string_view path) {
  const std::string_view whole = path;
  if (!path.starts_with("tile/")) return std::nullopt;
  path.remove_prefix(5);
  const std::size_t slash = path.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  TileName name;
  if (path.substr(0, slash) != "entries") {
    const auto level = number(path.substr(0, slash));
    if (!level || *level > 63) return std::nullopt;
    name.tile_level = static_cast<unsigned>(*level);
  }
  path.remove_prefix(slash + 1);
  if (const std::size_t partial = path.find(".p/"); partial != std::string_view::npos) {
    const auto width = number(path.substr(partial + 3));
    if (!width || *width < 1 || *width >= kTileWidth) return std::nullopt;
    name.width = *width;
    path = path.substr(0, partial);
  }
  std::string digits;
  for (const char c : path) {
    if (c >= '0' && c <= '9') digits += c;
  }
  if (digits.size() > 18) return std::nullopt;  // beyond this the number would overflow
  const auto tile = number(digits);
  if (!tile) return std::nullopt;
  name.tile = *tile;
  // Whatever the loose reading above let through, only the canonical text is a name.
  if (tile_path(name.tile_level, name.tile, name.width) != whole) return std::nullopt;
  return name;
}

}  // namespace engine
