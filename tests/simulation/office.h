// The people of a simulated district: what they ask next, mostly what fits, sometimes what must be
// refused. It looks at the model as they look at their papers.
#pragma once

#include <string>
#include <vector>

#include "tests/simulation/model.h"
#include "tools/workload/random.h"

namespace simulation {

class Office {
 public:
  explicit Office(tools::Random& random) : random_(random) {}

  // The asks that every district begins with, a minute apart.
  [[nodiscard]] std::vector<Ask> foundation(Micros from);
  [[nodiscard]] Ask next(const Model& model, Micros now);
  // The calendar of a year, as its notice was published; a make-believe one where there was none.
  [[nodiscard]] Ask calendar(int year, bool amend, Micros now);
  // Remembers what was accepted, so that it can come again.
  void heard(const Ask& ask) { heard_.push_back(ask); }
  [[nodiscard]] const std::vector<Ask>& all_heard() const { return heard_; }

 private:
  struct Choice {
    int weight = 0;
    const Row* row = nullptr;
    const Work* work = nullptr;
  };

  Ask about_appeal(const Model& model, Micros now);
  void choices_of(const Appeal& appeal, std::vector<Choice>& out) const;
  [[nodiscard]] int weight_of(const Appeal& appeal, const Work* work, const Row& row) const;
  Ask about_subject(const Model& model, Micros now);
  Ask of_directory(Micros now);
  Ask about_policy(const Model& model, Micros now);  // office_policies.cpp
  void fill_policy(Ask& ask);
  const Choice& pick(const std::vector<Choice>& choices);
  void fill(Ask& ask, const Model& model, const Appeal* appeal, const Work* work);
  void fill_work(Ask& ask, const Model& model, const Work* work);
  void fill_subject(Ask& ask);
  void fill_task(Ask& ask);
  [[nodiscard]] boost::json::array matters();
  void spoil(Ask& ask, const Model& model);
  void spoil_more(Ask& ask, const Model& model);
  void another_step(Ask& ask, const Model& model);
  [[nodiscard]] Person person(std::string_view roles, const std::string& department,
                              const std::string& enterprise, const std::string& supervisor);
  [[nodiscard]] std::string department();
  [[nodiscard]] std::string enterprise();
  [[nodiscard]] std::string fresh_id() { return "k" + std::to_string(++ids_); }
  [[nodiscard]] std::string words();

  tools::Random& random_;
  std::vector<Ask> heard_;
  int ids_ = 0, appeals_ = 0, reports_ = 0, tasks_ = 0, rule_sets_ = 0, applications_ = 0;
};

}  // namespace simulation
