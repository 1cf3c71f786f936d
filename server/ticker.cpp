#include "server/ticker.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "engine/check.h"
#include "schemas/calendar.h"
#include "schemas/json.h"
#include "server/identity/identity.h"
#include "server/journal.h"

namespace server {

namespace json = boost::json;
using engine::Micros;
using engine::Result;
using projections::DueAct;
using projections::Facts;
using projections::Step;

namespace {

constexpr Micros kPeriod = 60'000'000;

// Names the clock, so that each step is taken once for each: an extension moves a due, and starts
// no other clock; of the weekly duty each week is one.
std::string key_of(std::string_view what, const DueAct& act) {
  std::string key = fmt::format("{}{}/{}/{}", kClockKeys, what,
                                schemas::row_of(act.obligation).name, act.start_seq);
  if (act.obligation == schemas::Obligation::progress)
    key += "/" + schemas::date_text(schemas::day_of(act.due - 1));
  return key;
}

std::string text_of(const DueAct& act) {
  const std::string_view duty = schemas::row_of(act.obligation).chinese;
  const std::string day = schemas::date_text(schemas::day_of(act.due - 1));
  switch (act.step) {
    case Step::yellow:
      return fmt::format("黄灯提醒：{}应于{}办毕。", duty, day);
    case Step::red:
      return fmt::format("催办通知书：{}已于{}到期，尚未办毕。", duty, day);
    case Step::supervise:
      return fmt::format("督办单：{}于{}到期，已逾期2个工作日。", duty, day);
    case Step::circulate:
      return fmt::format("通报：{}于{}到期，已逾期5个工作日。", duty, day);
  }
  CHECK(false);
  return {};
}

schemas::Command command_of(const Facts& facts, const DueAct& act, std::string_view name,
                            std::string_view what, bool with_text) {
  json::object data;
  const std::string text = text_of(act);
  if (name == "OrderSupervision") {
    data["reason"] = text;
  } else {
    if (act.assignment != projections::kNone) {
      const auto& assignment = facts.assignments()[act.assignment];
      data["matter"] = assignment.matter;
      data["department"] = facts.text(assignment.department);
    }
    data["obligation"] = schemas::row_of(act.obligation).name;
    if (with_text) data["text"] = text;
  }
  const json::object line{
      {"stream", fmt::format("appeal/{}", facts.text(facts.items()[act.item].no))},
      {"data", std::move(data)}};
  const std::string id = key_of(what, act);
  auto command = schemas::parse_request(json::serialize(line), {name, id});
  CHECK(command.has_value());
  // Derived from the rules and the clock: the lifecycles let the system do an act of the office
  // then.
  command->flags |= engine::kDerived;
  return *std::move(command);
}

}  // namespace

std::vector<schemas::Command> commands_of(const Facts& facts, const DueAct& act) {
  std::vector<schemas::Command> commands;
  switch (act.step) {
    case Step::yellow:
      commands.push_back(command_of(facts, act, "IssueReminder", "remind", true));
      commands.push_back(command_of(facts, act, "IssueYellowCard", "yellow", false));
      break;
    case Step::red:
      commands.push_back(command_of(facts, act, "IssueReminder", "urge", true));
      commands.push_back(command_of(facts, act, "IssueRedCard", "red", false));
      break;
    case Step::supervise:
      commands.push_back(command_of(facts, act, "OrderSupervision", "supervise", true));
      break;
    case Step::circulate:
      commands.push_back(command_of(facts, act, "IssueReminder", "circulate", true));
      break;
  }
  return commands;
}

bool Ticker::is_due() const {
  const std::lock_guard lock(mutex_);
  return clock_.ticks() - ticked_ >= kPeriod;
}

Result<void> Ticker::submit(schemas::Command command) {
  Identity clock;
  clock.person = kClockPerson;
  clock.clock = true;
  Order order{std::move(command), std::move(clock)};
  const std::string id = order.command.id;
  const engine::Answer answer = desk_.execute(std::move(order));
  if (answer.error) return std::unexpected(*answer.error);
  settled_.insert(id);
  // Somebody was quicker (CardExists), or an earlier text had another due (IdReused): it is done.
  if (!answer.refused.empty())
    note(Grade::info, "clock refused", {{"key", id}, {"refused", answer.refused}});
  else if (!answer.repeated)
    note(Grade::info, "clock acted", {{"key", id}});
  return {};
}

Result<std::vector<schemas::Command>> Ticker::commands_due(Micros live_since) {
  std::vector<schemas::Command> commands;
  Micros now = clock_.now();
  const auto looked = facts_.with(log_.size(), [&](const Facts& facts) {
    if (facts.seq() != 0) now = std::max(now, facts.time_of(facts.seq()));
    for (const DueAct& act : projections::acts_due(facts, now, live_since))
      for (schemas::Command& command : commands_of(facts, act))
        commands.push_back(std::move(command));
  });
  if (!looked) return std::unexpected(looked.error());
  auto ended = endings_.commands_due(now, live_since);
  if (!ended) return ended;
  std::ranges::move(*ended, std::back_inserter(commands));
  return commands;
}

Result<void> Ticker::tick() {
  const std::lock_guard turn(turn_);
  {
    const std::lock_guard lock(mutex_);
    ticked_ = clock_.ticks();
  }
  const auto live = live_.since();
  if (!live) return std::unexpected(live.error());
  if (!*live) return {};
  auto commands = commands_due((*live)->at);
  if (!commands) return std::unexpected(commands.error());
  std::set<std::string, std::less<>> still;
  for (const schemas::Command& command : *commands)
    if (settled_.contains(command.id)) still.insert(command.id);
  settled_ = std::move(still);
  for (schemas::Command& command : *commands) {
    if (settled_.contains(command.id)) continue;
    if (auto done = submit(std::move(command)); !done) return done;
  }
  return {};
}

}  // namespace server
