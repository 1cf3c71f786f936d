// Runs of a ledger on a FaultDisk: a client that sends commands, reads, reports, checkpoints and
// restarts by the numbers of a seed. On one thread, so that a seed is a run: HEAD's thread and
// RocksDB's background work step when the run says so.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "engine/log/log.h"
#include "engine/replay/derived.h"
#include "tests/crash/book.h"
#include "tests/crash/fault_disk.h"
#include "tests/crash/oracle.h"

namespace crash {

inline const std::string kLedger = kRoot + "/ledger";

struct Shape {
  std::uint32_t accounts = 5;
  std::size_t bytes_max = 300;  // of payloads; one in twenty is `bytes_big`
  std::size_t bytes_big = 9000;
  std::uint32_t flush_one_in = 40;
  std::uint32_t head_one_in = 4;
};

class Solo {
 public:
  Solo(std::uint64_t seed, Shape shape = {});
  ~Solo();
  Solo(const Solo&) = delete;
  Solo& operator=(const Solo&) = delete;

  [[nodiscard]] FaultDisk& disk() { return disk_; }
  [[nodiscard]] Oracle& oracle() { return oracle_; }
  [[nodiscard]] Numbers& numbers() { return numbers_; }
  [[nodiscard]] engine::Log* log() { return log_.get(); }

  // Makes the ledger; the error if the disk did not let it.
  engine::Result<void> create();
  // A process starts. False: the ledger refused; error() says why.
  bool open();
  [[nodiscard]] const engine::Error& error() const { return *error_; }
  // So many things happen, or fewer, if the disk fails. True: writing goes on.
  bool live(std::uint64_t acts);
  // The process ends: cleanly, or with the disk cut off as by a kill.
  void close();
  void kill();
  // Kills the process, takes the power away, and leaves what that leaves on the disk.
  void lose(Loss loss);
  // One more command, whatever happened before; true: it was acknowledged.
  bool acknowledges();
  // Every record, and the report over them all, without writing. Empty: they are there.
  std::string reads();
  // What the last command that was not answered with a receipt or a refusal got.
  [[nodiscard]] const std::optional<engine::Error>& write_error() const { return write_error_; }
  // Opens, and holds the ledger against the oracle. Empty: it kept its word.
  std::string verify(std::size_t retries = 5);

 private:
  void act();
  void send();
  void send_group();
  void look();
  void answer(const Entry& entry, const engine::Answer& answer);
  Entry entry();
  [[nodiscard]] std::uint64_t head_seq();
  void follow_head();

  Shape shape_;
  Numbers numbers_;
  FaultDisk disk_;
  Mounted mounted_;
  Oracle oracle_;
  std::unique_ptr<engine::Log> log_;
  std::unique_ptr<Book> book_;
  std::unique_ptr<BookWriter> writer_;
  std::unique_ptr<engine::Derived<Balances>> balances_;
  std::optional<engine::Error> error_, write_error_;
  std::uint64_t ids_ = 0;
  Micros clock_ = engine::test::kStart;
  bool writing_ = false;
};

// One ledger that loses its power again and again; empty: it kept its word each time. `seen`: what
// each cut took.
std::string cut_after_cut(
    Solo& run, std::uint64_t cuts, const std::function<void(Loss)>& seen = [](Loss) {});

}  // namespace crash
