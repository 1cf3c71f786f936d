#include "tests/simulation/run.h"

#include <algorithm>

#include "schemas/event.h"
#include "schemas/json.h"
#include "tools/workload/cn_calendars.h"

namespace simulation {
namespace {

std::string list_of(const std::set<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : ", ") + word;
  return out;
}

// The dues that an event carries, in its order.
std::vector<Pinned> dues_of(const engine::RecordView& record) {
  std::vector<Pinned> out;
  const boost::json::object event = schemas::event_json(record);
  const auto* dues = event.at("data").as_object().if_contains("dues");
  if (dues == nullptr) return out;
  for (const auto& value : dues->as_array()) {
    const auto& due = value.as_object();
    const auto at = schemas::parse_time(due.at("due").as_string());
    out.push_back({std::string(due.at("obligation").as_string()), at.value_or(0),
                   due.at("provisional").as_bool()});
  }
  return out;
}

std::string text_of(const Recorded& one) {
  std::string out = one.event + " " + one.kind + "/" + one.no + "@" + std::to_string(one.version) +
                    " at " + time_text(one.at);
  for (const Pinned& due : one.dues)
    out += ", " + due.obligation + " due " + time_text(due.due) +
           (due.provisional ? " (provisional)" : "");
  return out;
}

}  // namespace

Run::Run(const Options& options)
    : options_(options),
      random_(options.seed),
      office_(random_),
      machine_(options.seed),
      faults_(options.seed ^ 0xFA17) {
  machine_.tell(options.story);
}

void Run::tell(const std::string& sentence) const {
  if (options_.tell) options_.tell(sentence);
}

bool Run::wrong(const std::string& what) {
  if (wrong_.empty()) wrong_ = what;
  return false;
}

std::string Run::year() {
  clock_ = midnight(day(2019, 1, 2) + static_cast<Day>(random_.below(6 * 365))) + 9 * kHour;
  const Micros end = clock_ + 365 * kDay;
  if (const std::string error = machine_.create(); !error.empty()) return error;
  std::vector<Ask> first = office_.foundation(clock_);
  if (random_.per_mille(850))
    first.insert(first.begin(), office_.calendar(year_of(day_of(clock_)), false, clock_));
  for (const Ask& one : first) {
    clock_ = std::max(clock_, one.at);
    if (!ask(one)) return wrong_;
  }
  for (int i = 0; i < options_.commands && clock_ < end; ++i)
    if (!step()) return wrong_;
  while (wrong_.empty() && clock_ < end) {  // the year goes to its end in quiet
    clock_ += 20 * kDay;
    look();
  }
  if (wrong_.empty() && restart(false)) look();
  machine_.stop();
  count_faults();
  return wrong_;
}

void Run::count_faults() {
  const crash::Fired fired = machine_.fired();
  for (std::size_t i = 0; i < fired.size(); ++i)
    if (fired[i] != 0)
      counts_["disk: " + std::string(crash::name_of(static_cast<crash::Kind>(i)))] += fired[i];
}

// Hours in a busy week, days in a quiet one.
void Run::pass_time() {
  const std::int64_t kind = random_.below(100);
  if (kind < 6) return;  // the clock stands
  if (kind < 70)
    clock_ += random_.between(1, 240) * kMinute;
  else if (kind < 94)
    clock_ += random_.between(2, 40) * kHour;
  else
    clock_ += random_.between(1, 18) * kDay;
  if (random_.per_mille(40)) clock_ = midnight(day_of(clock_) + 1) - random_.below(2);
}

// A notice comes about two months before its year, or late, or not at all.
bool Run::publish_calendars() {
  const int next = year_of(day_of(clock_) + 50);
  if (model_.calendar().is_published(next) || !random_.per_mille(70)) return true;
  ++counts_["calendars published in time or late"];
  return ask(office_.calendar(next, false, std::max(clock_, model_.last_at())));
}

