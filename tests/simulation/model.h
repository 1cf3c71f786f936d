// The oracle of the simulation: a ledger as a careful official would keep it on paper. A list of
// what was recorded, a status a subject, dues counted day by day. Written from domain.md and
// interfaces.md; it calls none of the rules that it is held against.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "tests/simulation/ask.h"
#include "tests/simulation/days.h"
#include "tests/simulation/procedure.h"

namespace simulation {

struct Duty {
  std::string name;
  Micros start = 0, due = 0;
  int workdays = 0;  // after the day of the start; 0: that day; -1: a date was set
  bool provisional = false;
  bool at_once = false;  // yellow from its start
  bool met = false, over = false, suspended = false;
  [[nodiscard]] bool runs() const { return !met && !over; }
};

// One department's work on one matter.
struct Work {
  int matter = 0;
  std::string department, status = "dispatched", before, frozen;  // frozen: of a round gone by
  bool lead = true;
  int round = 1;
  Micros dispatched_at = 0, return_until = 0, completed_at = 0;
  bool on_time = false;
  std::vector<Duty> duties;
  bool return_asked = false, was_signed = false, contacted = false, accepted = false;
  std::optional<Micros> suspended_at;
  int extensions = 0, extension_asked = 0;
  std::optional<Day> long_term_asked;
  bool weekly = false;
  Day approved_on = 0;  // long term
  std::set<Day> weeks_filed;
  std::vector<Micros> failed_contacts;
  std::set<std::string> cards;  // "yellow contact"
  [[nodiscard]] bool open() const;
};

// The rating of one conclusion.
struct Round {
  std::string status = "invited", before, finding, department;
  Micros until = 0, rated_at = 0;
  int level = 0;
  bool upheld = false, revisited = false, contested = false;
  std::vector<Duty> duties;
  [[nodiscard]] bool bad() const { return level == 1 || level == 2; }
  [[nodiscard]] bool rectification_open() const;
};

struct Appeal {
  std::string no, status = "none", before, enterprise, merged_into;
  bool decomposed = false, supervised = false, open = false;
  int reopens = 0;
  std::uint64_t first_seq = 0;
  std::vector<int> matters;
  std::vector<Micros> failed_callbacks;
  std::vector<Duty> duties;  // the office's own
  std::vector<Work> works;   // oldest first
  std::vector<Round> rounds;
  [[nodiscard]] bool going() const;  // its clocks are not all stopped
};

// Supervisors, their reports, tasks, plans, departments, enterprises, rule sets, calendars,
// policies, their items and applications.
struct Subject {
  std::string status = "none", before, department, name, sealed;
  std::set<std::string> co;
  std::uint64_t first_seq = 0;
  std::string grade = "C";
  bool clue = false, assessed = false;
  int percent = 0, tasks = 0;
  Day since = 0, until = -1;  // a term
  std::map<std::string, std::pair<Day, int>> milestones;
  std::vector<Duty> duties;
  // Of an item and of an application (whose item is `name`).
  std::string enterprise, reviewer;
  bool has_conditions = false, passed = false, objection = false;
  int places = -1, granted = 0;
  std::int64_t budget = -1, spent = 0;
};

struct Pinned {
  std::string obligation;
  Micros due = 0;
  bool provisional = false;
  bool operator==(const Pinned&) const = default;
};

// One event as the ledger must hold it.
struct Recorded {
  std::string event, kind, no;
  std::uint32_t version = 0;
  Micros at = 0;
  std::vector<Pinned> dues;
};

struct Verdict {
  std::uint64_t repeats = 0;    // the first seq of the same command
  std::set<std::string> wrong;  // all that stands in its way; empty: it must be accepted
};

struct Light {
  std::string appeal, department, obligation;  // department "": the office
  int matter = 0;
  Micros due = 0;
  std::string light;
  auto operator<=>(const Light&) const = default;
};

class Model {
 public:
  [[nodiscard]] Verdict judge(const Ask& ask) const;
  // What an accepted command records, from seq size() + 1 on.
  const std::vector<Recorded>& accept(const Ask& ask);

  [[nodiscard]] std::uint64_t size() const { return events_.size(); }
  [[nodiscard]] const std::vector<Recorded>& events() const { return events_; }
  [[nodiscard]] Micros last_at() const { return last_at_; }
  [[nodiscard]] std::uint32_t version(const std::string& stream) const;
  [[nodiscard]] const std::map<std::string, std::uint32_t>& versions() const { return versions_; }
  [[nodiscard]] const std::map<std::string, Appeal>& appeals() const { return appeals_; }
  [[nodiscard]] const std::map<std::string, Subject>& subjects(const std::string& kind) const;
  [[nodiscard]] const WallCalendar& calendar() const { return calendar_; }

  // ---- figures (model_figures.cpp) ----
  // Every yellow and red duty of the appeals.
  [[nodiscard]] std::set<Light> lights(Micros now) const;
  [[nodiscard]] std::string status_of_row(const Appeal& appeal, const Work* work) const;
  [[nodiscard]] std::string light_of_row(const Appeal& appeal, const Work* work, Micros now) const;
  [[nodiscard]] std::map<std::string, int> week_totals(Micros now) const;
  [[nodiscard]] std::map<std::string, int> department_row(const std::string& id, Micros now) const;
  [[nodiscard]] std::map<std::string, int> ratings() const;
  [[nodiscard]] std::map<std::string, int> supervision_totals(Micros now) const;
  [[nodiscard]] std::map<std::string, int> policy_totals() const;

