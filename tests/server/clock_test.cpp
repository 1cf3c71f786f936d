// R12: the machine's clock goes a year back or forward, over a leap day, an hour at a time as for
// summer time, stands still, or shakes ten times a second. What is recorded keeps the order in
// which it was decided, its time never goes back, and each due is that of the calendar in the
// ledger, counted on a wall calendar from the time that was recorded.
#include <doctest/doctest.h>

#include <map>
#include <set>

#include "engine/proof/seal.h"
#include "schemas/event.h"
#include "schemas/json.h"
#include "server/desk.h"
#include "tests/engine/ledger.h"
#include "tests/simulation/days.h"
#include "tests/support/counts.h"
#include "tests/support/manual_clock.h"
#include "tests/support/temp_dir.h"

namespace {

using engine::Micros;
using namespace simulation;

constexpr std::string_view kCalendar =
    R"({"year":2020,"notice":"一份通知","holidays":["2020-03-02","2020-03-03"],"makeup_workdays":["2020-02-29"]})";
constexpr const char* kCode = "91350100M000100Y43";

struct Seen {
  std::map<std::string, std::uint64_t> steps, dues;
};

class Year {
 public:
  Year(std::uint64_t seed, Seen& seen) : random_(seed), seen_(seen) {
    REQUIRE(engine::Log::create(dir_ / "ledger", "试点区").has_value());
    auto log = engine::Log::open(dir_ / "ledger", engine::OpenMode::read_write);
    REQUIRE(log.has_value());
    log_ = std::move(*log);
    district_.emplace(*log_, ring_);
    REQUIRE(district_->load(0).has_value());
    gate_.emplace(*district_, *log_, clock_, server::Directory());
    wall_.publish(2020, {day(2020, 3, 2), day(2020, 3, 3)}, {day(2020, 2, 29)});
  }

  void run() {
    using enum schemas::Role;
    ask(office_lead, "PublishCalendar", "calendar/2020", std::string(kCalendar));
    ask(office_lead, "CreateDepartment", "department/D01", R"({"name":"住建局"})");
    ask(office_clerk, "RegisterEnterprise", std::string("enterprise/") + kCode,
        R"({"name":"某某公司"})");
    for (int number = 1; number <= 4; ++number) {
      const std::string appeal = "appeal/SQ2020-00000" + std::to_string(number);
      disturb();
      ask(enterprise, "SubmitAppeal", appeal,
          std::string(R"({"enterprise":")") + kCode +
              R"(","channel":"web","category":"政务服务","title":"办理施工许可","text":"迟迟未批。"})");
      disturb();
      ask(office_clerk, "AcceptAppeal", appeal, "{}");
      ask(office_clerk, "DecomposeAppeal", appeal,
          R"({"matters":[{"matter":1,"text":"办理许可","lead":"D01","co":[]}]})");
      disturb();
      ask(office_clerk, "DispatchAssignment", appeal,
          R"({"matter":1,"department":"D01","duty":"lead","track":"standard"})");
    }
    check();
  }

 private:
  void step(const char* what, Micros by) {
    ++seen_.steps[what];
    clock_.set(clock_.now() + by);
  }

  void disturb() {
    switch (random_.below(7)) {
      case 0:
        return step("a year forward", 365 * kDay);
      case 1:
        return step("a year back", -365 * kDay);
      case 2:
        return step("an hour forward", kHour);
      case 3:
        return step("an hour back", -kHour);
      case 4:
        return step("standing still", 0);
      case 5:
        shaking_ = 10;
        return step("shaking at 10 Hz", 0);
      default:
        ++seen_.steps["over the leap day"];
        clock_.set(midnight(day(2020, 2, 28)) + static_cast<Micros>(random_.below(48)) * kHour);
    }
  }

  void ask(schemas::Role role, const std::string& command, const std::string& stream,
           const std::string& data) {
    if (shaking_-- > 0) clock_.set(clock_.now() + (shaking_ % 2 == 0 ? 1 : -1) * kSecond / 10);
    const std::string id = "k" + std::to_string(ids_.size() + 1);
    auto parsed = schemas::parse_line(
        R"({"at":"2000-01-01T00:00:00+08:00","actor":{"id":"x","role":"system"},"command":")" +
        command + R"(","stream":")" + stream + R"(","id":")" + id + R"(","data":)" + data + "}");
    REQUIRE_MESSAGE(parsed.has_value(), command);
    server::Order order{std::move(*parsed), {"somebody", false, role, {}}};
    auto ruling = gate_->decide(std::move(order), log_->size() + 1);
    REQUIRE(ruling.has_value());
    REQUIRE_MESSAGE(ruling->refused.empty(), command << ": " << ruling->text);
    // Never before what was recorded last, and otherwise as the clock says.
    last_ = std::max(last_, clock_.now());
    times_.resize(times_.size() + ruling->events.size(), last_);
    ids_.push_back(id);
    REQUIRE(log_->append(ruling->events).has_value());
  }

  void check() {
    std::size_t next = 0, asked = 0;
    REQUIRE(log_->read(1, 0, [&](const engine::RecordView& record) {
      REQUIRE(next < times_.size());
      CHECK(record.recorded_at == times_[next++]);
      if (!record.id.empty()) CHECK(record.id == ids_.at(asked++));
      check_dues(record);
      return true;
    }));
    CHECK(next == times_.size());
    CHECK(asked == ids_.size());
  }

  void check_dues(const engine::RecordView& record) {
    static const std::map<std::string, int> kWorkdays = {
        {"accept", 1}, {"dispatch", 1}, {"contact", 1}, {"completion", 3}};
    const boost::json::object event = schemas::event_json(record);
    const auto* const dues = event.at("data").as_object().if_contains("dues");
    if (dues == nullptr) return;
    for (const auto& value : dues->as_array()) {
      const auto& due = value.as_object();
      const auto days = kWorkdays.find(std::string(due.at("obligation").as_string()));
      if (days == kWorkdays.end()) continue;
      const Deadline right = wall_.after(day_of(record.recorded_at), days->second);
      CHECK(due.at("due").as_string() == time_text(right.due));
      CHECK(due.at("provisional").as_bool() == right.provisional);
      ++seen_.dues[days->first];
      if (right.provisional) ++seen_.dues["of a year without a calendar"];
    }
  }

  support::TempDir dir_;
  engine::test::Numbers random_;
  Seen& seen_;
  support::ManualClock clock_{midnight(day(2020, 2, 27)) + 9 * kHour};
  engine::KeyRing ring_{engine::Hash{7}};
  std::unique_ptr<engine::Log> log_;
  std::optional<schemas::District> district_;
  std::optional<server::Gate> gate_;
  WallCalendar wall_;
  Micros last_ = 0;
  int shaking_ = 0;
  std::vector<Micros> times_;     // by seq - 1
  std::vector<std::string> ids_;  // in the order in which they were asked
};

}  // namespace

TEST_CASE(
    "R12: whatever the clock does, the order stands and dues come from the ledger's calendar") {
  Seen seen;
  for (std::uint64_t seed = 1; seed <= support::times(100, 5); ++seed) {
    CAPTURE(seed);
    Year(seed, seen).run();
  }
  CHECK(seen.steps.size() == 7);
  CHECK(seen.dues.size() == 5);
}
