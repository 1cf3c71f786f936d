// How the district begins: calendars on the days of their notices, the rule set, departments,
// enterprises.
#include <fmt/format.h>

#include "tools/workload/cn_calendars.h"
#include "tools/workload/story.h"

namespace tools {
namespace {

constexpr Day kDepartmentsBefore = 18, kEnterprisesBefore = 12;  // days before the first appeal
constexpr int kOfficersEach = 3;

class FoundingStory : public Story {
 public:
  FoundingStory(World& world, std::uint64_t number, std::string stream)
      : Story(world, Seed::founding, number, std::move(stream)) {}

  void publish_calendar(const CalendarNotice& notice, Micros at) {
    Fields data;
    data.number("year", notice.year)
        .text("notice", notice.notice)
        .json("holidays", dates(notice.year, notice.holidays))
        .json("makeup_workdays", dates(notice.year, notice.makeup_workdays));
    if (notice.amends) data.text("effective", notice.published);
    // The amendment is the second line of its year's stream, and its id says so.
    if (notice.amends) script_.skip_number();
    script_.add(at, {"lead-1", "office_lead", {}},
                notice.amends ? "AmendCalendar" : "PublishCalendar", data);
  }

  // Every limit is domain.md section 4's own; three are written out so that a reader finds them.
  void publish_rules() {
    script_.add(moment(kDepartmentsBefore + 1, 0), {"lead-1", "office_lead", {}}, "PublishRuleSet",
                Fields()
                    .number("contact_workdays", 1)
                    .number("completion_workdays", 3)
                    .text("same_day_cutoff", "16:00"));
  }

  void create_department(int department) {
    const Person lead_one{"lead-1", "office_lead", {}};
    Micros t = moment(kDepartmentsBefore, department);
    script_.add(t, lead_one, "CreateDepartment",
                Fields().text("name", department_name(department)));
    for (int officer = 1; officer <= kOfficersEach; ++officer) {
      t += 20 * kSecond;
      script_.add(t, lead_one, "GrantRole",
                  Fields()
                      .text("person", fmt::format("{}-{}", department_id(department), officer))
                      .text("role", "department_officer"));
    }
  }

  void register_enterprise(std::int64_t enterprise, Day day) {
    const EnterpriseCode code = enterprise_code(world_, enterprise);
    const Industry& trade = industry(random_);
    Fields data;
    data.text("name", enterprise_name(random_, trade)).text("industry", trade.code);
    data.text("size", size(random_));
    data.text("town", town(random_));
    if (code.check_digit_fails) {
      ++world_.counts[static_cast<std::size_t>(Path::code_fails)];
      data.text("proof", "营业执照副本及登记机关查询单");
    }
    Micros t = pace_.on(day);
    script_.add(t, clerk(), "RegisterEnterprise", data);
    if (fires(Path::enterprise_verified)) {
      t = pace_.soon(t, 60, 3000);
      script_.add(t, clerk(), "VerifyEnterprise", Fields().text("proof", "登记机关查询单"));
    }
    if (fires(Path::enterprise_contact)) {
      const std::string name = person_name(random_);
      script_.add(pace_.soon(t, 5, 500), clerk(), "SetContact",
                  Fields().text("name", name).text("phone", phone_number(random_)));
    }
  }

 private:
  static std::string dates(int year, std::span<const std::int16_t> month_days) {
    std::vector<std::string> texts;
    for (const std::int16_t one : month_days)
      texts.push_back(fmt::format("{}-{:02}-{:02}", year, one / 100, one % 100));
    return json_list(texts);
  }
  [[nodiscard]] Micros moment(Day before, int minutes) const {
    return schemas::start_of(world_.begin - before) + (9 * 60 + minutes) * kMinute;
  }
};

}  // namespace

std::vector<Script> founding_scripts(World& world) {
  std::vector<Script> scripts;
  std::uint64_t number = 0;
  const std::span<const CalendarNotice> notices = calendar_notices();
  for (const KnownCalendars::Publication& publication : world.calendars.publications()) {
    const CalendarNotice& notice = notices[publication.notice];
    const std::string stream = fmt::format("calendar/{}", notice.year);
    FoundingStory story(world, number++, stream);
    story.publish_calendar(notice, publication.at);
    scripts.push_back(story.take());
  }
  FoundingStory rules(world, number++, "rules/R1");
  rules.publish_rules();
  scripts.push_back(rules.take());
  for (int department = 0; department < kDepartments; ++department) {
    FoundingStory story(world, number++, "department/" + department_id(department));
    story.create_department(department);
    scripts.push_back(story.take());
  }
  return scripts;
}

Script enterprise_script(World& world, std::int64_t number, Day day) {
  constexpr std::uint64_t kAfterOffices = 1000;  // numbers of their own, beside those above
  FoundingStory story(world, kAfterOffices + static_cast<std::uint64_t>(number),
                      "enterprise/" + enterprise_code(world, number).code);
  // Those of the founding are spread over the days before the first appeal.
  const Day founding = world.begin - kEnterprisesBefore + static_cast<Day>(number % 10);
  story.register_enterprise(number, day < world.begin ? founding : day);
  return story.take();
}

}  // namespace tools
