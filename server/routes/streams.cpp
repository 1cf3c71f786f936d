// The history of one thing, the appeals of an enterprise, and events as CloudEvents: a batch after
// a place, or live.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "engine/proof/hash.h"
#include "projections/closed_loop_row.h"
#include "schemas/calendar.h"
#include "schemas/event.h"
#include "schemas/json.h"
#include "server/app.h"
#include "server/cloud_event.h"
#include "server/http/problem.h"
#include "server/identity/sight.h"
#include "server/routes/asking.h"
#include "tools/ledger/events.h"

namespace server::streams {
namespace {

namespace json = boost::json;
using engine::RecordView;

constexpr std::uint64_t kBatchDefault = 100, kBatchMax = 1000;
constexpr std::uint64_t kLookedAtMax = 100'000;  // records passed over for one batch of a kind
constexpr std::uint64_t kPieceMax = 256;         // events of one piece of the feed

Reply draw_history(Call& call, const std::string& kind, const std::string& no,
                   const projections::Moment& moment) {
  const auto sight =
      sight_of(call.actings, Action::read_stream, kind, no, call.app.log(), call.app.sealer());
  if (!sight) return problem(sight.error());
  if (*sight == Sight::nothing)
    return problem(403, kNotPermitted, "没有查看它的权限。", "You may not see this.");
  json::array events;
  const auto read = call.app.log().read_stream(kind, no, [&](const RecordView& record) {
    if (record.seq > moment.seq) return false;
    json::object event = tools::event_with_leaf(call.app.log(), record);
    if (*sight == Sight::masked) mask(event);
    events.push_back(std::move(event));
    return true;
  });
  if (!read && read.error().code != engine::ErrorCode::not_found) return problem(read.error());
  if (events.empty())
    return problem(404, "NotFound", "截至该时刻没有它的记录。", "There is no event of it by then.");
  const std::size_t version = events.size();
  return json_reply(200, {{"stream", kind + "/" + no},
                          {"version", version},
                          {"as_of", schemas::time_text(moment.as_of)},
                          {"seq", moment.seq},
                          {"root", engine::base64(moment.root)},
                          {"events", std::move(events)}});
}

Task<Reply> stream(Call& call, Request& request) {
  const auto moment = moment_asked(call.app, request);
  if (!moment) co_return problem(moment.error());
  Reply reply = co_await call.app.workers().run(call.loop, [&] {
    return draw_history(call, request.part("kind"), request.part("no"), *moment);
  });
  co_return reply;
}

json::object appeal_json(const engine::Log& log, const projections::Case& one) {
  const projections::AppealState& appeal = one.appeal();
  const auto leaf = log.leaf_at(appeal.submitted.seq);
  return {{"appeal", one.no()},
          {"title", one.facts().text(appeal.title)},
          {"category", one.facts().text(appeal.category)},
          {"status", projections::status_name(appeal.status)},
          {"submitted_at", schemas::time_text(appeal.submitted.at)},
          {"seq", appeal.submitted.seq},
          {"leaf_hash", leaf ? json::value(engine::hex(*leaf)) : json::value()},
          {"last_seq", appeal.last_seq}};
}

// Newest first. Who may see the enterprise's own history may see the list.
Reply draw_appeals(Call& call, const std::string& enterprise, const projections::Moment& moment,
                   Part part) {
  App& app = call.app;
  const auto sight = sight_of(call.actings, Action::read_stream, "enterprise", enterprise,
                              app.log(), app.sealer());
  if (!sight) return problem(sight.error());
  if (*sight == Sight::nothing)
    return problem(403, kNotPermitted, "只能查看本企业的诉求。",
                   "You may see your own enterprise's appeals only.");
  json::array appeals;
  std::uint64_t total = 0;
  const auto drawn = app.facts().with(moment.seq, [&](const projections::Facts& facts) {
    const std::uint32_t wanted = facts.find_text(enterprise);
    const auto& items = facts.items_of(projections::Subject::appeal);
    const std::uint32_t begun =
        wanted == 0 ? 0 : facts.begun(projections::Subject::appeal, moment.seq);
    projections::Case memory;
    for (std::uint32_t i = begun; i-- > 0;) {
      // An appeal begins with its submission, whose first word is the enterprise.
      const auto submitted = facts.args_of(facts.items()[items[i]].first);
      if (static_cast<std::uint32_t>(submitted[0]) != wanted) continue;
      if (total++ < part.offset || appeals.size() == part.limit) continue;
      memory.begin(facts, items[i]);
      memory.advance(moment.seq);
      appeals.push_back(appeal_json(app.log(), memory));
    }
  });
  if (!drawn) return problem(drawn.error());
  return json_reply(200, {{"enterprise", enterprise},
                          {"as_of", schemas::time_text(moment.as_of)},
                          {"seq", moment.seq},
                          {"root", engine::base64(moment.root)},
                          {"total", total},
                          {"appeals", std::move(appeals)}});
}

Task<Reply> appeals(Call& call, Request& request) {
  const auto moment = moment_asked(call.app, request);
  if (!moment) co_return problem(moment.error());
  const auto part = part_asked(request);
  if (!part) co_return problem(part.error());
  Reply reply = co_await call.app.workers().run(
      call.loop, [&] { return draw_appeals(call, request.part("no"), *moment, *part); });
  co_return reply;
}

Reply draw_batch(App& app, std::uint64_t after, std::uint64_t limit, const std::string* kind) {
  json::array events;
  std::uint64_t last = after;
  const std::uint64_t size = app.log().size();
  if (after < size) {
    const std::uint64_t to = std::min(size, after + (kind == nullptr ? limit : kLookedAtMax));
    const auto read = app.log().read(after + 1, to, [&](const RecordView& record) {
      last = record.seq;
      if (kind == nullptr || record.kind == *kind)
        events.push_back(cloud_event(app.log(), app.source(), record));
      return events.size() < limit;
    });
    if (!read) return problem(read.error());
  }
  Reply reply = json_reply(200, events);
  reply.type = "application/cloudevents-batch+json";
  if (last < size) {
    std::string next = fmt::format("/v1/events?after={}&limit={}", last, limit);
    if (kind != nullptr) next += "&kind=" + *kind;
    reply.headers.emplace_back("Link", "<" + next + ">; rel=\"next\"");
  }
  return reply;
}

Task<Reply> events(Call& call, Request& request) {
  const auto after = number_parameter(request, "after"), limit = number_parameter(request, "limit");
  if (!after) co_return problem(after.error());
  if (!limit) co_return problem(limit.error());
  const std::string* const kind = request.parameter("kind");
  const bool known =
      kind == nullptr || std::ranges::any_of(schemas::all_events(),
                                             [&](const auto& info) { return info.kind == *kind; });
  const std::uint64_t most = limit->value_or(kBatchDefault);
  if (!known || most == 0 || most > kBatchMax)
    co_return problem(400, "BadRequest", "limit 应为 1 至 1000，kind 应为对象种类。",
                      "limit is 1 to 1000, kind a kind of stream.");
  Reply reply = co_await call.app.workers().run(
      call.loop, [&] { return draw_batch(call.app, after->value_or(0), most, kind); });
  co_return reply;
}

// One client's place in the feed.
struct Follower {
  App& app;
  Loop& loop;
  Identity who;
  std::uint64_t after = 0;

