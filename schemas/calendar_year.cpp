// The subject of stream calendar/YEAR: who may publish and amend a year's working days, and with
// what.
#include <fmt/format.h>
#include <openssl/sha.h>

#include <algorithm>
#include <iterator>

#include "engine/check.h"
#include "schemas/calendar.h"
#include "schemas/command.h"
#include "schemas/event.h"

namespace schemas {
namespace {

using enum RefusalCode;
using E = EventType;
using S = CalendarStatus;

constexpr std::array<std::string_view, 2> kStatuses{"none", "published"};

// clang-format off
constexpr std::array kRows{
    Transition{E::CalendarPublished,    in({S::none}),      static_cast<int>(S::published), kOffice | kSystem,           {YearMismatch, OutOfRange, DateOutsideYear, DateListedTwice}},
    Transition{E::CalendarAmended,      in({S::published}), kStays,                      kOffice | kLeader | kSystem, {YearMismatch, OutOfRange, DateOutsideYear, DateListedTwice, NothingChanged}},
    Transition{E::LocalClosureDeclared, in({S::published}), kStays,                      kOffice | kLeader | kSystem, {MissingField, DateOutsideYear, DateListedTwice, NothingChanged}},
};
// clang-format on
constexpr TransitionIndex kIndex = index_of(kRows);

constexpr int kYearMin = 1990, kYearMax = 2100;  // our choice

std::vector<Day> sorted(const flatbuffers::Vector<std::int32_t>* dates) {
  std::vector<Day> days;
  if (dates != nullptr) days.assign(dates->begin(), dates->end());
  std::ranges::sort(days);
  return days;
}

// The first day that makes the lists unusable, as a refusal.
std::optional<Refusal> check_days(int year, const std::vector<Day>& holidays,
                                  const std::vector<Day>& makeups) {
  std::vector<Day> all;
  std::ranges::merge(holidays, makeups, std::back_inserter(all));
  for (const Day day : all)
    if (year_of(day) != year) return Refusal{DateOutsideYear, date_text(day)};
  const auto twice = std::ranges::adjacent_find(all);
  if (twice != all.end()) return Refusal{DateListedTwice, date_text(*twice)};
  return std::nullopt;
}

std::optional<Refusal> check_year(int year, const CommandView& command) {
  if (command.no != std::to_string(year))
    return Refusal{YearMismatch, fmt::format("{} / {}", year, command.no)};
  if (year < kYearMin || year > kYearMax)
    return Refusal{OutOfRange, fmt::format("year: {}..{}", kYearMin, kYearMax)};
  return std::nullopt;
}

// SHA-256 of the notice, the holidays and the make-up days, a line each, dates in order with a
// space between: so that two ledgers' calendars can be compared without comparing lists.
std::vector<std::uint8_t> hash_of(std::string_view notice, const std::vector<Day>& holidays,
                                  const std::vector<Day>& makeups) {
  std::string text(notice);
  for (const auto* days : {&holidays, &makeups}) {
    text += '\n';
    for (const Day day : *days) {
      if (text.back() != '\n') text += ' ';
      text += date_text(day);
    }
  }
  text += '\n';
  std::vector<std::uint8_t> digest(SHA256_DIGEST_LENGTH);
  std::vector<std::uint8_t> bytes(text.begin(), text.end());
  SHA256(bytes.data(), bytes.size(), digest.data());
  return digest;
}

template <class Table>
Decision decide_year(const CalendarYear& state, const CommandView& command) {
  const auto& asked = payload_of<Table>(command.data);
  if (auto refusal = check_year(asked.year(), command)) return std::unexpected(*refusal);
  const std::vector<Day> holidays = sorted(asked.holidays());
  const std::vector<Day> makeups = sorted(asked.makeup_workdays());
  if (auto refusal = check_days(asked.year(), holidays, makeups)) return std::unexpected(*refusal);
  if (state.status == S::published && holidays == state.holidays && makeups == state.makeups)
    return refuse(NothingChanged);
  typename Table::NativeTableType event;
  asked.UnPackTo(&event);
  event.content_hash = hash_of(view(asked.notice()), holidays, makeups);
  return std::vector{emit(command.event, pack(event))};
}

Decision decide_closure(const CalendarYear& state, const CommandView& command) {
  const std::vector<Day> days = sorted(payload_of<LocalClosureDeclared>(command.data).days());
  if (days.empty()) return refuse(MissingField, "days");
  const auto year = parse_date(std::string(command.no) + "-01-01");
  CHECK(year.has_value());  // the stream exists, so its number is a year
  if (auto refusal = check_days(year_of(*year), days, {})) return std::unexpected(*refusal);
  if (std::ranges::includes(state.closures, days)) return refuse(NothingChanged);
  return pass_through(command);
}

template <class Table>
void take_year(CalendarYear& state, const engine::RecordView& record) {
  const auto& event = payload_of<Table>(record);
  state.holidays = sorted(event.holidays());
  state.makeups = sorted(event.makeup_workdays());
}

}  // namespace

const Lifecycle kCalendarLifecycle{"calendar", "工作日历", kStatuses, kRows, kIndex};

bool admits(const CalendarYear& state, const engine::RecordView& record) {
  return find_transition(kCalendarLifecycle, static_cast<unsigned>(state.status),
                         type_of(record)) != nullptr;
}

void evolve(CalendarYear& state, const engine::RecordView& record) {
  CHECK(admits(state, record));
  state.version = record.version;
  state.status = S::published;
  if (type_of(record) == E::CalendarPublished) {
    take_year<CalendarPublished>(state, record);
  } else if (type_of(record) == E::CalendarAmended) {
    take_year<CalendarAmended>(state, record);
  } else {
    const std::vector<Day> days = sorted(payload_of<LocalClosureDeclared>(record).days());
    std::vector<Day> all;
    std::ranges::set_union(state.closures, days, std::back_inserter(all));
    state.closures = std::move(all);
  }
}

Decision decide(const CalendarYear& state, const CommandView& command, const Context& /*context*/) {
  if (auto refusal =
          check_transition(kCalendarLifecycle, static_cast<unsigned>(state.status), command))
    return std::unexpected(*refusal);
  if (command.event == E::CalendarPublished) return decide_year<CalendarPublished>(state, command);
  if (command.event == E::CalendarAmended) return decide_year<CalendarAmended>(state, command);
  return decide_closure(state, command);
}

}  // namespace schemas
