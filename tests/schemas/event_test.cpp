// The registry: enum, tables, generated types and commands agree, and payloads are verified.
#include "schemas/event.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "schemas/event_list.h"
#include "schemas/lifecycle.h"
#include "schemas/refusal.h"

namespace event_test {

using namespace schemas;

TEST_CASE("event: the list, the enum and the tables name the same events") {
  std::set<std::string> listed;
#define LISTED(name) listed.insert(#name);
  SCHEMAS_EVENTS(LISTED)
#undef LISTED
  std::set<std::string> in_enum;
  for (const EventType type : EnumValuesEventType())
    if (type != EventType::none) in_enum.insert(EnumNameEventType(type));
  CHECK(listed == in_enum);
  CHECK(all_events().size() == in_enum.size());
  for (const EventInfo& info : all_events()) {
    CAPTURE(std::string(info.name));
    CHECK(in_enum.contains(std::string(info.name)));
    CHECK(view(info.table->name()) == std::string("schemas.") + std::string(info.name));
    CHECK(find_event(static_cast<std::uint16_t>(info.type)) == &info);
  }
}

TEST_CASE("event: every table is an event or a part of one") {
  const std::set<std::string> parts{
      "schemas.Matter",       "schemas.Environment",     "schemas.Due",     "schemas.Event",
      "schemas.Condition",    "schemas.ConditionReason", "schemas.Keyword", "schemas.LeafVerdict",
      "schemas.ProfileValue", "schemas.VocabularyTag"};
  for (const reflection::Object* object : *schema().objects()) {
    const std::string name = object->name()->str();
    if (parts.contains(name)) continue;
    const bool is_event = std::ranges::any_of(
        all_events(), [&](const EventInfo& info) { return view(info.table->name()) == name; });
    CHECK_MESSAGE(is_event, name);
  }
}

TEST_CASE("event: every command is found by its name, and no two events share one") {
  std::set<std::string_view> commands;
  for (const EventInfo& info : all_events()) {
    if (info.command.empty()) continue;
    CHECK(commands.insert(info.command).second);
    CHECK(find_command(info.command) == &info);
  }
  CHECK(find_command("AcceptAppeal")->type == EventType::AppealAccepted);
  CHECK(find_command("AppealAccepted") == nullptr);
  CHECK(find_command("") == nullptr);
}

TEST_CASE("event: a number nobody gave is unknown") {
  CHECK(find_event(0) == nullptr);
  CHECK(find_event(100) == nullptr);
  CHECK(find_event(9999) == nullptr);
  CHECK(find_event(65535) == nullptr);
}

TEST_CASE("event: the hundred says the stream") {
  CHECK(info_of(EventType::CalendarAmended).kind == "calendar");
  CHECK(info_of(EventType::RuleSetPublished).kind == "rules");
  CHECK(info_of(EventType::RoleGranted).kind == "department");
  CHECK(info_of(EventType::ContactSet).kind == "enterprise");
  CHECK(info_of(EventType::RatingInvited).kind == "appeal");
  CHECK(info_of(EventType::SupervisorNominated).kind == "supervisor");
  CHECK(info_of(EventType::ReportFiled).kind == "supervisor-report");
  CHECK(info_of(EventType::PlanPublished).kind == "plan");
  CHECK(info_of(EventType::InnovationRecorded).kind == "task");
  CHECK(info_of(EventType::KeyDestroyed).kind == "access");
  CHECK(info_of(EventType::DeadlineRecomputed).kind.empty());
}

TEST_CASE("event: verify takes whole payloads of the right shape and nothing else") {
  AppealSubmittedT event;
  event.enterprise = "91350100M000100Y43";
  event.category = "用电";
  event.title = "停电";
  event.attachments = {"a", "b"};
  const std::vector<std::uint8_t> payload = pack(event);
  CHECK(verify(EventType::AppealSubmitted, payload));
  for (std::size_t size = 0; size < payload.size(); size += 4) {
    const std::vector<std::uint8_t> cut(payload.begin(),
                                        payload.begin() + static_cast<std::ptrdiff_t>(size));
    CHECK_FALSE(verify(EventType::AppealSubmitted, cut));
  }
  std::vector<std::uint8_t> wild = payload;
  wild[0] = 0xff;  // the root points outside
  CHECK_FALSE(verify(EventType::AppealSubmitted, wild));
  CHECK_FALSE(verify(EventType::none, payload));
  CHECK_FALSE(verify(static_cast<EventType>(9999), payload));
}

TEST_CASE("event: every event verifies an empty table of its own") {
  flatbuffers::FlatBufferBuilder builder;
  builder.Finish(flatbuffers::Offset<void>(builder.EndTable(builder.StartTable())));
  const std::vector<std::uint8_t> empty(builder.GetBufferPointer(),
                                        builder.GetBufferPointer() + builder.GetSize());
  for (const EventInfo& info : all_events()) CHECK(verify(info.type, empty));
}

TEST_CASE("event: packing the same value twice gives the same bytes") {
  ReportFiledT report;
  report.title = "t";
  report.text = "x";
  report.dues.emplace_back(1, Obligation::report_register, true, std::int16_t{1});
  CHECK(pack(report) == pack(report));
}

TEST_CASE("refusals: every code has a name, a Chinese and an English sentence of its own") {
  std::set<std::string_view> names, english_words, chinese_words;
  std::size_t codes = 0;
#define COUNT(code, zh, en)                                        \
  ++codes;                                                         \
  names.insert(code_name(RefusalCode::code));                      \
  CHECK(code_name(RefusalCode::code) == #code);                    \
  CHECK_FALSE(chinese_words.contains(chinese(RefusalCode::code))); \
  chinese_words.insert(chinese(RefusalCode::code));                \
  english_words.insert(english(RefusalCode::code));
  SCHEMAS_REFUSALS(COUNT)
#undef COUNT
  CHECK(names.size() == codes);
  CHECK(english_words.size() == codes);
  CHECK_FALSE(english_words.contains(""));
  CHECK(sentence({RefusalCode::NotFound, {}}) == "没有这个对象。 There is no such thing.");
  CHECK(sentence({RefusalCode::ReturnTooLate, "09-18"}) ==
        "已过申请退单时限 (09-18)。 The time for asking to return has passed (09-18).");
}

}  // namespace event_test
