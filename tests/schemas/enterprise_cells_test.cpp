// Every event of an enterprise in every status: its entry in the register, and what is known of it.
#include <doctest/doctest.h>

#include <memory>

#include "schemas/directory.h"
#include "tests/support/cells.h"
#include "tests/support/policies.h"

namespace enterprise_cells_test {

namespace {

using namespace schemas;
using support::clerk;
using support::day;
using support::enterprise;
using E = EventType;
using S = EnterpriseStatus;

constexpr const char* kOther = "91512081MA62K0260E";

// A match that is met lies beside, and another enterprise to merge into.
class Around : public support::WithItem {
 public:
  Around() {
    add_enterprise(kOther, S::registered);
    Application& match = applications["SB001"];
    match.verdict = Verdict::met;
    match.enterprise = support::kCode;
    match.item = "X001";
    match.conditions_version = 2;
  }
};

class OneEnterprise : public support::Subject<Enterprise> {
 public:
  explicit OneEnterprise(support::Neighbourhood& around)
      : Subject("enterprise", support::kCode, around) {}
};

std::string register_it(OneEnterprise& one) {
  EnterpriseRegisteredT event;
  event.name = "示例有限公司";
  return one.act(enterprise(), event);
}
std::string update(OneEnterprise& one) {
  ProfileUpdatedT event;
  event.values.push_back(std::make_unique<ProfileValueT>());
  event.values.back()->field = ProfileField::people;
  event.values.back()->value = "120";
  event.source = "人社";
  event.as_of = day("2021-06-30");
  return one.act(clerk(), event);
}
std::string qualify(OneEnterprise& one) {
  QualificationGrantedT event;
  event.qualification = "高新技术企业";
  event.from = day("2021-01-01");
  event.source = "科技";
  return one.act(clerk(), event);
}
std::string classify(OneEnterprise& one) {
  SizeClassifiedT event;
  event.industry = "M73";
  event.people = 10;
  event.source = "统计";
  event.as_of = day("2020-12-31");
  return one.act(clerk(), event);
}
std::string subscribe(OneEnterprise& one) {
  SubscriptionSetT event;
  event.subscribed = true;
  return one.act(enterprise(), event);
}
std::string push(OneEnterprise& one) {
  return one.act(clerk(), PolicyPushedT{{}, "X001", "SB001", "因为从业人员 120 人。", "", 0});
}

std::string set_contact(OneEnterprise& one) {
  return one.act(enterprise(), ContactSetT{{}, support::plain("王工"), support::plain("138")});
}

// With a contact, which can be erased whatever becomes of the enterprise.
void bring_to(OneEnterprise& one, S status) {
  if (status == S::none) return;
  REQUIRE(register_it(one) == "ok");
  REQUIRE(set_contact(one) == "ok");
  if (status == S::verified) REQUIRE(one.act(clerk(), EnterpriseVerifiedT{{}, "执照"}) == "ok");
  if (status == S::merged) REQUIRE(one.act(clerk(), EnterpriseMergedT{{}, kOther}) == "ok");
  if (status == S::deregistered)
    REQUIRE(one.act(clerk(), EnterpriseDeregisteredT{{}, "注销"}) == "ok");
}

// What must be there before the event, where anything can be.
void prepare(OneEnterprise& one, E event) {
  if (!one.state().active()) return;
  if (event == E::QualificationEnded) REQUIRE(qualify(one) == "ok");
  if (event == E::EnterpriseUntagged)
    REQUIRE(one.act(clerk(), EnterpriseTaggedT{{}, "专精特新", "V1"}) == "ok");
  const bool told = event == E::PolicyPushed || event == E::PolicyRead;
  if (told || event == E::ConsentWithdrawn)
    REQUIRE(one.act(enterprise(), ConsentGivenT{{}, ConsentPurpose::pushing}) == "ok");
  if (told) REQUIRE(subscribe(one) == "ok");
  if (event == E::PolicyRead) REQUIRE(push(one) == "ok");
}

std::string act(OneEnterprise& one, E event) {
  switch (event) {
    case E::EnterpriseRegistered:
      return register_it(one);
    case E::EnterpriseVerified:
      return one.act(clerk(), EnterpriseVerifiedT{{}, "执照"});
    case E::EnterpriseRenamed:
      return one.act(enterprise(), EnterpriseRenamedT{{}, "新名有限公司"});
    case E::EnterpriseMerged:
      return one.act(clerk(), EnterpriseMergedT{{}, kOther});
    case E::EnterpriseDeregistered:
      return one.act(clerk(), EnterpriseDeregisteredT{{}, "注销"});
    case E::ContactSet:
      return set_contact(one);
    case E::PersonalDataErased:
      return one.act(support::lead(), PersonalDataErasedT{{}, "企业要求", "lead-2"});
    case E::ProfileUpdated:
      return update(one);
    case E::QualificationGranted:
      return qualify(one);
    case E::QualificationEnded:
      return one.act(clerk(), QualificationEndedT{{}, "高新技术企业", day("2021-09-01"), "撤销"});
    case E::EnterpriseTagged:
      return one.act(clerk(), EnterpriseTaggedT{{}, "专精特新", "V1"});
    case E::EnterpriseUntagged:
      return one.act(clerk(), EnterpriseUntaggedT{{}, "专精特新"});
    case E::SizeClassified:
      return classify(one);
    case E::ConsentGiven:
      return one.act(enterprise(), ConsentGivenT{{}, ConsentPurpose::pushing});
    case E::ConsentWithdrawn:
      return one.act(enterprise(), ConsentWithdrawnT{{}, ConsentPurpose::pushing});
    case E::SubscriptionSet:
      return subscribe(one);
    case E::PolicyPushed:
      return push(one);
    case E::PolicyRead:
      return one.act(enterprise(), PolicyReadT{{}, "X001"});
    default:
      return "no command in this test";
  }
}

}  // namespace

TEST_CASE("every event of an enterprise does in every status what the reviewed table says") {
  support::compare_cells(
      kEnterpriseLifecycle, TESTS_DIR "/golden/lifecycles/enterprise.txt",
      [](E event, unsigned status) {
        Around around;
        OneEnterprise one(around);
        bring_to(one, static_cast<S>(status));
        REQUIRE(static_cast<unsigned>(one.state().status) == status);
        prepare(one, event);
        const std::string answer = act(one, event);
        if (answer != "ok") return answer;
        return std::string(
            kEnterpriseLifecycle.statuses[static_cast<std::size_t>(one.state().status)]);
      });
}

}  // namespace enterprise_cells_test
