// The dictionary of policies, and what its items and an enterprise come to: asked as of a moment,
// recorded nowhere. What is recorded is a match that somebody computes (ComputeMatch).
#include <array>

#include "engine/proof/hash.h"
#include "projections/dictionary.h"
#include "projections/matches.h"
#include "schemas/calendar.h"
#include "schemas/industry.h"
#include "server/app.h"
#include "server/http/problem.h"
#include "server/routes/asking.h"

namespace server::policies {
namespace {

namespace json = boost::json;
using engine::ErrorCode;
using engine::fail;
using engine::Result;
using projections::Moment;

Reply answer(const Moment& moment, Result<json::object> drawn) {
  if (!drawn) return problem(drawn.error());
  json::object body = moment_json(moment);
  for (auto& [key, value] : *drawn) body.emplace(key, std::move(value));
  return json_reply(200, body);
}

// Draws with the facts of the moment, away from the loop.
template <class Draw>
Task<Reply> drawn_at(Call& call, const Moment& moment, const Draw& draw) {
  Reply reply = co_await call.app.workers().run(call.loop, [&] {
    Result<json::object> drawn = fail(ErrorCode::io, "Nothing was drawn.");
    const auto done =
        call.app.facts().with(moment.seq, [&](const auto& facts) { drawn = draw(facts); });
    if (!done) return problem(done.error());
    return answer(moment, std::move(drawn));
  });
  co_return reply;
}

std::string text_asked(const Request& request, std::string_view name) {
  const std::string* const text = request.parameter(name);
  return text == nullptr ? std::string() : *text;
}

Task<Reply> policies(Call& call, Request& request) {
  const auto moment = moment_asked(call.app, request);
  if (!moment) co_return problem(moment.error());
  const auto part = part_asked(request);
  if (!part) co_return problem(part.error());
  const projections::DictionaryQuestion question{
      text_asked(request, "text"), text_asked(request, "tag"), text_asked(request, "industry"),
      part->limit, part->offset};
  if (!question.industry.empty() && !schemas::is_industry(question.industry))
    co_return problem(400, "BadRequest", "industry 应为行业代码，如 C26。",
                      "industry is a code of GB/T 4754, such as C26.");
  const auto draw = [&](const auto& facts) -> Result<json::object> {
    return projections::dictionary(facts, *moment, question);
  };
  Reply reply = co_await drawn_at(call, *moment, draw);
  co_return reply;
}

Task<Reply> policy(Call& call, Request& request) {
  const auto moment = moment_asked(call.app, request);
  if (!moment) co_return problem(moment.error());
  const auto draw = [&](const auto& facts) {
    return projections::policy_entry(facts, *moment, request.part("policy"));
  };
  Reply reply = co_await drawn_at(call, *moment, draw);
  co_return reply;
}

// An enterprise asks about itself and nobody else.
bool may_ask(const Call& call, const std::string& enterprise) {
  for (const Acting& acting : call.actings) {
    const Scope scope = scope_of(Action::read_match, acting.column);
    if (scope == Scope::all) return true;
    if (scope == Scope::own && !enterprise.empty() && acting.actor.id == enterprise) return true;
  }
  return false;
}

Task<Reply> matches(Call& call, Request& request) {
  const auto moment = moment_asked(call.app, request);
  if (!moment) co_return problem(moment.error());
  const auto part = part_asked(request);
  if (!part) co_return problem(part.error());
  const std::string enterprise = text_asked(request, "enterprise");
  projections::ItemQuestion question{text_asked(request, "item"), text_asked(request, "verdict"),
                                     part->limit, part->offset};
  if (enterprise.empty() == question.item.empty())
    co_return problem(400, "BadRequest", "请写明 enterprise 或 item，二者取一。",
                      "Name an enterprise or an item, one of the two.");
  if (!may_ask(call, enterprise))
    co_return problem(403, kNotPermitted, "只能查看本企业的匹配。",
                      "You may see your own enterprise's matches only.");
  const bool own =
      scope_of(Action::read_match, widest(call, Action::read_match).column) == Scope::own;
  const auto draw = [&](const auto& facts) {
    return enterprise.empty() ? projections::item_matches(facts, *moment, question)
                              : projections::enterprise_matches(facts, *moment, enterprise, own);
  };
  Reply reply = co_await drawn_at(call, *moment, draw);
  co_return reply;
}

constexpr std::array kRoutes{
    Route{.method = Method::get,
          .path = "/v1/policies",
          .action = Action::read_policy,
          .handler = policies,
          .chinese = "政策字典：按全文、标签、行业查找。",
          .english = "The dictionary of policies, by full text, tag and industry.",
          .query = "text tag industry limit offset as_of seq min_seq",
          .example = "/v1/policies?limit=10"},
    Route{.method = Method::get,
          .path = "/v1/policies/{policy}",
          .action = Action::read_policy,
          .handler = policy,
          .chinese = "一项政策：全文、各版本、标签、关键词、可申报项目。",
          .english = "One policy: text, versions, tags, keywords and items.",
          .query = "as_of seq min_seq",
          .example = "/v1/policies/ZC001"},
    Route{.method = Method::get,
          .path = "/v1/matches",
          .action = Action::read_match,
          .handler = matches,
          .chinese = "一家企业符合哪些项目、差什么；或一个项目适合哪些企业。",
          .english = "What an enterprise gets and lacks, or whom an item fits.",
          .query = "enterprise item verdict limit offset as_of seq min_seq",
          .example = "/v1/matches?enterprise=91350100M000100Y43"},
};

}  // namespace
}  // namespace server::policies

namespace server {

std::span<const Route> policy_routes() { return policies::kRoutes; }

}  // namespace server
