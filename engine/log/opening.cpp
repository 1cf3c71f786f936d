// The read-only pass over the end of a log.
#include "engine/log/opening.h"

#include <algorithm>
#include <string>

#include "engine/log/file.h"
#include "engine/log/index.h"
#include "engine/mutant.h"

namespace engine {
namespace {

using BlockPtr = std::shared_ptr<const Block>;

std::string range(std::uint64_t from, std::uint64_t to) {
  return "records " + std::to_string(from) + ".." + std::to_string(to);
}

// Walks the records after the last full tile, and remembers what it has proved.
class Prover {
 public:
  // Without a head: what remains.
  Prover(const Store& store, const Head* head) : store_(store), head_(head) {}

  Result<Found> run() {
    for (const auto step :
         {&Prover::find_blocks_end, &Prover::read_tail, &Prover::start_edge, &Prover::walk_blocks,
          &Prover::walk_tail, &Prover::compare_head, &Prover::compare_marker}) {
      if (auto done = (this->*step)(); !done) return std::unexpected(done.error());
    }
    return std::move(found_);
  }

 private:
  Result<BlockPtr> parse(const rocksdb::Iterator& it) const {
    if (it.key().size() != sizeof(std::uint64_t)) {
      return fail(ErrorCode::corrupt, "log/: a block has a key that is not a seq.");
    }
    return Block::parse(span_of(it.value()), get_be<std::uint64_t>(it.key().data()));
  }

  Result<void> status(const rocksdb::Iterator& it) const {
    if (it.status().ok()) return {};
    return std::unexpected(store_.error_of(it.status(), "checking the end of the log"));
  }

  Result<void> find_blocks_end() {
    const auto it = store_.iterate(Family::blocks);
    it->SeekToLast();
    if (!it->Valid()) return status(*it);
    const auto block = parse(*it);
    if (!block) return std::unexpected(block.error());
    last_block_ = *block;
    found_.sealed_to = (*block)->last_seq();
    found_.recorded_at = (*block)->records().back().view.recorded_at;
    return {};
  }

  Result<void> read_tail() {
    std::uint64_t next = found_.sealed_to + 1;
    const auto it = store_.iterate(Family::tail);
    for (it->SeekToFirst(); it->Valid(); it->Next()) {
      const auto block = parse(*it);
      if (!block) return std::unexpected(block.error());
      if ((*block)->first_seq() != next && head_ == nullptr) return {};
      if ((*block)->first_seq() != next) {
        return fail(ErrorCode::corrupt,
                    "log/: after record " + std::to_string(next - 1) + " the tail goes on with " +
                        std::to_string((*block)->first_seq()) + ".",
                    next);
      }
      next = (*block)->last_seq() + 1;
      found_.recorded_at = (*block)->records().back().view.recorded_at;
      found_.tail.push_back(*block);
    }
    return status(*it);
  }

  Result<void> start_edge() {
    const std::uint64_t base = found_.sealed_to / kTileWidth * kTileWidth;
    auto edge = edge_from_tiles(store_, base);
    if (!edge) return std::unexpected(edge.error());
    found_.edge = std::move(*edge);
    if (last_block_ != nullptr && last_block_->last_seq() == base)
      return compare_root(*last_block_);
    return {};
  }

  Result<void> walk_blocks() {
    if (found_.edge.size() == found_.sealed_to) return {};
    const auto it = store_.iterate(Family::blocks);
    for (it->SeekForPrev(seq_key(found_.edge.size() + 1)); it->Valid(); it->Next()) {
      const auto block = parse(*it);
      if (!block) return std::unexpected(block.error());
      if (auto walked = walk(**block); !walked) return walked;
    }
    if (auto good = status(*it); !good) return good;
    if (found_.edge.size() == found_.sealed_to) return {};
    return fail(ErrorCode::corrupt,
                "log/: " + range(found_.edge.size() + 1, found_.sealed_to) + " are not all there.",
                found_.edge.size() + 1);
  }

  Result<void> walk_tail() {
    for (const BlockPtr& block : found_.tail) {
      if (auto walked = walk(*block); !walked) return walked;
    }
    return {};
  }

