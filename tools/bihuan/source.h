// The commands of one or several files, merged by `at`, parsed in a thread of their own. A line
// that does not pass the door comes in its place, with its refusal.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "engine/result.h"
#include "schemas/command.h"
#include "schemas/refusal.h"

namespace tools {

struct Item {
  schemas::Command command;
  schemas::Refusal refusal;  // code none: the command is to be decided
  std::uint32_t file = 0;
  std::uint64_t line = 0;
  std::string id;  // of a refused line, as far as it can be read
};

// One file. Lines come in the file's order.
class ItemSource {
 public:
  virtual ~ItemSource() = default;
  virtual bool next(Item& item) = 0;  // false: the end, or failed() is set
  [[nodiscard]] virtual bool failed() const = 0;
  [[nodiscard]] virtual std::uint64_t bytes_read() const = 0;
  [[nodiscard]] virtual std::uint64_t bytes_total() const = 0;
};

// `profile` is used for files that end in .csv; every other file is a history file.
[[nodiscard]] engine::Result<std::unique_ptr<ItemSource>> open_source(const std::string& path,
                                                                      const std::string& profile);

// Merges the sources and parses ahead of the reader, at most a few thousand items.
class Merger {
 public:
  explicit Merger(std::vector<std::unique_ptr<ItemSource>> sources);
  ~Merger();
  Merger(const Merger&) = delete;
  Merger& operator=(const Merger&) = delete;

  // The next batch; empty at the end.
  std::vector<Item> next();
  // The file that could not be read to its end, if there is one; ask after next() came back empty.
  [[nodiscard]] std::optional<std::size_t> failed() const;
  [[nodiscard]] std::uint64_t bytes_read() const { return bytes_read_; }
  [[nodiscard]] std::uint64_t bytes_total() const { return bytes_total_; }

 private:
  void work();
  bool take(Item& item);

  struct Head {
    Item item;
    engine::Micros at = 0;
    bool present = false;
  };
  void advance(std::size_t file);

  std::vector<std::unique_ptr<ItemSource>> sources_;
  std::vector<Head> heads_;
  std::atomic<std::uint64_t> bytes_read_ = 0;
  std::uint64_t bytes_total_ = 0;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::vector<Item>> batches_;
  bool finished_ = false, abandoned_ = false;
  std::thread thread_;
};

}  // namespace tools