  // The next events; an empty line of comment while there are none; nothing at the end.
  Task<std::optional<std::string>> next() {
    const bool goes_on = co_await app.tip().beyond(loop, after);
    // A right that was taken away ends the feed.
    if (!goes_on || !may_read()) co_return std::nullopt;
    std::string piece;
    const std::uint64_t size = app.log().size();
    if (after < size) {
      const auto read = app.log().read(after + 1, std::min(size, after + kPieceMax),
                                       [&](const RecordView& record) {
                                         piece += message(record);
                                         after = record.seq;
                                         return true;
                                       });
      if (!read) co_return std::nullopt;
    }
    if (piece.empty()) piece = ": alive\n\n";
    co_return std::optional<std::string>(std::move(piece));
  }

 private:
  [[nodiscard]] bool may_read() const {
    const auto actings = app.actings(who);
    return actings && std::ranges::any_of(*actings, [](const Acting& one) {
             return scope_of(Action::read_events, one.column) == Scope::all;
           });
  }
  [[nodiscard]] std::string message(const RecordView& record) const {
    return fmt::format("id: {}\nevent: {}\ndata: {}\n\n", record.seq,
                       schemas::info_of(schemas::type_of(record)).name,
                       json::serialize(cloud_event(app.log(), app.source(), record)));
  }
};

Task<Reply> feed(Call& call, Request& request) {
  auto after = number_parameter(request, "after");
  if (!after) co_return problem(after.error());
  if (const std::string* const last = request.header("last-event-id")) {
    Request resumed;
    resumed.query.emplace_back("Last-Event-ID", *last);
    after = number_parameter(resumed, "Last-Event-ID");
    if (!after) co_return problem(after.error());
  }
  // From now on, unless it says from where.
  auto follower = std::make_shared<Follower>(call.app, call.loop, call.who,
                                             after->value_or(call.app.log().size()));
  Reply reply;
  reply.type = "text/event-stream";
  reply.close = true;
  reply.next_piece = [follower] { return follower->next(); };
  co_return reply;
}

constexpr std::array kRoutes{
    Route{Method::get, "/v1/streams/{kind}/{no}", Action::read_stream, stream,
          "一个对象的全部事件。", "The events of one thing, oldest first.", "as_of seq min_seq",
          "/v1/streams/appeal/SQ2021-000001"},
    Route{Method::get, "/v1/enterprises/{no}/appeals", Action::read_stream, appeals,
          "一家企业的诉求，新的在前；企业只能查看自己的。",
          "The appeals of an enterprise, newest first; an enterprise sees its own only.",
          "limit offset as_of seq min_seq", "/v1/enterprises/91350100M000100Y43/appeals"},
    Route{Method::get, "/v1/events", Action::read_events, events, "全部事件（CloudEvents 批）。",
          "All events, as CloudEvents batches.", "after limit kind min_seq",
          "/v1/events?after=0&limit=10&kind=appeal"},
    Route{Method::get, "/v1/feed", Action::read_events, feed, "实时推送（SSE）。",
          "The live feed (Server-Sent Events).", "after min_seq", "/v1/feed?after=0"},
};

}  // namespace
}  // namespace server::streams

namespace server {

std::span<const Route> stream_routes() { return streams::kRoutes; }

}  // namespace server
