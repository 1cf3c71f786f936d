// What departments do with a matter: sign, contact, return, extend, go long-term, report
// completion. Every path keeps the guards of domain.md section 10, so that the rules accept all of
// it.
#include <fmt/format.h>

#include <algorithm>

#include "tools/workload/appeal_story.h"

namespace tools {
namespace {

constexpr int kSameDayCutoff = 16 * 60;  // domain.md section 4
constexpr std::string_view kMethods[] = {"电话", "电话", "电话", "上门", "微信"};
struct Done {
  std::string_view outcome, text;
};
constexpr Done kDone[] = {{"solved", "已现场办理完毕，企业确认。"},
                          {"solved", "已协调解决，相关手续已办结。"},
                          {"solved", "已按企业诉求办理，并电话告知。"},
                          {"explained", "已向企业详细解释政策依据。"},
                          {"planned", "已列入计划并告知企业时间安排。"}};
constexpr std::string_view kReasons[] = {"需专家论证", "需等待第三方检测结果", "涉及多部门会商",
                                         "施工受天气影响"};
constexpr std::string_view kSteps[] = {"完成方案论证", "完成招标", "进场施工",
                                       "主体完工",     "开展调试", "完成资金审核"};

}  // namespace

Fields AppealStory::about(const Assignment& assignment) const {
  return Fields()
      .number("matter", assignment.matter)
      .text("department", department_id(assignment.department));
}

// A department that has no part in the matter yet.
int AppealStory::other_department(const MatterPlan& matter) {
  const auto taken = [&](int one) {
    return one == matter.lead || std::ranges::find(matter.co, one) != matter.co.end();
  };
  auto department = static_cast<int>(random_.below(kDepartments));
  while (taken(department)) department = (department + 1) % kDepartments;
  return department;
}

AppealStory::Assignment AppealStory::dispatch(int matter, int department, bool same_day, Micros t) {
  const schemas::Calendar& calendar = pace_.calendar(t);
  Assignment assignment{.matter = matter, .department = department, .same_day = same_day};
  assignment.dispatched = assignment.free_from = t;
  assignment.contact_due = pace_.due_at_last(t, 1);
  const Micros that_day = calendar.same_day(t, kSameDayCutoff).due;
  const bool next_workday = that_day > schemas::start_of(schemas::day_of(t) + 1);
  assignment.completion_due = !same_day      ? pace_.due_at_last(t, 3)
                              : next_workday ? assignment.contact_due
                                             : that_day;
  return assignment;
}

Micros AppealStory::handle(const MatterPlan& matter, Micros t) {
  const bool same_day = fires(Path::same_day);
  const bool returns = fires(Path::return_asked);
  const bool moves = !returns && fires(Path::redispatched);
  const int first = returns || moves ? other_department(matter) : matter.lead;
  Assignment assignment = dispatch(matter.number, first, same_day, t);
  const std::string_view track = same_day ? "same_day" : "standard";
  script_.add(t, clerk(), "DispatchAssignment",
              about(assignment).text("duty", "lead").text("track", track));
  if (tries_bad())
    script_.add_bad(t, {"office-3", "office_clerk", {}}, "DispatchAssignment",
                    Fields()
                        .number("matter", matter.number)
                        .text("department", "D99")
                        .text("duty", "co")
                        .text("track", "standard"));
  if (tries_bad())
    script_.add_bad(t, {"lead-2", "office_lead", {}}, "ConcludeAppeal",
                    Fields().text("outcome", "solved"));
  Micros co_done = t;
  for (const int department : matter.co) co_handle(matter, department, t, co_done);
  handler_ = first;
  if (fires(Path::cancelled)) {
    t = pace_.soon(t, 60, 400);
    script_.add(t, clerk(), "CancelAssignment", about(assignment).text("reason", "与在办事项重复"));
    return std::max(t, co_done);
  }
  if (returns) {
    const Micros ruled = ask_return(assignment, matter.lead, t);
    if (assignment.department != first) {
      assignment = dispatch(matter.number, matter.lead, same_day, ruled);
      script_.add(ruled, clerk(), "DispatchAssignment",
                  about(assignment).text("duty", "lead").text("track", track));
    }
  } else if (moves) {
    t = pace_.soon(t, 20, 240);
    script_.add(t, clerk(), "RedispatchAssignment",
                about(assignment)
                    .text("to", department_id(matter.lead))
                    .text("track", track)
                    .text("reason", "职责分工调整"));
    assignment = dispatch(matter.number, matter.lead, same_day, t);
  }
  if (matter.number == 1) handler_ = assignment.department;
  const Micros done = work(assignment);
  return done == 0 ? 0 : std::max(done, co_done);
}

void AppealStory::co_handle(const MatterPlan& matter, int department, Micros t, Micros& done) {
  const Assignment assignment = dispatch(matter.number, department, false, t);
  script_.add(t + kSecond, clerk(), "DispatchAssignment",
              about(assignment).text("duty", "co").text("track", "standard"));
  const Micros due = pace_.due(t, 2);
  const Micros filed =
      fires(Path::co_opinion_late) ? pace_.late(t, due, 2) : pace_.within(t + kMinute, due);
  script_.add(filed, officer(department), "FileCoOpinion",
              about(assignment).text("text", "已配合主办单位核实，无不同意见"));
  done = std::max(done, filed);
}

// Returns when the office ruled; an approved return moves the assignment to the right department.
Micros AppealStory::ask_return(Assignment& assignment, int right, Micros t) {
  const Micros asked = pace_.within(t, pace_.due(t, 1));
  script_.add(
      asked, officer(assignment.department), "RequestReturn",
      about(assignment).text("reason", "不属于本单位职责").text("proposed", department_id(right)));
  const Micros due = pace_.calendar(asked).same_workday(asked).due;
  const bool late = fires(Path::return_ruled_late);
  const Micros ruled = late ? pace_.late(asked, due, 1) : pace_.within(asked, due);
  if (fires(Path::return_approved)) {
    script_.add(ruled, clerk(), "ApproveReturn", about(assignment));
    assignment.department = right;
    return pace_.soon(ruled, 5, 60);
  }
  script_.add(ruled, clerk(), "RefuseReturn",
              about(assignment).text("reason", "属于本单位职责，请办理"));
  assignment.free_from = ruled;
  return ruled;
}

Micros AppealStory::fail_contacts(const Assignment& assignment, Micros t) {
  const auto miss = [&] {
    script_.add(t, officer(assignment.department), "RecordFailedContact",
                about(assignment).text("method", "电话").text("reason", "无人接听"));
  };
  if (fires(Path::contact_failed)) {
    t = pace_.soon(t, 10, 90);
    miss();
  }
  if (fires(Path::contact_failed_thrice)) {
    contact_settled_ = true;
    // One attempt each half-day, as the day of dispatch and the working day after it allow.
    for (int attempt = 0; attempt < 3; ++attempt) {
      t = pace_.soon(t, attempt == 0 ? 10 : 200, attempt == 0 ? 60 : 260);
      miss();
    }
  }
  return t;
}

Micros AppealStory::contact(const Assignment& assignment, Micros t) {
  if (fires(Path::signed_expressly)) {
    t = pace_.soon(t, 5, 60);
    script_.add(t, officer(assignment.department), "SignAssignment", about(assignment));
  }
  if (fires(Path::handler_named)) {
    t = pace_.soon(t, 2, 20);
    script_.add(t, officer(assignment.department), "NameHandler",
                about(assignment).text("handler", person_name(random_)));
  }
  contact_settled_ = false;
  t = fail_contacts(assignment, t);
  const Micros due = assignment.contact_due;
  if (fires(Path::contact_never)) return t;
  const bool late = fires(Path::contact_late) || t + kMinute >= due;
  const Micros met = late ? pace_.late(t, due, 2) : pace_.within(t, due);
  if (late && !contact_settled_ && fires(Path::contact_red_card)) {
    const Micros card = pace_.soon(std::max(due, t), 1, 20);
    if (card < met)
      script_.add(card, clerk(), "IssueRedCard", about(assignment).text("obligation", "contact"));
  }
  Fields data = about(assignment).text("method", random_.one_of(kMethods));
  if (random_.per_mille(600)) data.text("person", person_name(random_));
  script_.add(met, officer(assignment.department), "RecordContact", data);
  if (tries_bad())
    script_.add_bad(met, first_officer(assignment.department), "RequestReturn",
                    about(assignment).text("reason", "不属于本单位职责"));
  return met;
}

Micros AppealStory::work(Assignment& assignment) {
  Micros t = contact(assignment, assignment.free_from);
  // Asked at least one working day before the deadline in force (domain.md section 4).
  const bool may_ask = !assignment.same_day && t + kMinute < pace_.due(assignment.dispatched, 2);
  if (may_ask && fires(Path::long_term)) {
    t = go_long_term(assignment, t);
    if (t == 0) return 0;
    if (!assignment.ordinary_clock) return complete(assignment, t);
  } else if (may_ask && fires(Path::extension)) {
    t = extend(assignment, t);
  } else if (may_ask && fires(Path::suspended)) {
    t = suspend(assignment, t);
  }
  const Micros due = assignment.completion_due;
  const bool late = fires(Path::completion_late) || t + kMinute >= due;
  const Micros done = late ? pace_.late(t, due, 7) : pace_.within(t, due);
  if (late && assignment.ordinary_clock) warn(assignment, t, done);
  return complete(assignment, done);
}

// From the report of completion to where the office takes it as done.
Micros AppealStory::complete(const Assignment& assignment, Micros t) {
  const auto report = [&] {
    const Done& how = random_.one_of(kDone);
    script_.add(t, officer(assignment.department), "ReportCompletion",
                about(assignment).text("outcome", how.outcome).text("text", how.text));
  };
  report();
  if (fires(Path::completion_sent_back)) {
    t = pace_.soon(t, 60, 900);
    script_.add(t, clerk(), "SendBackCompletion",
                about(assignment).text("text", "未附办理结果，请补充"));
    t = pace_.soon(t, 120, 2000);
    report();
  }
  if (fires(Path::completion_accepted)) {
    t = pace_.soon(t, 20, 300);
    script_.add(t, clerk(), "AcceptCompletion", about(assignment));
  }
  return t;
}

Micros AppealStory::extend(Assignment& assignment, Micros t) {
  Micros latest =
      pace_.due(assignment.dispatched, 2);  // 24:00 of the working day before the last day
  for (int count = 1; count <= 2; ++count) {
    if (t + kMinute >= latest) return t;
    t = pace_.within(t, latest);
    const int workdays = static_cast<int>(random_.between(2, 7));
    script_.add(
        t, officer(assignment.department), "RequestExtension",
        about(assignment).number("workdays", workdays).text("reason", random_.one_of(kReasons)));
    t = pace_.soon(t, 20, 400);
    if (!fires(Path::extension_approved)) {
      script_.add(t, lead(), "RefuseExtension", about(assignment).text("reason", "理由不充分"));
      return t;
    }
    script_.add(t, lead(), "ApproveExtension", about(assignment));
    const Micros old_due = assignment.completion_due;
    latest = pace_.calendar(t).extend(old_due, workdays - 1).due;
    assignment.completion_due = pace_.calendar(t).extend(old_due, workdays).due;
    assignment.ordinary_clock = false;
    if (fires(Path::extension_notified)) {
      t = pace_.soon(t, 10, 200);
      script_.add(t, officer(assignment.department), "NotifyExtension", about(assignment));
    }
    if (!fires(Path::extension_second)) return t;
  }
  return t;
}

Micros AppealStory::suspend(Assignment& assignment, Micros t) {
  t = pace_.within(t, assignment.completion_due);
  script_.add(t, lead(), "SuspendClock", about(assignment).text("reason", "等待企业提供材料"));
  const Micros suspended = t;
  t = pace_.late(t, t + random_.between(1, 8) * schemas::kDayMicros, 1);
  script_.add(t, lead(), "ResumeClock", about(assignment).text("reason", "材料已补齐"));
  const int days =
      pace_.calendar(t).workdays_between(schemas::day_of(suspended) + 1, schemas::day_of(t));
  if (days > 0)
    assignment.completion_due = pace_.calendar(t).extend(assignment.completion_due, days).due;
  assignment.ordinary_clock = false;
  return t;
}

// Returns when the long-term matter is done, or when the request was refused (the clock stays
// ordinary).
Micros AppealStory::go_long_term(Assignment& assignment, Micros t) {
  t = pace_.within(t, pace_.due(assignment.dispatched, 2));
  const Day until = schemas::day_of(t) + static_cast<Day>(random_.between(25, 150));
  script_.add(t, officer(assignment.department), "RequestLongTerm",
              about(assignment)
                  .text("plan", "分阶段推进：论证、立项、实施、验收")
                  .text("until", schemas::date_text(until)));
  t = pace_.soon(t, 20, 400);
  if (fires(Path::long_term_refused)) {
    script_.add(t, lead(), "RefuseLongTerm", about(assignment).text("reason", "应在时限内办结"));
    return t;
  }
  script_.add(t, lead(), "ApproveLongTerm", about(assignment));
  assignment.ordinary_clock = false;
  const bool lasting = fires(Path::long_term_lasting);
  const Micros least = t + 8 * schemas::kDayMicros, most = schemas::start_of(until + 1);
  const Micros done =
      lasting ? pace_.late(most, most + 10 * schemas::kDayMicros, 60) : pace_.within(least, most);
  report_weeks(assignment, t, done);
  return done < world_.over() ? done : 0;
}

void AppealStory::report_weeks(const Assignment& assignment, Micros approved, Micros done) {
  const Micros stop = std::min(done, world_.over());
  schemas::Week week{schemas::week_of(schemas::day_of(approved)).monday + 7};
  int percent = 5, step = 0;
  for (Micros last = approved; week.from() < stop; week.monday += 7) {
    const std::optional<Day> workday = pace_.calendar(week.from()).last_workday(week);
    if (!workday || fires(Path::progress_missed)) continue;
    percent = std::min(99, percent + static_cast<int>(random_.between(0, 12)));
    if (!fires(Path::progress_repeated)) ++step;
    // Reported from Wednesday on; late ones on the Monday or Tuesday after it.
    const Micros wednesday =
        std::min(week.from() + 2 * schemas::kDayMicros, schemas::start_of(*workday));
    const Micros t = fires(Path::progress_late)
                         ? pace_.within(week.to(), week.to() + 2 * schemas::kDayMicros)
                         : pace_.within(wednesday, schemas::start_of(*workday + 1));
    if (t <= last || t >= stop) continue;
    last = t;
    script_.add(
        t, officer(assignment.department), "ReportProgress",
        about(assignment)
            .text("week", schemas::week_text(week))
            .text("text", fmt::format("{}（第{}阶段）", kSteps[static_cast<std::size_t>(step) % 6],
                                      step / 6 + 1))
            .number("percent", percent));
    if (tries_bad())
      script_.add_bad(
          t, first_officer(assignment.department), "ReportProgress",
          about(assignment).text("week", "2021-W99").text("text", "进展").number("percent", 1));
  }
}

// Reminders and cards of a late completion: each only while its light says so (domain.md section
// 4).
void AppealStory::warn(const Assignment& assignment, Micros from, Micros done) {
  const Fields completion = about(assignment).text("obligation", "completion");
  const Micros due = assignment.completion_due;
  const Micros yellow = pace_.on(schemas::day_of(due - 1));
  if (yellow > from && yellow + kMinute < done) {
    if (fires(Path::reminded)) script_.add(yellow, clerk(), "IssueReminder", completion);
    if (fires(Path::yellow_card))
      script_.add(yellow + kMinute, clerk(), "IssueYellowCard", completion);
    if (tries_bad())
      script_.add_bad(yellow, first_officer(assignment.department), "RequestExtension",
                      about(assignment).number("workdays", 3).text("reason", "时间不足"));
  }
  const Micros red = pace_.soon(std::max(due, from), 1, 60);
  if (red >= done) return;
  if (fires(Path::red_card)) {
    script_.add(red, clerk(), "IssueRedCard", completion);
    if (fires(Path::card_contested)) contest_card(assignment, red);
  }
  if (!supervised_ && fires(Path::supervision_ordered)) {
    supervised_ = true;
    script_.add(red, lead(), "OrderSupervision", Fields().text("reason", "超期未办结"));
    script_.add(done, lead(), "LiftSupervision", Fields().text("reason", "已反馈完成"));
  }
}

void AppealStory::contest_card(const Assignment& assignment, Micros t) {
  const Fields card = about(assignment).text("obligation", "completion").text("card", "red");
  const Micros contested = pace_.soon(t, 15, 90);
  script_.add(contested, officer(assignment.department), "ContestCard",
              Fields(card).text("reason", "因企业原因延误"));
  const bool waived = fires(Path::card_waived);
  script_.add(pace_.soon(contested, 15, 90), lead(), waived ? "WaiveCard" : "UpholdCard",
              Fields(card).text("reason", waived ? "情况属实，免责" : "理由不成立，维持"));
}

}  // namespace tools
