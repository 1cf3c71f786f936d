// A case: one appeal with its assignments, rating rounds and progress filings, as it stands after
// its records up to some seq. Folded from its own rows when a report asks for it, and thrown away;
// most reports look at the few cases that are at work around their moment.
//
// A case judges nothing by a clock: whoever asks for lights brings the instant.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "projections/duty_clock.h"
#include "projections/duty_words.h"
#include "projections/facts.h"
#include "schemas/appeal.h"

namespace projections {

struct AppealState {
  schemas::AppealStatus status = schemas::AppealStatus::none;
  schemas::AppealStatus before = schemas::AppealStatus::none;  // merged, excluded: from where
  schemas::Channel channel = schemas::Channel::app;
  std::uint32_t enterprise = 0, category = 0, title = 0;  // texts
  Mark submitted, accepted, reopened;
  Mark answered;  // outside any round: of a merged appeal
  Mark ended;     // withdrawn, merged, transferred, excluded: ends its assignments
  std::uint32_t last_seq = 0, last_callback = 0, classified_seq = 0;
  std::int32_t reopens = 0;  // also the number of its current cycle
  std::int32_t yellow_cards = 0, red_cards = 0, reminders = 0;  // of the office's own duties
  DutyClock accept{schemas::Obligation::accept}, dispatch{schemas::Obligation::dispatch};
  DutyClock callback{schemas::Obligation::callback};
  [[nodiscard]] bool open() const { return is_open(status, before); }
};

struct AssignmentState {
  std::uint32_t number = 0;  // in Facts::assignments()
  schemas::Duty duty = schemas::Duty::lead;
  schemas::Track track = schemas::Track::standard;
  std::int32_t cycle = 0;  // the appeal's reopens at dispatch
  bool returning = false;
  bool has_signed = false;  // by AssignmentSigned; signed_ is also implied by contact or completion
  schemas::AssignmentStatus end = schemas::AssignmentStatus::none;  // completed, returned, ...
  Mark dispatched, signed_, contacted, ended, long_term;
  Mark suspended;    // until the clock is resumed
  Mark weekly_from;  // the weekly duty begins with the week after it
  std::int32_t extensions = 0, yellow_cards = 0, red_cards = 0, reminders = 0, returns = 0;
  std::uint32_t last_seq = 0, return_seq = 0, extension_seq = 0;
  std::uint32_t last_filing = kNone;  // newest of Case::filings
  DutyClock sign{schemas::Obligation::sign}, contact{schemas::Obligation::contact};
  DutyClock completion{schemas::Obligation::completion};
  DutyClock opinion{schemas::Obligation::co_opinion};
  DutyClock ruling{schemas::Obligation::return_ruling};  // the office's
  [[nodiscard]] const DutyClock& main() const {          // what completing it is judged by
    return duty == schemas::Duty::lead ? completion : opinion;
  }
};

// One weekly progress report 报送进展.
struct Filing {
  schemas::Day week = 0;  // Monday
  std::int32_t percent = 0;
  std::uint32_t text = 0, seq = 0, previous = kNone;
};

// A rating round: one conclusion, its answer and callback, its rating and rectification.
struct RoundState {
  std::uint32_t number = 0;  // in Facts::rounds()
  std::int32_t cycle = 0;
  schemas::Outcome outcome = schemas::Outcome::solved;
  schemas::AppealStatus final_status = schemas::AppealStatus::none;  // when the appeal was reopened
  Mark concluded, answered, callback, closed, rated, assigned, verified, reported, accepted,
      fed_back;
  Mark contested, upheld, invalidated;
  bool reached = false;
  std::int32_t solved = -1, satisfied = -1;  // -1: not asked
  std::int32_t level = 0;
  schemas::Finding finding = schemas::Finding::true_;
  DutyClock verify{schemas::Obligation::rating_verify};
  DutyClock rectify{schemas::Obligation::rating_rectify};
  [[nodiscard]] bool valid() const { return rated && !invalidated; }
  [[nodiscard]] bool bad() const { return valid() && level <= 2; }
};

// A callback that reached the enterprise and found it not satisfied, in the cycle it was about.
struct Complaint {
  std::uint32_t seq = 0;
  std::int32_t cycle = 0;
};
// Is CallbackRecorded, by its arguments, a complaint?
[[nodiscard]] inline bool is_complaint(std::span<const std::int32_t> args) {
  return args[0] == 1 && args[2] == 0;  // reached, and not satisfied
}

class Case {
 public:
  // Of the appeal `item`, before its first record. The memory of the case before is used again.
  void begin(const Facts& facts, std::uint32_t item);
  // Folds its records up to `seq`.
  void advance(std::uint64_t seq);