 private:
  using Wrong = std::set<std::string>;
  using Found = std::vector<Duty>;

  // model.cpp
  void judge_step(const Ask& ask, std::string_view about, const std::string& status,
                  Wrong& wrong) const;
  const Row* row_for(const Ask& ask, std::string_view about, const std::string& status) const;
  [[nodiscard]] bool is_active_department(const std::string& id) const;
  [[nodiscard]] int limit(std::string_view name) const;
  Duty* start(std::vector<Duty>& duties, const std::string& name, Micros now, int workdays);
  Recorded& record(const Ask& ask, std::string_view event, std::vector<Pinned> dues = {});
  Recorded& record_in(const std::string& kind, const std::string& no, std::string_view event,
                      Micros at, std::vector<Pinned> dues);
  void recompute(const Ask& ask);
  void recompute(const Ask& ask, const std::string& kind, const std::string& no,
                 std::vector<Duty>& duties, bool alive);

  // model_appeal.cpp
  void judge_appeal(const Ask& ask, Wrong& wrong) const;
  void accept_appeal(const Ask& ask);
  [[nodiscard]] bool meets_callback(const Ask& ask, Appeal& appeal) const;
  // model_work.cpp
  void judge_work(const Ask& ask, const Appeal& appeal, Wrong& wrong) const;
  static void judge_progress(const Ask& ask, const Work& work, Wrong& wrong);
  void judge_terms(const Ask& ask, const Appeal& appeal, const Work& work, Wrong& wrong) const;
  void accept_work(const Ask& ask, Appeal& appeal);
  Pinned move_on(Duty& duty, int workdays) const;
  static void complete(const Ask& ask, Work& work);
  void ask_return(const Ask& ask, Work& work, std::vector<Pinned>& dues);
  Pinned go_long_term(const Ask& ask, Work& work);
  void accept_terms(const Ask& ask, Appeal& appeal, Work& work);
  std::vector<Pinned> dispatch(Appeal& appeal, const Ask& ask, const std::string& department,
                               bool lead);
  [[nodiscard]] std::string light_now(const Ask& ask, const Appeal& appeal, const Work* work) const;
  // model_rating.cpp
  void judge_round(const Ask& ask, const Appeal& appeal, Wrong& wrong) const;
  void accept_round(const Ask& ask, Appeal& appeal);
  // model_subjects.cpp
  void judge_subject(const Ask& ask, Wrong& wrong) const;
  void judge_directory(const Ask& ask, const Subject& subject, Wrong& wrong) const;
  void judge_report(const Ask& ask, const Subject& report, Wrong& wrong) const;
  void judge_task(const Ask& ask, const Subject& task, Wrong& wrong) const;
  void accept_subject(const Ask& ask);
  std::vector<Pinned> accept_report(const Ask& ask, Subject& report);
  void accept_task(const Ask& ask, Subject& task);
  void accept_calendar(const Ask& ask);
  // model_policies.cpp
  [[nodiscard]] const Subject* item_of(const std::string& no) const;  // one that is in use
  void judge_item(const Ask& ask, const Subject& item, Wrong& wrong) const;
  void judge_application(const Ask& ask, const Subject& one, Wrong& wrong) const;
  void judge_approval(const Ask& ask, const Subject& one, Wrong& wrong) const;
  static void accept_item(const Ask& ask, Subject& item);
  void accept_application(const Ask& ask, Subject& one);
  void grant(const Ask& ask, Subject& one);

  // model_figures.cpp
  [[nodiscard]] std::vector<Light> lights_of(const Appeal& appeal, const Work& work,
                                             Micros now) const;

  struct Seen {
    std::string content;
    std::uint64_t seq = 0;
  };
  struct RuleSet {
    std::string id;
    std::map<std::string, int> limits;  // -1: switched off
    int cutoff = 16 * 60;
    bool retired = false;
  };
  [[nodiscard]] const RuleSet& rules() const;

  std::vector<Recorded> events_, new_;
  std::map<std::string, std::uint32_t> versions_;  // by stream
  std::map<std::string, Seen> ids_;
  Micros last_at_ = 0;
  WallCalendar calendar_;
  std::vector<RuleSet> rule_sets_;
  std::map<std::string, Appeal> appeals_;
  std::map<std::string, std::map<std::string, Subject>> subjects_;  // by kind, by no
};

// "" (nothing is owed), green, yellow, red or grey.
[[nodiscard]] std::string light_of(const Duty& duty, Micros now);
[[nodiscard]] Duty* find(std::vector<Duty>& duties, std::string_view name);
[[nodiscard]] const Duty* find(const std::vector<Duty>& duties, std::string_view name);
// The newest work of the department on the matter that the command names.
[[nodiscard]] const Work* work_of(const Appeal& appeal, const Ask& ask);
[[nodiscard]] Pinned pinned(const Duty& duty);

}  // namespace simulation
