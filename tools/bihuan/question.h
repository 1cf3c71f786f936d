// Which report, and how it is asked: the options that report, why and diff have in common.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/log/log.h"
#include "engine/result.h"
#include "projections/catalog.h"
#include "projections/facts.h"
#include "tools/bihuan/session.h"

namespace tools {

struct QuestionOptions {
  std::string week, section, from, to, appeal, department, light, status;
  std::vector<std::string> by;
  std::size_t limit = 0, offset = 0;

  void add_week(CLI::App& app);
  void add_range(CLI::App& app, const std::string& from_name, const std::string& to_name);
  void add_by(CLI::App& app);
  void add_filters(CLI::App& app);
};

// The facts of the whole log: stored segments as far as they go, the rest folded from the log. With
// `keep` (a log open for writing) new segments are stored.
[[nodiscard]] engine::Result<std::unique_ptr<projections::Facts>> facts_of(engine::Log& log,
                                                                           bool keep);

// Without the moment.
[[nodiscard]] engine::Result<projections::Question> question_of(const QuestionOptions& options,
                                                                const std::string& district);
void print_report(const std::string& name, const boost::json::object& report, Format format);

}  // namespace tools
