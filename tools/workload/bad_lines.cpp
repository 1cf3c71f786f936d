// One kind of mistake a case, as outside systems and people really make them.
#include "tools/workload/bad_lines.h"

#include <fmt/format.h>

#include "engine/check.h"

namespace tools {
namespace {

// The text between two marks of one of our own lines.
std::string_view between(std::string_view line, std::string_view before, std::string_view after) {
  const std::size_t from = line.find(before);
  CHECK(from != std::string_view::npos);
  const std::size_t start = from + before.size();
  const std::size_t end = line.find(after, start);
  CHECK(end != std::string_view::npos);
  return line.substr(start, end - start);
}

struct Parts {
  std::string_view at, command, stream, data;
  std::string id;
};

std::string line_of(const Parts& parts, std::string_view actor, std::string_view command,
                    std::string_view stream, std::string_view data) {
  return fmt::format(R"({{"at":"{}","actor":{},"command":"{}","stream":"{}","id":"{}","data":{}}})",
                     parts.at, actor, command, stream, parts.id, data);
}

constexpr std::string_view kClerk = R"({"id":"office-1","role":"office_clerk"})";
constexpr std::string_view kLead = R"({"id":"lead-1","role":"office_lead"})";
constexpr std::string_view kInspector = R"({"id":"inspector-9","role":"inspector"})";
constexpr std::string_view kNoSuchAppeal = "appeal/SQ0000-000000";

}  // namespace

std::string bad_line(std::string_view good, std::int64_t number, Random& random) {
  const std::size_t data_from = good.find(R"("data":)") + 7;
  Parts parts{.at = between(good, R"("at":")", "\""),
              .command = between(good, R"("command":")", "\""),
              .stream = between(good, R"("stream":")", "\""),
              .data = good.substr(data_from, good.size() - data_from - 1),
              .id = fmt::format("bad-{}", number)};
  switch (random.below(16)) {
    case 0:  // a role that may not (an inspector may only look)
      return line_of(parts, kInspector, "AcceptAppeal", kNoSuchAppeal, "{}");
    case 1:
      return line_of(parts, kInspector, "CloseAppeal", parts.stream, "{}");
    case 2:  // nothing there
      return line_of(parts, kLead, "AcceptAppeal", kNoSuchAppeal, "{}");
    case 3:  // an enterprise that is not registered
      return line_of(
          parts, kClerk, "SubmitAppeal", fmt::format("appeal/BAD-{}", number),
          R"({"enterprise":"91370299MA9999999X","channel":"web","category":"获得电力","title":"停电"})");
    case 4:  // the number is taken
      return line_of(parts, kLead, "CreateDepartment", "department/D01",
                     R"({"name":"区发展和改革局"})");
    case 5:  // a code of the wrong form
      return line_of(parts, kClerk, "RegisterEnterprise", "enterprise/ABC",
                     R"({"name":"无码企业"})");
    case 6:  // the check digit fails and no proof is given
      return line_of(parts, kClerk, "RegisterEnterprise", "enterprise/91350100M000100Y4Z",
                     R"({"name":"校验不符企业"})");
    case 7:  // an old version of the stream
      return fmt::format(
          R"({{"at":"{}","actor":{},"command":"{}","stream":"{}","id":"{}","expected_version":987654,"data":{}}})",
          parts.at, kLead, parts.command, parts.stream, parts.id, parts.data);
    case 8:
      return line_of(parts, kLead, "DeleteAppeal", parts.stream, "{}");
    case 9:  // a field that is not there
      return line_of(parts, kClerk, "AcceptAppeal", kNoSuchAppeal, R"({"approved":true})");
    case 10:  // a field is missing
      return line_of(parts, kLead, "RejectAppeal", kNoSuchAppeal, "{}");
    case 11:  // a wrong type
      return line_of(parts, kClerk, "DispatchAssignment", kNoSuchAppeal,
                     R"({"matter":"one","department":"D01","duty":"lead","track":"standard"})");
    case 12:  // a stream that does not fit
      return line_of(parts, kLead, "CloseAppeal", "task/T001", "{}");
    case 13:  // cut off, as by a broken connection
      return fmt::format(R"({{"id":"{}","at":"{}","command":"AcceptAppeal","stream":"app)",
                         parts.id, parts.at);
    case 14:  // a category that is not one of the nine
      return line_of(parts, kLead, "AppointSupervisor", fmt::format("supervisor/BAD{}", number),
                     R"({"name":"张三","category":"路人","from":"2021-01-01"})");
    default:  // the good line's id with other content
      parts.id = between(good, R"("id":")", "\",\"data");
      // The first "id" of a line is its actor's: take the one before the data.
      parts.id = parts.id.substr(parts.id.rfind('"') + 1);
      return line_of(parts, kLead, "AcceptAppeal", kNoSuchAppeal, "{}");
  }
}

}  // namespace tools
