// The command line as a whole: one table of subcommands, and what they print when they cannot go
// on.
#include "tools/bihuan/session.h"

#include <fmt/format.h>

#include <cstdio>
#include <exception>

namespace tools {

Format Session::form(Format otherwise) const {
  if (format == "json") return Format::json;
  if (format == "csv") return Format::csv;
  if (format == "table") return Format::table;
  return otherwise;
}

std::string both(std::string_view chinese, std::string_view english) {
  return fmt::format("{} / {}", chinese, english);
}

namespace {

// Bound in the application and in every subcommand, so that they may stand before or after its
// name.
void add_shared_options(CLI::App& app, Session& session) {
  app.add_option("--data", session.data, both("台账目录", "the ledger's directory"))
      ->type_name("DIR");
  app.add_option("--format", session.format,
                 both("输出形式：table、json、csv", "form of the output: table, json, csv"))
      ->check(CLI::IsMember({"table", "json", "csv"}))
      ->type_name("FORM");
  app.add_flag("-v,--verbose", session.verbose, both("逐条输出", "print every line of it"));
}

std::string_view chinese_of(engine::ErrorCode code) {
  using enum engine::ErrorCode;
  switch (code) {
    case bad_input:
      return "参数或输入不合要求。";
    case not_found:
      return "没有找到。";
    case locked:
      return "台账正被另一个进程使用。";
    case wrong_format:
      return "这不是本版本可用的台账目录。";
    case disk_full:
      return "磁盘已满，不能写入；读取不受影响。";
    case io:
      return "读写存储失败。";
    case rolled_back:
      return "本台账与已签署的检查点不符（多半是恢复了旧备份），拒绝签署。";
    case corrupt:
      return "存储的内容与当初写入的不一致。";
  }
  return "";
}

int exit_of(engine::ErrorCode code) {
  using enum engine::ErrorCode;
  switch (code) {
    case bad_input:
    case wrong_format:
      return kBadArguments;
    case not_found:
    case locked:
    case disk_full:
      return kRefused;
    case io:
    case rolled_back:
    case corrupt:
      return kDamaged;
  }
  return kDamaged;
}

void make_formatter(CLI::App& app) {
  auto formatter = std::make_shared<CLI::Formatter>();
  formatter->column_width(34);
  formatter->label("OPTIONS", "选项");
  formatter->label("SUBCOMMAND", "子命令");
  formatter->label("REQUIRED", "必填");
  app.formatter(formatter);
}

}  // namespace

CLI::App* add_subcommand(CLI::App& app, Session& session, const std::string& name,
                         const std::string& chinese, const std::string& english) {
  CLI::App* const sub = app.add_subcommand(name, chinese + "\n" + english);
  add_shared_options(*sub, session);
  return sub;
}

int complain(int exit_code, std::string_view chinese, std::string_view english) {
  fmt::print(stderr, "bihuan: {} {}\n", chinese, english);
  return exit_code;
}

int complain(const engine::Error& error) {
  return complain(exit_of(error.code), chinese_of(error.code), error.text);
}

void print(std::string_view text) { std::fwrite(text.data(), 1, text.size(), stdout); }

void print_json(const boost::json::value& document) {
  print(boost::json::serialize(document));
  print("\n");
}

bool flush_output() { return std::fflush(stdout) == 0 && std::ferror(stdout) == 0; }

int run(int argc, const char* const* argv) {
  Session session;
  CLI::App app{"闭环：营商环境诉求的不可改台账\nBihuan: a ledger that cannot be altered unseen",
               "bihuan"};
  make_formatter(app);
  add_shared_options(app, session);
  app.set_version_flag("--version", "bihuan " BIHUAN_VERSION);
  app.require_subcommand(1);
  for (const auto add :
       {add_init,   add_import,  add_report,  add_history,  add_why,        add_diff,   add_audit,
        add_export, add_inspect, add_convert, add_commands, add_checkpoint, add_cosign, add_prove,
        add_tiles,  add_key,     add_pack,    add_backup,   add_restore,    add_loss,   add_token,
        add_policy, add_match,   add_push,    add_erase})
    add(app, session);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& help) {
    app.exit(help);
    return kDone;
  } catch (const CLI::ParseError& wrong) {
    return complain(kBadArguments, "命令行参数不对，请看 --help。",
                    fmt::format("The arguments are wrong: {}", wrong.what()));
  }
  if (!flush_output())
    return complain(kRefused, "输出没有写完。", "The output could not be written completely.");
  return session.exit_code;
}

}  // namespace tools
