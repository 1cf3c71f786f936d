// Drives the built binaries as a user would: a command line in, exit code and both outputs back.
// Everything a test makes lives in a directory of its own that goes with it.
#pragma once

#include <boost/json.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/temp_dir.h"

namespace tools_test {

inline std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

inline void write_file(const std::filesystem::path& path, std::string_view text) {
  std::ofstream file(path, std::ios::binary);
  file.write(text.data(), static_cast<std::streamsize>(text.size()));
}

using support::TempDir;

struct Ran {
  int exit_code = -1;
  std::string out = {}, err = {};
  // Parsed once: what is taken from it lives as long as this.
  [[nodiscard]] const boost::json::value& json() const {
    if (document_.is_null()) document_ = boost::json::parse(out);
    return document_;
  }
  mutable boost::json::value document_ = nullptr;
};

// `line` as for a shell, without the program's name.
inline Ran run(const std::string& line, const std::string& program = "bihuan") {
  const TempDir dir;
  const std::string out = dir / "out", err = dir / "err";
  const int status = std::system(
      (std::string(BIN_DIR) + "/" + program + " " + line + " >" + out + " 2>" + err).c_str());
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, read_file(out), read_file(err)};
}

// A ledger with nothing in it, in `dir`/NAME.
inline std::string new_ledger(const TempDir& dir, std::string_view name = "ledger",
                              const std::string& keystore = {}) {
  std::string data = dir / name;
  const Ran made = run("init --data " + data + " --district 示例区" +
                       (keystore.empty() ? "" : " --keystore " + keystore));
  if (made.exit_code != 0) throw std::runtime_error(made.err);
  return data;
}

struct LineOptions {
  std::string at = "2021-09-16T09:00:00+08:00", id = {}, role = "office_lead", department = {};
  std::string data = "{}";
  std::string more = {};  // further fields, with a comma in front
};

inline std::string line(std::string_view command, std::string_view stream, LineOptions options) {
  std::string text =
      "{\"at\":\"" + options.at + "\",\"actor\":{\"id\":\"a\",\"role\":\"" + options.role + "\"";
  if (!options.department.empty()) text += ",\"department\":\"" + options.department + "\"";
  text += "},\"command\":\"" + std::string(command) + "\",\"stream\":\"" + std::string(stream) +
          "\",\"id\":\"" + options.id + "\",\"data\":" + options.data + options.more + "}\n";
  return text;
}

inline std::string department(std::string_view id, std::string at = "2021-09-16T09:00:00+08:00") {
  return line("CreateDepartment", "department/" + std::string(id),
              {.at = std::move(at),
               .id = "department-" + std::string(id),
               .data = "{\"name\":\"" + std::string(id) + "\"}"});
}

}  // namespace tools_test
