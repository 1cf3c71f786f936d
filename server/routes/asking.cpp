#include "server/routes/asking.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "engine/check.h"
#include "engine/proof/hash.h"
#include "schemas/calendar.h"
#include "schemas/json_text.h"
#include "server/app.h"
#include "server/http/gzip.h"

namespace server {

using engine::ErrorCode;
using engine::fail;
using engine::Result;

namespace {

// Not the text itself: it is the client's, and may be anything.
bool is_plain(std::string_view text) {
  return text.size() <= 40 && std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7f; });
}

bool takes(std::string_view names, std::string_view name) {
  const std::vector<std::string_view> list = names_in(names);
  return std::ranges::find(list, name) != list.end();
}

}  // namespace

Result<void> check_parameters(const Route& route, const Request& request) {
  for (std::size_t i = 0; i < request.query.size(); ++i) {
    const std::string& name = request.query[i].first;
    const std::string shown = is_plain(name) ? name : "(?)";
    if (!takes(route.query, name))
      return fail(ErrorCode::bad_input, fmt::format("There is no parameter {} here.", shown));
    for (std::size_t j = 0; j < i; ++j)
      if (request.query[j].first == name)
        return fail(ErrorCode::bad_input, fmt::format("The parameter {} is given twice.", shown));
  }
  return {};
}

Result<std::optional<std::uint64_t>> number_parameter(const Request& request,
                                                      std::string_view name) {
  const std::string* const text = request.parameter(name);
  if (text == nullptr) return std::optional<std::uint64_t>();
  std::uint64_t number = 0;
  const char* const end = text->data() + text->size();
  const auto [rest, error] = std::from_chars(text->data(), end, number);
  if (error != std::errc() || rest != end)
    return fail(ErrorCode::bad_input, fmt::format("{} must be a whole number.", name));
  return std::optional(number);
}

Result<projections::Moment> moment_asked(App& app, const Request& request) {
  const auto seq = number_parameter(request, "seq"), least = number_parameter(request, "min_seq");
  if (!seq) return std::unexpected(seq.error());
  if (!least) return std::unexpected(least.error());
  const engine::Log& log = app.log();
  if (*least && **least > log.size())
    return fail(ErrorCode::not_found,
                fmt::format("The ledger has {} events, not yet {}.", log.size(), **least));
  const std::string* const as_of = request.parameter("as_of");
  if (as_of != nullptr && *seq) return fail(ErrorCode::bad_input, "Give as_of or seq, not both.");
  auto moment = tools::moment_of({as_of == nullptr ? "" : *as_of, *seq}, log);
  // Of the present: lights are judged now, not when somebody last did something.
  if (moment && as_of == nullptr && !*seq)
    moment->as_of = std::max(moment->as_of, app.clock().now());
  return moment;
}

boost::json::object moment_json(const projections::Moment& moment) {
  return {{"as_of", schemas::time_text(moment.as_of)},
          {"seq", moment.seq},
          {"root", engine::base64(moment.root)}};
}

Result<Part> part_asked(const Request& request) {
  constexpr std::uint64_t kDefault = 100, kMost = 1000;
  const auto limit = number_parameter(request, "limit"),
             offset = number_parameter(request, "offset");
  if (!limit) return std::unexpected(limit.error());
  if (!offset) return std::unexpected(offset.error());
  const Part part{limit->value_or(kDefault), offset->value_or(0)};
  if (part.limit == 0 || part.limit > kMost)
    return fail(ErrorCode::bad_input, "limit is 1 to 1000.");
  return part;
}

Result<engine::Micros> time_asked(std::string_view name, const std::string& text) {
  constexpr int kMargin = 5;  // years that the longest limit stays within
  const auto time = schemas::parse_time(text);
  if (!time) return fail(ErrorCode::bad_input, fmt::format("{} is an RFC 3339 time.", name));
  const int year = schemas::year_of(schemas::day_of(*time));
  if (year < schemas::kFirstYear + kMargin || year > schemas::kLastYear - kMargin)
    return fail(ErrorCode::bad_input, fmt::format("{} lies outside the calendar.", name));
  return *time;
}

