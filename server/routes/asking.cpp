#include "server/routes/asking.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "engine/check.h"
#include "engine/proof/hash.h"
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
  while (!names.empty()) {
    const std::size_t end = std::min(names.find(' '), names.size());
    if (names.substr(0, end) == name) return true;
    names.remove_prefix(std::min(end + 1, names.size()));
  }
  return false;
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
