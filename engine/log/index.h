// The derived indexes of the log: id -> seq, stream -> seqs, kind -> streams. Never truth: what is
// newer than the marker is held in memory, written in sorted runs off the commit path, and rebuilt
// from the records after a crash. A run is one file taken in whole, with its marker, so it is there
// or it is not.
//
// When it may write, a filter of all ids is in memory as well, so that a new id costs no look into
// the store. It is read from the runs' fingerprints behind the open; until it is whole, ids are
// looked up.
//
// Threads: one writer calls add(); any number of threads read.
#pragma once

#include <atomic>
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

#include "engine/log/id_filter.h"
#include "engine/log/index_run.h"
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
  // The same of a group, which has no seqs yet.
  void add(std::uint64_t first_seq, std::span<const NewEvent> group);
  // Writes what is in memory as a run, if it is worth one.
  Result<void> flush();
  [[nodiscard]] std::optional<Error> error() const;

  [[nodiscard]] Result<std::optional<std::uint64_t>> find_id(std::string_view id) const;
  [[nodiscard]] Result<std::vector<std::uint64_t>> stream(std::string_view kind,
                                                          std::string_view no) const;
  using VisitStream = std::function<bool(std::string_view no, std::uint64_t first_seq)>;
  Result<void> streams(std::string_view kind, const VisitStream& visit) const;

 private:
  void write_runs();
  Result<void> write(const IndexRun& run);
  void load_filter(std::uint64_t marker);
  template <class ViewOf>
  void add_all(std::size_t count, const ViewOf& view_of);

  Store& store_;
  std::string run_path_;
  bool writable_;
  // `active_` grows; `leaving_` is being written and is still read until it is in the store.
  mutable std::shared_mutex mutex_;
  std::unique_ptr<IndexRun> active_;
  std::shared_ptr<const IndexRun> leaving_;
  std::condition_variable_any changed_;
  std::optional<Error> error_;
  std::atomic<bool> stop_ = false;
  // Of the records after the marker at open, complete at any time; and of those before it, complete
  // once that is said.
  IdFilter new_ids_, old_ids_;
  std::atomic<bool> old_ids_complete_ = false;
  std::thread thread_;
};

}  // namespace engine
