// HEAD: what was durable, outside RocksDB. RocksDB cannot tell that the end of its log is missing
// (reliability.md section 2); HEAD can, since it names the newest seq and root known to be synced.
//
// Two slots of 4 KiB written in turn, so that a torn write leaves the other. A thread of its own
// writes it 10 ms after a group became durable, for that group and all that followed it meanwhile,
// beside whatever the writer syncs then: it lags by little more than that, busy or quiet, and it
// never leads.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "engine/log/file.h"
#include "engine/record.h"
#include "engine/result.h"

namespace engine {

struct Head {
  std::uint64_t counter = 0;  // of writes; the higher of two valid slots is the newer
  std::uint64_t seq = 0;
  Hash root{};
};

// Both slots with the same seq and root.
Result<void> create_head(const std::string& path, std::uint64_t seq, const Hash& root);
// Damage in one slot is what a torn write leaves; damage in both is a loss.
Result<Head> read_head(const std::string& path);

class HeadWriter {
 public:
  static Result<std::unique_ptr<HeadWriter>> open(const std::string& path, const Head& now);
  ~HeadWriter();  // brings the file up to date

  // This much is durable.
  void note(std::uint64_t seq, const Hash& root);
  // Returns when what was noted before the call is in the file.
  Result<void> flush();
  [[nodiscard]] std::optional<Error> error() const;

 private:
  HeadWriter(std::string path, File file, const Head& now);
  void run();
  Result<void> write(const Head& head);

  std::string path_;
  File file_;
  mutable std::mutex mutex_;
  std::condition_variable wake_, written_;
  Head noted_, stored_;
  bool idle_ = false, hurry_ = false, stop_ = false;  // idle_: nothing to write, asleep
  std::optional<Error> error_;
  std::thread thread_;
};

}  // namespace engine
