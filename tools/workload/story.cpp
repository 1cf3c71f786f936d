// The world of the generated district and the people in it.
#include "tools/workload/story.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "engine/check.h"
#include "schemas/directory.h"

namespace tools {
namespace {

constexpr int kClerks = 6, kLeads = 2, kOfficers = 3;
constexpr Day kLatestEnd = 20'758;  // 2026-11-01: a history never lies in the future
constexpr Day kFoundingDays = 20;   // for departments, rules, supervisors and the first enterprises
constexpr int kBadSites = 12;       // chances of a planned bad command, to a per cent of bad lines

Day end_of(Day from, int years) {
  using namespace std::chrono;
  const year_month_day start{sys_days{days{from}}};
  const auto end = sys_days{(start.year() + std::chrono::years{years}) / start.month() / 1} +
                   days{static_cast<unsigned>(start.day()) - 1};
  return std::min(kLatestEnd, static_cast<Day>(end.time_since_epoch().count()));
}

// The notice of the first year comes before everything else that the district records.
Day founding_of(Day begin) { return begin - kFoundingDays - 40; }

}  // namespace

World::World(const WorkloadOptions& chosen)
    : options(chosen),
      begin(chosen.from),
      end(end_of(chosen.from, chosen.years)),
      founding(founding_of(chosen.from)),
      calendars(founding, end - 1) {
  CHECK(begin < end && options.cases >= 0);
  enterprises = std::max<std::int64_t>(8, options.cases / 8);
  enterprises_at_founding = std::max<std::int64_t>(8, enterprises * 6 / 10);
}

std::int64_t World::registered_by(Day day) const {
  if (day < begin) return enterprises_at_founding;
  const std::int64_t later = enterprises - enterprises_at_founding;
  return enterprises_at_founding + later * (day - begin + 1) / (end - begin);
}

bool Story::fires(Path path) {
  const auto row = static_cast<std::size_t>(path);
  if (!random_.per_mille(kPaths[row].per_mille)) return false;
  ++world_.counts[row];
  return true;
}

bool Story::tries_bad() {
  return world_.options.bad_per_cent > 0 &&
         bad_random_.per_mille(std::min(1000, world_.options.bad_per_cent * kBadSites));
}

Person Story::clerk() {
  return {fmt::format("office-{}", people_random_.between(1, kClerks)), "office_clerk", {}};
}

Person Story::lead() {
  return {fmt::format("lead-{}", people_random_.between(1, kLeads)), "office_lead", {}};
}

Person Story::officer(int department) {
  const std::string id = department_id(department);
  return {fmt::format("{}-{}", id, people_random_.between(1, kOfficers)), "department_officer", id};
}

Person Story::first_officer(int department) {
  const std::string id = department_id(department);
  return {id + "-1", "department_officer", id};
}

// Type 91 (an enterprise), a region code that is not allotted, and an organisation code whose own
// check digit (GB 11714) holds as well.
EnterpriseCode enterprise_code(const World& world, std::int64_t number) {
  constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";
  constexpr std::string_view kOrganisation = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  constexpr std::uint64_t kCodes = 887'503'681;  // 31^6
  constexpr int kWeights[] = {3, 7, 9, 10, 5, 8, 4, 2};
  // A permutation of the numbers: 654321791 has no factor 31.
  std::uint64_t place =
      (static_cast<std::uint64_t>(number) * 654'321'791 + world.options.seed % kCodes) % kCodes;
  std::string body = "MA000000";
  for (std::size_t i = 8; i-- > 2; place /= 31) body[i] = kAlphabet[place % 31];
  int sum = 0;
  for (std::size_t i = 0; i < 8; ++i)
    sum += static_cast<int>(kOrganisation.find(body[i])) * kWeights[i];
  const int digit = 11 - sum % 11;
  std::string code = "91370299" + body;
  code += digit == 10 ? 'X' : digit == 11 ? '0' : static_cast<char>('0' + digit);
  code += schemas::uscc_check_digit(code);
  Random random(world.options.seed, static_cast<std::uint64_t>(Seed::enterprise),
                static_cast<std::uint64_t>(number));
  const bool fails = random.per_mille(kPaths[static_cast<std::size_t>(Path::code_fails)].per_mille);
  if (fails) code.back() = kAlphabet[(kAlphabet.find(code.back()) + 7) % kAlphabet.size()];
  return {code, fails};
}

}  // namespace tools
