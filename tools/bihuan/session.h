// What every subcommand shares: the options given before or after it, and how it speaks: results on
// stdout, one plain sentence (Chinese, then English) on stderr, and the four exit codes of the
// contract.
#pragma once

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "engine/result.h"

namespace tools {

inline constexpr int kDone = 0, kRefused = 1, kBadArguments = 2, kDamaged = 3;

enum class Format { table, json, csv };

struct Session {
  std::string data;    // --data: the ledger's directory
  std::string format;  // --format as given; empty: table
  bool verbose = false;
  int exit_code = kDone;

  [[nodiscard]] Format form(Format otherwise = Format::table) const;
};

// Adds a subcommand with the options that all of them take.
CLI::App* add_subcommand(CLI::App& app, Session& session, const std::string& name,
                         const std::string& chinese, const std::string& english);
// The description of an option: Chinese, then English.
[[nodiscard]] std::string both(std::string_view chinese, std::string_view english);

// Prints the sentence on stderr and returns the exit code.
int complain(int exit_code, std::string_view chinese, std::string_view english);
int complain(const engine::Error& error);

void print(std::string_view text);                    // stdout, as it is
void print_json(const boost::json::value& document);  // one document, newline at the end
// False when stdout could not take everything (a full disk behind a redirection).
[[nodiscard]] bool flush_output();

// The whole command line: parses, runs one subcommand, returns the exit code.
int run(int argc, const char* const* argv);

void add_init(CLI::App& app, Session& session);
void add_import(CLI::App& app, Session& session);
void add_report(CLI::App& app, Session& session);
void add_history(CLI::App& app, Session& session);
void add_why(CLI::App& app, Session& session);
void add_diff(CLI::App& app, Session& session);
void add_audit(CLI::App& app, Session& session);
void add_export(CLI::App& app, Session& session);
void add_inspect(CLI::App& app, Session& session);
void add_convert(CLI::App& app, Session& session);
void add_commands(CLI::App& app, Session& session);
void add_checkpoint(CLI::App& app, Session& session);
void add_cosign(CLI::App& app, Session& session);
void add_prove(CLI::App& app, Session& session);
void add_tiles(CLI::App& app, Session& session);
void add_pack(CLI::App& app, Session& session);
void add_key(CLI::App& app, Session& session);
void add_backup(CLI::App& app, Session& session);
void add_restore(CLI::App& app, Session& session);
void add_loss(CLI::App& app, Session& session);
void add_erase(CLI::App& app, Session& session);
void add_token(CLI::App& app, Session& session);
void add_policy(CLI::App& app, Session& session);
void add_match(CLI::App& app, Session& session);
void add_push(CLI::App& app, Session& session);

}  // namespace tools
