// The ledger of a simulated year: a log on a disk that can fail, the rules and the one writer on
// top of it, the facts drawn from it, and its signing keys. It can be stopped, started again and
// killed, and its power can go. On one thread: HEAD's and RocksDB's step when they are let, so that
// a seed is a run.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "engine/log/log.h"
#include "engine/log/signing.h"
#include "engine/proof/seal.h"
#include "engine/replay/derived.h"
#include "engine/replay/writer.h"
#include "projections/catalog.h"
#include "projections/facts.h"
#include "schemas/command.h"
#include "schemas/district.h"
#include "tests/crash/fault_disk.h"

namespace simulation {

// What the disk does to one command.
enum class Trouble : std::uint8_t {
  failing,       // one call fails
  failing_on,    // that one and all after it
  full,          // there is no room for what it writes, or for a part only
  power_is_cut,  // at one of its calls
};
inline constexpr std::size_t kTroubles = 4;

class Machine {
 public:
  explicit Machine(std::uint64_t seed);
  ~Machine() { stop(); }
  Machine(const Machine&) = delete;
  Machine& operator=(const Machine&) = delete;

  // "" or what went wrong, in a sentence.
  std::string create();
  std::string start();
  void stop();
  // Ends it, and leaves on the disk what this loss leaves.
  void lose(crash::Loss loss);

  // Through the JSON door, the rules and the writer; waits for the answer.
  engine::Answer ask(const std::string& line);
  // For the next command, until calm().
  void plan(Trouble trouble, crash::Numbers& numbers);
  void calm() { disk_.calm(); }
  [[nodiscard]] bool is_cut() const { return disk_.is_cut(); }
  [[nodiscard]] crash::Fired fired() const { return disk_.fired(); }
  // HEAD follows what is durable, as it does ten milliseconds after each group.
  void follow_head();
  void tell(crash::Story* story) { disk_.tell(story); }

  [[nodiscard]] engine::Log& log() { return *log_; }
  // Brought up to the newest record.
  engine::Result<projections::Facts*> facts() { return derived_->upto(); }
  engine::Result<void> keep_facts() { return derived_->flush(); }
  [[nodiscard]] engine::Signing signing() const { return engine::Signing(keys_); }
  [[nodiscard]] const std::string& keys() const { return keys_; }

 private:
  using Writer = engine::Writer<schemas::District, schemas::Command>;

  [[nodiscard]] std::uint64_t head_seq();

  std::string dir_, keys_;
  crash::FaultDisk disk_;
  crash::Mounted mounted_;
  crash::Numbers numbers_;  // for what a power cut takes
  engine::KeyRing ring_;
  std::unique_ptr<engine::Log> log_;
  std::unique_ptr<schemas::District> district_;
  std::unique_ptr<Writer> writer_;
  std::unique_ptr<engine::Derived<projections::Facts>> derived_;
};

}  // namespace simulation
