#include "tools/workload/policy_story.h"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "engine/check.h"
#include "event_generated.h"
#include "schemas/calendar.h"
#include "schemas/directory.h"

namespace tools {
namespace {

constexpr std::string_view kDepartment = "D07";
constexpr std::array<std::string_view, 6> kVocabulary = {"研发", "人才",   "外贸",
                                                         "绿色", "数字化", "文化旅游"};

const Person kLead{"lead-1", "office_lead", {}}, kClerk{"office-1", "office_clerk", {}},
    kOfficer{"D07-1", "department_officer", std::string(kDepartment)};

Micros morning() {
  const auto at = schemas::parse_time(fmt::format("{}T09:00:00+08:00", kPolicyToday));
  CHECK(at.has_value());
  return *at;
}

std::string condition_json(const schemas::ConditionNode& node) {
  const bool is_not = node.kind == schemas::ConditionKind::not_;
  Fields fields;
  fields.number("node", node.node);
  if (node.under != 0) fields.number("under", node.under);
  fields.text("kind", is_not ? "not" : schemas::EnumNameConditionKind(node.kind));
  if (node.kind == schemas::ConditionKind::leaf) {
    fields.text("field", schemas::EnumNameProfileField(node.field))
        .text("comparison", schemas::EnumNameComparison(node.comparison))
        .json("values", json_list(node.values))
        .text("as_of", schemas::EnumNameAsOfRule(node.as_of));
    if (node.fresh_days) fields.number("fresh_days", *node.fresh_days);
    if (!node.source.empty()) fields.text("source", node.source);
    fields.text("clause", fmt::format("第{}条", node.node));
  }
  return fmt::format("{{{}}}", fields.inside());
}

std::string conditions_json(const std::vector<schemas::ConditionNode>& conditions) {
  std::string out;
  for (const schemas::ConditionNode& node : conditions)
    out += (out.empty() ? "[" : ",") + condition_json(node);
  return out + ']';
}

}  // namespace

std::string policy_enterprise(std::int64_t number) {
  CHECK(number >= 0 && number < 1'000'000);
  const std::string code = fmt::format("91370202MA{:07}", number);
  return code + schemas::uscc_check_digit(code);
}

PolicyStory::PolicyStory(std::uint64_t seed, std::int64_t enterprises)
    : seed_(seed), enterprises_(enterprises), at_(morning()) {
  found();
}

void PolicyStory::tell(Script& script) {
  for (Step& step : script.steps()) steps_.push_back(std::move(step));
}

void PolicyStory::found() {
  Script department(fmt::format("department/{}", kDepartment));
  department.add(at_, kLead, "CreateDepartment", Fields().text("name", "科学技术局"));
  tell(department);
  std::string tags;
  for (const std::string_view tag : kVocabulary)
    tags += fmt::format(R"({}{{"tag":"{}","name":"{}"}})", tags.empty() ? "" : ",", tag, tag);
  Script vocabulary("vocabulary/V1");
  vocabulary.add(at_, kClerk, "PublishTagVocabulary",
                 Fields().text("name", "政策标签").json("tags", fmt::format("[{}]", tags)));
  tell(vocabulary);
  for (int number = 1; number <= kPolicies; ++number) {
    const std::string no = fmt::format("ZC{:03}", number);
    Script policy("policy/" + no);
    policy.add(at_, kLead, "PublishPolicy",
               Fields()
                   .text("title", fmt::format("惠企政策第 {} 号", number))
                   .text("number", no)
                   .text("issuer", "区政府")
                   .text("text", "正文")
                   .text("from", "2021-01-01"));
    tell(policy);
  }
  for (const GeneratedItem& item : generate_items(seed_)) list(item);
}

void PolicyStory::list(const GeneratedItem& item) {
  Script script("item/" + item.no);
  script.add(at_, kOfficer, "ListItem",
             Fields()
                 .text("policy", item.policy)
                 .text("title", "项目 " + item.no)
                 .text("department", kDepartment)
                 .text("standard", "补助"));
  script.add(at_, kOfficer, "SetItemConditions",
             Fields().json("conditions", conditions_json(item.conditions)));
  script.add(
      at_, kOfficer, "OpenItemWindow",
      Fields().text("from", kPolicyToday).text("until", schemas::date_text(item.window_last)));
  tell(script);
}

void PolicyStory::enlist(std::int64_t number) {
  const schemas::Profile profile = generate_profile(seed_, number);
  const std::string code = policy_enterprise(number);
  Script script("enterprise/" + code);
  script.add(at_, kClerk, "RegisterEnterprise",
             Fields().text("name", fmt::format("企业 {}", number)));
  for (const schemas::KnownValue& one : profile.values)
    script.add(at_, kOfficer, "UpdateProfile",
               Fields()
                   .json("values", fmt::format(R"([{{"field":"{}","value":"{}"}}])",
                                               schemas::EnumNameProfileField(one.field), one.value))
                   .text("source", one.source)
                   .text("as_of", schemas::date_text(one.as_of)));
  for (const schemas::Holding& one : profile.qualifications) {
    Fields fields;
    fields.text("qualification", one.name)
        .text("from", schemas::date_text(one.from))
        .text("source", one.source);
    if (one.last != schemas::kNoLastDay) fields.text("until", schemas::date_text(one.last));
    script.add(at_, kOfficer, "GrantQualification", fields);
  }
  for (const schemas::Holding& one : profile.tags)
    script.add(at_, kOfficer, "TagEnterprise",
               Fields().text("tag", one.name).text("vocabulary", "V1"));
  const Person self{code, "enterprise", {}};
  script.add(at_, self, "GiveConsent", Fields().text("purpose", "matching"));
  tell(script);
}

bool PolicyStory::next(std::string& line) {
  while (step_ == steps_.size()) {
    if (told_ == enterprises_) return false;
    steps_.clear();
    step_ = 0;
    enlist(told_++);
  }
  line = std::move(steps_[step_++].line);
  return true;
}

}  // namespace tools
