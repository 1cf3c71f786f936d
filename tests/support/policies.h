// One policy, one item and one enterprise around it, for tests of matching, pushing and applying:
// ZC001 is in force, X001 is open in September 2021 and asks for 100 people, the enterprise has 120
// and agrees to everything.
#pragma once

#include <string>

#include "tests/support/subject.h"

namespace support {

inline constexpr const char* kCode = "91350100M000100Y43";

class WithItem : public Neighbourhood {
 public:
  WithItem() {
    add_department("D01");
    schemas::Policy& policy = policies["ZC001"];
    policy.status = schemas::PolicyStatus::published;
    policy.version = 3;
    policy.from = day("2021-01-01");
    policy.tags = {"财政补贴"};
    schemas::Vocabulary& words = vocabularies["V1"];
    words.status = schemas::VocabularyStatus::published;
    words.tags = {"专精特新"};
    schemas::Item& item = items["X001"];
    item.status = schemas::ItemStatus::open;
    item.policy = "ZC001";
    item.department = "D01";
    item.mode = schemas::ItemMode::direct;
    item.from = day("2021-09-01");
    item.last = day("2021-09-30");
    item.conditions_version = 2;
    schemas::ConditionNode& leaf = item.conditions.emplace_back();
    leaf.node = 1;
    leaf.kind = schemas::ConditionKind::leaf;
    leaf.field = schemas::ProfileField::people;
    leaf.comparison = schemas::Comparison::at_least;
    leaf.values = {"100"};
    leaf.numbers = {100};
    add_enterprise(kCode, schemas::EnterpriseStatus::registered);
    schemas::Profile& profile = enterprises[kCode].profile;
    profile.may_match = profile.may_push = profile.subscribed = true;
    profile.values.push_back(
        {schemas::ProfileField::people, "120", "人社", 120, day("2021-06-30"), 2});
  }
};

[[nodiscard]] inline schemas::Actor enterprise(std::string code = kCode) {
  return actor(schemas::Role::enterprise, std::move(code));
}

}  // namespace support
