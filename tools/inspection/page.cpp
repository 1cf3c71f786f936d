#include "tools/inspection/page.h"

#include <fmt/format.h>

#include <array>
#include <string_view>
#include <vector>

#include "projections/catalog.h"
#include "schemas/calendar.h"
#include "schemas/event.h"
#include "schemas/obligations.h"
#include "tools/inspection/losses.h"
#include "tools/inspection/page_style.h"
#include "tools/inspection/page_words.h"

namespace tools {

namespace json = boost::json;

namespace {

constexpr std::array<std::string_view, 10> kNumerals = {"一", "二", "三", "四", "五",
                                                        "六", "七", "八", "九", "十"};
// A table with more columns is set smaller; one with a single row and many figures stands up.
// One with more columns than fit beside each other is set row by row, figures named one by one.
constexpr std::size_t kColumnsWide = 9, kColumnsVeryWide = 14, kColumnsLyingDown = 16,
                      kColumnsMost = 20;
constexpr std::size_t kRowsPrinted = 500;  // of one table; nobody reads further on paper

std::string escaped(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '&')
      out += "&amp;";
    else if (c == '"')
      out += "&quot;";
    else
      out += c;
  }
  return out;
}

// "2021年9月26日" of an instant, in Shanghai.
std::string chinese_date(engine::Micros at) {
  const std::string date = schemas::date_text(schemas::day_of(at));
  const auto number = [&](std::size_t from, std::size_t size) {
    return std::stoi(date.substr(from, size));
  };
  return fmt::format("{}年{}月{}日", number(0, 4), number(5, 2), number(8, 2));
}

// "2021年9月26日18时00分00秒"
std::string chinese_time(engine::Micros at) {
  const std::string time = schemas::time_text(at);
  return fmt::format("{}{}时{}分{}秒", chinese_date(at), time.substr(11, 2), time.substr(14, 2),
                     time.substr(17, 2));
}

// A cell as an official reads it: codes in words, instants without seconds; a due at 24:00 is the
// day that it ends.
std::string in_words(std::string_view key, std::string cell) {
  if (key == "obligation") {
    for (const schemas::ObligationRow& row : schemas::obligations())
      if (cell == row.name) return std::string(row.chinese);
  }
  for (const auto& [code, chinese] : kPageWords)
    if (cell == code) return std::string(chinese);
  constexpr std::size_t kInstantBytes = 32;  // 2021-09-16T09:30:00.000000+08:00
  if (cell.size() != kInstantBytes || cell[10] != 'T') return cell;
  const auto at = schemas::parse_time(cell);
  if (!at) return cell;
  const bool ends_a_day = key.ends_with("due") && *at == schemas::start_of(schemas::day_of(*at));
  if (ends_a_day) return schemas::date_text(schemas::day_of(*at) - 1) + " 24:00";
  return cell.substr(0, 10) + " " + cell.substr(11, 5);
}

using Rows = std::vector<std::vector<std::string>>;

std::string table(const std::vector<std::string>& headings, const Rows& rows,
                  std::string_view style) {
  std::string out = fmt::format("<table class=\"{}\"><thead><tr>", style);
  for (const std::string& heading : headings) out += fmt::format("<th>{}</th>", escaped(heading));
  out += "</tr></thead><tbody>\n";
  for (const auto& row : rows) {
    out += "<tr>";
    for (const std::string& cell : row) {
      const bool number = !cell.empty() && cell.find_first_not_of("0123456789/-.") == cell.npos;
      out += fmt::format("<td{}>{}</td>", number ? " class=\"n\"" : "", escaped(cell));
    }
    out += "</tr>\n";
  }
  return out + "</tbody></table>\n";
}

std::string_view style_of(std::size_t columns) {
  if (columns > kColumnsVeryWide) return "tiny";
  return columns > kColumnsWide ? "small" : "plain";
}

// One row of many figures, two figures beside each other a line.
std::string upright(const projections::Table& kind, const std::vector<std::string>& cells) {
  Rows rows;
  for (std::size_t c = 0; c < cells.size() && c < kind.columns.size(); c += 2) {
    std::vector<std::string> row = {std::string(kind.columns[c].heading), cells[c]};
    const bool second = c + 1 < cells.size() && c + 1 < kind.columns.size();
    row.emplace_back(second ? kind.columns[c + 1].heading : "");
    row.emplace_back(second ? cells[c + 1] : "");
    rows.push_back(std::move(row));
  }
  return table({"项目", "数", "项目", "数"}, rows, "plain");
}

