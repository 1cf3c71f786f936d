// Working days as one bitmap over 1970..2199 with a running count per 64 days: counting is two
// lookups, and finding the n-th working day looks at n / 64 + 1 words.
#include "schemas/calendar.h"

#include <algorithm>
#include <bit>

#include "schemas/event.h"

namespace schemas {
namespace {

constexpr Day kDays = 84'006;  // 1970-01-01 .. 2199-12-31
constexpr std::size_t kWords = (kDays + 63) / 64;
static_assert(kDays % 64 != 0);  // so that the day after the last one has a word too

std::size_t word_of(Day day) { return static_cast<std::size_t>(day) / 64; }
std::uint64_t bit_of(Day day) { return std::uint64_t{1} << (static_cast<unsigned>(day) % 64); }

Day new_year(int year) {
  const auto day = parse_date(std::to_string(year) + "-01-01");
  return day ? *day : kDays;
}

// Monday to Friday: what a year counts by until its calendar is published.
std::vector<std::uint64_t> plain_weeks() {
  std::vector<std::uint64_t> words(kWords, 0);
  for (Day day = 0; day < kDays; ++day)
    if (weekday_of(day) <= 5) words[word_of(day)] |= bit_of(day);
  return words;
}

std::vector<std::uint32_t> count_before(const std::vector<std::uint64_t>& words) {
  std::vector<std::uint32_t> before(words.size() + 1, 0);
  for (std::size_t i = 0; i < words.size(); ++i)
    before[i + 1] = before[i] + static_cast<std::uint32_t>(std::popcount(words[i]));
  return before;
}

std::vector<Day> days_of(const flatbuffers::Vector<std::int32_t>* dates) {
  return dates == nullptr ? std::vector<Day>{} : std::vector<Day>(dates->begin(), dates->end());
}

}  // namespace

Calendar::Calendar() {
  static const std::vector<std::uint64_t> words = plain_weeks();
  static const std::vector<std::uint32_t> before = count_before(words);
  workdays_ = words;
  before_ = before;
}

bool Calendar::published(int year) const {
  return year >= kFirstYear && year <= kLastYear &&
         published_years_[static_cast<std::size_t>(year - kFirstYear)];
}

bool Calendar::is_workday(Day day) const {
  if (day < 0 || day >= kDays) return weekday_of(day) <= 5;
  return (workdays_[word_of(day)] & bit_of(day)) != 0;
}

int Calendar::count_until(Day day) const {
  const Day end = std::clamp(day, 0, kDays);
  const std::size_t word = word_of(end);
  return static_cast<int>(before_[word]) + std::popcount(workdays_[word] & (bit_of(end) - 1));
}

Deadline Calendar::after_day(Day start, int n) const {
  if (n < 1) return {start_of(start + 1), false};
  const Day first = std::clamp(start, -1, kDays - 1) + 1;
  int left = n + std::popcount(workdays_[word_of(first)] & (bit_of(first) - 1));
  for (std::size_t word = word_of(first); word < kWords; ++word) {
    const int here = std::popcount(workdays_[word]);
    if (left > here) {
      left -= here;
      continue;
    }
    std::uint64_t bits = workdays_[word];
    for (; left > 1; --left) bits &= bits - 1;  // drops the lowest set day
    const Day last = static_cast<Day>(word * 64) + std::countr_zero(bits);
    return {start_of(last + 1), touches_unpublished(first, last)};
  }
  return {start_of(kDays), true};  // past every year the ledger knows
}

bool Calendar::touches_unpublished(Day first, Day last) const {
  const int until = year_of(last);
  for (int year = year_of(first); year <= until; ++year)
    if (!published(year)) return true;
  return false;
}

Deadline Calendar::after(Micros t, int n) const { return after_day(day_of(t), n); }

Deadline Calendar::extend(Micros due, int n) const { return after_day(day_of(due - 1), n); }

Deadline Calendar::same_day(Micros t, int cutoff_minutes) const {
  const Micros minute = (t - start_of(day_of(t))) / 60'000'000;
  return minute >= cutoff_minutes ? after(t, 1) : same_workday(t);
}

Deadline Calendar::same_workday(Micros t) const {
  const Day day = day_of(t);
  const bool guessed = !published(year_of(day));  // whether today is a working day is the guess
  if (is_workday(day)) return {start_of(day + 1), guessed};
  Deadline next = after(t, 1);
  next.provisional = next.provisional || guessed;
  return next;
}

std::optional<Day> Calendar::last_workday(Week week) const {
  for (Day day = week.monday + 6; day >= week.monday; --day)
    if (is_workday(day)) return day;
  return std::nullopt;
}

int Calendar::workdays_between(Day first, Day last) const {
  return first > last ? 0 : count_until(last + 1) - count_until(first);
}

int Calendar::overdue_workdays(Micros due, Micros t) const {
  return t < due ? 0 : workdays_between(day_of(due - 1) + 1, day_of(t));
}

void Calendar::rebuild(int year) {
  if (year < kFirstYear || year > kLastYear) return;
  const auto found = published_.find(year);
  if (found == published_.end()) return;
  const Day from = new_year(year), to = new_year(year + 1);
  const auto set = [&](Day day, bool works) {
    if (day < from || day >= to) return;  // only of a tampered record
    if (works)
      workdays_[word_of(day)] |= bit_of(day);
    else
      workdays_[word_of(day)] &= ~bit_of(day);
  };
  for (Day day = from; day < to; ++day) set(day, weekday_of(day) <= 5);
  for (const Day day : found->second.holidays) set(day, false);
  for (const Day day : found->second.makeups) set(day, true);
  for (const Day day : found->second.closures) set(day, false);
  before_ = count_before(workdays_);
}

void Calendar::publish(int year, std::vector<Day> holidays, std::vector<Day> makeups) {
  if (year < kFirstYear || year > kLastYear) return;
  Dates& dates = published_[year];
  dates.holidays = std::move(holidays);
  dates.makeups = std::move(makeups);
  published_years_[static_cast<std::size_t>(year - kFirstYear)] = true;
  rebuild(year);
}

void Calendar::apply(const engine::RecordView& record) {
  switch (type_of(record)) {
    case EventType::CalendarPublished: {
      const auto& event = payload_of<CalendarPublished>(record);
      publish(event.year(), days_of(event.holidays()), days_of(event.makeup_workdays()));
      break;
    }
    case EventType::CalendarAmended: {
      const auto& event = payload_of<CalendarAmended>(record);
      publish(event.year(), days_of(event.holidays()), days_of(event.makeup_workdays()));
      break;
    }
    case EventType::LocalClosureDeclared: {
      for (const Day day : days_of(payload_of<LocalClosureDeclared>(record).days())) {
        published_[year_of(day)].closures.push_back(day);
        rebuild(year_of(day));
      }
      break;
    }
    default:
      return;  // not a calendar's event: nothing to count
  }
  ++version_;
}

}  // namespace schemas
