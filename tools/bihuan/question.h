// Which report, and how it is asked: the options that report, why and diff have in common.
#pragma once

#include <memory>
#include <string>

#include "engine/log/log.h"
#include "engine/result.h"
#include "projections/facts.h"
#include "tools/bihuan/session.h"
#include "tools/ledger/question.h"

namespace tools {

struct QuestionOptions : AskedQuestion {
  void add_week(CLI::App& app);
  void add_range(CLI::App& app, const std::string& from_name, const std::string& to_name);
  void add_by(CLI::App& app);
  void add_filters(CLI::App& app);
};

// The facts of the whole log: stored segments as far as they go, the rest folded from the log. With
// `keep` (a log open for writing) new segments are stored.
[[nodiscard]] engine::Result<std::unique_ptr<projections::Facts>> facts_of(engine::Log& log,
                                                                           bool keep);

void print_report(const std::string& name, const boost::json::object& report, Format format);

}  // namespace tools
