// One pass over the log. The same ledger gives the same bytes.
#include "tools/benchmark/export_peers.h"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <cstdio>
#include <filesystem>
#include <map>
#include <memory>

#include "schemas/calendar.h"
#include "schemas/event.h"
#include "schemas/json.h"
#include "tools/benchmark/bench_ledger.h"
#include "tools/benchmark/figures.h"
#include "tools/benchmark/milestones.h"
#include "tools/benchmark/peers/event_file.h"
#include "tools/bihuan/session.h"

namespace tools {

namespace json = boost::json;

namespace {

class OutFile {
 public:
  OutFile(const std::string& path, std::string_view first_line)
      : file_(std::fopen(path.c_str(), "wb")) {
    if (!first_line.empty()) line(first_line);
  }
  void line(std::string_view text) {
    buffer_ += text;
    buffer_ += '\n';
    if (buffer_.size() > (1U << 20U)) flush();
  }
  void bytes(std::string_view text) {
    buffer_ += text;
    if (buffer_.size() > (1U << 20U)) flush();
  }
  bool finish() {
    flush();
    return good_ && std::fflush(file_.get()) == 0;
  }

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  void flush() {
    good_ = good_ && file_ != nullptr &&
            std::fwrite(buffer_.data(), 1, buffer_.size(), file_.get()) == buffer_.size();
    buffer_.clear();
  }
  std::unique_ptr<std::FILE, Close> file_;
  std::string buffer_;
  bool good_ = true;
};

std::string in_quotes(std::string_view text) {
  std::string out = "\"";
  for (const char byte : text) {
    if (byte == '"') out += '"';
    out += byte;
  }
  return out + '"';
}

// Which assignment an event names, out of its JSON.
std::pair<int, std::string> assignment_in(const json::object& data) {
  const json::value* const matter = data.if_contains("matter");
  const json::value* const department = data.if_contains("department");
  if (matter == nullptr || !matter->is_number() || department == nullptr) return {0, {}};
  return {matter->to_number<int>(), std::string(department->as_string())};
}

class Exporter {
 public:
  explicit Exporter(const ExportOptions& options)
      : options_(options),
        events_(options.out + "/events.csv",
                "seq,recorded_at,kind,no,version,type,actor,id,payload"),
        assignments_(options.out + "/assignments.csv", Milestones::assignment_columns()),
        rounds_(options.out + "/rounds.csv", Milestones::round_columns()),
        departments_(options.out + "/departments.csv", "department,seq"),
        weeks_(options.out + "/weeks.csv", "seq,monday_at,due"),
        appends_(options.out + "/appends.bin", ""),
        milestones_([this](std::string_view line) { assignments_.line(line); },
                    [this](std::string_view line) { rounds_.line(line); }) {}

  void add(const engine::RecordView& record) {
    const schemas::EventInfo& info = schemas::info_of(schemas::type_of(record));
    const json::object data = schemas::data_json(info, record.payload, schemas::Pinned::include);
    const auto [matter, department] = assignment_in(data);
    milestones_.add(record, matter, department);
    const bool appended = record.seq <= options_.appends;
    if (options_.events || appended) {
      const std::string text = json::serialize(data);
      if (options_.events) add_event(record, info.name, text);
      if (appended) add_append(record, info.name, text);
    }
    if (record.kind == "department" && record.version == 1)
      departments_.line(fmt::format("{},{}", record.no, record.seq));
    if (record.kind == "calendar") add_weeks(record);
  }

  bool finish() {
    milestones_.finish();
    bool good = true;
    for (OutFile* file : {&events_, &assignments_, &rounds_, &departments_, &weeks_, &appends_})
      good = file->finish() && good;
    return good;
  }

 private:
  void add_event(const engine::RecordView& record, std::string_view type, const std::string& data) {
    // Only the first event of a command has an id; the others are told apart by their place.
    const std::string id =
        record.id.empty() ? fmt::format("follows-{}", record.seq) : std::string(record.id);
    events_.line(fmt::format("{},{},{},{},{},{},{},{},{}", record.seq, record.recorded_at,
                             record.kind, in_quotes(record.no), record.version, type,
                             in_quotes(record.actor), in_quotes(id), in_quotes(data)));
  }

  void add_append(const engine::RecordView& record, std::string_view type, std::string data) {
    PeerEvent event{record.seq,
                    record.recorded_at,
                    record.version,
                    std::string(record.kind),
                    std::string(record.no),
                    std::string(type),
                    std::string(record.actor),
                    std::string(record.id),
                    {record.payload.begin(), record.payload.end()},
                    std::move(data)};
    std::string bytes;
    put_event(bytes, event);
    appends_.bytes(bytes);
  }

  // When each week's progress falls due, as it is known from this record on.
  void add_weeks(const engine::RecordView& record) {
    calendar_.apply(record);
    constexpr schemas::Day kFirst = 17'896, kLast = 21'186;  // Mondays of 2018-12-31 and 2028-01-03
    for (schemas::Week week{kFirst}; week.monday <= kLast; week.monday += 7) {
      const auto last = calendar_.last_workday(week);
      const engine::Micros due = last ? schemas::start_of(*last + 1) : 0;
      engine::Micros& known = dues_[week.monday];
      if (known != due) weeks_.line(fmt::format("{},{},{}", record.seq, week.from(), due));
      known = due;
    }
  }

  const ExportOptions& options_;
  OutFile events_, assignments_, rounds_, departments_, weeks_, appends_;
  Milestones milestones_;
  schemas::Calendar calendar_;
  std::map<schemas::Day, engine::Micros> dues_;
};

}  // namespace

int export_peers(const ExportOptions& options) {
  std::error_code error;
  std::filesystem::create_directories(options.out, error);
  auto ledger = open_ledger(options.ledger, engine::OpenMode::read_only);
  if (!ledger) return complain(ledger.error());
  say("导出同类系统所用的文件", "exporting for the peers");
  Exporter exporter(options);
  const auto read = ledger->log->read(1, 0, [&](const engine::RecordView& record) {
    exporter.add(record);
    if (record.seq % 1'000'000 == 0)
      say(fmt::format("{} 个事件", record.seq), fmt::format("{} events", record.seq));
    return true;
  });
  if (!read) return complain(read.error());
  if (!exporter.finish())
    return complain(kRefused, "文件没有写完。", options.out + " could not be written completely.");
  return kDone;
}

}  // namespace tools