// Row by row: what each row has, four figures a line.
std::string one_by_one(const projections::Table& kind, const Rows& rows) {
  constexpr std::size_t kFiguresALine = 4;
  std::string out;
  for (const auto& cells : rows) {
    out += "<table class=\"row\"><tbody>";
    std::size_t figures = 0;
    for (std::size_t c = 0; c < cells.size() && c < kind.columns.size(); ++c) {
      if (cells[c].empty()) continue;
      out += figures % kFiguresALine == 0 ? "\n<tr>" : "";
      out += fmt::format("<th>{}</th><td>{}</td>", escaped(kind.columns[c].heading),
                         escaped(cells[c]));
      out += ++figures % kFiguresALine == 0 ? "</tr>" : "";
    }
    for (; figures % kFiguresALine != 0; ++figures)
      out += (figures + 1) % kFiguresALine == 0 ? "<th></th><td></td></tr>" : "<th></th><td></td>";
    out += "</tbody></table>\n";
  }
  return out;
}

// What a section shows of one table.
std::string rows_of(const projections::Table& kind, Rows rows) {
  for (auto& row : rows)
    for (std::size_t c = 0; c < row.size() && c < kind.columns.size(); ++c)
      row[c] = in_words(kind.columns[c].key, std::move(row[c]));
  std::vector<std::string> headings;
  for (const projections::Column& column : kind.columns) headings.emplace_back(column.heading);
  if (rows.empty()) return "<p class=\"none\">（无）</p>\n";
  if (rows.size() == 1 && headings.size() >= kColumnsLyingDown) return upright(kind, rows.front());
  std::string more;
  if (rows.size() > kRowsPrinted) {
    more = fmt::format("<p>共 {} 行，此处列前 {} 行，其余见检查包内 report.json。</p>\n",
                       rows.size(), kRowsPrinted);
    rows.resize(kRowsPrinted);
  }
  if (headings.size() > kColumnsMost) return one_by_one(kind, rows) + more;
  return table(headings, rows, style_of(headings.size())) + more;
}

std::string report_sections(const About& about, const json::object& report, std::size_t& numbered) {
  const projections::ReportKind* const kind = projections::find_report(about.report);
  std::string out;
  if (kind == nullptr) return out;
  for (const projections::Table* const one : projections::in_reading_order(*kind)) {
    const std::string_view array = one->rows.substr(0, one->rows.find('/'));
    if (!array.empty() && !report.contains(array)) continue;
    // Titles come with their numeral or belong to the section before.
    std::string_view title = one->title;
    const std::size_t comma = title.find("、");
    if (comma != std::string_view::npos && comma <= 3) title.remove_prefix(comma + 3);
    const bool head = comma != std::string_view::npos || numbered == 0 || kind->tables.size() <= 2;
    out += head ? fmt::format("<h2>{}、{}</h2>\n", kNumerals[numbered++ % kNumerals.size()],
                              escaped(title))
                : fmt::format("<h3>{}</h3>\n", escaped(title));
    out += rows_of(*one, projections::table_cells(report, *one));
  }
  return out;
}

std::string cell_of(const json::object& event, std::string_view key) {
  const json::value* const value = event.if_contains(key);
  if (value == nullptr) return {};
  return value->is_string() ? std::string(value->get_string()) : json::serialize(*value);
}

// "受理 AppealAccepted": the first words of the event's comment in the schemas.
std::string event_name(const json::object& event) {
  const std::string name = cell_of(event, "event");
  for (const schemas::EventInfo& info : schemas::all_events()) {
    if (info.name != name || info.table->documentation() == nullptr) continue;
    std::string_view chinese;
    for (const auto* const line : *info.table->documentation()) chinese = schemas::view(line);
    while (chinese.starts_with(' ')) chinese.remove_prefix(1);
    return std::string(chinese.substr(0, chinese.find_first_of(" .;("))) + " " + name;
  }
  return name;
}

std::string event_section(const json::array& events, std::size_t& numbered) {
  Rows rows;
  for (const json::value& value : events) {
    if (rows.size() == kRowsPrinted) break;
    const json::object& event = value.as_object();
    const json::value* const actor = event.if_contains("actor");
    rows.push_back(
        {cell_of(event, "seq"), cell_of(event, "stream") + " #" + cell_of(event, "version"),
         event_name(event), in_words("", cell_of(event, "recorded_at")),
         actor != nullptr && actor->is_object() ? cell_of(actor->get_object(), "id") : "",
         event.contains("payload") ? "（内容未随包提供）" : cell_of(event, "data")});
  }
  std::string out =
      fmt::format("<h2>{}、事件清单</h2>\n", kNumerals[numbered++]) +
      table({"事件号", "对象 #版本", "事件", "记录时间", "办理人", "内容"}, rows, "events");
  if (events.size() > rows.size())
    out += fmt::format("<p>共 {} 个事件，此处列前 {} 个，其余见检查包内 events.json。</p>\n",
                       events.size(), rows.size());
  return out;
}

