#include "server/app.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "engine/log/copying.h"
#include "engine/log/signing_keys.h"
#include "engine/mutant.h"
#include "schemas/calendar.h"
#include "schemas/event.h"
#include "server/http/problem.h"
#include "server/journal.h"
#include "server/routes/asking.h"
#include "tools/ledger/token.h"

namespace server {
namespace {

// One comes back within a second, whatever the rate is; problem() says so in Retry-After.
Reply too_often() {
  return problem(429, "TooManyRequests", "请求太频繁，请稍后再试。",
                 "Too many requests: try again in a moment.");
}

// Who was turned away from what; of the address only what the table of routes says, and the
// command.
tools::Act turned_away(const Call& call, const Route& route, const Request& request) {
  schemas::AuthorizationFailedT act;
  act.action = fmt::format("{} {}", route.method == Method::post ? "POST" : "GET", route.path);
  if (route.path.ends_with("{command}")) act.action += " " + request.part("command");
  return act_of(call.who, call.actings, "denied", schemas::EventType::AuthorizationFailed,
                schemas::pack(act));
}

}  // namespace

using engine::Result;

Result<std::unique_ptr<App>> App::start(const Options& options, const Clock& real) {
  auto ledger = tools::Ledger::open(options.data, engine::OpenMode::read_write);
  if (!ledger) return std::unexpected(ledger.error());
  std::unique_ptr<App> app(new App(options, real, std::move(*ledger)));
  const Clock& clock = app->clock_;
  if (auto apart = app->keep_rehearsals_apart(); !apart) return std::unexpected(apart.error());
  auto desk = Desk::open(*app->ledger_.log, app->ledger_.keys, clock, options.writer);
  if (!desk) return std::unexpected(desk.error());
  app->desk_ = std::move(*desk);
  auto tokens = Tokens::load(tools::keys_of(options.data));
  if (!tokens) return std::unexpected(tokens.error());
  app->tokens_ = std::move(*tokens);
  if (!options.demo_tokens.empty()) {
    const auto made = app->tokens_.make_demo(options.demo_tokens, *app->desk_->directory());
    if (!made) return std::unexpected(made.error());
  }
  if (auto loaded = app->load_jwt_keys(options); !loaded) return std::unexpected(loaded.error());
  if (!options.pages.empty()) {
    auto pages = Pages::load(options.pages);
    if (!pages) return std::unexpected(pages.error());
    app->pages_ = std::move(*pages);
  }
  std::unique_ptr<Tls> tls;
  if (!options.tls_certificate.empty()) {
    auto loaded = Tls::load(options.tls_certificate, options.tls_key);
    if (!loaded) return std::unexpected(loaded.error());
    tls = std::move(*loaded);
  }
  app->listener_ = std::make_unique<Listener>(
      clock, options.http, options.loops,
      [raw = app.get()](Request& request, Loop& loop) { return raw->answer(request, loop); },
      std::move(tls));
  if (auto begun = app->open_rooms(options); !begun) return std::unexpected(begun.error());
  if (auto listening = app->listener_->start(options.address, options.port); !listening)
    return std::unexpected(listening.error());
  return app;
}

// What works beside the requests: signing, facts, the clock, notices, backups.
Result<void> App::open_rooms(const Options& options) {
  // Packages that were being drawn when the server was killed.
  if (auto gone = engine::remove_directory(data_ + "/outgoing"); !gone) return gone;
  auto signer = Signer::open(log(), options.data, clock_);
  if (!signer) return std::unexpected(signer.error());
  signer_ = std::move(*signer);
  auto facts = LiveFacts::open(*ledger_.log);
  if (!facts) return std::unexpected(facts.error());
  facts_ = std::move(*facts);
  ticker_ = std::make_unique<Ticker>(log(), *facts_, *desk_, went_live_, clock_);
  if (!options.webhook.url.empty()) {
    auto webhook =
        Webhook::open(options.webhook, options.data + "/webhook", source_, log(), *facts_, clock_);
    if (!webhook) return std::unexpected(webhook.error());
    webhook_ = std::move(*webhook);
  }
  tip_ = std::make_unique<Tip>(log(), listener_->loops());
  desk_->on_growth([this] { tip_->grew(); });
  auto backups = Backups::open(log(), options.data);
  if (!backups) return std::unexpected(backups.error());
  backups_ = std::move(*backups);
  desk_->on_group(
      [this](std::size_t commands, engine::Micros took) { metrics_.synced(commands, took); });
  if (options.chores)
    listener_->loops().front()->on_sweep([this] {
      tick_when_due();
      deliver_when_due();
    });
  listener_->loops().front()->on_sweep([this] {
    sign_when_due();
    of_person_.sweep();
    of_address_.sweep();
  });
  return {};
}

Result<void> App::keep_rehearsals_apart() {
  using engine::ErrorCode;
  const bool marked = is_rehearsal_ledger(data_);
  if (rehearsal_ == nullptr && marked)
    return engine::fail(ErrorCode::bad_input,
                        "The times in this ledger are made up: serve it with --rehearsal only.");
  if (rehearsal_ == nullptr || marked) return {};
  const auto live = went_live_.since();
  if (!live) return std::unexpected(live.error());
  if (*live)
    return engine::fail(ErrorCode::bad_input,
                        "This ledger is worked with: rehearse on a copy, or on a new one.");
  return mark_as_rehearsal(data_);
}

Result<void> App::load_jwt_keys(const Options& options) {
  const std::string keys = tools::keys_of(options.data);
  const auto signing = engine::read_signing_keys(keys);
  if (!signing) return std::unexpected(signing.error());
  source_ = "//" + signing->in_force.name;
  if (!options.jwks.empty()) {
    auto loaded = JwtKeys::load(options.jwks, {options.jwt_issuer, options.jwt_audience});
    if (!loaded) return std::unexpected(loaded.error());
    jwt_ = std::move(*loaded);
  }
  const std::string own = tools::token_jwks_file(keys);
  if (!std::filesystem::exists(own)) return {};
  auto loaded = JwtKeys::load(own, {signing->in_force.name, signing->in_force.name});
  if (!loaded) return std::unexpected(loaded.error());
  local_jwt_ = std::move(*loaded);
  return {};
}

App::~App() { stop(); }

void App::stop() {
  if (std::exchange(stopped_, true)) return;
  if (tip_ != nullptr) tip_->close();
  if (listener_ != nullptr) listener_->stop();
  backups_.reset();
  if (desk_ != nullptr) desk_->close();
  workers_.close();
}

void App::sign_when_due() {
  if (!signer_->is_due() || signing_.exchange(true)) return;
  workers_.post([this] {
    // What fails now is tried again at the next sweep.
    if (const auto done = signer_->sign(); !done)
      note(Grade::error, "checkpoint not signed", {{"why", done.error().text}});
    signing_.store(false);
  });
}

void App::tick_when_due() {
  if (!ticker_->is_due() || ticking_.exchange(true)) return;
  workers_.post([this] {
    if (const auto done = ticker_->tick(); !done)
      note(Grade::error, "clock stands", {{"why", done.error().text}});
    ticking_.store(false);
  });
}

void App::deliver_when_due() {
  if (webhook_ == nullptr || !webhook_->is_due() || delivering_.exchange(true)) return;
  workers_.post([this] {
    if (const auto done = webhook_->deliver(); !done)
      note(Grade::warning, "notices not taken",
           {{"why", done.error().text}, {"failures", webhook_->failures()}});
    delivering_.store(false);
  });
}

std::optional<Identity> App::identify(const Request& request) const {
  constexpr std::string_view kBearer = "Bearer ";
  const std::string* const given = request.header("authorization");
  if (given == nullptr || !given->starts_with(kBearer)) return std::nullopt;
  const std::string_view token = std::string_view(*given).substr(kBearer.size());
  auto known = tokens_.find(token);
  if (known) return known;
  for (const auto* const keys : {&jwt_, &local_jwt_}) {
    if (!*keys) continue;
    if (const auto claims = (*keys)->verify(token, clock_.now()))
      return Identity{claims->person, false, {}, {}};
  }
  return std::nullopt;
}

Gauges App::gauges() const {
  const auto newest = signer_->newest();
  return {.standing = {},
          .events = log().size(),
          .checkpoint_events = newest == nullptr ? 0 : newest->checkpoint.size,
          .drawn_events = facts_->seq(),
          .waiting_commands = desk_->waiting(),
          .waiting_reads = workers_.waiting(),
          .connections = listener_->connections(),
          .takes_writes = !desk_->stopped().has_value()};
}

Task<Reply> App::answer(Request& request, Loop& loop) {
  const engine::Micros begun = clock_.ticks();
  const Found found = find_route(request);
  Reply reply;
  if (!of_address_.take(host_of(request.address))) {
    reply = too_often();
  } else if (found.route != nullptr) {
    reply = co_await call(*found.route, request, loop);
  } else if (found.allowed.empty()) {
    reply = problem(404, "NoSuchRoute", "没有这个地址。", "There is no such address.");
  } else {
    reply = problem(405, "WrongMethod", "该地址不支持这个方法。",
                    "This address does not answer to that method.");
    const bool posts = found.allowed.front() == Method::post;
    reply.headers.emplace_back("Allow", posts ? "POST" : "GET, HEAD");
  }
  if (rehearsal_ != nullptr)
    reply.headers.emplace_back("Bihuan-Rehearsal", schemas::time_text(clock_.now()));
  metrics_.answered(found.route, reply.status, clock_.ticks() - begun);
  const std::string_view path = found.route == nullptr ? "none" : found.route->path;
  if (reply.status >= 500)
    note(Grade::error, "failed", {{"route", path}, {"status", reply.status}});
  else if (reply.status == 401 || reply.status == 403)
    note(Grade::warning, "denied", {{"route", path}, {"status", reply.status}});
  co_return reply;
}

Task<Reply> App::permitted(const Route& route, Call& call, Request& request) {
  const bool open = route.action && right_of(*route.action).open;
  if (!open && route.action) {
    auto allowed = call.app.actings(call.who);
    if (!allowed) co_return problem(allowed.error());
    call.actings = std::move(*allowed);
    const auto grants = [&](const Acting& one) {
      return scope_of(*route.action, one.column) != Scope::none;
    };
    const bool unchecked =
        engine::seeded(engine::Mutant::dropped_role_check) && route.path == "/v1/outbox";
    // Refused as what he is; granted as what he may do it as.
    if (std::ranges::none_of(call.actings, grants) && !unchecked)
      co_return problem(403, kNotPermitted, "没有办理此事的权限。", "You may not do this.");
    std::erase_if(call.actings, [&](const Acting& one) { return !grants(one); });
  }
  if (auto checked = check_parameters(route, request); !checked) co_return problem(checked.error());
  Reply reply = co_await route.handler(call, request);
  co_return reply;
}

Task<Reply> App::call(const Route& route, Request& request, Loop& loop) {
  Call call{*this, loop, {}, {}};
  const bool open = route.action && right_of(*route.action).open;
  if (!open) {
    auto identity = identify(request);
    if (!identity) {
      Reply reply = problem(401, "NoToken", "需要有效的令牌。", "A valid token is needed.");
      reply.headers.emplace_back("WWW-Authenticate", "Bearer realm=\"bihuan\"");
      co_return reply;
    }
    if (!of_person_.take(identity->person)) co_return too_often();
    call.who = std::move(*identity);
  }
  Reply reply = co_await permitted(route, call, request);
  if (reply.status != 403) co_return reply;
  const auto recorded = co_await access_.record(loop, turned_away(call, route, request));
  if (!recorded) co_return problem(recorded.error());
  co_return reply;
}

}  // namespace server