// The ledger's clock is set wrong, or right again.
bool Run::disturb() {
  if (off_for_ > 0 && --off_for_ == 0) {
    off_ = 0;
    tell("The clock is set right again.");
  }
  if (off_for_ != 0 || !random_.per_mille(40)) return true;
  const bool back = random_.per_mille(600);
  off_ = back ? -random_.between(1, 365 * 24) * kHour : random_.between(1, 30) * kHour;
  off_for_ = static_cast<int>(random_.between(1, 4));
  ++counts_[back ? "clock stepped back" : "clock stepped forward"];
  tell(std::string("The clock is set ") + (back ? "back by " : "forward by ") +
       std::to_string(std::abs(off_) / kHour) + " hours.");
  return true;
}

bool Run::step() {
  pass_time();
  disturb();
  if (!publish_calendars()) return false;
  if (random_.per_mille(18) && !restart(random_.per_mille(600))) return false;
  if (!ask(office_.next(model_, clock_ + off_))) return false;
  return look();
}

// What is read after a step: its subject each time, the rest now and then.
bool Run::look() {
  if (!ask_week()) return false;
  return !random_.per_mille(200) || question();
}

bool Run::restart(bool killed) {
  ++counts_[killed ? "kills" : "restarts"];
  const crash::Loss loss = crash::kLosses[faults_.below(std::size(crash::kLosses))];
  tell(killed ? "The ledger's machine goes down, with what the power cut takes: " +
                    std::string(name_of(loss))
              : "The ledger is stopped and started.");
  if (!killed && random_.per_mille(700)) {
    const auto kept = machine_.keep_facts();
    if (!kept) return wrong("The facts could not be kept: " + kept.error().text);
  }
  if (killed) {
    ++counts_["power cut: " + std::string(name_of(loss))];
    machine_.lose(loss);
  } else {
    machine_.stop();
  }
  const std::string error = machine_.start();
  return holds(error.empty(), "The ledger did not start again: " + error) && ask_history();
}

// One command in twelve meets a disk in trouble.
engine::Answer Run::answer_to(const Ask& ask) {
  if (faults_.below(12) != 0) {
    const engine::Answer answer = machine_.ask(ask.line());
    if (faults_.below(4) == 0) machine_.follow_head();
    return answer;
  }
  machine_.plan(static_cast<Trouble>(faults_.below(kTroubles)), faults_);
  const engine::Answer answer = machine_.ask(ask.line());
  if (answer.error) return answer_after(ask, answer);
  machine_.calm();
  if (!machine_.is_cut()) return answer;
  wrong("Answered, and the power was gone.");
  return answer;
}

// An error means unknown: nothing of the command is shown, nothing further is recorded, reads go
// on; and after a verified restart the same command gets its first receipt, or a new one.
engine::Answer Run::answer_after(const Ask& ask, const engine::Answer& failed) {
  ++counts_["outcome unknown"];
  tell("    the disk fails: " + failed.error->text);
  const bool is_full = failed.error->code == engine::ErrorCode::disk_full;
  counts_["told that the disk is full"] += is_full ? 1 : 0;
  holds(machine_.log().size() == model_.size(), "A command is shown that is not durable.");
  if (!machine_.is_cut()) {
    holds(machine_.ask(ask.line()).error.has_value(), "Recorded on after a storage error.");
    ++counts_["read on after a storage error"];
    if (!ask_history()) return failed;
    if (!holds(machine_.facts().has_value(), "No facts after a storage error.")) return failed;
  }
  const crash::Loss loss = crash::kLosses[faults_.below(std::size(crash::kLosses))];
  ++counts_["power cut: " + std::string(name_of(loss))];
  machine_.lose(loss);
  if (const std::string error = machine_.start(); !error.empty()) {
    wrong("The ledger did not start again: " + error);
    return failed;
  }
  engine::Answer answer = machine_.ask(ask.line());
  const std::uint64_t size = machine_.log().size();
  if (answer.repeated && answer.receipt->seq == model_.size() + 1 && size > model_.size()) {
    ++counts_["found recorded after all"];
    answer.repeated = false;  // for the office it is recorded now
    answer.events = static_cast<std::uint32_t>(size - model_.size());
  } else {
    counts_["not recorded, and sent again"] += answer.receipt && !answer.repeated ? 1 : 0;
  }
  return answer;
}

