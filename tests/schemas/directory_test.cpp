// Departments with their people's roles, and enterprises with the check digit of GB 32100-2015.
#include "schemas/directory.h"

#include <doctest/doctest.h>

#include "tests/support/subject.h"

namespace directory_test {

using namespace schemas;

TEST_CASE("enterprise code: the published vectors") {
  CHECK(uscc_check_digit_holds("91350100M000100Y43"));
  CHECK(uscc_check_digit_holds("91512081MA62K0260E"));
  CHECK(is_uscc_shape("91350100M000100Y4Z") == false);  // Z is not in the alphabet
  CHECK(uscc_check_digit("91350211M0000XUF4") == 'R');  // the real code ends in 6
  CHECK(is_uscc_shape("91350211M0000XUF46"));
  CHECK_FALSE(uscc_check_digit_holds("91350211M0000XUF46"));
  CHECK(uscc_check_digit("91350100M0001TGQX") == '1');  // the real code ends in M
  CHECK_FALSE(uscc_check_digit_holds("91350100M0001TGQXM"));
}

TEST_CASE("enterprise code: 18 of 0-9 and A-Z without I O S V Z") {
  for (const char* bad :
       {"", "91350100M000100Y4", "91350100M000100Y433", "91350100m000100y43", "91350100M000100Y4I",
        "O1350100M000100Y43", "S1350100M000100Y43", "V1350100M000100Y43", "91350100M000100Y4 "}) {
    CAPTURE(std::string(bad));
    CHECK_FALSE(is_uscc_shape(bad));
    CHECK_FALSE(uscc_check_digit_holds(bad));
  }
}

TEST_CASE("enterprise code: one wrong character never passes") {
  const std::string code = "91350100M000100Y43";
  const std::string alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";
  for (std::size_t i = 0; i < code.size(); ++i)
    for (const char c : alphabet) {
      std::string changed = code;
      changed[i] = c;
      CHECK(uscc_check_digit_holds(changed) == (changed == code));
    }
}

namespace {

constexpr const char* kCode = "91350100M000100Y43";
constexpr const char* kFailing = "91350211M0000XUF46";

struct Registry {
  support::Neighbourhood around;
  support::Subject<Enterprise> enterprise{"enterprise", kCode, around};

