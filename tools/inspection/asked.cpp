#include "tools/inspection/asked.h"

#include <fmt/format.h>

#include <charconv>

namespace tools {

using engine::ErrorCode;
using engine::fail;
using engine::Result;

namespace {

bool is_stream(std::string_view text) {
  const std::size_t slash = text.find('/');
  return slash != std::string_view::npos && slash != 0 && slash + 1 != text.size();
}

bool take_range(std::string_view text, About& about) {
  const std::size_t dots = text.find("..");
  if (dots == std::string_view::npos) return false;
  const auto number = [](std::string_view digits, std::uint64_t& out) {
    const char* const end = digits.data() + digits.size();
    const auto [at, error] = std::from_chars(digits.data(), end, out);
    return error == std::errc{} && at == end;
  };
  return number(text.substr(0, dots), about.from) && number(text.substr(dots + 2), about.to);
}

}  // namespace

Result<About> about_of(const AskedPackage& asked, projections::Question question) {
  About about;
  const int subjects = (asked.report.empty() ? 0 : 1) + (asked.stream.empty() ? 0 : 1) +
                       (asked.range.empty() ? 0 : 1);
  if (subjects != 1)
    return fail(ErrorCode::bad_input, "A package is about one of a report, a stream and a range.");
  for (const std::string& stream : asked.without)
    if (!is_stream(stream))
      return fail(ErrorCode::bad_input, fmt::format("{} is no stream KIND/NO.", stream));
  if (!asked.report.empty()) {
    about.report = asked.report;
    about.question = std::move(question);
    return about;
  }
  if (!asked.stream.empty()) {
    if (!is_stream(asked.stream))
      return fail(ErrorCode::bad_input,
                  "A stream is written KIND/NO, such as appeal/SQ2021-000001.");
    about.subject = Subject::stream;
    about.stream = asked.stream;
    return about;
  }
  about.subject = Subject::range;
  if (!take_range(asked.range, about))
    return fail(ErrorCode::bad_input, "A range is written A..B, such as 1..256.");
  return about;
}

}  // namespace tools