bool Run::ask(const Ask& ask) {
  tell(ask.sentence());
  const Verdict verdict = model_.judge(ask);
  const engine::Answer answer = answer_to(ask);
  if (!wrong_.empty()) return false;
  ++counts_["asked " + ask.command];
  if (!compare_answer(ask, verdict, answer)) return false;
  if (!answer.refused.empty()) {
    ++counts_["refused " + answer.refused];
    tell("    refused: " + answer.text);
    return holds(machine_.log().size() == model_.size(), "A refused command was recorded.");
  }
  if (answer.repeated) {
    ++counts_["repeated"];
    tell("    the same again: its first receipt is given, nothing is recorded");
    return holds(machine_.log().size() == model_.size(), "A repeated command was recorded.");
  }
  const std::vector<Recorded> expected = model_.accept(ask);
  office_.heard(ask);
  receipts_[ask.id] = *answer.receipt;
  tell("    recorded as no. " + std::to_string(answer.receipt->seq) + ": " +
       text_of(expected.front()));
  ++counts_["accepted"];
  ++counts_["accepted " + ask.command];
  for (const Recorded& one : expected) {
    counts_["deadlines recomputed"] += one.event == "DeadlineRecomputed" ? 1 : 0;
    for (const Pinned& due : one.dues) counts_["provisional dues"] += due.provisional ? 1 : 0;
  }
  return compare_records(expected) &&
         holds(answer.events == expected.size(),
               ask.command + " says " + std::to_string(answer.events) + " events") &&
         (ask.kind != "appeal" || ask_case(ask.no));
}

bool Run::compare_answer(const Ask& ask, const Verdict& verdict, const engine::Answer& answer) {
  const std::string of = ask.sentence() + ": ";
  if (answer.error) return wrong(of + "error " + answer.error->text);
  if (verdict.repeats != 0) {
    if (!answer.repeated) return wrong(of + "no repeat was seen, but " + answer.refused);
    const engine::Receipt& first = receipts_.at(ask.id);
    const engine::Receipt& again = *answer.receipt;
    return holds(again.seq == first.seq && again.version == first.version &&
                     again.leaf == first.leaf && again.recorded_at == first.recorded_at,
                 of + "the receipt is not the first one");
  }
  if (answer.repeated) return wrong(of + "a repeat of what never was recorded");
  if (!answer.refused.empty())
    return holds(verdict.wrong.contains(answer.refused),
                 of + "refused as " + answer.refused + ", expected " +
                     (verdict.wrong.empty() ? "to be accepted" : list_of(verdict.wrong)));
  if (!verdict.wrong.empty()) return wrong(of + "accepted in spite of " + list_of(verdict.wrong));
  const engine::Receipt& receipt = *answer.receipt;
  return holds(receipt.seq == model_.size() + 1, of + "seq " + std::to_string(receipt.seq)) &&
         holds(receipt.recorded_at == ask.at, of + "recorded at another time");
}

// The newest records of the log are these, with these dues.
bool Run::compare_records(const std::vector<Recorded>& expected) {
  const std::uint64_t first = model_.size() - expected.size() + 1;
  std::size_t seen = 0;
  const auto read = machine_.log().read(first, 0, [&](const engine::RecordView& record) {
    const Recorded found{std::string(schemas::info_of(schemas::type_of(record)).name),
                         std::string(record.kind),
                         std::string(record.no),
                         record.version,
                         record.recorded_at,
                         dues_of(record)};
    const std::string told = text_of(found);
    if (seen >= expected.size()) return wrong("One record too many: " + told);
    const std::string wanted = text_of(expected[seen++]);
    leaves_.push_back(machine_.log().leaf_at(record.seq).value());
    return holds(told == wanted, "Recorded " + told + "\n  in place of " + wanted);
  });
  if (!holds(read.has_value(), "The new records cannot be read.") || !wrong_.empty()) return false;
  return seen == expected.size() || wrong("Not recorded: " + text_of(expected[seen]));
}

}  // namespace simulation
