// One stream under test: commands in, "ok" or the refusal code out, its state evolved by what was
// decided. Beside it a small district of fakes: departments, supervisors, plans, and a sealer whose
// ciphertext is the text with its place written before it.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "schemas/application.h"
#include "schemas/calendar.h"
#include "schemas/command.h"
#include "schemas/decision.h"
#include "schemas/directory.h"
#include "schemas/event.h"
#include "schemas/event_list.h"
#include "schemas/item.h"
#include "schemas/plan.h"
#include "schemas/policy.h"
#include "schemas/rules.h"
#include "schemas/supervisor.h"

namespace support {

template <class Native>
struct TypeOf;
#define SUPPORT_TYPE_OF(name)                                             \
  template <>                                                             \
  struct TypeOf<schemas::name##T> {                                       \
    static constexpr schemas::EventType kType = schemas::EventType::name; \
  };
SCHEMAS_EVENTS(SUPPORT_TYPE_OF)
#undef SUPPORT_TYPE_OF

// A day as a test writes it: "2021-09-16".
[[nodiscard]] inline schemas::Day day(std::string_view text) {
  return schemas::parse_date(text).value();
}

class FakeSealer final : public engine::Sealer {
 public:
  bool key_lost = false;

  [[nodiscard]] std::vector<std::uint8_t> seal(const engine::SealedPlace& place,
                                               std::string_view plaintext) const override {
    const std::string text = prefix(place) + std::string(plaintext);
    std::vector<std::uint8_t> bytes{engine::kSealed};
    bytes.insert(bytes.end(), text.begin(), text.end());
    return bytes;
  }
  [[nodiscard]] std::optional<std::string> unseal(
      const engine::SealedPlace& place, std::span<const std::uint8_t> sealed) const override {
    const std::string text(sealed.begin(), sealed.end());
    const std::string start = static_cast<char>(engine::kSealed) + prefix(place);
    if (key_lost || !text.starts_with(start)) return std::nullopt;
    return text.substr(start.size());
  }
  [[nodiscard]] std::string pseudonym(std::string_view, std::string_view no,
                                      std::uint32_t version) const override {
    return "someone-" + std::string(no) + "-" + std::to_string(version);
  }

 private:
  static std::string prefix(const engine::SealedPlace& place) {
    return std::string(place.kind) + "/" + std::string(place.no) + "@" +
           std::to_string(place.version) + "." + std::string(place.field) + ":";
  }
};

// A command brings personal data as plain text behind the mark that says so.
[[nodiscard]] inline std::vector<std::uint8_t> plain(std::string_view text) {
  std::vector<std::uint8_t> bytes{engine::kPlain};
  bytes.insert(bytes.end(), text.begin(), text.end());
  return bytes;
}

class Neighbourhood : public schemas::Neighbours {
 public:
  schemas::Calendar calendar;
  schemas::RuleSet rules;
  FakeSealer sealer;
  std::map<std::string, schemas::Supervisor, std::less<>> supervisors;
  std::map<std::string, schemas::Plan, std::less<>> plans;
  std::map<std::string, schemas::Policy, std::less<>> policies;
  std::map<std::string, schemas::Vocabulary, std::less<>> vocabularies;
  std::map<std::string, schemas::Item, std::less<>> items;
  std::map<std::string, schemas::Application, std::less<>> applications;
  std::map<std::string, schemas::Enterprise, std::less<>> enterprises;
  std::map<std::string, int, std::less<>> task_counts;  // by environment

  void add_department(const std::string& id,
                      schemas::DepartmentStatus status = schemas::DepartmentStatus::active) {
    departments_[id].status = status;
  }
  const schemas::Department* department(std::string_view id) override {
    return find(departments_, id);
  }
  void add_enterprise(const std::string& code, schemas::EnterpriseStatus status) {
    enterprises[code].status = status;
  }
  const schemas::Enterprise* enterprise(std::string_view code) override {
    return find(enterprises, code);
  }
  const schemas::Appeal* appeal(std::string_view) override { return nullptr; }
  const schemas::Supervisor* supervisor(std::string_view id) override {
    return find(supervisors, id);
  }
  const schemas::Plan* plan(std::string_view id) override { return find(plans, id); }
  const schemas::Policy* policy(std::string_view no) override { return find(policies, no); }
  const schemas::Vocabulary* vocabulary(std::string_view id) override {
    return find(vocabularies, id);
  }
  const schemas::Item* item(std::string_view no) override { return find(items, no); }
  const schemas::Application* application(std::string_view no) override {
    return find(applications, no);
  }
  int tasks_of(std::string_view, std::string_view environment) override {
    const auto found = task_counts.find(environment);
    return found == task_counts.end() ? 0 : found->second;
  }

 private:
  template <class Map>
  static auto find(const Map& map, std::string_view id) -> const typename Map::mapped_type* {
    const auto found = map.find(id);
    return found == map.end() ? nullptr : &found->second;
  }
  std::map<std::string, schemas::Department, std::less<>> departments_;
};

