// The one writer of a ledger: decides commands one after another and commits what it decided in
// groups, deciding group N+1 while group N syncs. Blind to the domain: a Decider turns a command into
// events or a refusal. Used by `bihuan import` (commands from files) and by bihuand (from a queue).
//
// An answer (`Done`) is given only after everything it rests on is durable: a refusal or a repeat that
// was decided on top of an unsynced group waits for that group too. If a group fails, every command
// waiting gets "unknown outcome", the decider forgets its states, and further commands are refused.
#pragma once

#include <concepts>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "engine/log/log.h"
#include "engine/result.h"
#include "engine/ruling.h"

namespace engine {

struct Receipt {
  std::uint64_t seq = 0;       // of the command's first event
  std::uint32_t version = 0;   // the stream's version after the command
  Micros recorded_at = 0;
  Hash leaf{};
};

struct Answer {
  std::optional<Receipt> receipt;  // accepted or repeated
  bool repeated = false;
  std::string refused, text;       // refusal
  std::optional<Error> error;      // unknown outcome, or a read that failed while deciding
};

template <class D, class Command>
concept Decider = requires(D d, const Command& c, std::uint64_t next_seq) {
  { d.decide(c, next_seq) } -> std::same_as<Result<Ruling>>;
  d.forget();
};

}  // namespace engine
