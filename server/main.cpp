// bihuand: options, signals, and the App between them.
#include <fmt/format.h>
#include <pthread.h>

#include <CLI/CLI.hpp>
#include <charconv>
#include <csignal>

#include "server/app.h"
#include "server/identity/rights.h"

namespace {

int complain(std::string_view chinese, std::string_view english) {
  fmt::print(stderr, "bihuand: {} {}\n", chinese, english);
  return 2;
}

// "127.0.0.1:8642" or "[::1]:8642".
bool take_address(std::string text, server::Options& options) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string::npos) return false;
  const char* const begin = text.data() + colon + 1;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(begin, end, options.port);
  if (error != std::errc() || rest != end) return false;
  options.address = text.substr(0, colon);
  if (options.address.starts_with('[') && options.address.ends_with(']'))
    options.address = options.address.substr(1, options.address.size() - 2);
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  server::Options options;
  std::string listen = "127.0.0.1:8642";
  CLI::App line{"闭环台账服务 / bihuand: the ledger over HTTP", "bihuand"};
  line.set_version_flag("--version", "bihuand " BIHUAN_VERSION);
  line.add_option("--data", options.data, "台账目录 / the ledger's directory")
      ->required()
      ->type_name("DIR");
  line.add_option("--listen", listen, "监听地址 / address to listen on")->type_name("ADDR:PORT");
  line.add_option("--demo-tokens", options.demo_tokens,
                  "试用令牌写入此文件，每个角色一个 / write one token a role to this file")
      ->type_name("FILE");
  line.add_option("--pages", options.pages,
                  "网页目录（tools/web build）/ directory of the built pages")
      ->type_name("DIR");
  std::vector<std::string> tls;
  line.add_option("--tls", tls, "证书与私钥（PEM）/ certificate and key, PEM files")
      ->delimiter(',')
      ->expected(2)
      ->type_name("CERT,KEY");
  line.set_config("--config", "",
                  "TOML 配置文件，键为选项名 / options from a TOML file, by their names")
      ->type_name("FILE");
  line.allow_config_extras(CLI::config_extras_mode::error);
  line.add_flag_callback(
      "--roles",
      [] {
        fmt::print("{}", server::rights_document());
        throw CLI::Success();
      },
      "打印角色权限表 / print the table of roles (docs/ROLES.md)");
  CLI11_PARSE(line, argc, argv);
  if (tls.size() == 2) {
    options.tls_certificate = tls[0];
    options.tls_key = tls[1];
  }
  if (!take_address(listen, options))
    return complain("监听地址应写作 地址:端口。", "--listen is written ADDR:PORT.");

  // Every thread inherits the mask, so that the signals come here and nowhere else.
  sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGTERM);
  sigaddset(&ends, SIGINT);
  pthread_sigmask(SIG_BLOCK, &ends, nullptr);
  std::signal(SIGPIPE, SIG_IGN);

  const server::MachineClock clock;
  const auto app = server::App::start(options, clock);
  if (!app) return complain("服务不能启动。", app.error().text);
  fmt::print("bihuand: {}://{}:{}\n", tls.empty() ? "http" : "https", options.address,
             (*app)->port());
  std::fflush(stdout);
  int signal = 0;
  sigwait(&ends, &signal);
  (*app)->stop();
  return 0;
}
