// `bihuan tiles DIR`: the ledger's tree as static files that any web server can offer (C2SP
// tlog-tiles): tile/.., tile/entries/.. and, last of all, the checkpoint. Entries are the headers
// of the records; payloads stay at home. What an earlier checkpoint in DIR covers whole is kept as
// it is; everything else is made from the records' bytes and held against the tree.
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <span>
#include <vector>

#include "engine/log/file.h"
#include "engine/proof/checkpoint.h"
#include "engine/proof/merkle.h"
#include "engine/proof/tile.h"
#include "tools/bihuan/progress.h"
#include "tools/bihuan/session.h"
#include "tools/ledger/checkpoints.h"
#include "tools/ledger/ledger.h"
#include "tools/ledger/proofs.h"

namespace tools {

namespace fs = std::filesystem;
using engine::ErrorCode;
using engine::fail;
using engine::Hash;
using engine::kTileWidth;
using engine::Result;

namespace {

struct Written {
  std::uint64_t files = 0, kept = 0;
};

class TileWriter {
 public:
  // Full tiles of the first `published` records are in `dir` already.
  TileWriter(const engine::Log& log, const engine::Checkpoint& tree, fs::path dir,
             std::uint64_t published)
      : log_(log), tree_(tree), dir_(std::move(dir)), published_(published) {}

  Result<void> run();
  [[nodiscard]] const Written& written() const { return written_; }

 private:
  Result<std::vector<Hash>> bottom_tile(std::uint64_t tile, std::uint64_t width);
  Result<void> bottom();
  Result<void> level_above(unsigned level);
  Result<void> put(std::optional<unsigned> level, std::uint64_t tile, std::uint64_t width,
                   engine::ByteSpan bytes);
  Result<void> put_hashes(unsigned level, std::uint64_t tile, std::span<const Hash> hashes);
  [[nodiscard]] bool is_kept(std::optional<unsigned> level, std::uint64_t tile) const;
  [[nodiscard]] Result<void> check_root() const;