Result<boost::json::object> body_asked(const Request& request, const BodyForm& form) {
  boost::json::parse_options options;
  options.max_depth = 4;
  boost::system::error_code error;
  boost::json::value value = boost::json::parse(request.body, error, {}, options);
  if (error || !value.is_object())
    return fail(ErrorCode::bad_input, "The body must be one JSON object.");
  const auto is_line = [](const boost::json::value& one) {
    constexpr std::size_t kLineMax = 1000;
    return one.is_string() && schemas::check_name(std::string_view(one.get_string()), kLineMax) ==
                                  schemas::RefusalCode::none;
  };
  for (const auto& [key, member] : value.get_object()) {
    const std::string_view name = key;
    const bool is_list = takes(form.lists, name) && member.is_array() &&
                         std::ranges::all_of(member.get_array(), is_line);
    const bool is_number = takes(form.numbers, name) && member.is_number() &&
                           schemas::whole_number(member).value_or(-1) >= 0;
    if (is_list || is_number || (takes(form.texts, name) && is_line(member))) continue;
    return fail(ErrorCode::bad_input, fmt::format("The body has no member {} of that form.",
                                                  is_plain(name) ? name : "(?)"));
  }
  std::string_view needed = form.needed;
  while (!needed.empty()) {
    const std::size_t end = std::min(needed.find(' '), needed.size());
    if (!value.get_object().contains(needed.substr(0, end)))
      return fail(ErrorCode::bad_input,
                  fmt::format("The body must have {}.", needed.substr(0, end)));
    needed.remove_prefix(std::min(end + 1, needed.size()));
  }
  return std::move(value.get_object());
}

std::string text_in(const boost::json::object& body, std::string_view name) {
  const auto* const member = body.if_contains(name);
  return member == nullptr || !member->is_string() ? std::string()
                                                   : std::string(member->get_string());
}

StreamName stream_named(std::string_view text) {
  const std::size_t slash = std::min(text.find('/'), text.size());
  return {std::string(text.substr(0, slash)),
          std::string(text.substr(std::min(slash + 1, text.size())))};
}

const Acting& widest(const Call& call, Action action) {
  CHECK(!call.actings.empty());
  return *std::ranges::max_element(call.actings, {},
                                   [&](const Acting& one) { return scope_of(action, one.column); });
}

std::optional<Form> form_asked(const Request& request) {
  if (const std::string* const format = request.parameter("format")) {
    if (*format == "json") return Form::json;
    if (*format == "csv") return Form::csv;
    return std::nullopt;
  }
  const std::string* const accept = request.header("accept");
  if (accept == nullptr) return Form::json;
  const std::size_t csv = accept->find("text/csv");
  const std::size_t json = std::min(
      {accept->find("application/json"), accept->find("*/*"), accept->find("application/*")});
  if (csv == std::string::npos && json == std::string::npos) return std::nullopt;
  return csv < json ? Form::csv : Form::json;
}

std::string etag_of(std::initializer_list<std::string_view> texts) {
  std::string all;
  for (const std::string_view text : texts) all.append(fmt::format("{}:{}", text.size(), text));
  constexpr std::size_t kHexDigits = 32;
  return fmt::format("\"{}\"",
                     engine::hex(engine::sha256(engine::bytes_of(all))).substr(0, kHexDigits));
}

std::optional<Reply> unchanged(const Request& request, const std::string& etag) {
  const std::string* const known = request.header("if-none-match");
  if (known == nullptr) return std::nullopt;
  // The compressed form has the same tag with a mark of its own (gzip.cpp).
  const bool same = *known == "*" || known->find(etag) != std::string::npos ||
                    known->find(gzip_etag(etag)) != std::string::npos;
  if (!same) return std::nullopt;
  Reply reply;
  reply.status = 304;
  mark(reply, etag);
  return reply;
}

void mark(Reply& reply, const std::string& etag) {
  reply.headers.emplace_back("ETag", etag);
  reply.headers.emplace_back("Cache-Control", "private, no-cache");
}

}  // namespace server
