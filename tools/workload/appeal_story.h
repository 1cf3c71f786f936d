// The story of one appeal: how it comes in, what the departments do, how it ends and how it is
// rated.
#pragma once

#include <vector>

#include "tools/workload/story.h"

namespace tools {

class AppealStory : public Story {
 public:
  AppealStory(World& world, std::int64_t number, std::string no, Micros submitted);
  void tell();

 private:
  struct MatterPlan {
    int number = 1;
    int lead = 0;
    std::vector<int> co;
  };
  struct Assignment {
    int matter = 1, department = 0;
    bool same_day = false;
    Micros dispatched = 0, contact_due = 0, completion_due = 0;
    Micros free_from = 0;        // from when the department can act on it
    bool ordinary_clock = true;  // neither extended nor suspended nor long-term
  };

  // appeal_story.cpp: coming in and going out
  void submit();
  [[nodiscard]] Micros accept_time(Micros from, Micros due);
  [[nodiscard]] Micros accept();         // 0: the story ended with a refusal
  [[nodiscard]] Micros merge(Micros t);  // 0: merged away
  [[nodiscard]] Micros dispatch_time(Micros accepted);
  void decompose(Micros t);
  void leave_early(Micros open_from, Micros concluded);
  [[nodiscard]] Micros run_round(Micros t);  // 0: not concluded
  void after_conclusion(Micros concluded, bool may_reopen);
  [[nodiscard]] Micros call_back(Micros answered, Micros concluded, bool satisfied);
  void close(Micros t);
  void reopen(Micros t);
  void try_bad_conclusion(Micros t);

  // handling.cpp: what departments do; each returns when the matter is done, 0: not in the period
  [[nodiscard]] Micros handle(const MatterPlan& matter, Micros t);
  void co_handle(const MatterPlan& matter, int department, Micros t, Micros& done);
  [[nodiscard]] Assignment dispatch(int matter, int department, bool same_day, Micros t);
  [[nodiscard]] Micros ask_return(Assignment& assignment, int right, Micros t);
  [[nodiscard]] Micros work(Assignment& assignment);
  [[nodiscard]] Micros contact(const Assignment& assignment, Micros t);
  [[nodiscard]] Micros fail_contacts(const Assignment& assignment, Micros t);
  [[nodiscard]] Micros complete(const Assignment& assignment, Micros t);
  [[nodiscard]] Micros extend(Assignment& assignment, Micros t);
  [[nodiscard]] Micros suspend(Assignment& assignment, Micros t);
  [[nodiscard]] Micros go_long_term(Assignment& assignment, Micros t);
  void report_weeks(const Assignment& assignment, Micros approved, Micros done);
  void warn(const Assignment& assignment, Micros from, Micros done);
  void contest_card(const Assignment& assignment, Micros t);
  [[nodiscard]] int other_department(const MatterPlan& matter);
  [[nodiscard]] Fields about(const Assignment& assignment) const;

  // rating_story.cpp: returns when nothing of the rating stands in the way of closing, 0: never
  [[nodiscard]] Micros rate(Micros answered, Micros concluded);
  [[nodiscard]] Micros answer_bad_rating(Micros rated);
  [[nodiscard]] Micros rectify(Micros verified, Micros rated);

  const std::int64_t number_;
  const std::string no_;
  const Micros submitted_;
  std::string enterprise_;
  std::size_t subject_ = 0;
  std::string_view channel_;
  int handler_ = 0;               // a lead department of the round, who answers for a bad rating
  bool contact_settled_ = false;  // three attempts may have met the duty: no card any more
  bool supervised_ = false;       // ordered once, lifted once
  bool two_matters_ = false;
  bool was_merged_ = false;
  bool satisfied_ = true;
  std::vector<MatterPlan> matters_;
};

}  // namespace tools
