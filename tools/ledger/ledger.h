// A ledger on disk as every program of ours opens it: the log, its keys beside it, and the moment
// that a question asks about.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "engine/log/log.h"
#include "engine/proof/seal.h"
#include "engine/result.h"
#include "projections/report.h"

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

// As of which instant (RFC 3339), or after which event; neither: after the newest event.
struct AskedMoment {
  std::string as_of;
  std::optional<std::uint64_t> seq;
};
[[nodiscard]] engine::Result<projections::Moment> moment_of(const AskedMoment& asked,
                                                            const engine::Log& log);
[[nodiscard]] engine::Result<engine::Micros> time_of(const std::string& text);

}  // namespace tools
