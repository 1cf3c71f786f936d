// How an appeal comes in, is handed out, concluded, called back and closed (domain.md section 10).
#include "tools/workload/appeal_story.h"

#include <fmt/format.h>

#include <algorithm>

namespace tools {
namespace {

constexpr std::string_view kChannels[] = {"app", "app", "app", "web", "web", "phone", "visit"};
constexpr std::string_view kRejectReasons[] = {"已进入诉讼程序", "不属于本区管辖", "属于信访事项",
                                               "已进入行政复议程序"};
constexpr std::string_view kRoutes[] = {"请按司法程序办理", "请向所在地主管部门反映",
                                        "请通过信访渠道反映", "请等待行政复议决定"};
constexpr std::string_view kWithdrawals[] = {"问题已自行解决", "与部门沟通后不再需要",
                                             "信息填写有误，重新提交"};
constexpr std::size_t kMergeTargets = 256;

}  // namespace

AppealStory::AppealStory(World& world, std::int64_t number, std::string no, Micros submitted)
    : Story(world, Seed::appeal, static_cast<std::uint64_t>(number), "appeal/" + no),
      number_(number),
      no_(std::move(no)),
      submitted_(submitted) {}

void AppealStory::submit() {
  const std::int64_t known = world_.registered_by(schemas::day_of(submitted_) - 1);
  // The lesser of two draws: older enterprises appeal more often (our choice).
  const std::int64_t one = random_.below(known), two = random_.below(known);
  enterprise_ = enterprise_code(world_, std::min(one, two)).code;
  subject_ = static_cast<std::size_t>(random_.below(std::ssize(subjects())));
  const Subject& subject = subjects()[subject_];
  const Topic& topic = random_.one_of(subject.topics);
  const bool by_office = fires(Path::submitted_by_office);
  channel_ = by_office ? (random_.per_mille(700) ? "phone" : "visit") : random_.one_of(kChannels);
  const std::string text =
      fmt::format("我公司位于{}。{}。请{}。", town(random_), topic.problem, topic.wish);
  const Person who = by_office ? clerk() : Person{enterprise_, "enterprise", {}};
  script_.add(submitted_, who, "SubmitAppeal",
              Fields()
                  .text("enterprise", enterprise_)
                  .text("channel", channel_)
                  .text("category", subject.category)
                  .text("title", topic.title)
                  .text("text", text));
}

// Within two working hours or so; later only where that is not in time.
Micros AppealStory::accept_time(Micros from, Micros due) {
  const Micros soon = pace_.soon(from, 5, 150);
  return soon < due ? soon : pace_.within(from, due);
}

Micros AppealStory::accept() {
  const Micros due = pace_.due(submitted_, 1);
  Micros t = submitted_;
  if (fires(Path::supplement_requested)) {
    t = pace_.within(t, due);
    script_.add(t, clerk(), "RequestSupplement", Fields().text("text", "请补充合同或证照照片"));
    t = pace_.at_leisure(t, t + 2 * schemas::kDayMicros);
    script_.add(t, {enterprise_, "enterprise", {}}, "SupplementAppeal",
                Fields().text("text", "已补充合同及证照照片"));
  }
  const bool late = fires(Path::accepted_late);
  if (late || t + 30 * kMinute >= due)
    t = pace_.late(t, due, 2);
  else
    t = accept_time(t, due);
  if (tries_bad())
    script_.add_bad(t, {"office-1", "office_clerk", {}}, "AnswerAppeal",
                    Fields().text("text", "已答复"));
  if (fires(Path::rejected)) {
    const auto reason = static_cast<std::size_t>(random_.below(std::ssize(kRejectReasons)));
    script_.add(t, clerk(), "RejectAppeal",
                Fields().text("reason", kRejectReasons[reason]).text("route", kRoutes[reason]));
    return 0;
  }
  script_.add(t, clerk(), "AcceptAppeal");
  if (fires(Path::classified)) {
    t += random_.between(20, 200) * kSecond;
    script_.add(t, clerk(), "ClassifyAppeal",
                Fields()
                    .text("category", subjects()[subject_].category)
                    .text("urgency", random_.per_mille(80) ? "urgent" : "ordinary"));
  }
  return t;
}

Micros AppealStory::merge(Micros t) {
  if (!fires(Path::merged)) return t;
  t = pace_.soon(t, 5, 60);
  const MergeTarget* into = nullptr;
  for (const MergeTarget& target : world_.merge_targets)
    if (target.subject == subject_ && target.from < t && t + 3600 * kSecond < target.until)
      into = &target;
  if (into == nullptr) return t;
  script_.add(t, clerk(), "MergeAppeal",
              Fields().text("into", into->no).text("reason", "反映同一问题，一并办理"));
  if (!fires(Path::unmerged)) return 0;
  was_merged_ = true;
  t = pace_.soon(t, 200, 1500);
  script_.add(t, lead(), "UnmergeAppeal", Fields().text("reason", "核实为不同问题，单独办理"));
  return t;
}

void AppealStory::decompose(Micros t) {
  const int count = two_matters_ ? 2 : 1;
  std::string matters = "[";
  for (int number = 1; number <= count; ++number) {
    // The second matter is another subject's, so that two departments lead.
    const std::size_t at = number == 1 ? subject_ : (subject_ + 5) % subjects().size();
    const Subject& subject = subjects()[at];
    MatterPlan matter{.number = number, .lead = random_.one_of(subject.departments), .co = {}};
    if (fires(Path::co_handled)) {
      const int helpers = random_.per_mille(200) ? 2 : 1;
      for (int i = 0; i < helpers; ++i) matter.co.push_back(other_department(matter));
    }
    std::vector<std::string> co;
    for (const int department : matter.co) co.push_back(department_id(department));
    const Topic& topic = random_.one_of(subject.topics);
    if (number > 1) matters += ',';
    matters += fmt::format(R"({{"matter":{},"text":"{}","lead":"{}","co":{}}})", number,
                           topic.title, department_id(matter.lead), json_list(co));
    matters_.push_back(std::move(matter));
  }
  script_.add(t, clerk(), "DecomposeAppeal", Fields().json("matters", matters + "]"));
}

Micros AppealStory::dispatch_time(Micros accepted) {
  Micros t = pace_.soon(accepted, 3, 90);
  const Micros due = pace_.due(accepted, 1);
  if (fires(Path::dispatched_late) || t >= due) t = pace_.late(t, due, 2);
  return t;
}

// All matters of one round, then its conclusion.
Micros AppealStory::run_round(Micros t) {
  Micros done = t;
  bool open = false;
  for (const MatterPlan& matter : matters_) {
    const Micros end = handle(matter, t);
    t += random_.between(30, 90) * kSecond;
    open = open || end == 0;
    done = std::max(done, end);
  }
  if (open || fires(Path::never_concluded)) return 0;
  if (fires(Path::escalated)) {
    done = pace_.soon(done, 60, 600);
    script_.add(done, clerk(), "EscalateAppeal",
                Fields().text("to", "区营商环境工作专班").text("reason", "需跨部门会商"));
    done = pace_.soon(done, 300, 2000);
  }
  if (fires(Path::shelved)) {
    const Micros from = pace_.soon(done, 60, 600);
    const Day review = schemas::day_of(from) + static_cast<Day>(random_.between(10, 30));
    script_.add(
        from, lead(), "ShelveAppeal",
        Fields().text("reason", "待上级政策明确").text("review", schemas::date_text(review)));
    done = pace_.late(from, schemas::start_of(review - 3), 2);
    script_.add(done, lead(), "UnshelveAppeal", Fields().text("reason", "政策已明确"));
  }
  const Micros concluded = pace_.soon(done, 20, 500);
  static constexpr std::string_view kOutcomes[] = {
      "solved",        "solved",    "solved",    "solved",  "solved",
      "partly_solved", "explained", "explained", "planned", "not_possible"};
  if (tries_bad())
    script_.add_bad(concluded, {"office-2", "office_clerk", {}}, "ConcludeAppeal",
                    Fields().text("outcome", "solved"));
  script_.add(concluded, lead(), "ConcludeAppeal",
              Fields().text("outcome", random_.one_of(kOutcomes)));
  try_bad_conclusion(concluded);
  return concluded;
}

void AppealStory::try_bad_conclusion(Micros t) {
  if (!tries_bad()) return;
  const Person lead_one{"lead-1", "office_lead", {}};
  const Person appellant{enterprise_, "enterprise", {}};
  switch (bad_random_.below(5)) {
    case 0:
      return script_.add_bad(t, lead_one, "CloseAppeal");  // not answered yet
    case 1:
      return script_.add_bad(t, appellant, "RateAppeal", Fields().number("level", 1));  // no reason
    case 2:
      return script_.add_bad(t, appellant, "RateAppeal", Fields().number("level", 6));
    case 3:
      return script_.add_bad(t, {"91370299MA00000000", "enterprise", {}}, "RateAppeal",
                             Fields().number("level", 5));  // another's appeal
    default:
      return script_.add_bad(t, lead_one, "ConcludeAppeal", Fields().text("outcome", "solved"));
  }
}

Micros AppealStory::call_back(Micros answered, Micros concluded, bool satisfied) {
  const Micros due = pace_.due(concluded, 3);
  Micros t = answered;
  const auto miss = [&] {
    script_.add(t, clerk(), "RecordCallback",
                Fields().flag("reached", false).text("text", "电话无人接听"));
  };
  if (fires(Path::callback_exhausted)) {
    // Two attempts in one day and the third on a later working day.
    for (int attempt = 0; attempt < 3; ++attempt) {
      t = attempt < 2 ? pace_.soon(t, 30, 100)
                      : pace_.late(t, schemas::start_of(schemas::day_of(t) + 1), 1);
      miss();
    }
    return t;
  }
  if (fires(Path::callback_unreached)) {
    t = pace_.soon(t, 20, 200);
    miss();
  }
  t = fires(Path::callback_late) || t >= due ? pace_.late(t, due, 3) : pace_.within(t, due);
  script_.add(t, clerk(), "RecordCallback",
              Fields()
                  .flag("reached", true)
                  .flag("solved", satisfied || random_.per_mille(300))
                  .flag("satisfied", satisfied));
  return t;
}

void AppealStory::close(Micros t) {
  t = pace_.soon(t, 30, 900);
  if (!fires(Path::never_closed)) script_.add(t, lead(), "CloseAppeal");
}

void AppealStory::reopen(Micros t) {
  t = pace_.soon(t, 60, 900);
  script_.add(t, lead(), "ReopenAppeal", Fields().text("reason", "企业反映问题未真正解决"));
  t = pace_.soon(t, 5, 90);
  satisfied_ = random_.per_mille(900);
  const Micros concluded = run_round(t);
  if (concluded != 0) after_conclusion(concluded, false);
}

void AppealStory::after_conclusion(Micros concluded, bool may_reopen) {
  const Micros answered = pace_.soon(concluded, 15, 400);
  script_.add(
      answered, clerk(), "AnswerAppeal",
      Fields().text("text", "您反映的问题已由承办单位办理，办理情况已告知，感谢您的监督。"));
  const bool reopens = may_reopen && fires(Path::reopened);
  satisfied_ = !reopens && random_.per_mille(960);
  const Micros called_back = call_back(answered, concluded, satisfied_);
  if (reopens) return reopen(called_back);
  const Micros window = pace_.due(concluded, 5);
  const Micros rated = rate(answered, concluded);
  if (rated == 0) return;
  if (tries_bad() && called_back < window && rated >= window)
    script_.add_bad(called_back, {"lead-1", "office_lead", {}},
                    "CloseAppeal");  // the window is open
  close(std::max({called_back, rated, answered}));
}

// Withdrawn or excluded: what was planned after that moment does not happen.
void AppealStory::leave_early(Micros open_from, Micros concluded) {
  const Micros until = concluded == 0 ? open_from + 6 * schemas::kDayMicros : concluded;
  if (fires(Path::withdrawn)) {
    // Nobody withdraws an appeal while it is merged into another.
    const Micros t = pace_.at_leisure(was_merged_ ? open_from : submitted_, until);
    script_.drop_after(t);
    script_.add(t, {enterprise_, "enterprise", {}}, "WithdrawAppeal",
                Fields().text("reason", random_.one_of(kWithdrawals)));
  } else if (fires(Path::excluded)) {
    const Micros t = pace_.within(open_from, until);
    script_.drop_after(t);
    script_.add(t, lead(), "ExcludeAppeal",
                Fields().text("code", "unreasonable").text("reason", "经核实属于不合理诉求"));
  } else if (concluded != 0) {
    world_.merge_targets.push_back({no_, subject_, open_from, concluded});
    if (world_.merge_targets.size() > kMergeTargets) world_.merge_targets.pop_front();
  }
}

void AppealStory::tell() {
  submit();
  const Micros accepted = accept();
  if (accepted == 0) return;
  Micros t = merge(accepted);
  if (t == 0) return;
  const Micros open_from = t;  // not while it was merged into another
  if (fires(Path::supplemented_unasked))
    script_.add(pace_.at_leisure(submitted_, accepted), {enterprise_, "enterprise", {}},
                "SupplementAppeal", Fields().text("text", "补充说明：影响面较大，请尽快处理"));
  if (fires(Path::transferred_out)) {
    t = pace_.soon(t, 30, 300);
    script_.add(
        t, lead(), "TransferAppealOut",
        Fields().text("to", "市级主管部门").text("receipt", fmt::format("移送回执{}", no_)));
    return;
  }
  two_matters_ = fires(Path::two_matters);
  t = dispatch_time(t);
  decompose(t - kSecond);
  const Micros concluded = run_round(t);
  if (concluded != 0) after_conclusion(concluded, true);
  leave_early(open_from, concluded);
}

Script appeal_script(World& world, std::int64_t number, const std::string& no, Micros submitted) {
  AppealStory story(world, number, no, submitted);
  story.tell();
  return story.take();
}

}  // namespace tools
