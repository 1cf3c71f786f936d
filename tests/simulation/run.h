// One simulated year: one seed is one run, on one thread, with a clock of its own. After each step
// what the ledger holds and says is compared with the model.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "tests/simulation/machine.h"
#include "tests/simulation/model.h"
#include "tests/simulation/office.h"
#include "tools/workload/random.h"

namespace simulation {

struct Options {
  std::uint64_t seed = 1;
  int commands = 200;
  crash::Story* story = nullptr;                      // of what the disk was asked
  std::function<void(const std::string&)> tell = {};  // the story, sentence by sentence
};

using Counts = std::map<std::string, std::uint64_t>;

class Run {
 public:
  explicit Run(const Options& options);
  // "" or what was not as the model says, in a sentence.
  std::string year();
  [[nodiscard]] const Counts& counts() const { return counts_; }

 private:
  void tell(const std::string& sentence) const;
  bool wrong(const std::string& what);  // keeps the first; false
  bool holds(bool so, const std::string& what) { return so || wrong(what); }

  void pass_time();
  bool step();
  bool ask(const Ask& ask);
  bool compare_answer(const Ask& ask, const Verdict& verdict, const engine::Answer& answer);
  bool compare_records(const std::vector<Recorded>& expected);
  bool publish_calendars();
  bool disturb();
  bool restart(bool killed);
  engine::Answer answer_to(const Ask& ask);
  engine::Answer answer_after(const Ask& ask, const engine::Answer& failed);
  void count_faults();
  bool look();

  // questions.cpp: what is read
  bool question();
  bool ask_case(const std::string& no);
  bool ask_week();
  bool ask_ratings();
  bool ask_supervision();
  bool ask_plan();
  bool ask_why();
  bool ask_history();
  bool ask_again();
  bool ask_rebuilt();
  bool ask_checkpoint();
  template <class Figures>
  bool same(const std::string& where, const boost::json::object& drawn, const Figures& expected);
  boost::json::object draw(const std::string& report, const std::string& appeal = {});

  Options options_;
  tools::Random random_;
  Office office_;
  Model model_;
  Machine machine_;
  crash::Numbers faults_;  // of their own, so that the office does the same without them
  Counts counts_;
  std::string wrong_;
  Micros clock_ = 0, off_ = 0;  // the true time, and how far the ledger's clock is from it
  int off_for_ = 0;             // steps that the clock stays wrong
  std::map<std::string, engine::Receipt> receipts_;  // by id
  std::vector<engine::Hash> leaves_;                 // of every record acknowledged
  std::vector<engine::Checkpoint> checkpoints_;
  struct Drawn {
    std::string report;
    projections::Question question;
    std::string bytes;
  };
  std::vector<Drawn> drawn_;
};

}  // namespace simulation
