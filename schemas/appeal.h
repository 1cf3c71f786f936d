// Appeals 诉求: the appeal, its assignments 承办单 and its rating rounds 评价, each with a table of
// its own.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/record.h"
#include "event_generated.h"
#include "schemas/calendar.h"
#include "schemas/clocks.h"
#include "schemas/decision.h"
#include "schemas/lifecycle.h"

namespace schemas {

struct CommandView;

enum class AppealStatus : std::uint8_t {
  none,
  submitted,
  supplement_requested,
  accepted,
  shelved,
  concluded,
  answered,
  closed,
  rejected,
  withdrawn,
  transferred,
  merged,
  excluded
};
enum class AssignmentStatus : std::uint8_t {
  none,
  dispatched,
  signed_,
  contacted,
  returning,
  long_term,
  completed,
  returned,
  redispatched,
  cancelled
};
enum class RoundStatus : std::uint8_t {
  none,
  invited,
  rated,
  assigned,
  verified,
  contested,
  planned,
  reported,
  accepted,
  fed_back,
  invalidated
};

// What few assignments have, kept apart so that the many stay small.
struct LongTerm {
  std::string plan;
  Day until = 0;
  Micros approved_at = 0;
  std::vector<Day> weeks_filed;  // Mondays
  std::string last_progress;
};

// One department's work on one matter. A second dispatch to the same department is a new entry;
// events address the newest entry of (matter, department).
struct Assignment {
  int matter = 0;
  int round = 1;  // of the conclusion that it works towards
  std::string department;
  Duty duty = Duty::lead;
  Track track = Track::standard;
  AssignmentStatus status = AssignmentStatus::none;
  AssignmentStatus before =
      AssignmentStatus::none;  // of a return asked for or a completion reported
  bool return_asked = false, signed_for = false, contacted = false, completion_accepted = false;
  bool suspended = false, long_term_pending = false, weekly = false;
  int extensions = 0, extension_pending = 0;      // approved so far; working days asked for
  std::uint32_t yellow_cards = 0, red_cards = 0;  // bit = Obligation, of the clocks that run now
  Micros dispatched_at = 0, return_until = 0, suspended_at = 0;
  std::vector<Clock> clocks;
  std::vector<Micros> failed_contacts;
  [[nodiscard]] bool open()
      const;  // dispatched and not completed, returned, redispatched, cancelled
  [[nodiscard]] const LongTerm& long_term() const;
  LongTerm& begin_long_term();  // or goes on with what there is

 private:
  std::unique_ptr<LongTerm> long_term_;
};

// The rating of one conclusion.
struct RatingRound {
  int round = 0;
  RoundStatus status = RoundStatus::none;
  RoundStatus before_contest = RoundStatus::none;
  Micros until = 0, rated_at = 0;  // the window is open while now < until
  int level = 0;
  std::optional<Finding> finding;
  std::string department;  // to which a bad rating was assigned
  bool upheld = false, revisited = false;
  bool window_closed = false;  // it was recorded that nobody rated in the window
  std::vector<Clock> clocks;
  [[nodiscard]] bool bad() const { return level == 1 || level == 2; }
  // A bad rating whose rectification is neither fed back nor found to be needless.
  [[nodiscard]] bool rectification_open() const;
};

struct Appeal {
  AppealStatus status = AppealStatus::none;
  AppealStatus before = AppealStatus::none;  // merged: where it came from
  std::uint32_t version = 0;
  std::string enterprise, merged_into;  // the enterprise is the submitter
  std::vector<int> matters;
  bool decomposed = false, supervised = false;
  int reopens = 0;
  std::vector<Micros> failed_callbacks;  // of this conclusion
  std::vector<Clock> clocks;             // the office's own: accept, dispatch, callback
  std::vector<Assignment> assignments;   // of every round, oldest first
  std::vector<RatingRound> rounds;
  std::uint32_t yellow_cards = 0, red_cards = 0;  // of the office's clocks and the newest round's
  std::vector<std::uint64_t> seqs;                // of its events, for corrections
  [[nodiscard]] int round() const { return reopens + 1; }  // the conclusion being worked towards
};

// When work dispatched at `start` on this track has to be completed: the same-day track 即办
// replaces D(3) (interfaces.md section 6). nullopt: switched off.
[[nodiscard]] std::optional<Due> completion_due(Track track, Micros start, const RuleSet& rules,
                                                const Calendar& calendar);

extern const Lifecycle kAppealLifecycle, kAssignmentLifecycle, kRatingLifecycle;
[[nodiscard]] bool admits(const Appeal& state, const engine::RecordView& record);
void evolve(Appeal& state, const engine::RecordView& record);  // CHECKs admits
[[nodiscard]] Decision decide(const Appeal& state, const CommandView& command,
                              const Context& context);

// Every open clock of the stream whose due differs under `calendar`, for AmendCalendar and
// PublishCalendar: the office's own, the assignments' in order, the newest round's; within each in
// the order of the obligations.
[[nodiscard]] std::vector<Recomputed> recompute(const Appeal& state, const Calendar& calendar);
// Is there a clock that recompute() looks at?
[[nodiscard]] bool has_running_clock(const Appeal& state);

// The light of the weekly duty of one assignment: the worst of the weeks owed up to `at`.
[[nodiscard]] Light progress_light(const Assignment& assignment, const Calendar& calendar,
                                   Micros at);

}  // namespace schemas
