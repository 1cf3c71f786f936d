// What every read shares: the moment it asks about, its parameters, the form it wants, and telling
// a client that nothing has changed.
#pragma once

#include <boost/json.hpp>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "engine/result.h"
#include "projections/report.h"
#include "server/router.h"

namespace server {

// A parameter that is none of the route's is refused, and so is one that is given twice.
[[nodiscard]] engine::Result<void> check_parameters(const Route& route, const Request& request);
// The parameter as a whole number; nullopt: not given.
[[nodiscard]] engine::Result<std::optional<std::uint64_t>> number_parameter(const Request& request,
                                                                            std::string_view name);

// `as_of` or `seq`; neither: now, by the server's clock, with everything recorded. `min_seq` is
// refused (not_found) while the ledger is shorter: a receipt's seq never is.
[[nodiscard]] engine::Result<projections::Moment> moment_asked(App& app, const Request& request);

// The moment that an answer stands for: as_of, seq and the root of the tree there.
[[nodiscard]] boost::json::object moment_json(const projections::Moment& moment);

// A part of a list: `limit` (1 to 1,000; 100 where it is not given) and `offset`.
struct Part {
  std::size_t limit = 0, offset = 0;
};
[[nodiscard]] engine::Result<Part> part_asked(const Request& request);

// An RFC 3339 time in the years that deadlines can be counted in; bad_input otherwise.
[[nodiscard]] engine::Result<engine::Micros> time_asked(std::string_view name,
                                                        const std::string& text);

// The body as an object of the form's members and no others; bad_input otherwise.
[[nodiscard]] engine::Result<boost::json::object> body_asked(const Request& request,
                                                             const BodyForm& form);
// The member of such a body; empty: it is not there.
[[nodiscard]] std::string text_in(const boost::json::object& body, std::string_view name);

// "kind/no" of a stream taken apart; without a slash the number is empty.
struct StreamName {
  std::string kind, no;
};
[[nodiscard]] StreamName stream_named(std::string_view text);

// The right of widest scope that the caller has to an action; never nullptr on a route of it.
[[nodiscard]] const Acting& widest(const Call& call, Action action);

enum class Form { json, csv };
// From `format`, or else from Accept; nullopt: neither is wanted.
[[nodiscard]] std::optional<Form> form_asked(const Request& request);

// The strong ETag of an answer that depends on these texts and on nothing else.
[[nodiscard]] std::string etag_of(std::initializer_list<std::string_view> texts);
// 304, if the client has the answer of this ETag already.
[[nodiscard]] std::optional<Reply> unchanged(const Request& request, const std::string& etag);
// Marks a reply with its ETag: it may be kept, and is asked for again before it is shown, so that
// rights are checked again too.
void mark(Reply& reply, const std::string& etag);

}  // namespace server
