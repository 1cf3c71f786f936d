// Given a district with two enterprises and four departments, and one appeal in it: the acts of its
// case as one-liners, so that a test reads like the case. Calendars are the published ones of 2020
// and of autumn 2021.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "schemas/appeal.h"
#include "tests/support/subject.h"

namespace support {

inline constexpr std::string_view kEnterpriseCode = "91350100M000100Y43";
inline constexpr std::string_view kOtherEnterprise = "91512081MA62K0260E";

[[nodiscard]] inline std::vector<schemas::Day> days(std::initializer_list<std::string_view> dates) {
  std::vector<schemas::Day> list;
  for (const std::string_view date : dates) list.push_back(schemas::parse_date(date).value());
  return list;
}
[[nodiscard]] inline schemas::Micros moment(std::string_view time) {
  return schemas::parse_time(time).value();
}
// 24:00 of a day, as a due.
[[nodiscard]] inline schemas::Micros end_of(std::string_view date) {
  return schemas::start_of(schemas::parse_date(date).value() + 1);
}

template <class Native>
void apply_to(schemas::Calendar& calendar, const Native& event) {
  engine::NewEvent record;
  record.type = static_cast<std::uint16_t>(TypeOf<Native>::kType);
  record.kind = "calendar";
  record.no = std::to_string(event.year);
  record.payload = schemas::pack(event);
  calendar.apply(record.view(1));
}

inline void publish_2021(schemas::Calendar& calendar) {
  schemas::CalendarPublishedT event;
  event.year = 2021;
  event.notice = "国办发明电〔2020〕27号";
  event.holidays = days({"2021-09-19", "2021-09-20", "2021-09-21", "2021-10-01", "2021-10-02",
                         "2021-10-03", "2021-10-04", "2021-10-05", "2021-10-06", "2021-10-07"});
  event.makeup_workdays = days({"2021-09-18", "2021-09-26", "2021-10-09"});
  apply_to(calendar, event);
}

// Spring Festival 2020 as known until 01-26, and as changed by the notice of 2020-01-27.
inline void publish_2020(schemas::Calendar& calendar) {
  schemas::CalendarPublishedT event;
  event.year = 2020;
  event.notice = "国办发明电〔2019〕16号";
  event.holidays = days({"2020-01-24", "2020-01-25", "2020-01-26", "2020-01-27", "2020-01-28",
                         "2020-01-29", "2020-01-30"});
  event.makeup_workdays = days({"2020-01-19", "2020-02-01"});
  apply_to(calendar, event);
}
inline void amend_2020(schemas::Calendar& calendar) {
  schemas::CalendarAmendedT event;
  event.year = 2020;
  event.notice = "国办发明电〔2020〕1号";
  event.holidays = days({"2020-01-24", "2020-01-25", "2020-01-26", "2020-01-27", "2020-01-28",
                         "2020-01-29", "2020-01-30", "2020-01-31", "2020-02-01", "2020-02-02"});
  event.makeup_workdays = days({"2020-01-19"});
  event.effective = days({"2020-01-27"}).front();
  apply_to(calendar, event);
}

class GivenDistrict : public Neighbourhood {
 public:
  GivenDistrict() {
    publish_2020(calendar);
    publish_2021(calendar);
    for (const char* id : {"D01", "D02", "D03", "D07"}) add_department(id);
    add_department("D09", schemas::DepartmentStatus::merged);
    add_enterprise(std::string(kEnterpriseCode), schemas::EnterpriseStatus::registered);
    add_enterprise(std::string(kOtherEnterprise), schemas::EnterpriseStatus::deregistered);
  }
  std::map<std::string, schemas::Appeal, std::less<>> appeals;
  const schemas::Appeal* appeal(std::string_view no) override {
    const auto found = appeals.find(no);
    return found == appeals.end() ? nullptr : &found->second;
  }
};

[[nodiscard]] inline schemas::Actor appellant() {
  return actor(schemas::Role::enterprise, std::string(kEnterpriseCode));
}
[[nodiscard]] inline schemas::Actor system_actor() {
  return actor(schemas::Role::system, "importer");
}

// An event about the assignment of (1, department), its other fields empty.
template <class Native>
[[nodiscard]] Native of(std::string department, int matter = 1) {
  Native event;
  event.matter = matter;
  event.department = std::move(department);
  return event;
}

class GivenAppeal : public Subject<schemas::Appeal> {
 public:
  explicit GivenAppeal(Neighbourhood& around, std::string no = "SQ2021-000001")
      : Subject("appeal", std::move(no), around) {}

