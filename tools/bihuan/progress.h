// A progress bar on stderr, drawn only on a terminal and at most ten times a second.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace tools {

class Progress {
 public:
  explicit Progress(std::string title);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void update(std::uint64_t done, std::uint64_t total, std::uint64_t items);

 private:
  std::string title_;
  bool terminal_;
  bool drawn_ = false;
  std::chrono::steady_clock::time_point next_;
};

}  // namespace tools
