// A ledger of its own, served by a whole server on a free port of this machine, with a clock that
// the test moves. The office of the tests: two departments, an enterprise, and demo tokens for
// every role.
#pragma once

#include <boost/json.hpp>
#include <memory>
#include <span>
#include <string>

#include "engine/log/log.h"
#include "server/options.h"
#include "tests/support/http_client.h"
#include "tests/support/manual_clock.h"
#include "tests/support/temp_dir.h"

namespace server {
class App;
}

namespace support {

inline constexpr const char* kCompany = "91350100M000100Y43";

class Served {
 public:
  explicit Served(server::Options options = {});
  ~Served();
  Served(const Served&) = delete;
  Served& operator=(const Served&) = delete;

  void start();
  // No new work; connections end in good order.
  void stop();
  // Lets go of the ledger, for somebody else to open.
  void discard();

  [[nodiscard]] std::uint16_t port() const;
  [[nodiscard]] const engine::Log& log() const;
  [[nodiscard]] std::size_t connections() const;
  // What the server does by itself once a second: closes what is past its deadline.
  void sweep();
  // What the clock does once a minute, now.
  void tick();
  [[nodiscard]] bool is_tick_due() const;
  [[nodiscard]] server::App& app() { return *app_; }
  // Records of an import, while the server is down.
  void imported(std::span<const engine::NewEvent> events);
  [[nodiscard]] bool is_signing_due() const;
  // Signs a checkpoint over everything durable, now.
  void sign();

  [[nodiscard]] std::string token(std::string_view role) const {
    return std::string(tokens.at(role).as_string());
  }
  [[nodiscard]] HttpClient as(std::string_view role) const {
    return HttpClient(port(), token(role));
  }
  [[nodiscard]] HttpClient nobody() const { return HttpClient(port()); }

  // One command by a role, its id made from a counter; the answer as it came.
  HttpReply ask(std::string_view role, const std::string& command, const std::string& stream,
                const std::string& data);
  // The same, and it must be accepted.
  void given(std::string_view role, const std::string& command, const std::string& stream,
             const std::string& data);
  // Calendar, departments D01 and D02, and one enterprise.
  void given_office();
  void given_appeal(const std::string& no = "SQ2021-000001");
  // The office and an appeal whose one matter is dispatched to D01.
  void given_dispatched();

  TempDir dir;
  ManualClock clock;
  boost::json::object tokens;

 private:
  void make_ledger();

  server::Options options_;
  std::unique_ptr<server::App> app_;
  int ids_ = 0;
};

}  // namespace support
