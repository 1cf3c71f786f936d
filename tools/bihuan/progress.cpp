// The bar says how far, how many and nothing else; it wipes itself away at the end.
#include "tools/bihuan/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

namespace tools {

namespace {
constexpr int kWidth = 30;
}  // namespace

Progress::Progress(std::string title)
    : title_(std::move(title)),
      terminal_(isatty(STDERR_FILENO) == 1),
      next_(std::chrono::steady_clock::now() + std::chrono::milliseconds(300)) {}

Progress::~Progress() {
  if (drawn_) fmt::print(stderr, "\r\x1b[K");
}

void Progress::update(std::uint64_t done, std::uint64_t total, std::uint64_t items) {
  if (!terminal_) return;
  const auto now = std::chrono::steady_clock::now();
  if (now < next_) return;
  next_ = now + std::chrono::milliseconds(100);
  const double part =
      total == 0 ? 0.0 : std::min(1.0, static_cast<double>(done) / static_cast<double>(total));
  const auto full = static_cast<std::size_t>(part * kWidth);
  fmt::print(stderr, "\r\x1b[K{} [{}{}] {:3.0f}% {}", title_, std::string(full, '='),
             std::string(kWidth - full, ' '), part * 100, items);
  std::fflush(stderr);
  drawn_ = true;
}

}  // namespace tools
