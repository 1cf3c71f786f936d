// The one entry to the reports, for tools and server: which there are, how to ask, how to print one
// as a table, and what changed between two moments.
//
// draw() is a pure function of (records 1..moment.seq, question): the same bytes whenever it is
// asked.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/result.h"
#include "projections/facts.h"
#include "projections/report.h"
#include "schemas/calendar.h"

namespace projections {

struct Question {
  std::string district;
  Moment moment;
  std::optional<schemas::Week> week;  // weekly
  std::string section;                // weekly: only this table ("departments"); empty: all
  // Dates, both inclusive; ratings: of the conclusion; closed-loop: of the submission.
  std::optional<schemas::Day> from, to;
  std::vector<std::string> by;            // ratings: department, channel, category, week
  std::string department, light, status;  // closed-loop filters; empty: all
  std::string category;                   // closed-loop: as it stands at the moment; empty: all
  std::string appeal;                     // closed-loop: the rows of this appeal alone
  std::size_t limit = 0, offset = 0;      // closed-loop paging; limit 0: all
};

// The moment of a record (0: before the first) or of an instant; the caller adds the tree root.
[[nodiscard]] Moment moment_of_seq(const Facts& facts, std::uint64_t seq);
[[nodiscard]] Moment moment_of_time(const Facts& facts, Micros as_of);

// A column of the printed form. `key`: a key of the row, or a path into it ("callback/satisfied").
struct Column {
  std::string_view key, heading;
};
// A table of the printed form: an array of the report (path `rows`), or an object of figures, which
// makes one row.
struct Table {
  std::string_view rows, title;
  std::span<const Column> columns;
};
struct ReportKind {
  std::string_view name, chinese;
  std::span<const Table> tables;  // the first is the one that CSV prints
};
// A person reads the sections by the numerals of their titles (一, 二, ...); a table without one
// belongs to the table before it.
[[nodiscard]] std::vector<const Table*> in_reading_order(const ReportKind& kind);
[[nodiscard]] std::span<const ReportKind> reports();
[[nodiscard]] const ReportKind* find_report(std::string_view name);
// Does the report, or a decision on what it is drawn from, rest on the payloads of streams of this
// kind? Of all others it needs no more than that there is a record at that place and time.
[[nodiscard]] bool reads(std::string_view report, std::string_view kind);

// Refuses (bad_input, not_found) what cannot be asked: an unknown report, weekly without a week,
// ...
[[nodiscard]] engine::Result<boost::json::object> draw(std::string_view report, const Facts& facts,
                                                       const Question& question,
                                                       Trace* trace = nullptr);

// Every report of one question, in the order of reports(), each the same bytes as drawn alone. The
// cases are folded once for all of them, each to its end, whatever settle() found: for who wants
// every report at once. Not for questions with a section, groups or an appeal of their own.
[[nodiscard]] std::vector<engine::Result<boost::json::object>> draw_all(const Facts& facts,
                                                                        const Question& question);

// One figure of a report and the events that were counted in it; nullopt: it has no such cell.
struct Explained {
  boost::json::value value;
  std::vector<std::uint64_t> seqs;  // ascending, once each
};
[[nodiscard]] engine::Result<std::optional<Explained>> why(std::string_view report,
                                                           const Facts& facts,
                                                           const Question& question,
                                                           const std::string& cell);

// The cells of a table as they are printed: one vector a row, in order of its columns. Rates "3/4",
// "-" for an empty denominator; nothing for null.
[[nodiscard]] std::vector<std::vector<std::string>> table_cells(const boost::json::object& report,
                                                                const Table& table);

// What differs between the same question at two moments: cell, both values (null: not there), and
// the events after the earlier moment that changed it.
struct Change {
  std::string cell;
  boost::json::value before, after;
  std::vector<std::uint64_t> seqs;
};
[[nodiscard]] engine::Result<std::vector<Change>> diff(std::string_view report, const Facts& facts,
                                                       const Question& question,
                                                       const Moment& first, const Moment& second);

// Every cell of a report by its path (departments/D07/contact/n), in order of the report.
[[nodiscard]] std::vector<std::pair<std::string, boost::json::value>> cells_of(
    const boost::json::object& report);

}  // namespace projections