  // ---- the office and the appellant ----
  std::string submit(const schemas::Actor& by = appellant(),
                     schemas::Channel channel = schemas::Channel::web,
                     std::string_view enterprise = kEnterpriseCode) {
    schemas::AppealSubmittedT event;
    event.enterprise = enterprise;
    event.channel = channel;
    event.category = "政务服务";
    event.title = "办理施工许可";
    return act(by, event);
  }
  std::string accept() { return act(clerk(), schemas::AppealAcceptedT{}); }
  std::string decompose(int matters = 1, const std::string& lead = "D01") {
    schemas::AppealDecomposedT event;
    for (int i = 1; i <= matters; ++i) {
      auto matter = std::make_unique<schemas::MatterT>();
      matter->matter = i;
      matter->text = "事项";
      matter->lead = lead;
      event.matters.push_back(std::move(matter));
    }
    return act(clerk(), event);
  }
  std::string dispatch(const std::string& department = "D01",
                       schemas::Duty duty = schemas::Duty::lead,
                       schemas::Track track = schemas::Track::standard, int matter = 1) {
    auto event = of<schemas::AssignmentDispatchedT>(department, matter);
    event.duty = duty;
    event.track = track;
    return act(clerk(), event);
  }
  std::string conclude() { return act(support::lead(), schemas::AppealConcludedT{}); }
  std::string answer() {
    schemas::AppealAnsweredT event;
    event.text = "已办结";
    return act(clerk(), event);
  }
  std::string call_back(bool reached, bool satisfied = true) {
    schemas::CallbackRecordedT event;
    event.reached = reached;
    if (reached) event.solved = event.satisfied = satisfied;
    return act(clerk(), event);
  }
  std::string rate(int level, std::vector<std::string> reasons = {"超过时限"}) {
    schemas::RatingSubmittedT event;
    event.level = static_cast<std::uint8_t>(level);
    event.reasons = std::move(reasons);
    return act(appellant(), event);
  }
  std::string close() { return act(support::lead(), schemas::AppealClosedT{}); }
  std::string reopen() {
    schemas::AppealReopenedT event;
    event.reason = "企业仍不满意";
    return act(clerk(), event);
  }

  // ---- a department ----
  template <class Native>
  std::string by_department(const std::string& department = "D01", int matter = 1) {
    return act(officer(department), of<Native>(department, matter));
  }
  template <class Native>
  std::string by_office(const std::string& department = "D01", int matter = 1) {
    return act(support::lead(), of<Native>(department, matter));
  }
  std::string sign(const std::string& department = "D01") {
    return by_department<schemas::AssignmentSignedT>(department);
  }
  std::string contact(const std::string& department = "D01") {
    auto event = of<schemas::EnterpriseContactedT>(department);
    event.method = "电话";
    event.person = plain("王经理");
    return act(officer(department), event);
  }
  std::string complete(const std::string& department = "D01", int matter = 1) {
    auto event = of<schemas::CompletionReportedT>(department, matter);
    event.text = "已办妥";
    return act(officer(department), event);
  }
  std::string ask_return(const std::string& department = "D01") {
    auto event = of<schemas::ReturnRequestedT>(department);
    event.reason = "不属本部门职责";
    return act(officer(department), event);
  }
  std::string ask_long_term(std::string_view until, const std::string& department = "D01") {
    auto event = of<schemas::LongTermRequestedT>(department);
    event.plan = "分三步";
    event.until = schemas::parse_date(until).value();
    return act(officer(department), event);
  }
  std::string ask_extension(int workdays, const std::string& department = "D01") {
    auto event = of<schemas::ExtensionRequestedT>(department);
    event.workdays = workdays;
    event.reason = "需现场勘查";
    return act(officer(department), event);
  }
  std::string report_week(const std::string& week, const std::string& text = "推进中",
                          int percent = 20) {
    auto event = of<schemas::ProgressReportedT>("D01");
    event.week = week;
    event.text = text;
    event.percent = percent;
    return act(officer("D01"), event);
  }

  // ---- up to a point, at the moment set before ----
  GivenAppeal& accepted_and_decomposed(int matters = 1) {
    REQUIRE(submit() == "ok");
    REQUIRE(accept() == "ok");
    REQUIRE(decompose(matters) == "ok");
    return *this;
  }
  GivenAppeal& dispatched() {
    accepted_and_decomposed();
    REQUIRE(dispatch() == "ok");
    return *this;
  }
  GivenAppeal& concluded() {
    dispatched();
    REQUIRE(complete() == "ok");
    REQUIRE(conclude() == "ok");
    return *this;
  }
  GivenAppeal& answered() {
    concluded();
    REQUIRE(answer() == "ok");
    return *this;
  }

  [[nodiscard]] const schemas::Assignment& assignment(std::size_t index = 0) const {
    return state().assignments.at(index);
  }
  [[nodiscard]] const schemas::DutyState& duty(schemas::Obligation obligation,
                                               std::size_t index = 0) const {
    const schemas::Clock* clock =
        schemas::find_clock(clocks_of(schemas::row_of(obligation).scope, index), obligation);
    REQUIRE(clock != nullptr);
    return clock->duty;
  }
  [[nodiscard]] schemas::Light light(schemas::Obligation obligation, schemas::Micros at) const {
    return schemas::light_of(duty(obligation), at);
  }

 private:
  [[nodiscard]] const std::vector<schemas::Clock>& clocks_of(schemas::DutyScope scope,
                                                             std::size_t index) const {
    if (scope == schemas::DutyScope::assignment) return state().assignments.at(index).clocks;
    return scope == schemas::DutyScope::round ? state().rounds.back().clocks : state().clocks;
  }
};

}  // namespace support
