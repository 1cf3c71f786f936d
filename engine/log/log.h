// The append-only log of one ledger: dense seq, one synced batch a group, the Merkle tree over the
// record headers, and the derived indexes. The only room that knows RocksDB; none of it shows here.
//
// Threads: one writer calls append(); any number of threads read, also while it appends. Nothing is
// readable before it is durable. After a failed append the log refuses every further append.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/log/quarantine.h"
#include "engine/log/read_memory.h"
#include "engine/proof/merkle.h"
#include "engine/record.h"
#include "engine/result.h"
#include "engine/source.h"

namespace engine {

struct Appended {
  std::uint64_t first_seq = 0, last_seq = 0;
  Micros recorded_at = 0;    // of the last record
  std::vector<Hash> leaves;  // one a record, in order of seq
  Hash root{};               // of the tree over records 1..last_seq
};

// The files of a store as they were at one moment, in a directory of their own.
struct Frozen {
  std::string path;
  std::uint64_t seq = 0;  // the last durable record in them
  Hash root{};
};

// `remains`: as read_only, whatever HEAD and the others say: the records from 1 on that are proved,
// of a ledger that refuses to open otherwise. For who has to say what is lost, and for nothing
// else.
enum class OpenMode : std::uint8_t { read_only, read_write, remains };

// What is known from elsewhere to have been durable: a signed checkpoint.
struct Known {
  std::uint64_t size = 0;
  Hash root{};
  std::string where;  // for a sentence: "DIR.keys/signed"
};

class Log final : public Source {
 public:
  // Creates an empty log in `dir` (made if absent; refused if it already holds anything). `name` is
  // one line of text, kept in DIR/FORMAT: the district.
  static Result<void> create(const std::string& dir, const std::string& name);
  // Opens after the checks of reliability.md section 5: lock, quarantine, read-only pass (dense
  // tail, root and tip against HEAD), and only then read-write. `read_only` takes no lock and
  // changes nothing. Damage is accepted only where HEAD, ACKED, the index, `known` and the shape of
  // it say that it is a torn write which was never acknowledged (open.cpp); anything else is
  // ErrorCode::corrupt, with file and range, and is never repaired.
  static Result<std::unique_ptr<Log>> open(const std::string& dir, OpenMode mode,
                                           std::span<const Known> known = {});
  ~Log() override;

  [[nodiscard]] const std::string& name() const;
  [[nodiscard]] bool writable() const;  // opened read_write

  // Records the whole group or nothing: returns only after fdatasync. recorded_at must not
  // decrease.
  Result<Appended> append(std::span<const NewEvent> group);

  [[nodiscard]] std::uint64_t size() const override;  // the last durable seq; 0 when empty
  [[nodiscard]] Micros last_recorded_at() const;      // of record size(); 0 when empty
  // Opened for its remains: the last record that HEAD, ACKED or the index names as durable.
  [[nodiscard]] std::uint64_t named_to() const;

  Result<void> read(std::uint64_t from, std::uint64_t to, const Visit& visit) const override;
  Result<void> read_stream(std::string_view kind, std::string_view no,
                           const Visit& visit) const override;
  // How many records the stream has: the version of the last one.
  [[nodiscard]] Result<std::uint64_t> stream_size(std::string_view kind, std::string_view no) const;
  Result<void> streams(std::string_view kind, const VisitStream& visit) const override;
  [[nodiscard]] Result<std::optional<std::uint64_t>> find_id(std::string_view id) const override;
  // The last seq with recorded_at <= at; 0 if none.
  [[nodiscard]] Result<std::uint64_t> seq_at(Micros at) const;
  [[nodiscard]] Result<Hash> root_at(std::uint64_t size) const;
  [[nodiscard]] Result<Hash> leaf_at(std::uint64_t seq) const;
  // The leaves of one tile of the tree, from tile 0: 256, or those at the right edge. For those who
  // go through the tiles one by one: nothing is kept in a cache.
  [[nodiscard]] Result<std::vector<Hash>> leaves(std::uint64_t tile) const;
  // Reads nodes of the tree as it was at the call, for inclusion_proof() and consistency_proof().
  [[nodiscard]] ReadNode nodes() const;

  // Derived segments of a projection (engine/replay/derived.h is the user): never truth, dropped
  // whole when the version changes.
  Result<void> put_derived(std::string_view name, std::uint32_t version, std::uint64_t last_seq,
                           std::span<const std::uint8_t> segment);
  Result<void> drop_derived(std::string_view name);
  Result<void> read_derived(std::string_view name, std::uint32_t version,
                            const std::function<bool(std::uint64_t last_seq,
                                                     std::span<const std::uint8_t>)>& visit) const;

  // Brings HEAD, index and memory tables to disk, as closing does: for a clean copy of the
  // directory.
  Result<void> flush();

  // The damage that opens for writing have accepted and that nobody has recorded as an act yet.
  [[nodiscard]] Result<std::vector<AcceptedDamage>> accepted_damage() const;
  Result<void> set_recorded(const AcceptedDamage& damage);
  // For copying.h: the files of the store as they are durable at one moment, named a second time
  // in DIR/frozen, which the caller removes. Any thread, also while another appends: that one waits
  // for the files to be named, not for their bytes.
  [[nodiscard]] Result<Frozen> freeze() const;
  // Reads every file of the store and compares it with its checksum.
  [[nodiscard]] Result<void> verify_files() const;
  [[nodiscard]] const std::string& dir() const;

  struct Impl;

 private:
  friend class LogScan;
  explicit Log(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// Goes through a log a stretch at a time, each in a memory of its own, so that one can be looked at
// while the next is fetched. The log outlives it.
class LogScan {
 public:
  explicit LogScan(const Log& log);
  ~LogScan();

  // Brings the blocks of records from..to into the memory, which is cleared first. Stretches one
  // behind the other are read on where the last ended. One thread at a time. What cannot be read is
  // told by show().
  void fetch(ReadMemory& memory, std::uint64_t from, std::uint64_t to);
  // Shows these records as Log::read() does, with the entry that each is stored under; they stay
  // where they are until the memory is cleared. Any thread, also while others fetch and show.
  using Visit = std::function<bool(const BlockRecord&)>;
  Result<void> show(ReadMemory& memory, std::uint64_t from, std::uint64_t to,
                    const Visit& visit) const;
  // What Log::leaves() gives; the whole tiles of the records fetched came with them, others are
  // read now. It stays where it is until the next call. Threads as show().
  Result<std::span<const Hash>> leaves(ReadMemory& memory, std::uint64_t tile) const;

 private:
  struct Place;
  void fetch_leaves(ReadMemory& memory, std::uint64_t from, std::uint64_t to);
  const Log& log_;
  std::unique_ptr<Place> place_;
};

}  // namespace engine
