// What a run measured: each figure with all its runs, the limit it is read against, and the goal.
// Printed as a table and written as JSON. A figure says nothing without its limit of the same run:
// machines differ and are noisy.
#pragma once

#include <boost/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace tools {

// 0: not asked for. Of ratio_min and value_min one is enough; the others must all hold.
struct Goal {
  double ratio_min = 0, ratio_max = 0, value_min = 0, value_max = 0, p99_max = 0;
};

struct Figure {
  std::string name, chinese, unit;
  std::vector<double> runs;
  std::string limit = {};  // the name of the limit's figure; empty: none
  Goal goal = {};
  std::string note = {};  // in English, for the JSON file
};

// p in 0..1, by rank; 0 of nothing.
[[nodiscard]] double percentile(std::vector<double> runs, double p);
[[nodiscard]] inline double median(const std::vector<double>& runs) {
  return percentile(runs, 0.5);
}

class Figures {
 public:
  // Says the figure on stderr as soon as it is known. A figure without runs is left out.
  void add(Figure figure);
  // More runs of a figure that is there already (or is now).
  void add_runs(const Figure& figure);
  [[nodiscard]] const Figure* find(std::string_view name) const;
  [[nodiscard]] const std::vector<Figure>& all() const { return figures_; }

  [[nodiscard]] boost::json::array to_json() const;
  [[nodiscard]] std::string table() const;

 private:
  [[nodiscard]] double ratio_of(const Figure& figure) const;  // 0: no limit
  [[nodiscard]] bool meets(const Figure& figure) const;
  std::vector<Figure> figures_;
};

[[nodiscard]] std::string goal_text(const Goal& goal, std::string_view unit);
[[nodiscard]] std::string number_text(double value);  // three figures, with thousands separated

// One line on stderr: what begins now. Long work says so before it goes quiet.
void say(std::string_view chinese, std::string_view english);

}  // namespace tools
