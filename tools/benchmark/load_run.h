// One run of `bihuan-bench load`: the ledger, the server on it, and what is measured of both.
#pragma once

#include <algorithm>
#include <boost/json.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/clock.h"
#include "engine/result.h"
#include "tools/benchmark/child.h"
#include "tools/benchmark/figures.h"
#include "tools/benchmark/load.h"
#include "tools/workload/random.h"

namespace tools {

class LoadRun {
 public:
  explicit LoadRun(const LoadOptions& options)
      : options_(options),
        ledger_(options.dir + "/ledger"),
        random_(options.seed),
        began_(std::to_string(engine::now())) {}

  engine::Result<void> measure();
  [[nodiscard]] const Figures& figures() const { return figures_; }
  [[nodiscard]] std::uint64_t events() const { return events_; }

 private:
  [[nodiscard]] bool wants(std::string_view part) const {
    if (options_.only.empty()) return true;
    return std::ranges::find(options_.only, part) != options_.only.end();
  }
  engine::Result<void> make();
  engine::Result<Child> serve() const;
  engine::Result<void> read_tokens();
  engine::Result<boost::json::object> ask(const Child& server, const std::string& target) const;
  engine::Result<void> measure_restarts();
  engine::Result<void> measure_bare();
  engine::Result<void> measure_reads(const Child& server);
  engine::Result<void> register_company(const Child& server);
  engine::Result<void> measure_commands(const Child& server);
  engine::Result<void> measure_commands_in_process();
  engine::Result<void> measure_weekly(const Child& server);
  // Ends `server`, to see what a new one takes for the same ledger.
  engine::Result<void> soak(Child& server);

  // One figure's runs and waits, of the same request again and again.
  engine::Result<void> measure_same(std::uint16_t port, const Figure& figure,
                                    const std::string& request);
  [[nodiscard]] std::string next_command();
  // What the soak asks in its turn; `writes`: commands too.
  [[nodiscard]] std::string next_of_soak(std::uint64_t turn, bool writes);
  engine::Result<double> soak_for(const Child& server, double seconds, bool writes);
  engine::Result<void> soak_anew(double last);
  struct Beside {
    std::string name, chinese, note, ratio, ratio_chinese;
    double most;
  };
  void stand_beside(const Beside& what, double bytes, double last);
  void add_waits(const Figure& of, std::vector<double> waits, double p99_most);

  const LoadOptions& options_;
  const std::string ledger_;
  Figures figures_;
  Random random_;
  const std::string began_;  // in the numbers of this run's appeals
  std::uint64_t events_ = 0, commands_ = 0;
  engine::Micros last_ = 0;        // of the newest event that was imported
  std::string clerk_, inspector_;  // tokens
};

}  // namespace tools
