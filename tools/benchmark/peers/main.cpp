// bihuan-peers: what other systems make of the same events. Built only where their client libraries
// are (BIHUAN_PEERS); run by tools/benchmark/peers/run.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <cstdio>

#include "tools/benchmark/peers/append.h"
#include "tools/benchmark/peers/ask.h"
#include "tools/benchmark/peers/peer.h"

namespace {

namespace json = boost::json;

std::unique_ptr<tools::Peer> peer_of(const std::string& name, const std::string& where) {
  if (name == "postgresql-table") return tools::postgres_table(where);
  if (name == "message-db") return tools::message_db(where);
  if (name == "sqlite") return tools::sqlite_table(where);
  return tools::redis_stream(where);
}

int print(const engine::Result<json::array>& list) {
  if (!list) {
    fmt::print(stderr, "bihuan-peers: {}\n", list.error().text);
    return 3;
  }
  fmt::print("{}\n", json::serialize(*list));
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"同类系统的驱动。Drives the peers of the bench."};
  app.require_subcommand(1);
  std::string peer, where;
  tools::AppendOptions append;
  tools::AskOptions ask;
  CLI::App* const appending = app.add_subcommand("append", "追加。Appends to one peer");
  appending->add_option("--peer", peer)
      ->required()
      ->check(CLI::IsMember({"postgresql-table", "message-db", "sqlite", "redis"}));
  appending->add_option("--where", where)->required();
  appending->add_option("--events", append.events)->required();
  appending->add_option("--scratch", append.scratch)->required();
  appending->add_option("--runs", append.runs);
  appending->add_option("--seconds", append.seconds);
  CLI::App* const asking = app.add_subcommand("ask", "提问。Asks PostgreSQL the reports");
  asking->add_option("--where", ask.where)->required();
  asking->add_option("--questions", ask.questions)->required();
  asking->add_option("--sql", ask.sql, "a file with one query")->required();
  asking->add_option("--question", ask.question)->required();
  asking->add_option("--moments", ask.moments);
  CLI::App* const rebuilding = app.add_subcommand("rebuild", "重建。Runs a script, then a query");
  rebuilding->add_option("--where", ask.where)->required();
  rebuilding->add_option("--sql", ask.sql)->required();
  rebuilding->add_option("--check", ask.check)->required();
  rebuilding->add_option("--runs", ask.moments)->required();
  int exit_code = 0;
  appending->callback([&] { exit_code = print(tools::append_to(*peer_of(peer, where), append)); });
  asking->callback([&] { exit_code = print(tools::ask_postgres(ask)); });
  rebuilding->callback([&] { exit_code = print(tools::rebuild_in_postgres(ask)); });
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  } catch (const tools::PeerFailed& failure) {
    fmt::print(stderr, "bihuan-peers: {}\n", failure.text);
    return 3;
  }
  return exit_code;
}