std::string evidence_section(const PageMatter& matter, std::size_t& numbered) {
  const Manifest& manifest = matter.manifest;
  const Rows facts = {
      {"账本名 origin", manifest.origin},
      {"截至事件号 seq", fmt::to_string(manifest.seq)},
      {"该事件号处的树根 root", engine::base64(manifest.root)},
      {"最新检查点：事件总数 size", fmt::to_string(matter.checkpoint.size)},
      {"最新检查点：树根 root", engine::base64(matter.checkpoint.root)},
      {"验证公钥 verifier key", matter.key.text()},
  };
  std::string out = fmt::format(
      "<section class=\"evidence\"><h2>{}、核验信息</h2>\n"
      "<p>本页由账本中第1号至第{}号事件绘出，事件只增不改。下列检查点由账本密钥签署；"
      "上述事件是该检查点所含事件的前段，证明在检查包内。</p>\n",
      kNumerals[numbered++], manifest.seq);
  out += "<table class=\"facts\"><tbody>\n";
  for (const auto& row : facts)
    out += fmt::format("<tr><th>{}</th><td>{}</td></tr>\n", row[0], escaped(row[1]));
  out += "</tbody></table>\n";
  for (const engine::Loss& loss : matter.losses)
    out += fmt::format("<p>账本缺失：{}。保留第1至{}号事件，签署的说明在检查包内。</p>\n",
                       escaped(told_of(loss).chinese), loss.kept.size);
  if (!manifest.withheld.empty()) {
    out += "<p>以下对象的内容未随包提供：";
    for (std::size_t i = 0; i < manifest.withheld.size(); ++i)
      out += (i == 0 ? "" : "、") + escaped(manifest.withheld[i]);
    out += "。其事件头仍在包内，可证明没有遗漏事件。</p>\n";
  }
  return out + fmt::format(
                   "<h2>{}、核对办法</h2>\n"
                   "<p>（一）经检查包以外的途径取得验证公钥，与上表逐字比对。</p>\n"
                   "<p>（二）在任意一台不联网的计算机上执行：</p>\n"
                   "<p class=\"code\">bihuan-verify 检查包.zip --key '{}'</p>\n"
                   "<p>（三）逐行查看核对结果。程序由包内事件重新绘出本页并逐字比对；"
                   "任何一处改动都会指出所在文件和事件号。</p>\n</section>\n",
                   kNumerals[numbered++], escaped(matter.key.text()));
}

}  // namespace

PageTitle title_of(const About& about) {
  switch (about.subject) {
    case Subject::report: {
      const projections::ReportKind* const kind = projections::find_report(about.report);
      PageTitle title{std::string(kind == nullptr ? about.report : kind->chinese),
                      about.report + " report"};
      const projections::Question& asked = about.question;
      if (asked.week) {
        const std::string week = schemas::week_text(*asked.week);
        title.chinese +=
            fmt::format("（{}年第{}周）", week.substr(0, 4), std::stoi(week.substr(6)));
        title.english += " " + week;
      }
      if (asked.from && asked.to) {
        const std::string from = schemas::date_text(*asked.from),
                          to = schemas::date_text(*asked.to);
        title.chinese += fmt::format("（{} 至 {}）", from, to);
        title.english += fmt::format(" {} to {}", from, to);
      }
      return title;
    }
    case Subject::stream:
      return {"事件清单（" + about.stream + "）", "events of " + about.stream};
    case Subject::range:
      return {fmt::format("事件清单（第{}号至第{}号）", about.from, about.to),
              fmt::format("events {} to {}", about.from, about.to)};
  }
  return {};
}

std::string draw_page(const PageMatter& matter) {
  const Manifest& manifest = matter.manifest;
  const std::string title = title_of(manifest.about).chinese;
  std::size_t numbered = 0;
  std::string out = fmt::format(
      "<!DOCTYPE html>\n<html lang=\"zh-CN\"><head><meta charset=\"utf-8\">"
      "<title>{0}{1}</title>\n<style>{2}</style></head>\n<body>\n"
      "<header><p class=\"issuer\">{0}营商环境诉求闭环台账</p>\n"
      "<p class=\"number\"><span>账本事件号〔{3}〕1—{4}</span><span>{5}</span></p></header>\n"
      "<h1>{0}营商环境诉求{6}<br>{1}</h1>\n",
      escaped(manifest.district), escaped(title), kPageStyle,
      schemas::year_of(schemas::day_of(manifest.as_of)), manifest.seq, chinese_date(manifest.as_of),
      title.starts_with("闭环") ? "" : "闭环");
  out += fmt::format("<p>依据{}营商环境诉求闭环账本，截至{}（第{}号事件），有关情况如下。</p>\n",
                     escaped(manifest.district), chinese_time(manifest.as_of), manifest.seq);
  if (const auto& week = manifest.about.question.week)
    out += fmt::format("<p>统计周期：{}至{}。比率写作“分子/分母”，分母为零的写作“-”。</p>\n",
                       chinese_date(week->from()), chinese_date(week->to() - 1));
  if (matter.report != nullptr) out += report_sections(manifest.about, *matter.report, numbered);
  if (matter.events != nullptr) out += event_section(*matter.events, numbered);
  out += evidence_section(matter, numbered);
  return out + fmt::format("<p class=\"signed\">{}营商环境诉求闭环账本<br>{}</p>\n</body></html>\n",
                           escaped(manifest.district), chinese_date(manifest.as_of));
}

}  // namespace tools
