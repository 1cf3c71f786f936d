// The ledger of a simulated year: a log on a disk, the rules and the one writer on top of it, the
// facts drawn from it, and its signing keys. It can be stopped, started again and killed.
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

namespace simulation {

class Machine {
 public:
  // `dir` must not exist yet, but the directory that it is in must.
  explicit Machine(std::string dir);

  // "" or what went wrong, in a sentence.
  std::string create();
  std::string start();
  void stop();
  // What is on the disk stays; nothing is closed. The ledger goes on as a copy of what was there.
  std::string kill();
  [[nodiscard]] bool runs() const { return log_ != nullptr; }

  // Through the JSON door, the rules and the writer; waits for the answer.
  engine::Answer ask(const std::string& line);

  [[nodiscard]] engine::Log& log() { return *log_; }
  // Brought up to the newest record.
  engine::Result<projections::Facts*> facts() { return derived_->upto(); }
  engine::Result<void> keep_facts() { return derived_->flush(); }
  [[nodiscard]] engine::Signing signing() const { return engine::Signing(keys_); }
  [[nodiscard]] const std::string& keys() const { return keys_; }

 private:
  using Writer = engine::Writer<schemas::District, schemas::Command>;

  std::string dir_, keys_;
  int copies_ = 0;
  engine::KeyRing ring_;
  std::unique_ptr<engine::Log> log_;
  std::unique_ptr<schemas::District> district_;
  std::unique_ptr<Writer> writer_;
  std::unique_ptr<engine::Derived<projections::Facts>> derived_;
};

}  // namespace simulation
