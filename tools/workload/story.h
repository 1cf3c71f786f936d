// What every story of the generated district shares: the world it plays in, its own randomness, its
// script.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <utility>

#include "tools/workload/pace.h"
#include "tools/workload/paths.h"
#include "tools/workload/random.h"
#include "tools/workload/script.h"
#include "tools/workload/words.h"
#include "tools/workload/workload.h"

namespace tools {

// An appeal that others may be merged into while it is open.
struct MergeTarget {
  std::string no;
  std::size_t subject = 0;
  Micros from = 0, until = 0;
};

// A supervisor and the days on which a report of theirs is accepted.
struct ActiveTerm {
  std::string id;
  Day from = 0, until = 0;              // [from, until)
  Day pause_from = 0, pause_until = 0;  // suspended
};

struct World {
  explicit World(const WorkloadOptions& options);

  WorkloadOptions options;
  Day begin = 0, end = 0;  // days of appeals: [begin, end)
  Day founding = 0;        // the first day of the history
  KnownCalendars calendars;
  std::int64_t enterprises = 0, enterprises_at_founding = 0;
  std::deque<MergeTarget> merge_targets;  // the newest ones
  std::vector<ActiveTerm> terms;
  PathCounts counts{};

  [[nodiscard]] Micros over() const { return schemas::start_of(end); }
  // How many enterprises are registered by the end of a day.
  [[nodiscard]] std::int64_t registered_by(Day day) const;
};

// Kinds of subjects, each with its own randomness (random.h).
enum class Seed : std::uint64_t {
  enterprise = 1,
  appeal,
  bad,
  report,
  supervisor,
  task,
  founding,
  day
};

class Story {
 public:
  [[nodiscard]] Script take() {
    script_.sort();
    return std::move(script_);
  }

 protected:
  Story(World& world, Seed kind, std::uint64_t number, std::string stream)
      : world_(world),
        random_(world.options.seed, static_cast<std::uint64_t>(kind), number),
        bad_random_(world.options.seed, static_cast<std::uint64_t>(Seed::bad),
                    number * 16 + static_cast<std::uint64_t>(kind)),
        people_random_(random_.next()),
        pace_(world.calendars, random_),
        script_(std::move(stream)) {}
  Story(const Story&) = delete;
  Story& operator=(const Story&) = delete;
  ~Story() = default;

  // Is this path taken here? Counted when it is.
  bool fires(Path path);
  // Shall a command that must be refused be tried here?
  bool tries_bad();
  [[nodiscard]] Person clerk();
  [[nodiscard]] Person lead();
  [[nodiscard]] Person officer(int department);
  [[nodiscard]] static Person first_officer(int department);  // for bad lines: draws nobody

  World& world_;
  // People are drawn apart, so that the order in which a call's arguments are evaluated never
  // matters.
  Random random_, bad_random_, people_random_;
  Pace pace_;
  Script script_;
};

struct EnterpriseCode {
  std::string code;
  bool check_digit_fails = false;
};
[[nodiscard]] EnterpriseCode enterprise_code(const World& world, std::int64_t number);

// The scripts of the whole district, each in a .cpp of its own.
[[nodiscard]] std::vector<Script> founding_scripts(World& world);  // calendars, rules, departments
[[nodiscard]] std::vector<Script> supervisor_scripts(World& world);  // fills world.terms
[[nodiscard]] std::vector<Script> plan_scripts(World& world);
[[nodiscard]] Script enterprise_script(World& world, std::int64_t number, Day day);
[[nodiscard]] Script report_script(World& world, std::int64_t number, const std::string& no,
                                   Micros filed);
[[nodiscard]] Script appeal_script(World& world, std::int64_t number, const std::string& no,
                                   Micros submitted);

}  // namespace tools
