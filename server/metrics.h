// What the server counts about itself, as Prometheus reads it: no names, no texts, nothing of a
// case.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/clock.h"
#include "projections/standing.h"

namespace server {

struct Route;

// What stands at the moment of asking, and is not counted.
struct Gauges {
  std::optional<projections::Standing> standing;  // not known if it could not be read
  std::uint64_t events = 0, checkpoint_events = 0, drawn_events = 0;
  std::size_t waiting_commands = 0, waiting_reads = 0, connections = 0;
  bool takes_writes = false;
};

// Any thread.
class Metrics {
 public:
  Metrics();

  // A reply to a request of this route (nullptr: none was found), after `took` microseconds.
  void answered(const Route* route, unsigned status, engine::Micros took);
  // What a command came to: "accepted", "repeated", "failed", or the code of its refusal.
  void decided(std::string_view result);

  // A group of so many commands was synced in `took` microseconds.
  void synced(std::size_t commands, engine::Micros took);

  // In the text format 0.0.4.
  [[nodiscard]] std::string text(const Gauges& gauges) const;

 private:
  static constexpr std::array<std::string_view, 5> kClasses{"1xx", "2xx", "3xx", "4xx", "5xx"};
  // Upper bounds in microseconds, and as Prometheus wants them, in seconds.
  static constexpr std::array<engine::Micros, 9> kBounds{
      1'000, 5'000, 10'000, 30'000, 50'000, 100'000, 500'000, 1'000'000, 10'000'000};
  static constexpr std::array<std::string_view, 9> kSeconds{
      "0.001", "0.005", "0.01", "0.03", "0.05", "0.1", "0.5", "1", "10"};
  static constexpr std::array<std::size_t, 6> kGroups{1, 4, 16, 64, 256, 1024};
  using Times = std::array<std::atomic<std::uint64_t>, kBounds.size() + 1>;  // the last: beyond all
  struct OfRoute {
    std::array<std::atomic<std::uint64_t>, kClasses.size()> replies{};
    Times within{};
    std::atomic<std::uint64_t> micros = 0;
  };
  struct OfGroups {
    std::array<std::atomic<std::uint64_t>, kGroups.size() + 1> within{};
    std::atomic<std::uint64_t> commands = 0;
    Times synced{};
    std::atomic<std::uint64_t> micros = 0;
  };

  void print_replies(std::string& text) const;
  void print_times(std::string& text) const;
  void print_groups(std::string& text) const;

  std::vector<OfRoute> routes_;  // in the order of all_routes(), then one for none
  OfGroups groups_;
  std::atomic<std::uint64_t> unauthenticated_ = 0, forbidden_ = 0;
  mutable std::mutex mutex_;
  std::map<std::string, std::uint64_t, std::less<>> decided_;
};

}  // namespace server
