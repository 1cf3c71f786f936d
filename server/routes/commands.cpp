// Commands: one by its name, or up to 1,000 as lines, each decided by itself.
#include <fmt/format.h>

#include <array>

#include "engine/proof/hash.h"
#include "schemas/calendar.h"
#include "schemas/json.h"
#include "server/app.h"
#include "server/http/problem.h"
#include "server/router.h"

namespace server {
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

Task<Outcome> decide(Call& call, std::string_view line, schemas::Beside beside) {
  auto command = schemas::parse_request(line, beside);
  if (!command)
    co_return refusal(schemas::code_name(command.error().code), schemas::sentence(command.error()));
  const std::string stream = schemas::stream_text(*command);
  Order order{std::move(*command), call.who};
  const engine::Answer answer = co_await call.app.desk().decide(call.loop, std::move(order));
  co_return outcome_of(answer, stream);
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
  const Outcome outcome =
      co_await decide(call, request.body, {request.part("command"), unquoted(*key)});
  Reply reply = json_reply(outcome.status, outcome.body);
  if (outcome.status >= 400) reply.type = "application/problem+json";
  if (outcome.status == 503) reply.headers.emplace_back("Retry-After", "1");
  co_return reply;
}

constexpr std::array kRoutes{
    Route{Method::post, "/v1/commands/{command}", std::nullopt, one_command, "执行一条命令。",
          "Carries out one command."},
};

}  // namespace

std::span<const Route> command_routes() { return kRoutes; }

}  // namespace server
