// Ratings and the rectification of bad ones (domain.md sections 2 and 10).
#include <algorithm>

#include "tests/simulation/model.h"

namespace simulation {

void Model::judge_round(const Ask& ask, const Appeal& appeal, Wrong& wrong) const {
  const std::string& command = ask.command;
  if (appeal.status == "none") {
    judge_step(ask, "round", "none", wrong);
    return;
  }
  const bool gate = has_word("accepted shelved concluded answered closed", appeal.status);
  if (!gate || appeal.rounds.empty()) {
    judge_step(ask, "round", "none", wrong);
    wrong.erase("NotFound");
    wrong.insert("WrongState");
    return;
  }
  const Round& round = appeal.rounds.back();
  judge_step(ask, "round", round.status, wrong);
  if (row_for(ask, "round", round.status) == nullptr) return;
  const bool enterprise = ask.by.role == "enterprise";
  if (enterprise && ask.by.id != appeal.enterprise) wrong.insert("NotTheSubmitter");
  const int level = ask.number("level", 5);
  if (level < 1 || level > 5) wrong.insert("BadLevel");
  if (command == "RateAppeal") {
    if (ask.at >= round.until) wrong.insert("RatingWindowClosed");
    const auto* reasons = ask.data.if_contains("reasons");
    if (level <= 2 && (reasons == nullptr || reasons->as_array().empty()))
      wrong.insert("ReasonNeeded");
  }
  if (command == "RevisitRating" && round.revisited) wrong.insert("AlreadyRated");
  if (has_word("AssignBadRating VerifyBadRating ContestRating", command) && !round.bad())
    wrong.insert("NotBadRating");
  if (command == "AssignBadRating" && !is_active_department(ask.text("department")))
    wrong.insert("UnknownDepartment");
  if (has_word("PlanRectification ReportRectification", command) && !round.rectification_open())
    wrong.insert("NothingToRectify");
  if (ask.by.role == "department_officer" &&
      has_word("ContestRating ReportRectification FeedBackRectification", command)) {
    const std::string& own = ask.by.department;
    const auto leads = [&](const Work& work) {
      return work.lead && work.department == own &&
             work.round <= static_cast<int>(appeal.rounds.size());
    };
    if (own != round.department && std::ranges::none_of(appeal.works, leads))
      wrong.insert("WrongDepartment");
  }
}

void Model::accept_round(const Ask& ask, Appeal& appeal) {
  const std::string& command = ask.command;
  Round& round = appeal.rounds.back();
  const Row& row = *row_for(ask, "round", round.status);
  const std::string was = round.status;
  if (!row.to.empty()) round.status = row.to;
  std::vector<Pinned> dues;
  const auto end = [&](std::string_view name) {
    if (Duty* duty = find(round.duties, name)) duty->over = true;
  };
  if (command == "RateAppeal") {
    round.level = ask.number("level");
    round.rated_at = ask.at;
    for (const std::string name : {"rating_verify", "rating_rectify"})
      if (round.bad())
        if (const Duty* duty = start(round.duties, name, ask.at, limit(name)))
          dues.push_back(pinned(*duty));
  } else if (command == "AssignBadRating") {
    round.department = ask.text("department");
  } else if (command == "VerifyBadRating") {
    round.finding = ask.text("finding");
    if (Duty* duty = find(round.duties, "rating_verify"); duty != nullptr && duty->runs())
      duty->met = true;
    if (round.finding == "mistaken" || round.finding == "untrue") end("rating_rectify");
  } else if (command == "ContestRating") {
    round.before = was;
    round.contested = true;
  } else if (command == "UpholdContest" || command == "DismissContest") {
    round.status = round.before;
    round.upheld = round.upheld || command == "UpholdContest";
    if (round.upheld)
      for (Duty& duty : round.duties) duty.over = true;
  } else if (command == "PlanRectification") {
    Duty* const duty = find(round.duties, "rating_rectify");
    if (duty != nullptr && duty->runs()) {
      const Deadline deadline = calendar_.after(day_of(round.rated_at), 15);
      duty->due = deadline.due;
      duty->provisional = deadline.provisional;
      duty->workdays = 15;
      dues.push_back(pinned(*duty));
    }
  } else if (command == "FeedBackRectification") {
    if (Duty* duty = find(round.duties, "rating_rectify"); duty != nullptr && duty->runs())
      duty->met = true;
  } else if (command == "RevisitRating") {
    round.revisited = true;
  } else if (command == "InvalidateRating") {
    for (Duty& duty : round.duties) duty.over = true;
  }
  record(ask, row.event, dues);
}

}  // namespace simulation
