#include "tests/simulation/campaign.h"

#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "tests/simulation/procedure.h"
#include "tests/simulation/run.h"

namespace simulation {
namespace {

constexpr std::string_view kRefusals =
    "AlreadyAnswered AlreadyAssigned AlreadyDecomposed AlreadyExists AlreadyRated AlreadySuspended "
    "AssignmentsOpen AtGoesBack BadLevel BadWeek CallbackOpen CardExists EvidenceNeeded "
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
    // Not of tests/support: asked for one seed, this runs outside doctest, where REQUIRE may not
    // be.
    std::string dir = (std::filesystem::temp_directory_path() / "bihuan-XXXXXX").string();
    if (::mkdtemp(dir.data()) == nullptr) return "No temporary directory.";
    Options options;
    options.seed = seed;
    options.commands = campaign.commands;
    options.dir = dir + "/ledger";
    if (campaign.trace)
      options.tell = [](const std::string& sentence) { std::printf("%s\n", sentence.c_str()); };
    Run one(options);
    const std::string wrong = one.year();
    std::filesystem::remove_all(dir);
    for (const auto& [what, times] : one.counts()) campaign.counts[what] += times;
    ++campaign.runs;
    if (!wrong.empty())
      return "Seed " + std::to_string(seed) + " (simulation_tests --seed " + std::to_string(seed) +
             " --trace): " + wrong;
  }
  return {};
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
                                   "drawn again as of then",
                                   "facts rebuilt",
                                   "checkpoints signed",
                                   "calendars published in time or late",
                                   "deadlines recomputed",
                                   "provisional dues"};
  for (const Row& row : procedure()) must.push_back("accepted " + std::string(row.command));
  for (const std::string& code : words_of(kRefusals)) must.push_back("refused " + code);
  std::erase_if(must, [&](const std::string& what) { return campaign.counts.contains(what); });
  return must;
}

std::string table_of(const Campaign& campaign) {
  std::string out = std::to_string(campaign.runs) + " simulated years\n";
  for (const auto& [what, times] : campaign.counts)
    out += "  " + std::to_string(times) + "  " + what + "\n";
  return out;
}

}  // namespace simulation
