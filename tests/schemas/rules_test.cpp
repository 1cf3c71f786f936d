// Rule sets: defaults, limits, switched-off duties, and who may publish and retire them.
#include "schemas/rules.h"

#include <doctest/doctest.h>

#include "tests/support/subject.h"

namespace rules_test {

using namespace schemas;

namespace {

struct Office {
  support::Neighbourhood around;
  support::Subject<Rules> rules{"rules", "2021-1", around};
};

}  // namespace

TEST_CASE("rules: a set without fields has the limits of domain.md section 4") {
  Office office;
  REQUIRE(office.rules.act(support::lead(), RuleSetPublishedT{}) == "ok");
  const RuleSet& set = office.rules.state().set;
  CHECK(set.id == "2021-1");
  CHECK(set.contact_workdays == 1);
  CHECK(set.completion_workdays == 3);
  CHECK(set.same_day_cutoff == 16 * 60);
  CHECK(set.co_opinion_workdays == 2);
  CHECK(set.callback_workdays == 3);
  CHECK(set.rating_workdays == 5);
  CHECK(set.rating_rectify_complex_workdays == 15);
  CHECK(set.extension_workdays_max == 7);
  CHECK(set.extensions_max == 2);
  CHECK(set.report_conclude_b_workdays == 15);
  CHECK(set.report_conclude_a_months == 1);
  CHECK(set.shelve_review_days == 30);
}

TEST_CASE("rules: an empty set is the same as a ledger without any") {
  Office office;
  REQUIRE(office.rules.act(support::lead(), RuleSetPublishedT{}) == "ok");
  const RuleSet published = office.rules.state().set, none;
  CHECK(published.accept_workdays == none.accept_workdays);
  CHECK(published.dispatch_workdays == none.dispatch_workdays);
  CHECK(published.sign_workdays == none.sign_workdays);
  CHECK(published.contact_workdays == none.contact_workdays);
  CHECK(published.completion_workdays == none.completion_workdays);
  CHECK(published.same_day_cutoff == none.same_day_cutoff);
  CHECK(published.co_opinion_workdays == none.co_opinion_workdays);
  CHECK(published.return_workdays == none.return_workdays);
  CHECK(published.return_ruling_workdays == none.return_ruling_workdays);
  CHECK(published.callback_workdays == none.callback_workdays);
  CHECK(published.rating_workdays == none.rating_workdays);
  CHECK(published.rating_verify_workdays == none.rating_verify_workdays);
  CHECK(published.rating_rectify_workdays == none.rating_rectify_workdays);
  CHECK(published.rating_rectify_complex_workdays == none.rating_rectify_complex_workdays);
  CHECK(published.extension_workdays_max == none.extension_workdays_max);
  CHECK(published.extensions_max == none.extensions_max);
  CHECK(published.weekly_progress == none.weekly_progress);
  CHECK(published.report_register_workdays == none.report_register_workdays);
  CHECK(published.report_dispatch_workdays == none.report_dispatch_workdays);
  CHECK(published.report_conclude_c_workdays == none.report_conclude_c_workdays);
  CHECK(published.report_conclude_b_workdays == none.report_conclude_b_workdays);
  CHECK(published.report_conclude_a_months == none.report_conclude_a_months);
  CHECK(published.report_reply_workdays == none.report_reply_workdays);
  CHECK(published.shelve_review_days == none.shelve_review_days);
}

TEST_CASE("rules: a duty is switched off, a limit that is no duty cannot be") {
  Office office;
  RuleSetPublishedT set;
  set.rating_workdays = -1;
  CHECK(office.rules.act(support::lead(), set) == "OutOfRange");
  set = {};
  set.contact_workdays = -1;
  set.weekly_progress = -1;
  CHECK(office.rules.act(support::lead(), set) == "ok");
  CHECK(office.rules.state().set.contact_workdays == kOff);
  CHECK(office.rules.state().set.weekly_progress == kOff);
}

TEST_CASE("rules: limits lie between 0 and 250, the cut-off is a time of day") {
  Office office;
  const auto completion = [&](int days) {
    Office other;
    RuleSetPublishedT set;
    set.completion_workdays = static_cast<std::int16_t>(days);
    return other.rules.act(support::lead(), set);
  };
  CHECK(completion(0) == "ok");
  CHECK(completion(250) == "ok");
  CHECK(completion(251) == "OutOfRange");
  CHECK(completion(-2) == "OutOfRange");
  const auto cutoff = [&](const char* text) {
    Office other;
    RuleSetPublishedT set;
    set.same_day_cutoff = text;
    const std::string answer = other.rules.act(support::lead(), set);
    return answer == "ok" ? std::to_string(other.rules.state().set.same_day_cutoff) : answer;
  };
  CHECK(cutoff("00:00") == "0");
  CHECK(cutoff("15:30") == "930");
  CHECK(cutoff("23:59") == "1439");
  for (const char* bad : {"24:00", "12:60", "1200", "9:00", "16:00:00", "ab:cd", "-1:00"})
    CHECK(cutoff(bad) == "OutOfRange");
}

TEST_CASE("rules: an id is published once and retired once, by the lead, a leader or the system") {
  Office office;
  CHECK(office.rules.act(support::lead(), RuleSetRetiredT{}) == "NotFound");
  CHECK(office.rules.act(support::clerk(), RuleSetPublishedT{}) == "WrongRole");
  CHECK(office.rules.act(support::actor(Role::system), RuleSetPublishedT{}) == "ok");
  CHECK(office.rules.act(support::lead(), RuleSetPublishedT{}) == "AlreadyExists");
  CHECK(office.rules.act(support::officer("D01"), RuleSetRetiredT{}) == "WrongRole");
  CHECK(office.rules.act(support::actor(Role::district_leader), RuleSetRetiredT{}) == "ok");
  CHECK(office.rules.act(support::lead(), RuleSetRetiredT{}) == "WrongState");
  CHECK(office.rules.act(support::lead(), RuleSetPublishedT{}) == "AlreadyExists");
}

}  // namespace rules_test