  const engine::Log& log_;
  const engine::Checkpoint& tree_;
  const fs::path dir_;
  const std::uint64_t published_;
  Written written_;
  std::vector<Hash> edge_;               // leaves after the last full tile
  std::vector<std::vector<Hash>> rows_;  // hashes of each tile level above the bottom
};

bool TileWriter::is_kept(std::optional<unsigned> level, std::uint64_t tile) const {
  if (tile >= engine::full_tiles(level.value_or(0), published_)) return false;
  std::error_code error;
  const auto bytes = fs::file_size(dir_ / engine::tile_path(level, tile), error);
  return !error && (level ? bytes == engine::kTileBytes : bytes > 0);
}

// Not synced: the checkpoint that will cover the file comes after all of them are.
Result<void> TileWriter::put(std::optional<unsigned> level, std::uint64_t tile, std::uint64_t width,
                             engine::ByteSpan bytes) {
  const fs::path path = dir_ / engine::tile_path(level, tile, width);
  const fs::path temporary = path.string() + ".new";
  std::error_code error;
  fs::create_directories(path.parent_path(), error);
  std::FILE* const file = std::fopen(temporary.c_str(), "wb");
  bool done = file != nullptr && std::fwrite(bytes.data(), 1, bytes.size(), file) == bytes.size();
  if (file != nullptr) done = (std::fclose(file) == 0) && done;
  if (done) fs::rename(temporary, path, error);
  if (!done || error) return fail(ErrorCode::disk_full, path.string() + " cannot be written.");
  if (width == kTileWidth) fs::remove_all(path.string() + ".p", error);
  ++written_.files;
  return {};
}

Result<void> TileWriter::put_hashes(unsigned level, std::uint64_t tile,
                                    std::span<const Hash> hashes) {
  engine::Bytes bytes;
  for (const Hash& hash : hashes) bytes.insert(bytes.end(), hash.begin(), hash.end());
  return put(level, tile, hashes.size(), bytes);
}

// The leaves of a tile at the bottom, held against the records and written with their headers.
Result<std::vector<Hash>> TileWriter::bottom_tile(std::uint64_t tile, std::uint64_t width) {
  auto stored = log_.leaves(tile);
  if (!stored) return stored;
  if (width == kTileWidth && is_kept(0, tile) && is_kept(std::nullopt, tile)) {
    ++written_.kept;
    return stored;
  }
  const auto bundle = entry_bundle(log_, tile, width);
  if (!bundle) return std::unexpected(bundle.error());
  if (auto done = put(std::nullopt, tile, width, *bundle); !done)
    return std::unexpected(done.error());
  stored->resize(width);
  if (auto done = put_hashes(0, tile, *stored); !done) return std::unexpected(done.error());
  return stored;
}

Result<void> TileWriter::bottom() {
  Progress progress("切片");
  rows_.emplace_back();
  for (std::uint64_t tile = 0; tile * kTileWidth < tree_.size; ++tile) {
    const std::uint64_t width = std::min(kTileWidth, tree_.size - tile * kTileWidth);
    auto leaves = bottom_tile(tile, width);
    if (!leaves) return std::unexpected(leaves.error());
    if (width == kTileWidth)
      rows_.back().push_back(engine::root_of(*leaves));
    else
      edge_ = std::move(*leaves);
    progress.update(tile * kTileWidth + width, tree_.size, tile * kTileWidth + width);
  }
  return {};
}

// The tiles of `level` from its hashes, which are the roots of the full tiles below it.
Result<void> TileWriter::level_above(unsigned level) {
  std::vector<Hash> above;
  const std::span<const Hash> row = rows_.back();
  for (std::uint64_t tile = 0; tile * kTileWidth < row.size(); ++tile) {
    const auto hashes =
        row.subspan(tile * kTileWidth, std::min(kTileWidth, row.size() - tile * kTileWidth));
    if (hashes.size() == kTileWidth) above.push_back(engine::root_of(hashes));
    if (hashes.size() == kTileWidth && is_kept(level, tile)) {
      ++written_.kept;
      continue;
    }
    if (auto done = put_hashes(level, tile, hashes); !done) return done;
  }
  rows_.push_back(std::move(above));
  return {};
}

Result<void> TileWriter::check_root() const {
  const auto node = [&](unsigned level, std::uint64_t index) -> Result<Hash> {
    const engine::TilePlace place = engine::tile_of(level, index);
    const std::span<const Hash> row =
        place.tile_level == 0
            ? std::span<const Hash>(edge_)
            : std::span<const Hash>(rows_[place.tile_level - 1]).subspan(place.tile * kTileWidth);
    return engine::root_of(row.subspan(place.first, place.count));
  };
  if (engine::root_at(tree_.size, node) == tree_.root) return {};
  return fail(ErrorCode::corrupt, "The tiles do not lead to the root that was signed.");
}

Result<void> TileWriter::run() {
  if (auto done = bottom(); !done) return done;
  for (unsigned level = 1; !rows_.back().empty(); ++level)
    if (auto done = level_above(level); !done) return done;
  return check_root();
}

// How many records the checkpoint in DIR covers; 0 if there is none. Refused if it is not ours.
Result<std::uint64_t> published_in(const fs::path& dir, const engine::Log& log,
                                   const std::string& data) {
  std::error_code error;
  if (!fs::exists(dir / "checkpoint", error)) return 0;
  const auto keys = engine::read_signing_keys(keys_of(data));
  if (!keys) return std::unexpected(keys.error());
  const auto note = read_note_file((dir / "checkpoint").string());
  if (!note) return std::unexpected(note.error());
  const auto published = engine::open_checkpoint(*note, keys->known());
  const auto root = published ? log.root_at(published->checkpoint.size) : Hash{};
  if (!published || !root || *root != published->checkpoint.root)
    return fail(ErrorCode::bad_input,
                dir.string() + " has a checkpoint that is not of this ledger; name another.");
  return published->checkpoint.size;
}

Result<void> sync_files(const fs::path& dir) {
  const int descriptor = ::open(dir.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool synced = descriptor >= 0 && ::syncfs(descriptor) == 0;
  if (descriptor >= 0) ::close(descriptor);
  if (!synced) return fail(ErrorCode::io, dir.string() + " cannot be synced.");
  return {};
}

int tiles(const Session& session, const std::string& out) {
  const fs::path dir = out;
  const auto ledger = open_signed(session.data);
  if (!ledger) return complain(ledger.error());
  std::error_code error;
  fs::create_directories(dir, error);
  const auto published = published_in(dir, *ledger->log, session.data);
  if (!published) return complain(published.error());
  TileWriter writer(*ledger->log, ledger->newest.checkpoint, dir, *published);
  if (const auto done = writer.run(); !done) return complain(done.error());
  if (const auto synced = sync_files(dir); !synced) return complain(synced.error());
  if (const auto put = engine::write_file((dir / "checkpoint").string(), ledger->newest.note, 0644,
                                          /*replace=*/true);
      !put)
    return complain(put.error());
  const Written& written = writer.written();
  if (session.form() == Format::json)
    print_json({{"size", ledger->newest.checkpoint.size},
                {"root", engine::base64(ledger->newest.checkpoint.root)},
                {"written", written.files},
                {"kept", written.kept}});
  else
    print(
        fmt::format("{} 个事件：新写 {} 个文件，保留 {} 片\n{} events: {} files written, {} tiles "
                    "kept\n",
                    ledger->newest.checkpoint.size, written.files, written.kept,
                    ledger->newest.checkpoint.size, written.files, written.kept));
  return kDone;
}

}  // namespace

void add_tiles(CLI::App& app, Session& session) {
  CLI::App* const sub = add_subcommand(
      app, session, "tiles", "把台账的树写成可由任何网站提供的静态文件（tlog-tiles，不含内容）",
      "The ledger's tree as static files (tlog-tiles; headers, no payloads)");
  const auto out = std::make_shared<std::string>();
  sub->add_option("dir", *out, both("输出目录", "where to write"))->required()->type_name("DIR");
  sub->callback([out, &session] { session.exit_code = tiles(session, *out); });
}

}  // namespace tools
