// The whole API as one table: method, path, the action of the table of rights, the handler, and
// what the documentation says of it. What is not in the table does not exist; what it names needs a
// right.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "server/http/loop.h"
#include "server/http/message.h"
#include "server/identity/identity.h"
#include "server/identity/rights.h"

namespace server {

class App;

// What a handler is given besides the request.
struct Call {
  App& app;
  Loop& loop;
  Identity who;  // nobody on routes that need no token
  std::vector<Acting>
      actings;  // those whose column grants the route's action; empty on open routes
};

using Handler = Task<Reply> (*)(Call& call, Request& request);

// The members of a JSON body, names with a space between: each a text of one line, a whole number,
// or a list of such texts. The members that are needed may not be left out.
struct BodyForm {
  std::string_view needed = {}, texts = {}, numbers = {}, lists = {};
};

struct Route {
  Method method = Method::get;  // a GET answers HEAD too
  std::string_view path;        // {name} stands for one segment, {name...} for all that follow
  // The action that the route needs; nullopt: each command's own (action_of), checked by the
  // writer.
  std::optional<Action> action;
  Handler handler = nullptr;
  std::string_view chinese, english;  // one sentence each
  std::string_view query = {};        // the parameters that it takes, and no others
  // One that works, for the documentation, and sent by a test: the whole target (left out: the path
  // itself) and the body of a POST.
  std::string_view example = {}, body = {};
  const BodyForm* form = nullptr;  // of a JSON body; nullptr: the body is none
};

// The routes of each file of routes/.
[[nodiscard]] std::span<const Route> status_routes();
[[nodiscard]] std::span<const Route> command_routes();
[[nodiscard]] std::span<const Route> report_routes();
[[nodiscard]] std::span<const Route> stream_routes();
[[nodiscard]] std::span<const Route> reminder_routes();
[[nodiscard]] std::span<const Route> evidence_routes();
[[nodiscard]] std::span<const Route> package_routes();
[[nodiscard]] std::span<const Route> sealed_routes();
[[nodiscard]] std::span<const Route> attachment_routes();
[[nodiscard]] std::span<const Route> deadline_routes();
[[nodiscard]] std::span<const Route> policy_routes();
[[nodiscard]] std::span<const Route> rehearsal_routes();
[[nodiscard]] std::span<const Route> page_routes();

// All of them.
[[nodiscard]] const std::vector<const Route*>& all_routes();

struct Found {
  const Route* route = nullptr;  // nullptr: no such path, or another method
  std::vector<Method> allowed;   // of that path
};
// Fills the request's `parts`.
[[nodiscard]] Found find_route(Request& request);
// What stands in a path of this route in place of {name} and {name...}; empty if it is none of its.
[[nodiscard]] Fields parts_of(const Route& route, const std::vector<std::string>& segments);
// The names of a route's lists, which have a space between: "a b".
[[nodiscard]] std::vector<std::string_view> names_in(std::string_view names);

}  // namespace server
