// What is read in a simulated year, and compared with the model's figures.
#include <algorithm>

#include "engine/log/signing_keys.h"
#include "engine/proof/merkle.h"
#include "schemas/event.h"
#include "tests/simulation/run.h"

namespace simulation {
namespace {

using boost::json::object;
using boost::json::value;

std::string text_or_empty(const value& of) {
  return of.is_string() ? std::string(of.as_string()) : std::string();
}

std::string light_text(const Light& light) {
  return light.appeal + " " + std::to_string(light.matter) + " " + light.department + " " +
         light.obligation + " due " + time_text(light.due) + " " + light.light;
}

}  // namespace

object Run::draw(const std::string& report, const std::string& appeal) {
  const auto facts = machine_.facts();
  if (!facts) {
    wrong("The facts cannot be drawn: " + facts.error().text);
    return {};
  }
  projections::Question question;
  question.district = "模拟区";
  const Micros now = std::max(clock_, model_.last_at());
  question.moment = projections::moment_of_time(**facts, now);
  question.appeal = appeal;
  question.week = schemas::week_of(schemas::day_of(now));
  const auto drawn = projections::draw(report, **facts, question);
  if (!drawn) {
    wrong("The report " + report + " cannot be drawn: " + drawn.error().text);
    return {};
  }
  ++counts_["drawn " + report];
  if (drawn_.size() < 12 && random_.per_mille(60))
    drawn_.push_back({report, question, boost::json::serialize(*drawn)});
  return *drawn;
}

// Figures of a drawn report, by name; a rate is its numerator.
template <class Figures>
bool Run::same(const std::string& where, const object& drawn, const Figures& expected) {
  for (const auto& [name, figure] : expected) {
    const value* found = drawn.if_contains(name);
    if (name.starts_with("level "))
      found = drawn.at("levels").as_object().if_contains(name.substr(6));
    if (found == nullptr) return wrong(where + " has no figure " + name);
    if (found->is_object()) found = found->as_object().if_contains("n");
    if (found->to_number<int>() != figure)
      return wrong(where + ", " + name + ": " + boost::json::serialize(*found) + " in place of " +
                   std::to_string(figure));
  }
  return true;
}

// The status and the light of each row of an appeal.
bool Run::ask_case(const std::string& no) {
  const object report = draw("closed-loop", no);
  if (!wrong_.empty()) return false;
  const Appeal& appeal = model_.appeals().at(no);
  std::vector<const Work*> works;
  for (const Work& work : appeal.works) works.push_back(&work);
  std::ranges::sort(works, {}, [](const Work* work) { return std::pair(work->matter, work); });
  if (works.empty()) works.push_back(nullptr);
  const auto& rows = report.at("rows").as_array();
  if (rows.size() != works.size())
    return wrong(no + " has " + std::to_string(rows.size()) + " rows in place of " +
                 std::to_string(works.size()));
  const Micros now = std::max(clock_, model_.last_at());
  for (std::size_t i = 0; i < works.size(); ++i) {
    const object& row = rows[i].as_object();
    const std::string status(row.at("status").as_string());
    const std::string wanted = model_.status_of_row(appeal, works[i]);
    const std::string where = no + " row " + std::to_string(i + 1);
    if (status != wanted) return wrong(where + " is " + status + " in place of " + wanted);
    const std::string light = text_or_empty(row.at("light"));
    const std::string shines = model_.light_of_row(appeal, works[i], now);
    if (light != shines) return wrong(where + " light " + light + " in place of " + shines);
  }
  const auto version = machine_.log().stream_size("appeal", no);
  return holds(version && *version == model_.version("appeal/" + no), no + ": another version");
}

// This week's report: totals, each department, every yellow and red light.
bool Run::ask_week() {
  const object report = draw("weekly");
  if (!wrong_.empty()) return false;
  const Micros now = std::max(clock_, model_.last_at());
  if (!same("weekly totals", report.at("totals").as_object(), model_.week_totals(now)))
    return false;
  if (!same("weekly supervision", report.at("supervision").as_object(),
            model_.supervision_totals(now)))
    return false;
  for (const value& row : report.at("departments").as_array()) {
    const std::string id(row.as_object().at("department").as_string());
    if (!same("weekly " + id, row.as_object(), model_.department_row(id, now))) return false;
  }
  std::set<std::string> told, wanted;
  for (const value& row : report.at("lights").as_array()) {
    const object& light = row.as_object();
    const value& matter = light.at("matter");
    const auto due = schemas::parse_time(light.at("due").as_string());
    told.insert(light_text(
        {text_or_empty(light.at("appeal")), text_or_empty(light.at("department")),
         text_or_empty(light.at("obligation")), matter.is_null() ? 0 : matter.to_number<int>(),
         due.value_or(0), text_or_empty(light.at("light"))}));
  }
  for (const Light& light : model_.lights(now)) {
    wanted.insert(light_text(light));
    ++counts_["light " + light.light];
  }
  for (const std::string& light : wanted)
    if (!told.contains(light)) return wrong("The light is not in the weekly report: " + light);
  for (const std::string& light : told)
    if (!wanted.contains(light)) return wrong("The weekly report has a light too many: " + light);
  return true;
}

bool Run::ask_ratings() {
  const object report = draw("ratings");
  return wrong_.empty() && same("ratings", report, model_.ratings());
}

bool Run::ask_supervision() {
  const object report = draw("supervision");
  if (!wrong_.empty()) return false;
  const auto& reports = model_.subjects("supervisor-report");
  std::size_t rows = 0;
  for (const value& row : report.at("rows").as_array()) {
    const std::string no(row.as_object().at("report").as_string());
    const std::string status(row.as_object().at("status").as_string());
    const auto found = reports.find(no);
    ++rows;
    if (found == reports.end()) return wrong("Nobody filed " + no);
    if (found->second.status != status)
      return wrong(no + " is " + status + " in place of " + found->second.status);
    const std::string reporter = text_or_empty(row.as_object().at("supervisor"));
    if (!found->second.sealed.empty() && reporter != "保密")
      return wrong(no + " names its sealed reporter: " + reporter);
  }
  return holds(rows == reports.size(), "Supervision has another number of rows.");
}

bool Run::ask_plan() {
  const object report = draw("plan");
  if (!wrong_.empty()) return false;
  std::size_t tasks = 0;
  const auto& all = model_.subjects("task");
  for (const value& environment : report.at("environments").as_array())
    for (const value& domain : environment.as_object().at("domains").as_array())
      for (const value& row : domain.as_object().at("tasks").as_array()) {
        const std::string code(row.as_object().at("task").as_string());
        const std::string status(row.as_object().at("status").as_string());
        const auto found = all.find(code);
        ++tasks;
        if (found == all.end() || found->second.status != status)
          return wrong(code + " is " + status + " in the plan");
      }
  return holds(tasks == all.size(), "The plan has another number of tasks.");
}

// The events behind "open" are the first events of the appeals that are open.
bool Run::ask_why() {
  const auto facts = machine_.facts();
  if (!facts) return wrong("The facts cannot be drawn: " + facts.error().text);
  projections::Question question;
  const Micros now = std::max(clock_, model_.last_at());
  question.moment = projections::moment_of_time(**facts, now);
  question.week = schemas::week_of(schemas::day_of(now));
  projections::Trace trace("totals/open");
  const auto drawn = projections::draw("weekly", **facts, question, &trace);
  if (!drawn) return wrong("why cannot be answered: " + drawn.error().text);
  std::vector<std::uint64_t> wanted;
  for (const auto& [no, appeal] : model_.appeals())
    if (appeal.open) wanted.push_back(appeal.first_seq);
  std::ranges::sort(wanted);
  ++counts_["asked why"];
  return holds(trace.seqs() == wanted, "why weekly totals/open names other events.");
}

// Every record from the first one on, in its order, with the leaf that was acknowledged.
bool Run::ask_history() {
  std::uint64_t seq = 0;
  const auto read = machine_.log().read(1, 0, [&](const engine::RecordView& record) {
    const Recorded& wanted = model_.events()[seq++];
    const bool same = record.seq == seq && record.kind == wanted.kind && record.no == wanted.no &&
                      record.version == wanted.version && record.recorded_at == wanted.at &&
                      schemas::info_of(schemas::type_of(record)).name == wanted.event &&
                      machine_.log().leaf_at(seq).value() == leaves_[seq - 1];
    return holds(same, "Record " + std::to_string(seq) + " is not what was acknowledged.");
  });
  ++counts_["history read"];
  return holds(read.has_value(), "The history cannot be read.") && wrong_.empty() &&
         holds(seq == model_.size(), "The history ends at " + std::to_string(seq) +
                                         " in place of " + std::to_string(model_.size())) &&
         holds(machine_.log().root_at(seq).value() == engine::root_of(leaves_), "Another root.");
}

// What was drawn earlier is drawn again, byte for byte.
bool Run::ask_again() {
  if (drawn_.empty()) return true;
  const auto facts = machine_.facts();
  if (!facts) return wrong("The facts cannot be drawn: " + facts.error().text);
  for (const Drawn& one : drawn_) {
    const auto again = projections::draw(one.report, **facts, one.question);
    ++counts_["drawn again as of then"];
    if (!again || boost::json::serialize(*again) != one.bytes)
      return wrong("The report " + one.report + " as of seq " +
                   std::to_string(one.question.moment.seq) + " has changed.");
  }
  return true;
}

// The facts kept beside the log are those of a fold from the first record.
bool Run::ask_rebuilt() {
  const auto facts = machine_.facts();
  if (!facts) return wrong("The facts cannot be drawn: " + facts.error().text);
  projections::Facts rebuilt;
  const auto read = machine_.log().read(1, 0, [&](const engine::RecordView& record) {
    rebuilt.apply(record);
    return true;
  });
  ++counts_["facts rebuilt"];
  if (random_.per_mille(500)) (*facts)->settle(1);
  return holds(read.has_value() && rebuilt == **facts, "The facts are not those of a rebuild.");
}

bool Run::ask_checkpoint() {
  engine::Log& log = machine_.log();
  const auto issued = machine_.signing().sign(log);
  if (!issued) return wrong("No checkpoint was signed: " + issued.error().text);
  const auto keys = engine::read_signing_keys(machine_.keys());
  if (!keys) return wrong("The signing keys cannot be read.");
  const auto known = keys->known();
  const auto opened = engine::open_checkpoint(issued->note, known);
  if (!opened) return wrong("The checkpoint does not verify: " + opened.error().text);
  const engine::Checkpoint& now = opened->checkpoint;
  ++counts_["checkpoints signed"];
  tell("A checkpoint of " + std::to_string(now.size) + " events is signed and proved.");
  if (now.size != model_.size() || now.root != engine::root_of(leaves_))
    return wrong("The checkpoint is of other events.");
  for (const engine::Checkpoint& old : checkpoints_) {
    if (old.size == 0) continue;
    const auto path = engine::consistency_proof(old.size, now.size, log.nodes());
    if (!path || !engine::verify_consistency(old.size, now.size, old.root, now.root, *path))
      return wrong("The checkpoint does not continue the one of " + std::to_string(old.size));
  }
  const auto index = static_cast<std::uint64_t>(random_.below(static_cast<std::int64_t>(now.size)));
  const auto path = engine::inclusion_proof(index, now.size, log.nodes());
  if (!path || !engine::verify_inclusion(index, now.size, leaves_[index], *path, now.root))
    return wrong("Record " + std::to_string(index + 1) + " is not proved by the checkpoint.");
  checkpoints_.push_back(now);
  return true;
}

bool Run::question() {
  ++counts_["questions"];
  switch (random_.below(9)) {
    case 0:
      return ask_ratings();
    case 1:
      return ask_supervision();
    case 2:
      return ask_plan();
    case 3:
      return ask_why();
    case 4:
      return ask_history();
    case 5:
      return ask_again();
    case 6:
      return ask_rebuilt();
    case 7:
      return same("policies", draw("policies").at("totals").as_object(), model_.policy_totals());
    default:
      return ask_checkpoint();
  }
}

}  // namespace simulation