  Result<void> walk(const Block& block) {
    if (!block.holds(found_.edge.size() + 1)) {
      return fail(ErrorCode::corrupt,
                  "log/: record " + std::to_string(found_.edge.size() + 1) + " is missing.",
                  found_.edge.size() + 1);
    }
    if (const std::uint64_t seq = block.damaged_record(); seq != 0) {
      return fail(ErrorCode::corrupt,
                  "log/: the payload of record " + std::to_string(seq) + " was changed.", seq);
    }
    for (std::uint64_t seq = found_.edge.size() + 1; seq <= block.last_seq(); ++seq) {
      std::vector<FullTile> full;
      found_.edge.append(leaf_hash(block.at(seq).entry), full);
      for (const FullTile& tile : full) {
        const auto stored = read_tile(store_, tile.tile_level, tile.tile);
        if (!stored) return std::unexpected(stored.error());
        if (*stored != tile.hashes) return changed(block);
      }
    }
    return compare_root(block);
  }

  Result<void> compare_root(const Block& block) const {
    if (seeded(Mutant::skipped_chain_check)) return {};
    return found_.edge.root() == block.root() ? Result<void>{} : changed(block);
  }

  [[nodiscard]] Result<void> changed(const Block& block) const {
    return fail(ErrorCode::corrupt,
                "log/: " + range(block.first_seq(), block.last_seq()) +
                    " or the tree tiles before them are not what was written.",
                block.first_seq());
  }

  Result<void> compare_head() {
    if (seeded(Mutant::open_without_head) || seeded(Mutant::skipped_chain_check)) return {};
    if (head_ == nullptr) return {};
    const std::uint64_t size = found_.edge.size();
    if (size < head_->seq) {
      return fail(ErrorCode::corrupt,
                  "log/: " + range(size + 1, head_->seq) + " are missing: HEAD names record " +
                      std::to_string(head_->seq) + " as durable and log/ ends at " +
                      std::to_string(size) + ".",
                  size + 1);
    }
    const auto root = root_at(head_->seq, node_reader(store_, found_.edge));
    if (!root) return std::unexpected(root.error());
    if (*root == head_->root) return {};
    return fail(ErrorCode::corrupt,
                "HEAD: the tree over " + range(1, head_->seq) + " is another one than HEAD names.",
                1);
  }

  // The index is derived, yet what it has seen was durable: it bears witness to a lost end.
  Result<void> compare_marker() {
    const auto marker = Index::read_marker(store_);
    if (!marker) return std::unexpected(marker.error());
    found_.marker = *marker;
    if (*marker <= found_.edge.size() || head_ == nullptr) return {};
    return fail(ErrorCode::corrupt,
                "log/: " + range(found_.edge.size() + 1, *marker) +
                    " are missing: the index has seen them.",
                found_.edge.size() + 1);
  }

  const Store& store_;
  const Head* head_;
  Found found_;
  BlockPtr last_block_;
};

}  // namespace

Result<std::string> read_format(const std::string& dir) {
  const auto text = read_file(dir + "/FORMAT");
  if (!text) {
    return fail(ErrorCode::wrong_format, dir + " is not a ledger: it has no readable FORMAT file.");
  }
  const std::string first = std::string(kFormatLine) + "\n";
  if (!text->starts_with(first)) {
    return fail(ErrorCode::wrong_format,
                dir + "/FORMAT names another format than \"" + std::string(kFormatLine) + "\".");
  }
  const std::string_view second = std::string_view(*text).substr(first.size());
  const bool one_line = second.starts_with("name ") && second.ends_with('\n') &&
                        std::ranges::count(second, '\n') == 1 && second.size() > 6;
  if (!one_line) return fail(ErrorCode::wrong_format, dir + "/FORMAT does not name the ledger.");
  return std::string(second.substr(5, second.size() - 6));
}

Result<Found> prove(const Store& store, const Head& head) { return Prover(store, &head).run(); }

Result<Found> prove_remains(const Store& store) { return Prover(store, nullptr).run(); }

Result<void> check_known(const Store& store, const Found& found, const Known& known) {
  const std::uint64_t size = found.edge.size();
  if (size < known.size) {
    return fail(
        ErrorCode::corrupt,
        "log/: " + range(size + 1, known.size) + " are missing: " + known.where + " names them.",
        size + 1);
  }
  const auto root = root_at(known.size, node_reader(store, found.edge));
  if (!root) return std::unexpected(root.error());
  if (*root == known.root) return {};
  return fail(ErrorCode::corrupt,
              "log/: " + range(1, known.size) + " are not those that " + known.where + " names.",
              1);
}

}  // namespace engine
