// Working hours 08:30 to 11:50 and 13:30 to 17:30, Asia/Shanghai (our choice: a usual timetable).
#include "tools/workload/pace.h"

#include <algorithm>

#include "engine/check.h"
#include "schemas/event.h"
#include "tools/workload/cn_calendars.h"

namespace tools {
namespace {

constexpr Micros kHour = 60 * kMinute;
constexpr Micros kMorning = 8 * kHour + 30 * kMinute, kNoon = 11 * kHour + 50 * kMinute;
constexpr Micros kAfternoon = 13 * kHour + 30 * kMinute, kEvening = 17 * kHour + 30 * kMinute;
constexpr Micros kWorkSpan = kNoon - kMorning + kEvening - kAfternoon;
constexpr int kTries = 8;

std::vector<std::int32_t> days_of(int year, std::span<const std::int16_t> month_days) {
  using namespace std::chrono;
  std::vector<std::int32_t> days;
  for (const std::int16_t one : month_days) {
    const year_month_day date{std::chrono::year{year}, month{static_cast<unsigned>(one / 100)},
                              day{static_cast<unsigned>(one % 100)}};
    days.push_back(static_cast<std::int32_t>(sys_days{date}.time_since_epoch().count()));
  }
  return days;
}

template <class Native>
std::vector<std::uint8_t> payload(const CalendarNotice& notice) {
  Native event;
  event.year = static_cast<std::int16_t>(notice.year);
  event.notice = notice.notice;
  event.holidays = days_of(notice.year, notice.holidays);
  event.makeup_workdays = days_of(notice.year, notice.makeup_workdays);
  return schemas::pack(event);
}

void learn(schemas::Calendar& calendar, const CalendarNotice& notice) {
  const auto type =
      notice.amends ? schemas::EventType::CalendarAmended : schemas::EventType::CalendarPublished;
  const std::vector<std::uint8_t> bytes = notice.amends
                                              ? payload<schemas::CalendarAmendedT>(notice)
                                              : payload<schemas::CalendarPublishedT>(notice);
  const std::string no = std::to_string(notice.year);
  engine::RecordView record;
  record.type = static_cast<std::uint16_t>(type);
  record.kind = "calendar";
  record.no = no;
  record.payload = bytes;
  calendar.apply(record);
}

}  // namespace

KnownCalendars::KnownCalendars(Day from, Day until) {
  const int first_year = schemas::year_of(from);
  schemas::Calendar calendar;
  known_.emplace_back(0, calendar);
  const std::span<const CalendarNotice> notices = calendar_notices();
  for (std::size_t i = 0; i < notices.size(); ++i) {
    const auto published = schemas::parse_date(notices[i].published);
    CHECK(published.has_value());
    if (*published > until || notices[i].year < first_year) continue;
    const Micros at = schemas::start_of(*published) + 10 * kHour + 15 * kMinute;
    learn(calendar, notices[i]);
    publications_.push_back({at, i});
    known_.emplace_back(at, calendar);
  }
}

const schemas::Calendar& KnownCalendars::at(Micros t) const {
  for (auto known = known_.rbegin(); known != known_.rend(); ++known)
    if (known->first <= t) return known->second;
  return known_.front().second;
}

Micros Pace::due_at_last(Micros t, int n) const {
  Micros due = this->due(t, n), known = 0;
  while (due != known) {
    known = due;
    due = calendar(known - 1).after(t, n).due;
  }
  return due;
}

Micros Pace::into_hours(Micros t) {
  const schemas::Calendar& days = calendar(t);
  Day day = schemas::day_of(t);
  const Micros clock = t - schemas::start_of(day);
  const bool works = days.is_workday(day);
  if (works && clock < kMorning)
    return schemas::start_of(day) + kMorning + random_->below(90 * 60) * kSecond;
  if (works && clock >= kNoon && clock < kAfternoon)
    return schemas::start_of(day) + kAfternoon + random_->below(30 * 60) * kSecond;
  if (works && clock < kEvening) return t;
  do ++day;
  while (!days.is_workday(day));
  return schemas::start_of(day) + kMorning + random_->below(150 * 60) * kSecond;
}

Micros Pace::soon(Micros from, int least_minutes, int most_minutes) {
  const Micros wait = random_->between(least_minutes, most_minutes) * kMinute;
  return into_hours(from + wait + random_->between(1, 59) * kSecond);
}

Micros Pace::on(Day day) {
  Micros clock = kMorning + random_->below(kWorkSpan / kSecond) * kSecond;
  if (clock >= kNoon) clock += kAfternoon - kNoon;
  return schemas::start_of(day) + clock;
}

Micros Pace::strictly_between(Micros from, Micros until) {
  const std::int64_t seconds = (until - from) / kSecond;
  if (seconds <= 2) return from + kSecond;
  return from + random_->between(1, seconds - 1) * kSecond;
}

Micros Pace::within(Micros from, Micros until) {
  const Day first = schemas::day_of(from), last = schemas::day_of(until - 1);
  for (int i = 0; i < kTries && first <= last; ++i) {
    const Day day = static_cast<Day>(random_->between(first, last));
    if (!calendar(from).is_workday(day)) continue;
    const Micros t = on(day);
    if (from < t && t < until) return t;
  }
  return strictly_between(from, until);
}

Micros Pace::late(Micros from, Micros due, int days_most) {
  const Micros base = std::max(from, due);
  return soon(base + random_->below(days_most) * schemas::kDayMicros, 20, 480);
}

Micros Pace::at_leisure(Micros from, Micros until) {
  const Day first = schemas::day_of(from), last = schemas::day_of(until - 1);
  for (int i = 0; i < kTries && first <= last; ++i) {
    const Day day = static_cast<Day>(random_->between(first, last));
    const Micros t = schemas::start_of(day) + 8 * kHour + random_->below(14 * 3600) * kSecond;
    if (from < t && t < until) return t;
  }
  return strictly_between(from, until);
}

}  // namespace tools
