// Rating rounds 评价: the appellant, within five working days, once a conclusion; bad ratings are
// verified, rectified and fed back, and the first level stays what it was.
#include <doctest/doctest.h>

#include "schemas/appeal.h"
#include "tests/support/given.h"

namespace rating_test {

namespace {

using namespace schemas;
using support::appellant;
using support::clerk;
using support::end_of;
using support::GivenAppeal;
using support::GivenDistrict;
using support::lead;
using support::moment;
using support::officer;
using enum Obligation;

std::string verify_as(GivenAppeal& one, Finding finding) {
  return one.act(clerk(), BadRatingVerifiedT{{}, finding, ""});
}
std::string rectify(GivenAppeal& one, const std::string& department = "D01") {
  return one.act(officer(department), RectificationReportedT{{}, "已改"});
}
std::string feed_back(GivenAppeal& one) {
  return one.act(officer("D01"), RectificationFedBackT{{}, "已告知企业"});
}
const RatingRound& round_of(const GivenAppeal& one) { return one.state().rounds.back(); }

}  // namespace

TEST_CASE("rating: each conclusion invites once, in its own batch") {
  GivenDistrict district;
  GivenAppeal one(district);
  one.concluded();
  CHECK(type_of(one.last().view(1)) == EventType::RatingInvited);
  CHECK(round_of(one).round == 1);
  CHECK(round_of(one).until == end_of("2021-09-24"));  // D(5): 17, 18, 22, 23, 24
  REQUIRE(one.reopen() == "ok");
  REQUIRE(one.dispatch() == "ok");
  REQUIRE(one.complete() == "ok");
  REQUIRE(one.conclude() == "ok");
  CHECK(one.state().rounds.size() == 2);
  CHECK(round_of(one).round == 2);
  CHECK(one.rate(4) == "ok");
}

TEST_CASE("rating: only the appellant rates, within the window, from 1 to 5, once") {
  GivenDistrict district;
  GivenAppeal one(district);
  one.concluded();
  RatingSubmittedT good;
  good.level = 5;
  CHECK(one.act(support::actor(Role::enterprise, std::string(support::kOtherEnterprise)), good) ==
        "NotTheSubmitter");
  CHECK(one.act(lead(), good) == "WrongRole");
  CHECK(one.rate(0) == "BadLevel");
  CHECK(one.rate(6) == "BadLevel");
  CHECK(one.rate(2, {}) == "ReasonNeeded");
  one.at(round_of(one).until);
  CHECK(one.rate(5) == "RatingWindowClosed");
  one.at(round_of(one).until - 1);
  CHECK(one.rate(3, {}) == "ok");
  CHECK(round_of(one).clocks.empty());  // 3 is not bad
  CHECK(one.rate(3) == "AlreadyRated");
}

TEST_CASE("rating: a bad one is to be verified in one working day and rectified in five") {
  GivenDistrict district;
  GivenAppeal one(district);
  one.concluded();
  REQUIRE(one.rate(1) == "ok");
  CHECK(one.duty(rating_verify).due == end_of("2021-09-17"));
  CHECK(one.duty(rating_rectify).due == end_of("2021-09-24"));

  SUBCASE("straight after the rating, without being assigned") {
    CHECK(rectify(one) == "WrongState");
    REQUIRE(verify_as(one, Finding::partly_true) == "ok");
    CHECK(one.duty(rating_verify).met != 0);
    REQUIRE(rectify(one) == "ok");
    REQUIRE(one.act(clerk(), RectificationRejectedT{{}, "未落实"}) == "ok");
    REQUIRE(rectify(one) == "ok");
    CHECK(feed_back(one) == "WrongState");
    REQUIRE(one.act(clerk(), RectificationAcceptedT{}) == "ok");
    CHECK(one.duty(rating_rectify).running());
    REQUIRE(feed_back(one) == "ok");
    CHECK(one.duty(rating_rectify).met != 0);
    REQUIRE(one.act(appellant(), RatingRevisitedT{{}, 4, ""}) == "ok");
    CHECK(round_of(one).level == 1);
    CHECK(one.act(appellant(), RatingRevisitedT{{}, 5, ""}) == "AlreadyRated");
  }
  SUBCASE("a complex rectification, planned, has fifteen working days from the rating") {
    REQUIRE(verify_as(one, Finding::true_) == "ok");
    one.at("2021-09-18T09:00:00+08:00");
    REQUIRE(one.act(lead(), RectificationPlannedT{{}, "分两期", 0, {}, 0}) == "ok");
    // 17, 18, 22, 23, 24, 26, 27, 28, 29, 30 September, 8, 9, 11, 12, 13 October
    CHECK(one.duty(rating_rectify).due == end_of("2021-10-13"));
    CHECK(one.last_as<RectificationPlanned>().old_due() == end_of("2021-09-24"));
  }
  SUBCASE("found mistaken or untrue, nothing is left to rectify") {
    Finding finding = Finding::mistaken;
    SUBCASE("mistaken") {}
    SUBCASE("untrue") { finding = Finding::untrue; }
    REQUIRE(verify_as(one, finding) == "ok");
    CHECK_FALSE(one.duty(rating_rectify).running());
    CHECK(rectify(one) == "NothingToRectify");
    CHECK(one.act(lead(), RectificationPlannedT{}) == "NothingToRectify");
    CHECK_FALSE(round_of(one).rectification_open());
  }
}

TEST_CASE("rating: a bad one may be contested, invalidated and given to a department") {
  GivenDistrict district;
  GivenAppeal one(district);
  one.concluded();
  REQUIRE(one.rate(1) == "ok");

  SUBCASE("an upheld contest ends it and leaves the rating where it was") {
    REQUIRE(one.act(officer("D01"), RatingContestedT{{}, "非本部门原因"}) == "ok");
    CHECK(one.act(officer("D01"), ContestUpheldT{}) == "WrongRole");
    REQUIRE(one.act(lead(), ContestUpheldT{{}, "成立"}) == "ok");
    CHECK(round_of(one).status == RoundStatus::rated);
    CHECK_FALSE(one.duty(rating_verify).running());
    CHECK_FALSE(round_of(one).rectification_open());
  }
  SUBCASE("a dismissed contest goes on") {
    REQUIRE(verify_as(one, Finding::true_) == "ok");
    REQUIRE(one.act(officer("D01"), RatingContestedT{{}, "非本部门原因"}) == "ok");
    REQUIRE(one.act(lead(), ContestDismissedT{{}, "不成立"}) == "ok");
    CHECK(round_of(one).status == RoundStatus::verified);
    CHECK(rectify(one) == "ok");
  }
  SUBCASE("an invalidated one owes nothing") {
    REQUIRE(one.act(lead(), RatingInvalidatedT{{}, "恶意差评"}) == "ok");
    CHECK_FALSE(one.duty(rating_verify).running());
    CHECK_FALSE(one.duty(rating_rectify).running());
  }
  SUBCASE("a department acts that led the work, or to which it was assigned") {
    REQUIRE(one.act(clerk(), BadRatingAssignedT{{}, "D03"}) == "ok");
    REQUIRE(verify_as(one, Finding::true_) == "ok");
    CHECK(rectify(one, "D02") == "WrongDepartment");
    SUBCASE("led") { CHECK(rectify(one, "D01") == "ok"); }
    SUBCASE("assigned") { CHECK(rectify(one, "D03") == "ok"); }
  }
  SUBCASE("it goes to a department that exists") {
    CHECK(one.act(clerk(), BadRatingAssignedT{{}, "D09"}) == "UnknownDepartment");
  }
}

TEST_CASE("rating: a good one is neither assigned, verified nor contested") {
  GivenDistrict district;
  GivenAppeal one(district);
  one.concluded();
  REQUIRE(one.rate(3) == "ok");
  CHECK(one.act(clerk(), BadRatingAssignedT{{}, "D01"}) == "NotBadRating");
  CHECK(verify_as(one, Finding::true_) == "NotBadRating");
  CHECK(one.act(officer("D01"), RatingContestedT{}) == "NotBadRating");
  CHECK(one.act(lead(), RatingInvalidatedT{{}, "刷好评"}) == "ok");
}

TEST_CASE("rating: a supplement adds words, never a level") {
  GivenDistrict district;
  GivenAppeal one(district);
  one.concluded();
  CHECK(one.act(appellant(), RatingSupplementedT{{}, "补充"}) == "NotRated");
  REQUIRE(one.rate(2) == "ok");
  CHECK(one.act(appellant(), RatingSupplementedT{{}, "补充"}) == "ok");
  CHECK(round_of(one).level == 2);
}

TEST_CASE("rating: a new conclusion puts out what an earlier bad rating still owed") {
  GivenDistrict district;
  GivenAppeal one(district);
  one.concluded();
  REQUIRE(one.rate(1) == "ok");
  REQUIRE(one.reopen() == "ok");
  REQUIRE(one.dispatch() == "ok");
  REQUIRE(one.complete() == "ok");
  CHECK(one.state().rounds[0].clocks[0].duty.running());
  REQUIRE(one.conclude() == "ok");
  for (const Clock& clock : one.state().rounds[0].clocks) CHECK_FALSE(clock.duty.running());
}

TEST_CASE("rating: an appeal closes only with its rating made or its window past") {
  GivenDistrict district;
  GivenAppeal one(district);
  one.answered();
  CHECK(one.close() == "CallbackOpen");
  REQUIRE(one.call_back(true) == "ok");
  CHECK(one.close() == "RatingOpen");
  SUBCASE("the window is past") {
    one.at(round_of(one).until - 1);
    CHECK(one.close() == "RatingOpen");
    one.at(round_of(one).until);
    CHECK(one.close() == "ok");
  }
  SUBCASE("a good rating") {
    REQUIRE(one.rate(4) == "ok");
    CHECK(one.close() == "ok");
  }
  SUBCASE("a bad rating closes when its loop is closed") {
    REQUIRE(one.rate(2) == "ok");
    CHECK(one.close() == "RectificationOpen");
    REQUIRE(verify_as(one, Finding::true_) == "ok");
    CHECK(one.close() == "RectificationOpen");
    REQUIRE(rectify(one) == "ok");
    REQUIRE(one.act(clerk(), RectificationAcceptedT{}) == "ok");
    CHECK(one.close() == "RectificationOpen");
    REQUIRE(feed_back(one) == "ok");
    CHECK(one.close() == "ok");
  }
  SUBCASE("a mistaken bad rating needs no more") {
    REQUIRE(one.rate(2) == "ok");
    REQUIRE(verify_as(one, Finding::mistaken) == "ok");
    CHECK(one.close() == "ok");
  }
}

TEST_CASE("rating: the end of the window is recorded by the system, once, where nobody rated") {
  GivenDistrict district;
  GivenAppeal one(district);
  one.concluded();
  const auto clock = support::actor(Role::system, "clock");
  one.at("2021-09-24T23:59:59.999999+08:00");
  CHECK(one.act(clock, RatingWindowClosedT{}) == "RatingOpen");
  one.at("2021-09-25T00:00:00+08:00");
  CHECK(one.act(lead(), RatingWindowClosedT{}) == "WrongRole");
  REQUIRE(one.act(clock, RatingWindowClosedT{}) == "ok");
  CHECK(one.last_as<RatingWindowClosed>().round() == 1);
  CHECK(one.last_as<RatingWindowClosed>().until() == end_of("2021-09-24"));
  CHECK(one.act(clock, RatingWindowClosedT{}) == "NothingChanged");
  CHECK(one.rate(5) == "RatingWindowClosed");
}

}  // namespace rating_test
