// `bihuan history STREAM`: the events of one stream, oldest first, as they are recorded.
#include <fmt/format.h>

#include <memory>

#include "engine/proof/hash.h"
#include "schemas/calendar.h"
#include "tools/bihuan/events.h"
#include "tools/bihuan/moment_options.h"
#include "tools/bihuan/session.h"
#include "tools/ledger/access.h"

namespace tools {

namespace json = boost::json;

void print_events(const json::array& events, Format format) {
  Cells rows;
  for (const json::value& value : events) {
    const json::object& event = value.get_object();
    const auto text = [&](std::string_view key) { return cell_of(event, key); };
    const json::object& actor = event.at("actor").as_object();
    rows.push_back({text("seq"), text("stream"), text("version"), text("event"),
                    text("recorded_at"), text("occurred_at"),
                    std::string(actor.at("id").as_string()), text("data")});
  }
  const std::vector<std::string> headings = {"事件号",   "对象",     "版本",   "事件",
                                             "记录时间", "发生时间", "办理人", "内容"};
  print_rows(format, headings, rows);
}

namespace {

struct HistoryOptions {
  std::string stream;
  MomentOptions moment;
};

int history(const Session& session, const HistoryOptions& options) {
  const std::size_t slash = options.stream.find('/');
  if (slash == std::string::npos || slash == 0 || slash + 1 == options.stream.size())
    return complain(kBadArguments, "对象应写作 种类/编号。",
                    "A stream is written KIND/NO, such as appeal/SQ2021-000001.");
  // Machine acts are streams of the access log, which is a ledger of its own.
  const bool acts = options.stream.starts_with("access/") && !session.data.empty();
  const auto log =
      Ledger::open_log(acts ? access_of(session.data) : session.data, engine::OpenMode::read_only);
  if (!log) return complain(log.error());
  const auto moment = moment_of(options.moment, **log);
  if (!moment) return complain(moment.error());
  json::array events;
  const auto read =
      (*log)->read_stream(options.stream.substr(0, slash), options.stream.substr(slash + 1),
                          [&](const engine::RecordView& record) {
                            if (record.seq > moment->seq) return false;
                            events.push_back(event_with_leaf(**log, record));
                            return true;
                          });
  if (!read && read.error().code != engine::ErrorCode::not_found) return complain(read.error());
  if (events.empty())
    return complain(kRefused, "没有这个对象的记录。",
                    fmt::format("There is no event of {} by that moment.", options.stream));
  if (session.form(Format::json) != Format::json) {
    print_events(events, session.form());
    return kDone;
  }
  const std::size_t version = events.size();
  print_json({{"stream", options.stream},
              {"version", version},
              {"as_of", schemas::time_text(moment->as_of)},
              {"seq", moment->seq},
              {"root", engine::base64(moment->root)},
              {"events", std::move(events)}});
  return kDone;
}

}  // namespace

void add_history(CLI::App& app, Session& session) {
  CLI::App* const sub =
      add_subcommand(app, session, "history", "一个对象的全部事件（缺省为 JSON），从早到晚",
                     "The events of a stream as JSON, oldest first");
  const auto options = std::make_shared<HistoryOptions>();
  sub->add_option("stream", options->stream,
                  both("对象，如 appeal/SQ2021-000001", "stream, such as appeal/SQ2021-000001"))
      ->required()
      ->type_name("STREAM");
  options->moment.add_to(*sub);
  sub->callback([options, &session] { session.exit_code = history(session, *options); });
}

}  // namespace tools