  [[nodiscard]] const Facts& facts() const { return *facts_; }
  [[nodiscard]] std::uint32_t item() const { return item_; }
  [[nodiscard]] std::string_view no() const { return facts_->text(facts_->items()[item_].no); }
  [[nodiscard]] bool begun() const { return appeal_.last_seq != 0; }
  [[nodiscard]] const AppealState& appeal() const { return appeal_; }
  [[nodiscard]] const std::vector<AssignmentState>& assignments() const { return assignments_; }
  [[nodiscard]] const std::vector<RoundState>& rounds() const { return rounds_; }  // oldest first
  [[nodiscard]] const std::vector<Filing>& filings() const { return filings_; }
  [[nodiscard]] const std::vector<Complaint>& complaints() const { return complaints_; }
  // Assignments by matter, then dispatch: as every list shows them.
  [[nodiscard]] const std::vector<std::uint32_t>& listed() const { return listed_; }

  [[nodiscard]] std::string_view department_of(const AssignmentState& assignment) const {
    return facts_->text(facts_->assignments()[assignment.number].department);
  }
  [[nodiscard]] std::int32_t matter_of(const AssignmentState& assignment) const {
    return facts_->assignments()[assignment.number].matter;
  }
  // How and when an assignment ended, by its own event or with its appeal; a false Mark: it is
  // open.
  [[nodiscard]] Mark end_of(const AssignmentState& assignment) const {
    return assignment.end != schemas::AssignmentStatus::none ? assignment.ended : appeal_.ended;
  }
  [[nodiscard]] bool open(const AssignmentState& assignment) const { return !end_of(assignment); }
  // The round of an assignment's cycle, if the appeal was concluded in it.
  [[nodiscard]] const RoundState* round_of(const AssignmentState& assignment) const;
  // The round that the present cycle was concluded with, or nullptr.
  [[nodiscard]] const RoundState* last_round() const {
    const bool present = !rounds_.empty() && rounds_.back().cycle == appeal_.reopens;
    return present ? &rounds_.back() : nullptr;
  }
  // Lead departments (texts, by first dispatch) of a cycle; assignments that were returned, moved
  // or cancelled do not count.
  [[nodiscard]] std::vector<std::uint32_t> leads_of(std::int32_t cycle) const;
  // The newest filing of an assignment for a week, or nullptr.
  [[nodiscard]] const Filing* filing_of(const AssignmentState& assignment,
                                        schemas::Week week) const;

 private:
  using Args = std::span<const std::int32_t>;
  void fold(const Row& row, std::uint32_t seq);
  void fold_office_card(schemas::EventType type);
  void fold_callback(Args args);
  void fold_course(schemas::EventType type, Args args);
  void fold_conclusion(schemas::EventType type, schemas::AppealStatus was);
  void fold_dispatch(std::uint32_t part, Args args);
  void fold_assignment(AssignmentState& assignment, schemas::EventType type, Args args);
  void fold_office_act(AssignmentState& assignment, schemas::EventType type);
  void fold_round(RoundState& round, schemas::EventType type, Args args);
  void fold_duty(const DutyFact& change, schemas::EventType type);
  void fold_stream_duty(const DutyFact& change, schemas::EventType type);
  [[nodiscard]] AssignmentState& assignment_numbered(std::uint32_t number);
  [[nodiscard]] RoundState& round_numbered(std::uint32_t number);

  const Facts* facts_ = nullptr;
  std::uint32_t item_ = 0, next_ = 0;
  Mark now_;  // of the record being folded
  AppealState appeal_;
  std::vector<AssignmentState> assignments_;
  std::vector<RoundState> rounds_;
  std::vector<Filing> filings_;
  std::vector<Complaint> complaints_;
  std::vector<std::uint32_t> listed_;
};

// Fetches the records of some items up to `seq` into the processor's cache, all chains at once: one
// after another, each record would be waited for (measured: two thirds of a fold).
void warm(const Facts& facts, std::span<const std::uint32_t> items, std::uint64_t seq);

// Cases one after another, each at its beginning; `visit` moves it on, to `seq` at most.
template <class Visit>
void each_case(const Facts& facts, std::span<const std::uint32_t> items, std::uint64_t seq,
               Visit visit) {
  constexpr std::size_t kTogether = 16;  // chains that the processor follows at once
  Case memory;
  while (!items.empty()) {
    const auto group = items.first(std::min(kTogether, items.size()));
    warm(facts, group, seq);
    for (const std::uint32_t item : group) {
      memory.begin(facts, item);
      visit(memory);
    }
    items = items.subspan(group.size());
  }
}

}  // namespace projections
