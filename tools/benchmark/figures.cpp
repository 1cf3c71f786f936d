// Medians, ratios, the table and the JSON of a run.
#include "tools/benchmark/figures.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <utility>

#include "tools/bihuan/table.h"

namespace tools {

namespace json = boost::json;

double percentile(std::vector<double> runs, double p) {
  if (runs.empty()) return 0;
  std::ranges::sort(runs);
  const auto last = static_cast<double>(runs.size() - 1);
  const double at = p * last;
  const auto low = static_cast<std::size_t>(at);
  const std::size_t high = std::min(low + 1, runs.size() - 1);
  return runs[low] + (runs[high] - runs[low]) * (at - static_cast<double>(low));
}

std::string number_text(double value) {
  const double size = std::abs(value);
  if (size != 0 && size < 0.001) return fmt::format("{:.6f}", value);
  if (size < 1) return fmt::format("{:.4f}", value);
  if (size < 10) return fmt::format("{:.2f}", value);
  if (size < 100) return fmt::format("{:.1f}", value);
  std::string digits = fmt::format("{:.0f}", value);
  for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > (value < 0 ? 1 : 0); at -= 3)
    digits.insert(static_cast<std::size_t>(at), ",");
  return digits;
}

std::string goal_text(const Goal& goal, std::string_view unit) {
  std::string text;
  const auto add = [&](std::string_view join, const std::string& part) {
    if (!text.empty()) text += join;
    text += part;
  };
  if (goal.ratio_min > 0) add("", fmt::format(">= {:g} x", goal.ratio_min));
  if (goal.value_min > 0) add(" or ", fmt::format(">= {} {}", number_text(goal.value_min), unit));
  if (goal.ratio_max > 0) add(", ", fmt::format("<= {:g} x", goal.ratio_max));
  if (goal.value_max > 0) add(", ", fmt::format("<= {} {}", number_text(goal.value_max), unit));
  if (goal.p99_max > 0) add(", ", fmt::format("p99 <= {:g} {}", goal.p99_max, unit));
  return text;
}

void say(std::string_view chinese, std::string_view english) {
  fmt::print(stderr, "-- {} / {}\n", chinese, english);
}

void Figures::add(Figure figure) {
  if (figure.runs.empty()) return;
  fmt::print(stderr, "   {:<34}{:>14} {}\n", figure.name, number_text(median(figure.runs)),
             figure.unit);
  figures_.push_back(std::move(figure));
}

void Figures::add_runs(const Figure& figure) {
  for (Figure& known : figures_)
    if (known.name == figure.name) {
      known.runs.insert(known.runs.end(), figure.runs.begin(), figure.runs.end());
      return;
    }
  add(figure);
}

const Figure* Figures::find(std::string_view name) const {
  for (const Figure& figure : figures_)
    if (figure.name == name) return &figure;
  return nullptr;
}

double Figures::ratio_of(const Figure& figure) const {
  const Figure* const limit = figure.limit.empty() ? nullptr : find(figure.limit);
  const double of = limit == nullptr ? 0 : median(limit->runs);
  return of > 0 ? median(figure.runs) / of : 0;
}

bool Figures::meets(const Figure& figure) const {
  const Goal& goal = figure.goal;
  const double value = median(figure.runs), ratio = ratio_of(figure);
  const bool floor = goal.ratio_min > 0 || goal.value_min > 0;
  const bool above = (goal.ratio_min > 0 && ratio >= goal.ratio_min) ||
                     (goal.value_min > 0 && value >= goal.value_min);
  if (floor && !above) return false;
  if (goal.ratio_max > 0 && ratio > goal.ratio_max) return false;
  if (goal.value_max > 0 && value > goal.value_max) return false;
  return goal.p99_max <= 0 || percentile(figure.runs, 0.99) <= goal.p99_max;
}

json::array Figures::to_json() const {
  json::array list;
  for (const Figure& figure : figures_) {
    json::object one{{"name", figure.name},
                     {"unit", figure.unit},
                     {"median", median(figure.runs)},
                     {"min", std::ranges::min(figure.runs)},
                     {"max", std::ranges::max(figure.runs)},
                     {"p99", percentile(figure.runs, 0.99)},
                     {"runs", figure.runs.size()}};
    if (!figure.limit.empty() && ratio_of(figure) > 0) {
      one["limit"] = figure.limit;
      one["ratio"] = ratio_of(figure);
    }
    if (const std::string goal = goal_text(figure.goal, figure.unit); !goal.empty()) {
      one["goal"] = goal;
      one["goal_met"] = meets(figure);
    }
    if (!figure.note.empty()) one["note"] = figure.note;
    list.push_back(std::move(one));
  }
  return list;
}

std::string Figures::table() const {
  Cells rows;
  for (const Figure& figure : figures_) {
    const double ratio = ratio_of(figure);
    const std::string goal = goal_text(figure.goal, figure.unit);
    rows.push_back({figure.chinese, figure.name, number_text(median(figure.runs)), figure.unit,
                    number_text(std::ranges::min(figure.runs)),
                    number_text(std::ranges::max(figure.runs)),
                    number_text(percentile(figure.runs, 0.99)), std::to_string(figure.runs.size()),
                    ratio > 0 ? fmt::format("{} x {}", number_text(ratio), figure.limit) : "",
                    goal.empty() ? "" : goal + (meets(figure) ? " 达到 met" : " 未达 not met")});
  }
  return render_table({"项目", "figure", "中位 median", "单位 unit", "最小 min", "最大 max", "p99",
                       "次数 runs", "比极限 ratio to the limit", "目标 goal"},
                      std::move(rows));
}

}  // namespace tools
