// The generated district is a history that the rules accept whole, in which every path of the table
// is taken, and which is the same bytes for the same seed.
#include "tools/workload/workload.h"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <openssl/sha.h>

#include <map>
#include <set>
#include <string>
#include <vector>

#include "schemas/calendar.h"
#include "schemas/directory.h"
#include "schemas/district.h"
#include "schemas/json.h"
#include "tests/support/indexed_source.h"
#include "tests/support/subject.h"

namespace {

struct Outcome {
  std::int64_t lines = 0, accepted = 0, events = 0, bad = 0;
  std::vector<std::string> accepted_bad, refused_good;
  std::map<std::string, int> refusals;
};

// Every line through the JSON door and the rules, as an import would.
Outcome import(const tools::WorkloadOptions& options) {
  Outcome outcome;
  support::IndexedSource source;
  const support::FakeSealer sealer;
  schemas::District district(source, sealer);
  REQUIRE(district.load(0).has_value());
  tools::Workload workload(options);
  for (std::string line; workload.next(line); ++outcome.lines) {
    std::string refused;
    if (auto command = schemas::parse_line(line); !command) {
      refused = schemas::code_name(command.error().code);
    } else {
      auto ruling = district.decide(*command, source.size() + 1);
      REQUIRE(ruling.has_value());
      refused = ruling->refused;
      outcome.accepted += refused.empty();
      for (engine::NewEvent& event : ruling->events) source.append(std::move(event));
    }
    const bool bad = workload.last_is_bad();
    outcome.bad += bad;
    if (!refused.empty()) ++outcome.refusals[refused];
    if (bad && refused.empty()) outcome.accepted_bad.push_back(line);
    if (!bad && !refused.empty()) outcome.refused_good.push_back(refused + "  " + line);
  }
  outcome.events = static_cast<std::int64_t>(source.size());
  return outcome;
}

std::string sha256_of(const tools::WorkloadOptions& options) {
  tools::Workload workload(options);
  std::string text;
  for (std::string line; workload.next(line);) text += line + "\n";
  unsigned char digest[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest);
  std::string hex;
  for (const unsigned char byte : digest) hex += fmt::format("{:02x}", byte);
  return hex;
}

std::string first_of(const std::vector<std::string>& lines) {
  std::map<std::string, int> codes;
  for (const std::string& line : lines) ++codes[line.substr(0, line.find(' '))];
  std::string text;
  for (const auto& [code, count] : codes) text += fmt::format("{} {}\n", code, count);
  for (std::size_t i = 0; i < lines.size() && i < 12; ++i) text += lines[i] + "\n";
  return text;
}

}  // namespace

TEST_CASE("a generated district is accepted by the rules to the last command") {
  const Outcome outcome = import({.seed = 7, .cases = 2000});
  CHECK_MESSAGE(outcome.refused_good.empty(), first_of(outcome.refused_good));
  CHECK(outcome.bad == 0);
  CHECK(outcome.accepted == outcome.lines);
  CHECK(outcome.events > outcome.lines);
}

TEST_CASE("years with amended calendars are accepted as well") {
  const schemas::Day from = *schemas::parse_date("2019-01-01");
  const Outcome outcome = import({.seed = 3, .cases = 1500, .from = from, .years = 2});
  CHECK_MESSAGE(outcome.refused_good.empty(), first_of(outcome.refused_good));
}

TEST_CASE("exactly the bad commands of a district with bad ones are refused") {
  Outcome outcome = import({.seed = 11, .cases = 2000, .bad_per_cent = 5});
  CHECK_MESSAGE(outcome.refused_good.empty(), first_of(outcome.refused_good));
  CHECK_MESSAGE(outcome.accepted_bad.empty(), first_of(outcome.accepted_bad));
  CHECK(outcome.bad * 100 > outcome.lines * 3);
  CHECK(outcome.bad * 100 < outcome.lines * 8);
  for (const char* code :
       {"BadJson", "IdReused", "VersionConflict", "UnknownField", "MissingField", "WrongType",
        "UnknownCommand", "UnknownEnterprise", "UnknownDepartment", "ReturnAfterContact",
        "RequestTooLate", "AssignmentsOpen", "RatingWindowClosed", "ReasonNeeded", "WrongRole"})
    CHECK_MESSAGE(outcome.refusals[code] > 0, code);
}

TEST_CASE("bad commands leave the good ones as they are") {
  std::vector<std::string> plain, among_bad;
  tools::Workload without({.seed = 5, .cases = 200}),
      with({.seed = 5, .cases = 200, .bad_per_cent = 10});
  for (std::string line; without.next(line);) plain.push_back(line);
  for (std::string line; with.next(line);)
    if (!with.last_is_bad()) among_bad.push_back(line);
  CHECK(plain == among_bad);
}

TEST_CASE("every path of the table is taken in a district of some size") {
  tools::Workload workload({.seed = 1, .cases = 20'000});
  for (std::string line; workload.next(line);) {
  }
  for (std::size_t path = 0; path < tools::kPathCount; ++path)
    CHECK_MESSAGE(workload.path_counts()[path] > 0, std::string(tools::kPaths[path].name));
}

TEST_CASE("the same seed gives the same bytes, and another seed other ones") {
  const std::string golden = sha256_of({.seed = 1, .cases = 100});
  CHECK(golden == sha256_of({.seed = 1, .cases = 100}));
  CHECK(golden != sha256_of({.seed = 2, .cases = 100}));
  // Kept, so that a change of the generator is a decision: benchmarks compare by these bytes.
  CHECK(golden == "1f1cae51edc006316b7e37b7d52651193d293e50df1d38bbea89612a226c69f9");
}

TEST_CASE("a history is in time order, says each good id once and ends before its period does") {
  tools::Workload workload(
      {.seed = 9, .cases = 500, .from = *schemas::parse_date("2026-01-01"), .years = 3});
  std::set<std::string> ids;
  engine::Micros last = 0;
  for (std::string line; workload.next(line);) {
    const auto command = schemas::parse_line(line);
    REQUIRE(command.has_value());
    CHECK(command->at >= last);
    last = command->at;
    CHECK(ids.insert(command->id).second);
  }
  CHECK(last < *schemas::parse_time("2026-11-01T00:00:00+08:00"));
  CHECK(last > *schemas::parse_time("2026-10-30T00:00:00+08:00"));
}

TEST_CASE("codes of enterprises hold their check digit, and those that do not bring proof") {
  tools::Workload workload({.seed = 4, .cases = 8000});
  int holding = 0, failing = 0;
  for (std::string line; workload.next(line);) {
    if (line.find(R"("command":"RegisterEnterprise")") == std::string::npos) continue;
    const std::size_t at = line.find("enterprise/") + 11;
    const bool holds = schemas::uscc_check_digit_holds(line.substr(at, 18));
    ++(holds ? holding : failing);
    CHECK(holds == (line.find(R"("proof":)") == std::string::npos));
  }
  CHECK(holding > 900);
  CHECK(failing > 0);
  CHECK(failing < 20);
}
