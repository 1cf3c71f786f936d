// bihuand: options, signals, and the App between them.
#include <fmt/format.h>
#include <pthread.h>
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <charconv>
#include <csignal>
#include <string>
#include <vector>

#include "engine/no_memory.h"
#include "server/app.h"
#include "server/identity/rights.h"
#include "server/journal.h"
#include "server/openapi.h"

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

// What the command line and the configuration file say.
struct Asked {
  server::Options options;
  std::string listen = "127.0.0.1:8642";
  std::vector<std::string> tls;
};

// A rate that is asked for may be exceeded by what it gives in this time, after a rest.
constexpr unsigned kBurstSeconds = 5;

void describe(CLI::App& line, Asked& asked) {
  server::Options& options = asked.options;
  line.set_version_flag("--version", "bihuand " BIHUAN_VERSION);
  line.add_option("--data", options.data, "台账目录 / the ledger's directory")
      ->required()
      ->type_name("DIR");
  line.add_option("--listen", asked.listen, "监听地址 / address to listen on")
      ->type_name("ADDR:PORT");
  line.add_option("--demo-tokens", options.demo_tokens,
                  "试用令牌写入此文件，每个角色一个 / write one token a role to this file")
      ->type_name("FILE");
  line.add_option("--jwks", options.jwks,
                  "签发令牌者的公钥（JWKS）/ public keys of who signs tokens (JWT)")
      ->type_name("FILE");
  line.add_option("--jwt-issuer", options.jwt_issuer, "令牌的 iss 须为此 / what iss must say")
      ->type_name("TEXT");
  line.add_option("--jwt-audience", options.jwt_audience, "令牌的 aud 须为此 / what aud must name")
      ->type_name("TEXT");
  line.add_option("--pages", options.pages,
                  "网页目录（tools/web build）/ directory of the built pages")
      ->type_name("DIR");
  line.add_option("--webhook", options.webhook.url, "通知推送到此地址 / where notices are sent")
      ->type_name("https://HOST:PORT/PATH");
  line.add_option(
          "--webhook-ca", options.webhook.authorities,
          "为接收方作证的机构（PEM），默认为系统所信任的 / who vouches for the receiver, a PEM "
          "file; without it whom the machine trusts")
      ->type_name("FILE");
  line.add_option("--webhook-secret", options.webhook.secret_file,
                  "推送签名的密钥文件 / the file of the secret that they are signed with")
      ->type_name("FILE");
  const auto add_rate = [&](const char* name, server::RateLimit& limit, const char* what) {
    line.add_option_function<unsigned>(
            name, [&limit](unsigned rate) { limit = {rate, rate * kBurstSeconds}; }, what)
        ->check(CLI::Range(0U, 1'000'000U))
        ->type_name("N");
  };
  add_rate("--person-rate", options.of_person,
           "每人每秒请求数，0 为不限（默认 1000）/ requests a second of one person; 0: no limit");
  add_rate("--address-rate", options.of_address,
           "每个地址每秒请求数（默认 5000）/ requests a second of one address; 0: no limit");
  line.add_flag("--rehearsal", options.rehearsal,
                "演练：时钟可以拨动，台账从此只供演练 / the clock may be set; the ledger is for "
                "rehearsals from then on");
  line.add_option("--tls", asked.tls, "证书与私钥（PEM）/ certificate and key, PEM files")
      ->delimiter(',')
      ->expected(2)
      ->type_name("CERT,KEY");
  line.set_config("--config", "",
                  "TOML 配置文件，键为选项名 / options from a TOML file, by their names")
      ->type_name("FILE");
  line.allow_config_extras(CLI::config_extras_mode::error);
  line.add_flag_callback(
      "--openapi",
      [] {
        fmt::print("{}", server::openapi_document());
        throw CLI::Success();
      },
      "打印接口说明 / print the description of the API (docs/openapi.json)");
  line.add_flag_callback(
      "--roles",
      [] {
        fmt::print("{}", server::rights_document());
        throw CLI::Success();
      },
      "打印角色权限表 / print the table of roles (docs/ROLES.md)");
}

// Every thread inherits the mask, so that the signals come to main() and nowhere else.
sigset_t block_ends() {
  sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGTERM);
  sigaddset(&ends, SIGINT);
  pthread_sigmask(SIG_BLOCK, &ends, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  return ends;
}

// A connection is an open file, and a shell allows 1,024 of them where the system allows many more.
void allow_many_files() {
  rlimit files{};
  if (getrlimit(RLIMIT_NOFILE, &files) != 0) return;
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
}

}  // namespace

int main(int argc, char** argv) {
  engine::end_when_memory_ends();
  Asked asked;
  server::Options& options = asked.options;
  CLI::App line{"闭环台账服务 / bihuand: the ledger over HTTP", "bihuand"};
  describe(line, asked);
  CLI11_PARSE(line, argc, argv);
  if (asked.tls.size() == 2) {
    options.tls_certificate = asked.tls[0];
    options.tls_key = asked.tls[1];
  }
  if (!take_address(asked.listen, options))
    return complain("监听地址应写作 地址:端口。", "--listen is written ADDR:PORT.");
  allow_many_files();
  const sigset_t ends = block_ends();
  server::open_journal();
  const server::MachineClock clock;
  const auto app = server::App::start(options, clock);
  if (!app) return complain("服务不能启动。", app.error().text);
  server::note(server::Grade::info, "started",
               {{"version", BIHUAN_VERSION}, {"events", (*app)->log().size()}});
  fmt::print("bihuand: {}://{}:{}\n", asked.tls.empty() ? "http" : "https", options.address,
             (*app)->port());
  std::fflush(stdout);
  int signal = 0;
  sigwait(&ends, &signal);
  server::note(server::Grade::info, "stopping", {{"signal", signal}});
  (*app)->stop();
  server::note(server::Grade::info, "stopped", {{"events", (*app)->log().size()}});
  return 0;
}
