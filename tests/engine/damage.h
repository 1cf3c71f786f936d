// Damaging a closed ledger's files, and what an open says to it.
#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>
#include "engine/log/file.h"
#include "engine/log/log.h"
#include "engine/log/wal.h"

namespace engine::test {

inline std::string bytes_in(const std::string& path) {
  auto text = read_file(path);
  REQUIRE(text.has_value());
  return *text;
}

inline void overwrite(const std::string& path, std::string_view bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

inline void copy_over(const std::string& from, const std::string& to) {
  std::filesystem::remove_all(to);
  std::filesystem::copy(from, to, std::filesystem::copy_options::recursive);
}

inline Error refusal(const std::string& dir, OpenMode mode = OpenMode::read_write) {
  auto log = Log::open(dir, mode);
  if (!log) return log.error();
  return {ErrorCode::bad_input, "it opened", 0};
}

inline std::string newest_wal(const std::string& ledger) {
  std::string newest;
  for (const auto& entry : std::filesystem::directory_iterator(ledger + "/log")) {
    const std::string path = entry.path().string();
    if (path.ends_with(".log") && path > newest) newest = path;
  }
  REQUIRE_FALSE(newest.empty());
  return newest;
}

// What was written of a log of RocksDB's: up to the zeros that were put ahead of it.
inline std::string written_in(const std::string& wal) {
  std::string bytes = bytes_in(wal);
  const auto records = sound_records(bytes_of(bytes));
  bytes.resize(records.empty() ? 0 : records.back().end);
  return bytes;
}

// The files of a ledger's log/ whose names have this in them, sorted.
inline std::vector<std::string> files_with(const std::string& ledger, std::string_view part) {
  std::vector<std::string> out;
  for (const auto& entry : std::filesystem::directory_iterator(ledger + "/log")) {
    const std::string path = entry.path().string();
    if (path.find(part, ledger.size()) != std::string::npos) out.push_back(path);
  }
  std::ranges::sort(out);
  return out;
}

inline std::string with_flip(std::string bytes, std::size_t at, std::size_t bit = 0) {
  bytes[at] = static_cast<char>(static_cast<unsigned char>(bytes[at]) ^ (1U << bit));
  return bytes;
}

}  // namespace engine::test
