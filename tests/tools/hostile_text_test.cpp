// S14 for what is shown: a whole district in whose texts somebody wrote formulas, markup, quotes,
// and what some terminals obey. Every report, history, export and package shows it as the text that
// it is.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>

#include "schemas/event.h"
#include "schemas/json.h"
#include "schemas/json_fields.h"
#include "tests/support/csv_cells.h"
#include "tests/support/sample_history.h"
#include "tests/tools/run.h"
#include "tools/inspection/zip_file.h"

using namespace tools_test;
using schemas::Shape;

namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, 18> kAttacks{
    "=1+1",
    "+1+1",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)",
    "\t=1+1",
    "\",=1+1,\"",
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "</td></table><h1>",
    "<!-- ",
    "&lt;b&gt;&#x41;",
    "line\nfeed",
    "\xc2\x9b[31m",  // CSI as one character
    "\xc2\x9d"
    "0;title\xc2\x9c",
    "\x7f\x7f",
    "\xe2\x80\xa8",  // a line separator
    "${jndi:ldap://x/a}",
    "%0d%0aSet-Cookie:a=b",
};

// The sample's history with hostile texts. The same text becomes the same everywhere, so that what
// names something by a text still does.
class Hostile {
 public:
  // Without a turn nothing is written into the texts.
  explicit Hostile(std::optional<std::size_t> turn) : turn_(turn) {
    const support::History sample = support::sample_history();
    for (std::size_t i = 0; i < sample.events().size(); ++i) {
      const auto record = sample.events()[i].view(i + 1);
      if ((record.flags & engine::kFollows) != 0) continue;
      json::object line = schemas::history_line(record);
      const auto* const info = schemas::find_event(record.type);
      REQUIRE(info != nullptr);
      spoil(schemas::form_of(info->type), line.at("data").as_object(), info->name);
      lines_ += json::serialize(line) + "\n";
    }
  }
  [[nodiscard]] const std::string& lines() const { return lines_; }
  [[nodiscard]] const std::set<std::string>& texts() const { return texts_; }
  [[nodiscard]] const std::set<std::string>& cases() const { return cases_; }

 private:
  // A text that people wrote, unlike a number or a code of something.
  static bool is_written(std::string_view text) {
    return std::ranges::any_of(text,
                               [](char c) { return (static_cast<unsigned char>(c) & 0x80) != 0; });
  }

  void spoil(json::value& value, std::string_view field) {
    if (field == "SupervisorAppointed.category") return;  // one of nine
    if (!value.is_string() || !is_written(value.get_string())) return;
    const std::string before(value.get_string());
    const auto [at, fresh] = attack_of_.emplace(before, attack_of_.size());
    if (!turn_) return;
    const std::string_view attack = kAttacks[(at->second + *turn_) % kAttacks.size()];
    const std::string after = std::string(attack) + before;
    value = json::value(after);
    texts_.insert(after);
    cases_.insert(fmt::format("{} {}", field, attack));
  }

  void spoil(const schemas::TableForm& form, json::object& data, std::string_view of) {
    for (const schemas::FieldForm& field : form.fields) {
      auto* const value = data.if_contains(field.name);
      if (value == nullptr) continue;
      const std::string name = fmt::format("{}.{}", of, field.name);
      if (field.shape == Shape::text) spoil(*value, name);
      if (field.shape == Shape::sealed) *value = json::value("密" + name);
      if (field.shape == Shape::sealed) spoil(*value, name);
      if (field.shape != Shape::texts && field.shape != Shape::tables) continue;
      for (json::value& one : value->as_array())
        if (field.shape == Shape::texts)
          spoil(one, name);
        else
          spoil(*field.table, one.as_object(), name);
    }
  }

  std::optional<std::size_t> turn_;
  std::map<std::string, std::size_t> attack_of_;
  std::string lines_;
  std::set<std::string> texts_, cases_;
};

// What a terminal could take for an order, where only a line feed may be.
bool steers(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    const auto next = i + 1 < text.size() ? static_cast<unsigned char>(text[i + 1]) : 0U;
    if ((c < 0x20 && c != '\n') || c == 0x7f || (c == 0xc2 && next >= 0x80 && next < 0xa0))
      return true;
  }
  return false;
}

// The markup of a page, tag by tag, without what stands between.
std::vector<std::string> tags_in(std::string_view page) {
  std::vector<std::string> tags;
  for (std::size_t at = page.find('<'); at != std::string_view::npos; at = page.find('<', at + 1)) {
    const std::size_t end = page.find('>', at);
    REQUIRE(end != std::string_view::npos);
    tags.emplace_back(page.substr(at, end - at + 1));
  }
  return tags;
}

