// What the model expects of the reports: lights, statuses and simple counts.
#include <algorithm>

#include "tests/simulation/model.h"

namespace simulation {
namespace {

int rank(const std::string& light) {
  if (light == "red") return 4;
  if (light == "yellow") return 3;
  if (light == "green") return 2;
  return light == "grey" ? 1 : 0;
}

}  // namespace

std::string light_of(const Duty& duty, Micros now) {
  if (!duty.runs()) return "";
  if (duty.suspended) return "grey";
  if (now >= duty.due) return "red";
  return duty.at_once || now >= midnight(day_of(duty.due - 1)) ? "yellow" : "green";
}

// Every duty that the work owes now, the weekly ones among them.
std::vector<Light> Model::lights_of(const Appeal& appeal, const Work& work, Micros now) const {
  std::vector<Light> out;
  if (!work.open() || !appeal.going()) return out;
  // Ruling on a return is the office's duty, not the department's.
  const auto add = [&](const std::string& obligation, Micros due, const std::string& light) {
    const bool office = obligation == "return_ruling";
    if (light.empty()) return;
    out.push_back({appeal.no, office ? "" : work.department, obligation, office ? 0 : work.matter,
                   due, light});
  };
  for (const Duty& duty : work.duties) add(duty.name, duty.due, light_of(duty, now));
  if (work.status != "long_term" || !work.weekly) return out;
  const Day running = monday_of(day_of(now));
  for (Day monday = monday_of(work.approved_on) + 7; monday <= running; monday += 7) {
    const Day last = calendar_.last_workday(monday);
    if (last < monday || work.weeks_filed.contains(monday)) continue;
    Duty week{.name = "progress", .due = midnight(last + 1)};
    week.suspended = work.suspended_at.has_value();
    add("progress", week.due, light_of(week, now));
  }
  return out;
}

std::set<Light> Model::lights(Micros now) const {
  std::set<Light> out;
  const auto add = [&](const Light& light) {
    if (light.light == "red" || light.light == "yellow") out.insert(light);
  };
  for (const auto& [no, appeal] : appeals_) {
    if (!appeal.going()) continue;
    const auto office = [&](const std::vector<Duty>& duties) {
      for (const Duty& duty : duties) add({no, "", duty.name, 0, duty.due, light_of(duty, now)});
    };
    office(appeal.duties);
    for (const Round& round : appeal.rounds) office(round.duties);
    for (const Work& work : appeal.works)
      for (const Light& light : lights_of(appeal, work, now)) add(light);
  }
  return out;
}

std::string Model::status_of_row(const Appeal& appeal, const Work* work) const {
  if (work == nullptr) return appeal.status;
  if (has_word("redispatched returned cancelled", work->status)) return work->status;
  if (!work->frozen.empty()) return work->frozen;
  return appeal.status == "accepted" ? work->status : appeal.status;
}

std::string Model::light_of_row(const Appeal& appeal, const Work* work, Micros now) const {
  std::string worst;
  const auto see = [&](const std::string& light) {
    if (rank(light) > rank(worst)) worst = light;
  };
  if (work != nullptr) {
    for (const Light& light : lights_of(appeal, *work, now))
      if (!light.department.empty()) see(light.light);
  } else if (appeal.going()) {
    for (const Duty& duty : appeal.duties) see(light_of(duty, now));
    for (const Round& round : appeal.rounds)
      for (const Duty& duty : round.duties) see(light_of(duty, now));
  }
  return worst;
}

std::map<std::string, int> Model::week_totals(Micros now) const {
  static const std::map<std::string, std::string> kFlows = {
      {"AppealSubmitted", "submitted"}, {"AppealAccepted", "accepted"},
      {"AppealRejected", "rejected"},   {"AppealWithdrawn", "withdrawn"},
      {"AppealConcluded", "concluded"}, {"AppealReopened", "reopened"},
      {"RatingSubmitted", "rated"}};
  const Micros from = midnight(monday_of(day_of(now)));
  std::map<std::string, int> out;
  for (const auto& [event, name] : kFlows) out[name] = 0;
  for (const Recorded& one : events_)
    if (one.at >= from)
      if (const auto flow = kFlows.find(one.event); flow != kFlows.end()) ++out[flow->second];
  out["open"] = out["overdue_open"] = out["bad_rated"] = 0;
  std::set<std::string> late;
  for (const Light& light : lights(now))
    if (light.light == "red") late.insert(light.appeal);
  for (const auto& [no, appeal] : appeals_) {
    out["open"] += appeal.open ? 1 : 0;
    out["overdue_open"] += appeal.open && late.contains(no) ? 1 : 0;
    for (const Round& round : appeal.rounds)
      out["bad_rated"] += round.bad() && round.rated_at >= from ? 1 : 0;
  }
  return out;
}

std::map<std::string, int> Model::department_row(const std::string& id, Micros now) const {
  const Micros from = midnight(monday_of(day_of(now)));
  std::map<std::string, int> out = {
      {"dispatched", 0}, {"completed_on_time", 0}, {"completed_late", 0},
      {"open", 0},       {"overdue", 0},           {"yellow", 0},
      {"red", 0}};
  for (const auto& [no, appeal] : appeals_) {
    for (const Work& work : appeal.works) {
      if (work.department != id) continue;
      if (work.dispatched_at >= from && work.status != "returned") ++out["dispatched"];
      if (work.completed_at >= from && work.completed_at != 0)
        ++out[work.on_time ? "completed_on_time" : "completed_late"];
      if (!work.open() || !appeal.going()) continue;
      ++out["open"];
      const Duty* const completion = find(work.duties, "completion");
      if (completion != nullptr && light_of(*completion, now) == "red") ++out["overdue"];
      const std::string light = light_of_row(appeal, &work, now);
      if (light == "yellow" || light == "red") ++out[light];
    }
  }
  return out;
}

// Of every conclusion so far.
std::map<std::string, int> Model::ratings() const {
  std::map<std::string, int> out = {{"invited", 0}, {"rated", 0},      {"bad", 0},
                                    {"good", 0},    {"satisfied", 0},  {"contested", 0},
                                    {"upheld", 0},  {"invalidated", 0}};
  for (int level = 1; level <= 5; ++level) out["level " + std::to_string(level)] = 0;
  for (const auto& [no, appeal] : appeals_) {
    for (const Round& round : appeal.rounds) {
      ++out["invited"];
      out["contested"] += round.contested ? 1 : 0;
      out["upheld"] += round.upheld ? 1 : 0;
      if (round.status == "invalidated") {
        ++out["invalidated"];
        continue;
      }
      if (round.level == 0) continue;
      ++out["rated"];
      ++out["level " + std::to_string(round.level)];
      out["bad"] += round.bad() ? 1 : 0;
      out["good"] += round.level >= 3 ? 1 : 0;
      out["satisfied"] += round.level >= 4 ? 1 : 0;
    }
  }
  return out;
}

std::map<std::string, int> Model::supervision_totals(Micros now) const {
  static const std::map<std::string, std::string> kFlows = {{"ReportFiled", "filed"},
                                                            {"ReportRegistered", "registered"},
                                                            {"ReportAnswered", "answered"},
                                                            {"ReportClosed", "closed"}};
  const Micros from = midnight(monday_of(day_of(now)));
  std::map<std::string, int> out;
  for (const auto& [event, name] : kFlows) out[name] = 0;
  for (const Recorded& one : events_)
    if (one.at >= from)
      if (const auto flow = kFlows.find(one.event); flow != kFlows.end()) ++out[flow->second];
  out["open"] = out["overdue"] = 0;
  for (const auto& [no, report] : subjects("supervisor-report")) {
    if (has_word("none closed declined transferred", report.status)) continue;
    ++out["open"];
    out["overdue"] += std::ranges::any_of(
        report.duties, [&](const Duty& duty) { return light_of(duty, now) == "red"; });
  }
  return out;
}

}  // namespace simulation