  Registry() {
    around.add_enterprise(kFailing, EnterpriseStatus::registered);
    around.add_enterprise("91512081MA62K0260E", EnterpriseStatus::deregistered);
  }
};

EnterpriseRegisteredT registration(const std::string& proof = {}) {
  EnterpriseRegisteredT event;
  event.name = "示例有限公司";
  event.proof = proof;
  return event;
}

EnterpriseMergedT merge_into(const std::string& code) {
  EnterpriseMergedT event;
  event.into = code;
  return event;
}

std::string register_code(const std::string& code, const EnterpriseRegisteredT& event,
                          const Actor& by = support::clerk()) {
  support::Neighbourhood around;
  support::Subject<Enterprise> enterprise("enterprise", code, around);
  const std::string answer = enterprise.act(by, event);
  if (answer != "ok") return answer;
  return enterprise.last_as<EnterpriseRegistered>().check_digit_fails() ? "flagged" : "ok";
}

}  // namespace

TEST_CASE(
    "enterprise: a failing check digit needs proof and is flagged, a wrong shape is refused") {
  CHECK(register_code(kCode, registration()) == "ok");
  CHECK(register_code(kFailing, registration()) == "ProofNeeded");
  CHECK(register_code(kFailing, registration("营业执照副本")) == "flagged");
  CHECK(register_code("91350211M0000XUF4", registration("x")) == "BadEnterpriseCode");
  CHECK(register_code("91350211M0000XUF4O", registration("x")) == "BadEnterpriseCode");
}

TEST_CASE("enterprise: it acts for its own code only") {
  CHECK(register_code(kCode, registration(), support::actor(Role::enterprise, kCode)) == "ok");
  CHECK(register_code(kCode, registration(), support::actor(Role::enterprise, kFailing)) ==
        "WrongRole");
  CHECK(register_code(kCode, registration(), support::officer("D01")) == "WrongRole");
  CHECK(register_code(kCode, registration(), support::actor(Role::system)) == "ok");
}

TEST_CASE("enterprise: registered, verified, renamed, merged or deregistered") {
  Registry registry;
  auto& enterprise = registry.enterprise;
  CHECK(enterprise.act(support::clerk(), EnterpriseVerifiedT{}) == "NotFound");
  CHECK(enterprise.act(support::clerk(), registration()) == "ok");
  CHECK(enterprise.act(support::clerk(), registration()) == "AlreadyExists");
  CHECK(enterprise.state().active());
  CHECK(enterprise.act(support::clerk(), EnterpriseVerifiedT{}) == "ok");
  CHECK(enterprise.act(support::clerk(), EnterpriseVerifiedT{}) == "WrongState");
  EnterpriseRenamedT renamed;
  renamed.name = "示例有限公司";
  CHECK(enterprise.act(support::clerk(), renamed) == "NothingChanged");
  renamed.name = "新示例有限公司";
  CHECK(enterprise.act(support::actor(Role::enterprise, kCode), renamed) == "ok");
  CHECK(enterprise.state().name == "新示例有限公司");
  CHECK(enterprise.act(support::clerk(), merge_into(kCode)) == "MergeCycle");
  CHECK(enterprise.act(support::clerk(), merge_into("nobody")) == "UnknownEnterprise");
  CHECK(enterprise.act(support::clerk(), merge_into("91512081MA62K0260E")) == "UnknownEnterprise");
  CHECK(enterprise.act(support::clerk(), merge_into(kFailing)) == "ok");
  CHECK(enterprise.state().merged_into == kFailing);
  CHECK_FALSE(enterprise.state().active());
  CHECK(enterprise.act(support::clerk(), renamed) == "WrongState");
  CHECK(enterprise.act(support::clerk(), EnterpriseDeregisteredT{}) == "WrongState");

  Registry other;
  REQUIRE(other.enterprise.act(support::clerk(), registration()) == "ok");
  CHECK(other.enterprise.act(support::clerk(), EnterpriseDeregisteredT{}) == "ok");
  CHECK_FALSE(other.enterprise.state().active());
}

TEST_CASE("enterprise: a contact is stored sealed") {
  Registry registry;
  REQUIRE(registry.enterprise.act(support::clerk(), registration()) == "ok");
  ContactSetT contact;
  contact.name = support::plain("张三");
  contact.phone = support::plain("13800000000");
  REQUIRE(registry.enterprise.act(support::clerk(), contact) == "ok");
  const auto* name = registry.enterprise.last_as<ContactSet>().name();
  CHECK(name->Get(0) == engine::kSealed);
  const std::vector<std::uint8_t> bytes(name->begin(), name->end());
  CHECK(registry.around.sealer.unseal({"enterprise", kCode, 2, "name"}, bytes) == "张三");
}

TEST_CASE("enterprise: its contact is erased by two persons, once, and no other is set after it") {
  Registry registry;
  auto& one = registry.enterprise;
  REQUIRE(one.act(support::clerk(), registration()) == "ok");
  const auto erase = [&](const Actor& by, const char* approver) {
    return one.act(by, PersonalDataErasedT{{}, "企业要求", approver});
  };
  CHECK(erase(support::lead(), "lead-2") == "NothingChanged");
  const ContactSetT contact{{}, support::plain("张三"), support::plain("13800000000")};
  REQUIRE(one.act(support::clerk(), contact) == "ok");
  CHECK(erase(support::clerk(), "lead-2") == "WrongRole");
  CHECK(erase(support::lead(), support::lead().id.c_str()) == "SecondPersonNeeded");
  CHECK(erase(support::lead(), "lead-2") == "ok");
  CHECK(erase(support::lead(), "lead-2") == "Erased");
  CHECK(one.act(support::clerk(), contact) == "Erased");
}

namespace {

struct Town {
  support::Neighbourhood around;
  support::Subject<Department> department{"department", "D01", around};

