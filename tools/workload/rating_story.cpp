// How an appellant rates a conclusion, and what a bad rating sets going (domain.md section 2).
#include <algorithm>

#include "tools/workload/appeal_story.h"

namespace tools {
namespace {

constexpr std::string_view kBadReasons[] = {"办理时间过长", "答复不具体", "态度不好", "问题未解决"};
constexpr std::string_view kPraise[] = {"办理及时，态度好", "问题解决了，感谢", "比较满意",
                                        "沟通顺畅"};

}  // namespace

Micros AppealStory::rate(Micros answered, Micros concluded) {
  const Micros window = pace_.due(concluded, 5);
  const Person appellant{enterprise_, "enterprise", {}};
  if (answered + 10 * kMinute >= window || !fires(Path::rated)) {
    if (tries_bad())
      script_.add_bad(window, appellant, "RateAppeal", Fields().number("level", 5));  // too late
    return window;
  }
  const Micros rated = pace_.at_leisure(answered, window);
  const bool bad = fires(Path::rated_badly);
  Fields data;
  if (bad) {
    data.number("level", random_.per_mille(400) ? 1 : 2);
    data.json("reasons", json_list({std::string(random_.one_of(kBadReasons))}));
    data.text("text", "希望真正解决问题");
  } else {
    static constexpr int kLevels[] = {5, 5, 5, 5, 5, 5, 4, 4, 4, 3};
    data.number("level", random_.one_of(kLevels));
    if (random_.per_mille(300)) data.text("text", random_.one_of(kPraise));
  }
  script_.add(rated, appellant, "RateAppeal", data);
  if (tries_bad()) script_.add_bad(rated, appellant, "RateAppeal", Fields().number("level", 4));
  Micros t = rated;
  if (fires(Path::rating_supplemented)) {
    t += random_.between(2, 9) * kMinute;
    script_.add(t, appellant, "SupplementRating",
                Fields().text("text", "补充：经办人后来又联系了我们"));
  }
  return bad ? answer_bad_rating(rated) : t;
}

Micros AppealStory::answer_bad_rating(Micros rated) {
  const int department = handler_;
  Micros t = rated + 10 * kMinute;
  if (fires(Path::bad_rating_assigned)) {
    t = pace_.soon(t, 5, 60);
    script_.add(t, clerk(), "AssignBadRating",
                Fields().text("department", department_id(department)));
  }
  const Micros due = pace_.due(rated, 1);
  const bool late = fires(Path::bad_rating_verified_late) || t + kMinute >= due;
  const Micros verified = late ? pace_.late(t, due, 2) : pace_.within(t, due);
  const bool mistaken = fires(Path::finding_mistaken), untrue = fires(Path::finding_untrue);
  const bool partly = fires(Path::finding_partly_true);
  const std::string_view finding = mistaken ? "mistaken"
                                   : untrue ? "untrue"
                                   : partly ? "partly_true"
                                            : "true";
  script_.add(verified, clerk(), "VerifyBadRating",
              Fields().text("finding", finding).text("text", "已电话回访并调阅办理记录"));
  if (mistaken) return verified;
  if (untrue) {
    if (!fires(Path::rating_invalidated)) return verified;
    t = pace_.soon(verified, 60, 900);
    script_.add(t, lead(), "InvalidateRating", Fields().text("reason", "经核实与事实不符"));
    return t;
  }
  t = verified;
  if (fires(Path::rating_contested)) {
    t = pace_.soon(t, 30, 300);
    script_.add(t, officer(department), "ContestRating",
                Fields().text("reason", "已按时限办结并告知企业"));
    t = pace_.soon(t, 60, 600);
    const bool upheld = fires(Path::contest_upheld);
    script_.add(t, lead(), upheld ? "UpholdContest" : "DismissContest",
                Fields().text("reason", upheld ? "申诉成立" : "申诉不成立"));
    if (upheld) return t;
  }
  return rectify(t, rated);
}

Micros AppealStory::rectify(Micros t, Micros rated) {
  const int department = handler_;
  Micros due = pace_.due(rated, 5);
  if (fires(Path::rectification_planned)) {
    t = pace_.soon(t, 20, 200);
    script_.add(t, lead(), "PlanRectification", Fields().text("text", "情况复杂，限期整改"));
    due = pace_.due(rated, 15);
  }
  if (fires(Path::rectification_unfinished)) return 0;
  const bool late = fires(Path::rectification_late) || t + schemas::kDayMicros >= due;
  t = late ? pace_.late(t, due, 4) : pace_.within(t, due - schemas::kDayMicros / 2);
  const auto report = [&] {
    script_.add(t, officer(department), "ReportRectification",
                Fields().text("text", "已重新办理并向企业致歉"));
  };
  report();
  if (fires(Path::rectification_rejected)) {
    t = pace_.soon(t, 20, 200);
    script_.add(t, clerk(), "RejectRectification", Fields().text("text", "整改不到位"));
    t = pace_.soon(t, 120, 900);
    report();
  }
  t = pace_.soon(t, 10, 90);
  script_.add(t, clerk(), "AcceptRectification");
  t = pace_.soon(t, 5, 60);
  script_.add(t, clerk(), "FeedBackRectification", Fields().text("text", "整改情况已反馈企业"));
  if (fires(Path::rating_revisited)) {
    t = pace_.at_leisure(t, t + 2 * schemas::kDayMicros);
    script_.add(t, {enterprise_, "enterprise", {}}, "RevisitRating",
                Fields().number("level", random_.between(2, 5)));
  }
  return t;
}

}  // namespace tools
