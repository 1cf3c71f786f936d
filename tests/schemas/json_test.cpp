// JSON both ways for every command and event: samples are made from the reflection here, and their
// FlatBuffers by flatbuffers::Parser, so that nothing of the door under test is used to judge it.
#include "schemas/json.h"

#include <doctest/doctest.h>
#include <flatbuffers/idl.h>
#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <memory>

#include "event_bfbs_generated.h"
#include "schemas/calendar.h"

namespace json_test {

namespace {

namespace bj = boost::json;
using namespace schemas;
using reflection::BaseType;

bool has(const reflection::Field& field, const char* attribute) {
  return field.attributes() != nullptr && field.attributes()->LookupByKey(attribute) != nullptr;
}

std::string json_name(const reflection::Field& field) {
  std::string name = field.name()->str();
  if (name.ends_with('_')) name.pop_back();
  return name;
}

std::vector<const reflection::Field*> fields_of(const reflection::Object& object) {
  std::vector<const reflection::Field*> fields(object.fields()->begin(), object.fields()->end());
  std::ranges::sort(fields, {}, [](const auto* field) { return field->id(); });
  return fields;
}

const reflection::Object& object_of(const reflection::Field& field) {
  return *schema().objects()->Get(static_cast<unsigned>(field.type()->index()));
}

// One value in our JSON and in the raw JSON that flatbuffers::Parser reads.
struct Sample {
  bj::value ours, raw;
};

enum class Which { needed, commanded, all };

bool is_wanted(const reflection::Field& field, Which which) {
  if (has(field, "pinned")) return which == Which::all;
  return which != Which::needed || !has(field, "optional");
}

Sample sample_of(const reflection::Object& object, Which which);

Sample sealed_sample(bool plain) {
  bj::array bytes;
  if (plain) {
    bytes = {0, 0x4c, 0x69};
    return {"Li", bytes};
  }
  bytes = {1, 0xfe, 0xff, 0x10};
  return {bj::object{{"sealed", "Af7/EA=="}}, bytes};
}

Sample vector_sample(const reflection::Field& field, Which which) {
  const auto element = field.type()->element();
  if (element == BaseType::UByte && has(field, "digest")) {
    bj::array bytes;
    for (int i = 0; i < 32; ++i) bytes.push_back(i);
    return {"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f", bytes};
  }
  if (element == BaseType::UByte) return sealed_sample(!has(field, "pinned"));
  if (element == BaseType::Int) return {bj::array{"2021-09-16", "1970-01-02"}, bj::array{18886, 1}};
  if (element == BaseType::String)
    return {bj::array{"甲", "乙 \"\\\n"}, bj::array{"甲", "乙 \"\\\n"}};
  REQUIRE(element == BaseType::Obj);
  const Sample one = sample_of(object_of(field), which);
  return {bj::array{one.ours, one.ours}, bj::array{one.raw, one.raw}};
}

Sample value_sample(const reflection::Field& field, Which which) {
  const reflection::Type& type = *field.type();
  const std::int64_t number = 57 + field.id();  // small, not a default, another for each field
  switch (type.base_type()) {
    case BaseType::String:
      return {bj::string("文本 " + field.name()->str()), bj::string("文本 " + field.name()->str())};
    case BaseType::Vector:
      return vector_sample(field, which);
    case BaseType::Bool:
      return {true, true};
    default:
      break;
  }
  if (type.index() >= 0) {
    const auto* values = schema().enums()->Get(static_cast<unsigned>(type.index()))->values();
    const auto* value = values->Get(values->size() - 1);
    std::string name = value->name()->str();
    if (name.ends_with('_')) name.pop_back();
    return {bj::string(name), value->value()};
  }
  if (has(field, "time"))
    return {"2021-09-16T09:30:00.000001+08:00", std::int64_t{1'631'755'800'000'001}};
  if (has(field, "date")) return {"2021-09-16", 18886};
  return {number, number};
}

Sample sample_of(const reflection::Object& object, Which which) {
  bj::object ours, raw;
  for (const reflection::Field* field : fields_of(object)) {
    if (!is_wanted(*field, which)) continue;
    const Sample sample = value_sample(*field, which);
    ours[json_name(*field)] = sample.ours;
    raw[field->name()->str()] = sample.raw;
  }
  return {ours, raw};
}

// A second way into a FlatBuffer, for tests only: the library's own parser on raw values.
std::vector<std::uint8_t> parse_raw(const EventInfo& info, const bj::value& raw) {
  static const std::unique_ptr<flatbuffers::Parser> made = [] {
    flatbuffers::IDLOptions options;
    options.strict_json = true;
    auto parser = std::make_unique<flatbuffers::Parser>(options);
    REQUIRE(parser->Deserialize(EventBinarySchema::data(), EventBinarySchema::size()));
    return parser;
  }();
  flatbuffers::Parser& parser = *made;
  REQUIRE(parser.SetRootType(info.table->name()->c_str()));
  const bool parsed = parser.Parse(bj::serialize(raw).c_str());
  REQUIRE_MESSAGE(parsed, parser.error_);
  return {parser.builder_.GetBufferPointer(),
          parser.builder_.GetBufferPointer() + parser.builder_.GetSize()};
}

std::string refused(const EventInfo& info, const bj::value& data) {
  const auto parsed = parse_data(info, data.as_object());
  return parsed ? "ok" : std::string(code_name(parsed.error().code));
}

bj::object without_key(const bj::object& object, std::string_view key) {
  bj::object copy = object;
  copy.erase(key);
  return copy;
}

bj::object with_key(const bj::object& object, std::string_view key, const bj::value& value) {
  bj::object copy = object;
  copy[key] = value;
  return copy;
}

std::vector<const EventInfo*> commands() {
  std::vector<const EventInfo*> found;
  for (const EventInfo& info : all_events())
    if (!info.command.empty()) found.push_back(&info);
  return found;
}

}  // namespace

TEST_CASE("json: every event prints every field, the pinned ones too") {
  for (const EventInfo& info : all_events()) {
    CAPTURE(std::string(info.name));
    Sample sample = sample_of(*info.table, Which::all);
    const std::vector<std::uint8_t> payload = parse_raw(info, sample.raw);
    REQUIRE(verify(info.type, payload));
    CHECK(bj::serialize(data_json(info, payload, Pinned::include)) == bj::serialize(sample.ours));
  }
}

TEST_CASE("json: every command is read and printed again, whole and with needed fields only") {
  for (const EventInfo* info : commands()) {
    CAPTURE(std::string(info->command));
    for (const Which which : {Which::commanded, Which::needed}) {
      const Sample sample = sample_of(*info->table, which);
      const auto payload = parse_data(*info, sample.ours.as_object());
      REQUIRE_MESSAGE(payload.has_value(), sentence(payload.error()));
      REQUIRE(verify(info->type, *payload));
      CHECK(bj::serialize(data_json(*info, *payload, Pinned::leave_out)) ==
            bj::serialize(sample.ours));
      const auto raw = parse_raw(*info, sample.raw);
      CHECK(data_json(*info, *payload, Pinned::include) == data_json(*info, raw, Pinned::include));
    }
  }
}

TEST_CASE("json: the order of the keys changes no byte") {
  for (const EventInfo* info : commands()) {
    const bj::object ours = sample_of(*info->table, Which::commanded).ours.as_object();
    bj::object reversed;
    std::vector<std::pair<bj::string, bj::value>> members;
    for (const auto& member : ours) members.emplace_back(member.key(), member.value());
    for (auto member = members.rbegin(); member != members.rend(); ++member)
      reversed[member->first] = member->second;
    CHECK(parse_data(*info, ours).value() == parse_data(*info, reversed).value());
  }
}

TEST_CASE("json: a field that is missing, null, unknown or pinned is refused in every command") {
  for (const EventInfo* info : commands()) {
    CAPTURE(std::string(info->command));
    const bj::object ours = sample_of(*info->table, Which::commanded).ours.as_object();
    CHECK(refused(*info, with_key(ours, "nobody_knows_this", 1)) == "UnknownField");
    for (const reflection::Field* field : fields_of(*info->table)) {
      const std::string name = json_name(*field);
      CAPTURE(name);
      if (has(*field, "pinned")) {
        CHECK(refused(*info, with_key(ours, name, value_sample(*field, Which::all).ours)) ==
              "UnknownField");
        continue;
      }
      const bool optional = has(*field, "optional");
      CHECK(refused(*info, without_key(ours, name)) == (optional ? "ok" : "MissingField"));
      CHECK(refused(*info, with_key(ours, name, nullptr)) ==
            (optional || has(*field, "off") ? "ok" : "WrongType"));
      if (optional && !has(*field, "off")) {
        CHECK(parse_data(*info, with_key(ours, name, nullptr)).value() ==
              parse_data(*info, without_key(ours, name)).value());
      }
    }
  }
}

TEST_CASE("json: a value of another type is refused in every command") {
  for (const EventInfo* info : commands()) {
    CAPTURE(std::string(info->command));
    const bj::object ours = sample_of(*info->table, Which::commanded).ours.as_object();
    for (const reflection::Field* field : fields_of(*info->table)) {
      if (has(*field, "pinned")) continue;
      const std::string name = json_name(*field);
      CAPTURE(name);
      const BaseType base = field->type()->base_type();
      const bool number = base > BaseType::Bool && base <= BaseType::ULong &&
                          field->type()->index() < 0 && !has(*field, "date") &&
                          !has(*field, "time");
      bj::array nested;
      nested.emplace_back(bj::array());
      const bj::value wrongs[] = {1.5, nested, number ? bj::value("57") : bj::value(57),
                                  bj::object{{"x", 1}}};
      for (const bj::value& wrong : wrongs) {
        CAPTURE(bj::serialize(wrong));
        CHECK(refused(*info, with_key(ours, name, wrong)) == "WrongType");
      }
    }
  }
}

TEST_CASE("json: the history line of every recorded command gives the same bytes again") {
  for (const EventInfo* info : commands()) {
    CAPTURE(std::string(info->command));
    const bj::object data = sample_of(*info->table, Which::commanded).ours.as_object();
    const std::vector<std::uint8_t> payload = parse_data(*info, data).value();
    engine::RecordView record;
    record.seq = 5;
    record.recorded_at = *parse_time("2021-09-16T09:30:00.000001+08:00");
    record.occurred_at = record.recorded_at - 1;
    record.type = static_cast<std::uint16_t>(info->type);
    record.version = 3;
    // Every other one as if it had been recorded live.
    record.flags = static_cast<int>(info->type) % 2 == 0 ? engine::kImported | engine::kDerived : 0;
    record.kind = info->kind;
    record.no = "N-1";
    record.actor = "someone";
    record.role = "department_officer";
    record.department = "D07";
    record.id = "id-1";
    record.payload = payload;
    const auto command = parse_line(bj::serialize(history_line(record)));
    REQUIRE_MESSAGE(command.has_value(), sentence(command.error()));
    CHECK(command->data == payload);
    CHECK(command->at == record.recorded_at);
    CHECK(command->occurred_at == record.occurred_at);
    CHECK(command->event == info->type);
    CHECK(command->kind == record.kind);
    CHECK(command->no == record.no);
    CHECK(command->actor.id == record.actor);
    CHECK(command->actor.department == record.department);
    CHECK(command->id == record.id);
    CHECK(command->flags == record.flags);
  }
}

TEST_CASE("json: an event prints with both times, its marks, and null for a time that never came") {
  AssignmentDispatchedT event;
  event.matter = 1;
  event.department = "D07";
  event.rules = "r1";
  const std::vector<std::uint8_t> payload = pack(event);
  engine::RecordView record;
  record.seq = 12;
  record.recorded_at = record.occurred_at = *parse_time("2021-09-16T09:30:00+08:00");
  record.type = static_cast<std::uint16_t>(EventType::AssignmentDispatched);
  record.version = 4;
  record.flags = engine::kFollows;
  record.kind = "appeal";
  record.no = "SQ1";
  record.actor = "office-1";
  record.role = "office_clerk";
  record.payload = payload;
  CHECK(bj::serialize(event_json(record)) ==
        R"({"seq":12,"stream":"appeal/SQ1","version":4,"event":"AssignmentDispatched",)"
        R"("recorded_at":"2021-09-16T09:30:00.000000+08:00",)"
        R"("occurred_at":"2021-09-16T09:30:00.000000+08:00",)"
        R"("actor":{"id":"office-1","role":"office_clerk"},)"
        R"("imported":false,"derived":false,"follows":true,"id":"",)"
        R"("data":{"matter":1,"department":"D07","duty":"lead","track":"same_day","dues":[],)"
        R"("return_until":null,"rules":"r1","calendar":0}})");
}

}  // namespace json_test