  Town() {
    around.add_department("D02");
    around.add_department("D03", DepartmentStatus::merged);
  }
};

DepartmentCreatedT created(const std::string& name) {
  DepartmentCreatedT event;
  event.name = name;
  return event;
}

RoleGrantedT granted(const std::string& person, Role role) {
  RoleGrantedT event;
  event.person = person;
  event.role = role;
  return event;
}

RoleRevokedT revoked(const std::string& person, Role role) {
  RoleRevokedT event;
  event.person = person;
  event.role = role;
  return event;
}

DepartmentMergedT merged(const std::string& into) {
  DepartmentMergedT event;
  event.into = into;
  return event;
}

}  // namespace

TEST_CASE("department: created once, renamed, merged into an active one") {
  Town town;
  CHECK(town.department.act(support::lead(), merged("D02")) == "NotFound");
  CHECK(town.department.act(support::officer("D01"), created("供电公司")) == "WrongRole");
  CHECK(town.department.act(support::lead(), created("供电公司")) == "ok");
  CHECK(town.department.act(support::lead(), created("供电公司")) == "AlreadyExists");
  DepartmentRenamedT renamed;
  renamed.name = "供电公司";
  CHECK(town.department.act(support::lead(), renamed) == "NothingChanged");
  renamed.name = "供电局";
  CHECK(town.department.act(support::lead(), renamed) == "ok");
  CHECK(town.department.state().name == "供电局");
  CHECK(town.department.act(support::lead(), merged("D01")) == "MergeCycle");
  CHECK(town.department.act(support::lead(), merged("D03")) == "UnknownDepartment");
  CHECK(town.department.act(support::lead(), merged("D09")) == "UnknownDepartment");
  CHECK(town.department.act(support::actor(Role::system), merged("D02")) == "ok");
  CHECK(town.department.state().merged_into == "D02");
  CHECK(town.department.act(support::lead(), renamed) == "WrongState");
}

TEST_CASE("department: a role is granted once and revoked once") {
  Town town;
  REQUIRE(town.department.act(support::lead(), created("供电公司")) == "ok");
  CHECK(town.department.act(support::lead(), revoked("p1", Role::office_clerk)) == "RoleNotHeld");
  CHECK(town.department.act(support::clerk(), granted("p1", Role::office_clerk)) == "WrongRole");
  CHECK(town.department.act(support::lead(), granted("p1", Role::office_clerk)) == "ok");
  CHECK(town.department.act(support::lead(), granted("p1", Role::office_clerk)) ==
        "RoleAlreadyHeld");
  CHECK(town.department.act(support::lead(), granted("p1", Role::inspector)) == "ok");
  CHECK(town.department.state().people.size() == 2);
  CHECK(town.department.act(support::lead(), revoked("p1", Role::office_clerk)) == "ok");
  CHECK(town.department.act(support::lead(), revoked("p1", Role::office_clerk)) == "RoleNotHeld");
  CHECK(town.department.act(support::lead(), granted("p1", Role::office_clerk)) == "ok");
}

TEST_CASE("department: a delegation is of a role held, to somebody else, and not over already") {
  Town town;
  REQUIRE(town.department.act(support::lead(), created("供电公司")) == "ok");
  DelegationSetT delegation;
  delegation.from = "p1";
  delegation.to = "p2";
  delegation.role = Role::department_officer;
  delegation.until = *parse_date("2021-09-16");
  town.department.at("2021-09-16T23:59:59+08:00");
  CHECK(town.department.act(support::lead(), delegation) == "RoleNotHeld");
  REQUIRE(town.department.act(support::lead(), granted("p1", Role::department_officer)) == "ok");
  CHECK(town.department.act(support::lead(), delegation) == "ok");
  town.department.at("2021-09-17T00:00:00+08:00");
  CHECK(town.department.act(support::lead(), delegation) == "UntilTooEarly");
  delegation.until = *parse_date("2021-09-17");
  delegation.to = "p1";
  CHECK(town.department.act(support::lead(), delegation) == "NothingChanged");
}

}  // namespace directory_test
