// Clients of one ledger in one process: each sends a command (or a batch), waits until it is
// answered, and only then sends the next. Commands go out in the order of the history, whoever
// sends them.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/log/log.h"
#include "engine/replay/writer.h"
#include "engine/result.h"
#include "schemas/district.h"

namespace tools {

// The writer with the rules behind it: what `bihuan import` and the server put commands into.
class Office {
 public:
  Office(engine::Log& log, const engine::Sealer& sealer) : district_(log, sealer) {}
  [[nodiscard]] engine::Result<void> open(engine::Log& log);
  [[nodiscard]] engine::Writer<schemas::District, schemas::Command>& writer() { return *writer_; }

 private:
  schemas::District district_;
  std::unique_ptr<engine::Writer<schemas::District, schemas::Command>> writer_;
};

struct Sent {
  double seconds = 0;
  std::uint64_t commands = 0, events = 0;
  std::vector<double> waits_ms;  // from submit to the answer, one a command or batch
  [[nodiscard]] double commands_a_second() const { return static_cast<double>(commands) / seconds; }
};

// `clients` clients, each with `batch` commands on the way. One client that sends one command at a
// time waits on its own thread; more share a thread, as the connections of a server do. Every
// command must be accepted.
[[nodiscard]] engine::Result<Sent> send_waiting(Office& office, std::vector<schemas::Command> list,
                                                std::size_t clients, std::size_t batch);
// One thread that never waits for an answer: the queue is kept full, as an import keeps it.
[[nodiscard]] engine::Result<Sent> send_streaming(Office& office,
                                                  std::vector<schemas::Command> list);

}  // namespace tools
