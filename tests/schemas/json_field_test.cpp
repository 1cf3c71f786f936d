// Single fields: ranges, texts, names, lists, personal data, and null.
#include <doctest/doctest.h>

#include <algorithm>
#include <limits>
#include <string>

#include "schemas/json.h"

namespace json_field_test {

namespace {

namespace bj = boost::json;
using namespace schemas;

std::string refused(const EventInfo& info, const bj::value& data) {
  const auto parsed = parse_data(info, data.as_object());
  return parsed ? "ok" : std::string(code_name(parsed.error().code));
}

bj::object with_key(const bj::object& object, std::string_view key, const bj::value& value) {
  bj::object copy = object;
  copy[key] = value;
  return copy;
}

}  // namespace

TEST_CASE("json: numbers out of the range of their field are refused, whole doubles are taken") {
  const EventInfo& rate = *find_command("RateAppeal");        // ubyte
  const EventInfo& sign = *find_command("SignAssignment");    // int
  const EventInfo& correct = *find_command("CorrectAppeal");  // ulong
  CHECK(refused(rate, {{"level", 255}}) == "ok");
  CHECK(refused(rate, {{"level", 5.0}}) == "ok");
  CHECK(parse_data(rate, {{"level", 5.0}}).value() == parse_data(rate, {{"level", 5}}).value());
  CHECK(refused(rate, {{"level", 256}}) == "OutOfRange");
  CHECK(refused(rate, {{"level", -1}}) == "OutOfRange");
  CHECK(refused(rate, {{"level", 4.5}}) == "WrongType");
  CHECK(refused(rate, {{"level", 1e300}}) == "WrongType");
  CHECK(refused(rate, {{"level", std::numeric_limits<double>::infinity()}}) == "WrongType");
  CHECK(refused(rate, {{"level", std::numeric_limits<std::uint64_t>::max()}}) == "OutOfRange");
  const auto matter = [](const bj::value& number) {
    return bj::value{{"matter", number}, {"department", "D01"}};
  };
  CHECK(refused(sign, matter(std::int64_t{2'147'483'647})) == "ok");
  CHECK(refused(sign, matter(std::int64_t{2'147'483'648})) == "OutOfRange");
  CHECK(refused(sign, matter(std::int64_t{-2'147'483'648})) == "ok");
  CHECK(refused(sign, matter(std::int64_t{-2'147'483'649})) == "OutOfRange");
  const bj::value big{{"event", std::numeric_limits<std::uint64_t>::max()},
                      {"field", "f"},
                      {"text", "t"},
                      {"reason", "r"},
                      {"approver", "a"}};
  REQUIRE(refused(correct, big) == "ok");
  CHECK(data_json(correct, parse_data(correct, big.as_object()).value(), Pinned::leave_out) == big);
}

TEST_CASE("json: null switches a duty off, the number that stands for it is not taken") {
  const EventInfo& rules = *find_command("PublishRuleSet");
  const bj::value off{{"contact_workdays", nullptr}};
  const auto payload = parse_data(rules, off.as_object()).value();
  CHECK(payload_of<RuleSetPublished>(payload).contact_workdays() == -1);
  CHECK(payload_of<RuleSetPublished>(payload).completion_workdays() == 3);
  CHECK(data_json(rules, payload, Pinned::leave_out) == off);
  CHECK(refused(rules, {{"contact_workdays", -1}}) == "OutOfRange");
}

TEST_CASE("json: false is an answer, absent is none") {
  const EventInfo& callback = *find_command("RecordCallback");
  const auto no = parse_data(callback, {{"reached", true}, {"solved", false}}).value();
  CHECK(payload_of<CallbackRecorded>(no).solved() == false);
  CHECK_FALSE(payload_of<CallbackRecorded>(no).satisfied().has_value());
}

TEST_CASE("json: texts hold no control characters but line feed and tab, and at most 64 KiB") {
  const EventInfo& answer = *find_command("AnswerAppeal");
  const auto text = [&](std::string_view value) { return refused(answer, {{"text", value}}); };
  CHECK(text("一行\n二行\t末") == "ok");
  CHECK(text(std::string(64 * 1024, 'x')) == "ok");
  CHECK(text(std::string(64 * 1024 + 1, 'x')) == "OutOfRange");
  CHECK(text("") == "MissingField");
  for (char c = 0; c < 0x20; ++c) {
    CAPTURE(static_cast<int>(c));
    CHECK(text(std::string("a") + c + "b") == (c == '\n' || c == '\t' ? "ok" : "InvalidText"));
  }
}

TEST_CASE("json: names of an enumeration are closed lists") {
  const EventInfo& conclude = *find_command("ConcludeAppeal");
  CHECK(refused(conclude, {{"outcome", "solved"}}) == "ok");
  CHECK(refused(conclude, {{"outcome", "Solved"}}) == "OutOfRange");
  CHECK(refused(conclude, {{"outcome", ""}}) == "OutOfRange");
  const EventInfo& verify_bad = *find_command("VerifyBadRating");
  CHECK(refused(verify_bad, {{"finding", "true"}}) == "ok");
  CHECK(refused(verify_bad, {{"finding", "true_"}}) == "OutOfRange");
}

TEST_CASE("json: a refusal names the field, inside lists too") {
  const EventInfo& decompose = *find_command("DecomposeAppeal");
  const auto detail = [&](const char* data) {
    return parse_data(decompose, bj::parse(data).as_object()).error().detail;
  };
  CHECK(detail(R"({})") == "matters");
  CHECK(detail(R"({"matters":[{"matter":1,"text":"t","lead":"D1"},{"matter":2,"text":"t"}]})") ==
        "matters[1].lead");
  CHECK(detail(R"({"matters":[{"matter":1,"text":"t","lead":"D1","co":["D2",""]}]})") ==
        "matters[0].co[1]");
  CHECK(detail(R"({"matters":[7]})") == "matters[0]: an object");
  bj::array many(1001, bj::value{{"matter", 1}, {"text", "t"}, {"lead", "D1"}});
  CHECK(refused(decompose, {{"matters", many}}) == "OutOfRange");
}

TEST_CASE("json: personal data comes plain or as exported, never otherwise") {
  const EventInfo& contact = *find_command("SetContact");
  const auto both = [](const bj::value& name) {
    return bj::value{{"name", name}, {"phone", "13800000000"}};
  };
  const auto payload = parse_data(contact, both("张三").as_object()).value();
  CHECK(payload_of<ContactSet>(payload).name()->Get(0) == engine::kPlain);
  CHECK(refused(contact, both({{"sealed", "AQID"}})) == "ok");
  CHECK(refused(contact, both("")) == "MissingField");
  CHECK(refused(contact, both({{"sealed", "AAID"}})) ==
        "WrongType");  // not the mark of sealed bytes
  CHECK(refused(contact, both({{"sealed", "AQ"}})) == "WrongType");
  CHECK(refused(contact, both({{"sealed", "AQI"}})) == "WrongType");  // padding left out
  CHECK(refused(contact, both({{"sealed", "AQID\n"}})) == "WrongType");
  CHECK(refused(contact, both({{"sealed", "AQID"}, {"more", 1}})) == "WrongType");
  CHECK(refused(contact, both({{"sealed", 1}})) == "WrongType");
}

TEST_CASE("json: a sealed reporter goes out and comes back as supervisor") {
  const EventInfo& file = *find_command("FileSupervisorReport");
  ReportFiledT event;
  event.kind = ReportKind::clue;
  event.sealed = true;
  event.title = "t";
  event.text = "x";
  event.reporter = {engine::kSealed, 9, 8, 7};
  const bj::object line = data_json(file, pack(event), Pinned::leave_out);
  CHECK(line.at("supervisor") == bj::value{{"sealed", "AQkIBw=="}});
  CHECK_FALSE(line.contains("reporter"));
  const auto back = parse_data(file, line).value();
  const auto& read = payload_of<ReportFiled>(back);
  CHECK(read.supervisor() == nullptr);
  REQUIRE(read.reporter() != nullptr);
  CHECK(std::ranges::equal(*read.reporter(), event.reporter));
  CHECK(refused(file, with_key(line, "reporter", "x")) == "UnknownField");
}

}  // namespace json_field_test
