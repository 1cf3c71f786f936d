// Commands: one by its name, or up to 1,000 as lines, each decided by itself.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "engine/proof/hash.h"
#include "schemas/allowed.h"
#include "schemas/calendar.h"
#include "schemas/event.h"
#include "schemas/json.h"
#include "server/app.h"
#include "server/http/problem.h"
#include "server/identity/sight.h"
#include "server/router.h"

namespace server::commands {
namespace {

namespace json = boost::json;
using schemas::Refusal;

unsigned status_of(std::string_view refused) {
  if (refused == "VersionConflict") return 409;
  if (refused == kNotPermitted) return 403;
  if (refused == "LineTooLong") return 413;
  if (refused == "UnknownCommand") return 404;
  if (refused == "BadJson" || refused == "InvalidText") return 400;
  return 422;
}

constexpr std::size_t kBatchLinesMax = 1000;

// What one command came to: a status, and a receipt or what a problem says.
struct Outcome {
  unsigned status = 500;
  json::object body;
};

Outcome refusal(std::string_view code, std::string_view text) {
  const unsigned status = status_of(code);
  return {status,
          {{"type", fmt::format("urn:bihuan:problem:{}", code)},
           {"title", code},
           {"status", status},
           {"detail", text},
           {"code", code},
           {"refused", code},
           {"text", text}}};
}

// Counted by what it came to. Codes are ours: nothing that a client wrote becomes a label.
Outcome counted(Metrics& metrics, Outcome outcome) {
  const auto* const code = outcome.body.if_contains("refused");
  if (code != nullptr)
    metrics.decided(std::string_view(code->get_string()));
  else if (outcome.status == 201)
    metrics.decided("accepted");
  else
    metrics.decided(outcome.status == 200 ? "repeated" : "failed");
  return outcome;
}

Outcome outcome_of(const engine::Answer& answer, const std::string& stream) {
  if (answer.error) {
    const Reply reply = problem(*answer.error);
    return {reply.status, json::parse(reply.body).as_object()};
  }
  if (!answer.receipt) return refusal(answer.refused, answer.text);
  const engine::Receipt& receipt = *answer.receipt;
  return {answer.repeated ? 200U : 201U,
          {{"seq", receipt.seq},
           {"version", receipt.version},
           {"recorded_at", schemas::time_text(receipt.recorded_at)},
           {"leaf_hash", engine::hex(receipt.leaf)},
           {"stream", stream}}};
}

// What the asker may ask for in the stream as it is now: by its rights, by the lifecycle tables,
// and only if it may see the stream at all.
engine::Result<json::array> allowed_now(App& app, const Identity& who, std::string_view kind,
                                        std::string_view no) {
  json::array names;
  const auto actings = app.actings(who);
  if (!actings) return std::unexpected(actings.error());
  const auto sight = sight_of(*actings, Action::read_stream, kind, no, app.log(), app.sealer());
  if (!sight) return std::unexpected(sight.error());
  if (*sight == Sight::nothing) return names;
  std::set<schemas::EventType> events;
  for (const Acting& one : *actings) {
    const auto allowed = schemas::allowed_events(app.log(), kind, no, one.actor);
    if (!allowed) return std::unexpected(allowed.error());
    for (const schemas::EventType event : *allowed) {
      const auto action = action_of(event);
      if (action && scope_of(*action, one.column) != Scope::none) events.insert(event);
    }
  }
  for (const schemas::EventType event : events) names.emplace_back(schemas::info_of(event).command);
  return names;
}

// A refusal tells of what it is about: that it is there, and how it stands. Who may not see that is
// told that it is not his, whatever else would have been wrong.
engine::Result<bool> is_veiled(App& app, const Identity& who, std::string_view stream) {
  const auto actings = app.actings(who);
  if (!actings) return std::unexpected(actings.error());
  const bool limited = std::ranges::any_of(*actings, [](const Acting& one) {
    const Scope scope = scope_of(Action::read_stream, one.column);
    return scope == Scope::own || scope == Scope::department;
  });
  const std::size_t slash = stream.find('/');
  const std::string_view kind = stream.substr(0, slash), no = stream.substr(slash + 1);
  const auto events = app.log().stream_size(kind, no);
  if (!events) return std::unexpected(events.error());
  if (!limited || *events == 0) return false;
  const auto sight = sight_of(*actings, Action::read_stream, kind, no, app.log(), app.sealer());
  if (!sight) return std::unexpected(sight.error());
  return *sight == Sight::nothing;
}

// What is told of an answer to whoever asked. Of a refusal that cannot be judged now, only that.
Outcome told(App& app, const Identity& who, const engine::Answer& answer,
             const std::string& stream) {
  if (answer.error || answer.receipt) return outcome_of(answer, stream);
  const auto veiled = is_veiled(app, who, stream);
  engine::Answer unread;
  if (!veiled) unread.error = veiled.error();
  if (!veiled) return outcome_of(unread, stream);
  if (*veiled) return refusal(kNotPermitted, "没有办理此事的权限。 You may not do this.");
  return outcome_of(answer, stream);
}

// Does the refusal speak of how the stream stands, so that something else may be in place?
bool speaks_of_state(const Outcome& outcome) {
  const auto* const code = outcome.body.if_contains("refused");
  return code != nullptr && (*code == "VersionConflict" || *code == "WrongState");
}

Task<Outcome> decide(Call& call, std::string_view line, schemas::Beside beside) {
  auto command = schemas::parse_request(line, beside);
  if (!command)
    co_return refusal(schemas::code_name(command.error().code), schemas::sentence(command.error()));
  const std::string stream = schemas::stream_text(*command);
  const std::size_t slash = stream.find('/');
  Order order{std::move(*command), call.who};
  const engine::Answer answer = co_await call.app.desk().decide(call.loop, std::move(order));
  Outcome outcome = told(call.app, call.who, answer, stream);
  if (speaks_of_state(outcome)) {
    // What cannot be read now is left out: the refusal stands without it.
    const std::string_view text = stream;
    auto allowed = allowed_now(call.app, call.who, text.substr(0, slash), text.substr(slash + 1));
    if (allowed) outcome.body["allowed"] = std::move(*allowed);
  }
  co_return outcome;
}

// The key as it is, or as the quoted string of a structured field.
std::string_view unquoted(std::string_view key) {
  if (key.size() >= 2 && key.starts_with('"') && key.ends_with('"'))
    return key.substr(1, key.size() - 2);
  return key;
}

Task<Reply> one_command(Call& call, Request& request) {
  const std::string* const key = request.header("idempotency-key");
  if (key == nullptr)
    co_return problem(400, "KeyNeeded", "须带 Idempotency-Key，以便重试时不会重复记录。",
                      "An Idempotency-Key is needed, so that a retry records nothing twice.");
  Outcome decided = co_await decide(call, request.body, {request.part("command"), unquoted(*key)});
  const Outcome outcome = counted(call.app.metrics(), std::move(decided));
  Reply reply = json_reply(outcome.status, outcome.body);
  if (outcome.status >= 400) reply.type = "application/problem+json";
  if (outcome.status == 503) reply.headers.emplace_back("Retry-After", "1");
  co_return reply;
}

std::vector<std::string_view> lines_of(std::string_view body) {
  std::vector<std::string_view> lines;
  while (!body.empty()) {
    const std::size_t end = std::min(body.find('\n'), body.size());
    lines.push_back(body.substr(0, end));
    body.remove_prefix(std::min(end + 1, body.size()));
  }
  return lines;
}

// Each line is a command with its own id and decided by itself; the answers stand in the order of
// the lines, each with its status.
Task<Reply> many_commands(Call& call, Request& request) {
  const std::vector<std::string_view> lines = lines_of(request.body);
  if (lines.empty())
    co_return problem(400, "NoCommands", "没有命令。", "There are no commands in it.");
  if (lines.size() > kBatchLinesMax)
    co_return problem(413, "BatchTooLarge", "一批最多 1000 条命令。",
                      "A batch holds at most 1,000 commands.");
  std::vector<Outcome> outcomes(lines.size());
  std::vector<Order> orders;
  std::vector<std::pair<std::size_t, std::string>> asked;  // the line, and its stream
  for (std::size_t i = 0; i < lines.size(); ++i) {
    auto command = schemas::parse_request(lines[i], {});
    if (!command) {
      outcomes[i] =
          refusal(schemas::code_name(command.error().code), schemas::sentence(command.error()));
      continue;
    }
    asked.emplace_back(i, schemas::stream_text(*command));
    orders.push_back({std::move(*command), call.who});
  }
  const std::vector<engine::Answer> answers =
      co_await call.app.desk().decide_all(call.loop, std::move(orders));
  // A thousand refusals may read a thousand streams: not on the loop, where others would wait. What
  // was recorded of a batch that is told of no more is found again by its keys.
  const Reply judged = co_await call.app.workers().run(call.loop, [&] {
    for (std::size_t k = 0; k < answers.size(); ++k)
      outcomes[asked[k].first] = told(call.app, call.who, answers[k], asked[k].second);
    return Reply();
  });
  if (judged.status != 200) co_return judged;
  if (std::ranges::any_of(outcomes, [](const Outcome& one) { return one.status == 403; })) {
    schemas::AuthorizationFailedT act;
    act.action = "POST /v1/commands";
    const auto recorded = co_await call.app.access().record(
        call.loop, act_of(call.who, {}, "denied", schemas::EventType::AuthorizationFailed,
                          schemas::pack(act)));
    // What was recorded of the batch is found again by its keys.
    if (!recorded) co_return problem(recorded.error());
  }
  Reply reply;
  reply.type = "application/jsonl";
  for (Outcome& outcome : outcomes) {
    outcome = counted(call.app.metrics(), std::move(outcome));
    outcome.body["status"] = outcome.status;
    reply.body.append(json::serialize(outcome.body)).append("\n");
  }
  co_return reply;
}

constexpr std::array kRoutes{
    Route{Method::post, "/v1/commands", std::nullopt, many_commands,
          "执行至多 1000 条命令，一行一条，各自裁定。",
          "Carries out up to 1,000 commands, one a line, each decided by itself.", "", "",
          R"({"command":"SupplementAppeal","stream":"appeal/SQ2021-000001","id":"example-1",)"
          R"("data":{"text":"补充材料"}})"},
    Route{Method::post, "/v1/commands/{command}", std::nullopt, one_command, "执行一条命令。",
          "Carries out one command.", "", "/v1/commands/SupplementAppeal",
          R"({"stream":"appeal/SQ2021-000001","data":{"text":"补充材料"}})"},
};

}  // namespace
}  // namespace server::commands

namespace server {

std::span<const Route> command_routes() { return commands::kRoutes; }

}  // namespace server
