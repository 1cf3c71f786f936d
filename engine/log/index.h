// The derived indexes of the log: id -> seq, stream -> seqs, kind -> streams. Never truth: what is
// newer than the marker is held in memory, written in sorted runs off the commit path, and rebuilt
// from the records after a crash. A run is one file taken in whole, with its marker, so it is there
// or it is not.
//
// Threads: one writer calls add(); any number of threads read.
#pragma once

#include <absl/container/flat_hash_map.h>

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "engine/log/store.h"
#include "engine/record.h"
#include "engine/result.h"

namespace engine {

class Index {
 public:
  // `marker` as read_marker() gave it. Writes runs only if `writable`.
  Index(Store& store, std::string run_path, std::uint64_t marker, bool writable);
  ~Index();

  // The last seq that the stored index covers.
  static Result<std::uint64_t> read_marker(const Store& store);

  // Durable records, in order of seq, from the marker on.
  void add(std::span<const RecordView> records);
  // Writes what is in memory as a run, if it is worth one.
  Result<void> flush();
  [[nodiscard]] std::optional<Error> error() const;

  [[nodiscard]] Result<std::optional<std::uint64_t>> find_id(std::string_view id) const;
  [[nodiscard]] Result<std::vector<std::uint64_t>> stream(std::string_view kind,
                                                          std::string_view no) const;
  using VisitStream = std::function<bool(std::string_view no, std::uint64_t first_seq)>;
  Result<void> streams(std::string_view kind, const VisitStream& visit) const;

 private:
  struct First {
    std::uint64_t seq;
    std::string kind, no;
  };
  struct Run {
    std::uint64_t last_seq = 0, records = 0;
    absl::flat_hash_map<IdDigest, std::uint64_t> ids;
    absl::flat_hash_map<std::string, std::vector<std::uint64_t>> streams;  // by stream_prefix()
    std::vector<First> firsts;
  };

  void write_runs();
  Result<void> write(const Run& run);

  Store& store_;
  std::string run_path_;
  bool writable_;
  // `active_` grows; `leaving_` is being written and is still read until it is in the store.
  mutable std::shared_mutex mutex_;
  std::unique_ptr<Run> active_;
  std::shared_ptr<const Run> leaving_;
  std::condition_variable_any changed_;
  std::optional<Error> error_;
  bool stop_ = false;
  std::thread thread_;
};

}  // namespace engine