[[nodiscard]] inline schemas::Actor actor(schemas::Role role, std::string id = "someone",
                                          std::string department = {}) {
  return {.id = std::move(id), .role = role, .department = std::move(department)};
}
[[nodiscard]] inline schemas::Actor lead() { return actor(schemas::Role::office_lead, "lead-1"); }
[[nodiscard]] inline schemas::Actor clerk() {
  return actor(schemas::Role::office_clerk, "clerk-1");
}
[[nodiscard]] inline schemas::Actor officer(std::string department) {
  return actor(schemas::Role::department_officer, "officer-1", std::move(department));
}

template <class State>
class Subject {
 public:
  Subject(std::string kind, std::string no, Neighbourhood& around)
      : around_(around), kind_(std::move(kind)), no_(std::move(no)) {
    at("2021-09-16T09:00:00+08:00");
  }

  // The moment of the acts that follow, as RFC 3339.
  Subject& at(std::string_view time) {
    const auto parsed = schemas::parse_time(time);
    REQUIRE_MESSAGE(parsed.has_value(), std::string(time));
    return at(*parsed);
  }
  Subject& at(engine::Micros time) {
    now_ = time;
    return *this;
  }
  Subject& flagged(std::uint8_t flags) {
    flags_ = flags;
    return *this;
  }

  // "ok", or the refusal code; a refusal must leave the state as it was.
  template <class Native>
  std::string act(const schemas::Actor& by, const Native& data) {
    schemas::Command command;
    command.at = now_;
    command.actor = by;
    command.event = TypeOf<Native>::kType;
    command.kind = kind_;
    command.no = no_;
    command.flags = flags_;
    command.data = schemas::pack(data);
    schemas::Decision decision = decide(state_, command, context());
    if (!decision) return std::string(schemas::code_name(decision.error().code));
    check_decided_again(command, decision->front());
    check_packed<Native>(decision->front());
    for (schemas::Emitted& emitted : *decision) keep(command, std::move(emitted));
    return "ok";
  }

  [[nodiscard]] const State& state() const { return state_; }
  [[nodiscard]] const engine::NewEvent& last() const { return events_.back(); }
  [[nodiscard]] const std::vector<engine::NewEvent>& events() const { return events_; }
  template <class Table>
  [[nodiscard]] const Table& last_as() const {
    REQUIRE(schemas::verify(schemas::type_of(last().view(1)), last().payload));
    return schemas::payload_of<Table>(last().payload);
  }
  // Records an event that no command of this subject asks for.
  template <class Native>
  void record(const Native& data) {
    schemas::Command command;
    command.at = now_;
    keep(command, {TypeOf<Native>::kType, schemas::pack(data), {}, {}, {}});
  }

 private:
  [[nodiscard]] schemas::Context context() const {
    return {now_, state_.version + 1, around_.calendar, around_.rules, around_, around_.sealer};
  }

  // The audit decides a recorded event again from its own bytes and actor, and must get the same.
  void check_decided_again(schemas::Command command, const schemas::Emitted& emitted) const {
    command.data.assign(emitted.payload.bytes().begin(), emitted.payload.bytes().end());
    if (!emitted.actor.empty()) command.actor.id = emitted.actor;
    const schemas::Decision again = decide(state_, command, context());
    REQUIRE(again.has_value());
    CHECK(std::ranges::equal(again->front().payload.bytes(), emitted.payload.bytes()));
    CHECK((again->front().actor.empty() || again->front().actor == command.actor.id));
  }

  // However decide() writes a payload, its bytes are those of the object API for the same values.
  template <class Native>
  void check_packed(const schemas::Emitted& emitted) const {
    Native event;
    schemas::payload_of<typename Native::TableType>(emitted.payload.bytes()).UnPackTo(&event);
    CHECK(std::ranges::equal(schemas::pack(event), emitted.payload.bytes()));
  }

  void keep(const schemas::Command& command, schemas::Emitted emitted) {
    if (!emitted.kind.empty() && emitted.kind != kind_) return;  // of another subject's stream
    engine::NewEvent event;
    event.recorded_at = event.occurred_at = now_;
    event.type = static_cast<std::uint16_t>(emitted.type);
    event.version = state_.version + 1;
    event.kind = kind_;
    event.no = no_;
    event.actor = emitted.actor.empty() ? command.actor.id : emitted.actor;
    event.payload = emitted.payload.take();
    const std::uint64_t seq = events_.size() + 1;
    REQUIRE(admits(state_, event.view(seq)));
    evolve(state_, event.view(seq));
    CHECK(state_.version == event.version);
    events_.push_back(std::move(event));
  }

  Neighbourhood& around_;
  std::string kind_, no_;
  engine::Micros now_ = 0;
  std::uint8_t flags_ = 0;
  State state_;
  std::vector<engine::NewEvent> events_;
};

}  // namespace support
