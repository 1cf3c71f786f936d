// Plans the district day by day and tells all stories together in time order: a heap of the next
// line of each story under way. The memory is that of the open stories, not of the whole history.
#include "tools/workload/workload.h"

#include <fmt/format.h>

#include <algorithm>
#include <queue>
#include <vector>

#include "tools/workload/bad_lines.h"
#include "tools/workload/story.h"

namespace tools {
namespace {

constexpr std::int64_t kCasesPerReport = 40;  // one supervisor's report for so many appeals
constexpr Micros kHour = 60 * kMinute;

// Submissions by hour of the day, per mille: most in working hours, some at night (our choice,
// after the shape of public hotlines).
constexpr int kHours[24] = {3,  2,  1,   1,   1,  3,  8,  25, 90, 130, 125, 80,
                            45, 70, 115, 110, 85, 45, 15, 12, 12, 10,  8,   4};

struct Telling {
  std::vector<Step> steps;
  std::size_t next = 0;
};

struct Turn {
  Micros at = 0;
  std::uint64_t order = 0;  // of planning: earlier stories speak first
  std::size_t place = 0;    // in `tellings`
  bool operator>(const Turn& other) const {
    return at != other.at ? at > other.at : order > other.order;
  }
};

}  // namespace

struct Workload::State {
  explicit State(const WorkloadOptions& options)
      : world(options), bad_random(options.seed, static_cast<std::uint64_t>(Seed::bad), 0) {}

  void found();
  void plan_day(Day day);
  void plan_appeals(Day day, std::int64_t count);
  void start(Script script);
  [[nodiscard]] Micros submission(Random& random, Day day) const;
  [[nodiscard]] int weight(Day day) const;
  bool tell(std::string& line);

  World world;
  Random bad_random;
  Day planned_until = 0;  // days before it are planned
  std::int64_t weights_all = 0, weights_so_far = 0, cases = 0, reports = 0, enterprises = 0;
  std::int64_t number_in_year = 0, reports_in_year = 0, bad_lines = 0;
  int year = 0;
  std::uint64_t order = 0;
  std::vector<Telling> tellings;
  std::vector<std::size_t> free_places;
  std::priority_queue<Turn, std::vector<Turn>, std::greater<>> turns;
  std::string last_good;
  bool last_bad = false;
};

// How busy a day is: working days, Mondays and days after a rest more so, weekends little; a burst
// now and then (a new policy, a power cut).
int Workload::State::weight(Day day) const {
  const schemas::Calendar& calendar = world.calendars.at(schemas::start_of(day));
  Random random(world.options.seed, static_cast<std::uint64_t>(Seed::day),
                static_cast<std::uint64_t>(day));
  int weight = 14;
  if (calendar.is_workday(day)) weight = calendar.is_workday(day - 1) ? 100 : 145;
  weight = weight * static_cast<int>(random.between(80, 120)) / 100;
  return random.per_mille(12) ? weight * 3 : weight;
}

void Workload::State::found() {
  planned_until = world.begin;
  for (Day day = world.begin; day < world.end; ++day) weights_all += weight(day);
  for (Script& script : founding_scripts(world)) start(std::move(script));
  for (Script& script : supervisor_scripts(world)) start(std::move(script));
  for (Script& script : plan_scripts(world)) start(std::move(script));
  for (; enterprises < world.enterprises_at_founding; ++enterprises)
    start(enterprise_script(world, enterprises, world.begin - 1));
}

void Workload::State::start(Script script) {
  std::vector<Step>& steps = script.steps();
  if (steps.empty() || steps.front().at >= world.over()) return;
  std::size_t place = tellings.size();
  if (free_places.empty()) {
    tellings.emplace_back();
  } else {
    place = free_places.back();
    free_places.pop_back();
  }
  turns.push({steps.front().at, order++, place});
  tellings[place] = {std::move(steps), 0};
}

Micros Workload::State::submission(Random& random, Day day) const {
  auto left = static_cast<int>(random.below(1000));
  Micros hour = 0;
  while (left >= kHours[hour]) left -= kHours[hour++];
  return schemas::start_of(day) + hour * kHour + random.below(3600) * kSecond;
}

void Workload::State::plan_appeals(Day day, std::int64_t count) {
  Random random(world.options.seed, static_cast<std::uint64_t>(Seed::day),
                (std::uint64_t{1} << 40) + static_cast<std::uint64_t>(day));
  std::vector<Micros> moments;
  for (std::int64_t i = 0; i < count; ++i) moments.push_back(submission(random, day));
  std::ranges::sort(moments);
  for (const Micros moment : moments) {
    const std::string no = fmt::format("SQ{}-{:06}", year, ++number_in_year);
    start(appeal_script(world, cases++, no, moment));
    if (cases % kCasesPerReport != 1) continue;
    const std::string report = fmt::format("JB{}-{:05}", year, ++reports_in_year);
    start(report_script(world, reports++, report, moment + kMinute));
  }
}

void Workload::State::plan_day(Day day) {
  if (schemas::year_of(day) != year) {
    year = schemas::year_of(day);
    number_in_year = reports_in_year = 0;
  }
  for (; enterprises < world.registered_by(day); ++enterprises)
    start(enterprise_script(world, enterprises, day));
  weights_so_far += weight(day);
  const std::int64_t until = world.options.cases * weights_so_far / weights_all;
  plan_appeals(day, until - cases);
}

bool Workload::State::tell(std::string& line) {
  while (planned_until < world.end &&
         (turns.empty() || turns.top().at >= schemas::start_of(planned_until)))
    plan_day(planned_until++);
  if (turns.empty() || turns.top().at >= world.over()) return false;
  Turn turn = turns.top();
  turns.pop();
  Telling& telling = tellings[turn.place];
  Step& step = telling.steps[telling.next++];
  last_bad = step.bad;
  line = std::move(step.line);
  if (telling.next < telling.steps.size()) {
    turn.at = telling.steps[telling.next].at;
    turns.push(turn);
  } else {
    telling = {};
    free_places.push_back(turn.place);
  }
  return true;
}

Workload::Workload(const WorkloadOptions& options) : state_(std::make_unique<State>(options)) {
  state_->found();
}

Workload::~Workload() = default;

bool Workload::next(std::string& line) {
  State& state = *state_;
  // Half of the bad lines stand in the stories; the other half is made here, beside good lines.
  const bool bad = !state.last_good.empty() && !state.last_bad &&
                   state.bad_random.per_mille(state.world.options.bad_per_cent * 5);
  if (bad) {
    line = bad_line(state.last_good, ++state.bad_lines, state.bad_random);
    state.last_bad = true;
    return true;
  }
  if (!state.tell(line)) return false;
  if (state.world.options.bad_per_cent > 0 && !state.last_bad) state.last_good = line;
  return true;
}

bool Workload::last_is_bad() const { return state_->last_bad; }

const PathCounts& Workload::path_counts() const { return state_->world.counts; }

}  // namespace tools
