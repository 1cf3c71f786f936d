// The clock of a rehearsal (rehearsal.h): set, and what falls due by then is done at once.
#include <array>

#include "schemas/calendar.h"
#include "server/app.h"
#include "server/http/problem.h"
#include "server/routes/asking.h"

namespace server::rehearsal {
namespace {

constexpr BodyForm kForm{.needed = "now", .texts = "now"};

Task<Reply> set_clock(Call& call, Request& request) {
  RehearsalClock* const clock = call.app.rehearsal();
  if (clock == nullptr)
    co_return problem(409, "NoRehearsal", "不是演练：时钟不能拨动。",
                      "This is no rehearsal: the clock cannot be set.");
  const auto body = body_asked(request, kForm);
  if (!body) co_return problem(body.error());
  const auto time = time_asked("now", text_in(*body, "now"));
  if (!time) co_return problem(time.error());
  clock->set(*time);
  Reply reply = co_await call.app.workers().run(call.loop, [&] {
    const auto ticked = call.app.ticker().tick();
    if (!ticked) return problem(ticked.error());
    return json_reply(200, {{"rehearsal", schemas::time_text(call.app.clock().now())},
                            {"seq", call.app.log().size()}});
  });
  co_return reply;
}

constexpr std::array kRoutes{
    Route{.method = Method::post,
          .path = "/v1/rehearsal/clock",
          .action = Action::set_clock,
          .handler = set_clock,
          .chinese = "拨动演练的时钟；到期的随即办理。",
          .english = "Sets the clock of a rehearsal; what falls due is done at once.",
          .body = R"({"now":"2021-09-21T09:30:00+08:00"})",
          .form = &kForm},
};

}  // namespace
}  // namespace server::rehearsal

namespace server {

std::span<const Route> rehearsal_routes() { return rehearsal::kRoutes; }

}  // namespace server
