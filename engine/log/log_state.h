// What an open log holds: the store and its parts, what readers see (a Tip, replaced whole after
// each durable group), and what is the writer's alone. Included only by log.cpp, open.cpp,
// reading.cpp and copying.cpp.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/log/acked.h"
#include "engine/log/block.h"
#include "engine/log/block_cache.h"
#include "engine/log/file.h"
#include "engine/log/head.h"
#include "engine/log/index.h"
#include "engine/log/log.h"
#include "engine/log/opening.h"
#include "engine/log/quarantine.h"
#include "engine/log/store.h"
#include "engine/log/tree.h"
#include "engine/log/wal.h"

namespace engine {

// What readers see. A value: published whole after each durable group.
struct Tip {
  Edge edge;
  Micros recorded_at = 0;
  std::uint64_t sealed_to = 0;
  Hash root{};
  [[nodiscard]] std::uint64_t size() const { return edge.size(); }
};

// Records after the last block, in memory as well, until they make a block of their own.
struct Pending {
  explicit Pending(std::uint64_t first_seq) : builder(first_seq) {}
  BlockBuilder builder;
  std::vector<Hash> leaves;
  std::vector<std::string> tail_keys;  // of the stored groups that it consists of

  void restart(std::uint64_t first_seq) {
    builder.restart(first_seq);
    leaves.clear();
    tail_keys.clear();
  }
};

struct Log::Impl {
  explicit Impl(const std::string& directory) : dir(directory), quarantine(directory) {}

  std::string dir, name;
  OpenMode mode = OpenMode::read_only;
  std::uint64_t named_to = 0;  // with OpenMode::remains
  std::string place;           // of the store: DIR/log, or DIR/shadow while an open looks
  File lock;
  Quarantine quarantine;
  struct Accepted {
    std::vector<WalDamage> damages;
    std::string text;
  };
  std::optional<Accepted> accepted;  // what this open has found and accepted
  std::unique_ptr<Store> store;
  std::unique_ptr<BlockCache> cache;
  std::unique_ptr<Index> index;
  std::unique_ptr<HeadWriter> head;
  std::optional<AckedFile> acked;  // when writing

  mutable std::mutex tip_mutex;
  std::shared_ptr<const Tip> current;
  std::atomic<std::uint64_t> size = 0;
  std::atomic<bool> failed = false;
  // Held from the commit of a group until readers see it: between two groups the store is the tip.
  std::mutex commit_mutex;

  // The writer's own.
  std::unique_ptr<Pending> pending;
  std::size_t appended_bytes = 0;
  // Kept from group to group for their memory only.
  rocksdb::WriteBatch batch{/*reserved_bytes=*/0, /*max_bytes=*/0, /*protection_bytes_per_key=*/8,
                            /*default_cf_ts_sz=*/0};
  std::vector<FullTile> full_tiles;
  Bytes value;
  ValueMemory check_memory;

  [[nodiscard]] std::shared_ptr<const Tip> tip() const {
    const std::lock_guard guard(tip_mutex);
    return current;
  }
  void publish(std::shared_ptr<const Tip> next) {
    const std::uint64_t next_size = next->size();
    const std::lock_guard guard(tip_mutex);
    current = std::move(next);
    size.store(next_size);
  }

  Result<void> open_store(std::span<const Known> known);
  Result<void> open_remains();
  Result<Found> look(const Head& stored_head, std::span<const Known> known);
  Result<Found> look_before(const WalDamage& damage, const Head& stored_head,
                            std::span<const Known> known);
  Result<Found> look_into_shadow(const WalDamage& manifest, const Head& stored_head,
                                 std::span<const Known> known);
  Result<Found> open_and_prove(const Head& stored_head, Replay how);
  void accept(const WalDamage& damage, std::uint64_t last);
  Result<void> cut_off();
  Result<void> open_for_writing(const Head& stored_head, const Found& found);
  Result<void> begin_writing(const Head& stored_head);
  Result<void> adopt(Found found);
  Result<void> catch_up(std::uint64_t from);
  Result<void> check_group(std::span<const NewEvent> group, const Tip& before) const;
  Result<void> check_alive();
  Result<void> check_pending(std::uint64_t durable_to);
  Result<void> seal(std::uint64_t durable_to, const Hash& root);
  Result<Appended> append(std::span<const NewEvent> group);
  Result<BlockCache::BlockPtr> block_of(std::uint64_t seq, const Tip& tip) const {
    return cache->block_of(seq, tip.sealed_to);
  }
};

}  // namespace engine
