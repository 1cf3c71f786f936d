// A ledger on disk as the subcommands see it: the log, its keys beside it, and the facts drawn from
// it.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "engine/log/log.h"
#include "engine/proof/seal.h"
#include "engine/result.h"
#include "projections/report.h"
#include "tools/bihuan/session.h"

namespace tools {

// DIR.keys: beside the ledger, never inside it, so that a copy of the log carries no key.
[[nodiscard]] std::string keys_of(const std::string& data);

struct Ledger {
  std::unique_ptr<engine::Log> log;
  engine::KeyRing keys;

  // Fails with bad_input where no directory was named.
  static engine::Result<Ledger> open(const std::string& data, engine::OpenMode mode);
  // Without the keys: for what never opens a sealed field.
  static engine::Result<std::unique_ptr<engine::Log>> open_log(const std::string& data,
                                                               engine::OpenMode mode);
};

// --as-of T or --seq N, as options that several subcommands take.
struct MomentOptions {
  std::string as_of;
  std::optional<std::uint64_t> seq;
  void add_to(CLI::App& app);
};
[[nodiscard]] engine::Result<projections::Moment> moment_of(const MomentOptions& options,
                                                            const engine::Log& log);
[[nodiscard]] engine::Result<engine::Micros> time_of(const std::string& text);

}  // namespace tools
