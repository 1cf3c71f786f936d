#include "tests/simulation/campaign.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "tests/simulation/procedure.h"
#include "tests/simulation/run.h"

namespace simulation {
namespace {

constexpr std::string_view kRefusals =
    "AlreadyAnswered AlreadyAssigned AlreadyDecomposed AlreadyExists AlreadyGranted AlreadyRated "
    "AlreadySuspended AssignmentsOpen AtGoesBack BadLevel BadWeek BudgetExhausted CallbackDone "
    "CallbackOpen CardExists EvidenceNeeded NoObjection NotPassed ObjectionOpen OwnWork "
    "PublicityOpen PublicityOver QuotaExhausted UnknownItem WindowClosed "
    "ExtensionTooLong IdReused LeadExists LightIsNotSo MergeCycle MissingField NoMatters NoOwner "
    "NotAnswered NotBadRating NotCoHandler NotDecomposed NotFound NotGraded NotLead NotSealed "
    "NotTheReporter NotTheSubmitter NothingChanged OccurredAfterRecorded OutOfRange PercentFalls "
    "PlanFull RatingOpen RatingWindowClosed ReasonNeeded RequestPending RequestTooLate "
    "ReturnAfterContact ReturnAskedBefore ReturnTooLate ReviewTooFar SupervisorNotActive "
    "TargetNotOpen TermOverlaps UnknownAssignment UnknownCategory UnknownDepartment UnknownDomain "
    "UnknownEnterprise UnknownField UnknownMatter UnknownMilestone UntilTooEarly VersionConflict "
    "WeekAlreadyReported WeekOutOfRange WrongDepartment WrongRole WrongState WrongStream";

}  // namespace

std::string run(Campaign& campaign) {
  for (std::uint64_t seed = campaign.first; seed <= campaign.last; ++seed) {
    Options options;
    options.seed = seed;
    options.commands = campaign.commands;
    if (campaign.trace)
      options.tell = [](const std::string& sentence) { std::printf("%s\n", sentence.c_str()); };
    Run one(options);
    const std::string wrong = one.year();
    for (const auto& [what, times] : one.counts()) campaign.counts[what] += times;
    ++campaign.runs;
    if (!wrong.empty())
      return "Seed " + std::to_string(seed) + " (simulation_tests --seed " + std::to_string(seed) +
             " --trace): " + wrong;
  }
  return {};
}

std::string told_twice(std::uint64_t seed, int commands) {
  std::array<crash::Story, 2> told;
  for (crash::Story& story : told) {
    Options options;
    options.seed = seed;
    options.commands = commands;
    options.story = &story;
    if (std::string wrong = Run(options).year(); !wrong.empty()) return wrong;
  }
  const auto [here, there] = std::ranges::mismatch(told[0], told[1]);
  if (here == told[0].end() && there == told[1].end()) return {};
  return "Seed " + std::to_string(seed) + ", call " + std::to_string(here - told[0].begin() + 1) +
         ": " + (here == told[0].end() ? "the end" : *here) + ", and " +
         (there == told[1].end() ? "the end" : *there);
}

std::vector<std::string> never_happened(const Campaign& campaign) {
  std::vector<std::string> must = {"accepted",
                                   "repeated",
                                   "kills",
                                   "restarts",
                                   "clock stepped back",
                                   "questions",
                                   "clock stepped forward",
                                   "light red",
                                   "light yellow",
                                   "asked why",
                                   "history read",
                                   "drawn weekly",
                                   "drawn closed-loop",
                                   "drawn ratings",
                                   "drawn supervision",
                                   "drawn plan",
                                   "drawn policies",
                                   "drawn again as of then",
                                   "facts rebuilt",
                                   "checkpoints signed",
                                   "calendars published in time or late",
                                   "deadlines recomputed",
                                   "provisional dues",
                                   "outcome unknown",
                                   "told that the disk is full",
                                   "read on after a storage error",
                                   "found recorded after all",
                                   "not recorded, and sent again"};
  for (const crash::Kind kind : {crash::Kind::fail, crash::Kind::full, crash::Kind::cut})
    must.push_back("disk: " + std::string(crash::name_of(kind)));
  for (const crash::Loss loss : crash::kLosses)
    must.push_back("power cut: " + std::string(crash::name_of(loss)));
  for (const Row& row : procedure()) must.push_back("accepted " + std::string(row.command));
  for (const std::string& code : words_of(kRefusals)) must.push_back("refused " + code);
  std::erase_if(must, [&](const std::string& what) {
    const auto count = campaign.counts.find(what);
    return count != campaign.counts.end() && count->second != 0;
  });
  return must;
}

std::string table_of(const Campaign& campaign) {
  std::string out = std::to_string(campaign.runs) + " simulated years\n";
  for (const auto& [what, times] : campaign.counts)
    out += "  " + std::to_string(times) + "  " + what + "\n";
  return out;
}

}  // namespace simulation