std::string page_of(const std::string& package) {
  const std::string bytes = read_file(package);
  const auto reader = tools::ZipReader::open(engine::bytes_of(bytes));
  REQUIRE(reader.has_value());
  for (std::size_t i = 0; i < reader->names().size(); ++i)
    if (reader->names()[i].ends_with(".html")) {
      const auto page = reader->read(i, 1U << 24U);
      REQUIRE(page.has_value());
      return {page->begin(), page->end()};
    }
  return {};
}

constexpr const char* kReports[] = {"closed-loop", "ratings", "plan", "supervision",
                                    "weekly --week 2021-W38"};
constexpr const char* kStreams[] = {
    "appeal/SQ1",     "appeal/SQ2", "task/RW-001",  "supervisor-report/FY1",
    "department/D05", "plan/2021",  "calendar/2021"};

// A ledger of these lines.
std::string ledger_of(const TempDir& dir, const std::string& name, const std::string& lines) {
  const std::string data = new_ledger(dir, name);
  write_file(dir / (name + ".jsonl"), lines);
  const Ran ran = run("import --data " + data + " " + (dir / (name + ".jsonl")));
  REQUIRE_MESSAGE(ran.exit_code == 0, ran.out, ran.err);
  return data;
}

void check_reports(const std::string& data, const std::set<std::string>& texts,
                   std::set<std::string>& seen) {
  for (const std::string report : kReports) {
    CAPTURE(report);
    const std::string asked = "report " + report + " --data " + data + " --format ";
    const Ran csv = run(asked + "csv"), table = run(asked + "table"), whole = run(asked + "json");
    REQUIRE(csv.exit_code == 0);
    REQUIRE(table.exit_code == 0);
    for (const std::string& cell : support::csv_cells(csv.out)) {
      const bool number = cell.find_first_not_of("0123456789.%", 1) == std::string::npos;
      if (!cell.empty() && !(cell[0] == '-' && number))
        CHECK_MESSAGE(std::string_view("=+-@\t\r").find(cell[0]) == std::string_view::npos, cell);
      for (const std::string& text : texts)
        if (cell == text || cell == "'" + text) seen.insert(text);
    }
    CHECK_FALSE(steers(table.out));
    CHECK(whole.json().is_object());
  }
}

void check_histories(const std::string& data) {
  for (const std::string stream : kStreams) {
    CAPTURE(stream);
    const Ran table = run("history " + stream + " --format table --data " + data);
    REQUIRE(table.exit_code == 0);
    CHECK_FALSE(steers(table.out));
  }
}

// The pages of packages of every report and of some streams.
std::vector<std::string> pages_of(const TempDir& dir, const std::string& data) {
  std::vector<std::string> questions, pages;
  for (const std::string report : kReports) questions.push_back("--report " + report);
  for (const std::string stream : kStreams) questions.push_back("--stream " + stream);
  for (const std::string& asked : questions) {
    const std::string path = dir / "package.zip";
    const Ran ran = run("pack " + asked + " --data " + data + " --out " + path);
    REQUIRE_MESSAGE(ran.exit_code == 0, ran.err);
    pages.push_back(page_of(path));
    CHECK(!pages.back().empty());
  }
  return pages;
}

}  // namespace

TEST_CASE("S14: whatever people wrote, reports, histories, exports and packages show it as text") {
  const TempDir dir;
  const auto plain = pages_of(dir, ledger_of(dir, "plain", Hostile(std::nullopt).lines()));
  std::set<std::string> cases, seen;
  for (std::size_t turn = 0; turn < 4; ++turn) {
    CAPTURE(turn);
    const Hostile hostile(turn);
    const std::string data = ledger_of(dir, "hostile" + std::to_string(turn), hostile.lines());
    cases.insert(hostile.cases().begin(), hostile.cases().end());
    check_reports(data, hostile.texts(), seen);
    check_histories(data);
    const auto pages = pages_of(dir, data);
    for (std::size_t i = 0; i < pages.size(); ++i) CHECK(tags_in(pages[i]) == tags_in(plain[i]));
  }
  CHECK(cases.size() >= 100);
  CHECK(seen.size() >= 10);
  MESSAGE(fmt::format("{} cases, {} texts seen in tables", cases.size(), seen.size()));
}
