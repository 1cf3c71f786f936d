// Reads in chunks and hands out lines inside the chunk; only a line across two chunks is moved.
#include "tools/bihuan/lines.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace tools {

namespace {
constexpr std::size_t kChunk = 1 << 20;
}  // namespace

engine::Result<LineReader> LineReader::open(const std::string& path, std::size_t line_bytes_max) {
  std::FILE* const file = path == "-" ? stdin : std::fopen(path.c_str(), "rb");
  if (file == nullptr)
    return engine::fail(engine::ErrorCode::bad_input,
                        fmt::format("{} cannot be opened: {}.", path, std::strerror(errno)));
  struct stat status{};
  std::uint64_t total = 0;
  if (fstat(fileno(file), &status) == 0) {
    if (S_ISDIR(status.st_mode)) {
      std::fclose(file);
      return engine::fail(engine::ErrorCode::bad_input, fmt::format("{} is a directory.", path));
    }
    if (S_ISREG(status.st_mode)) total = static_cast<std::uint64_t>(status.st_size);
  }
  return LineReader(file, total, line_bytes_max);
}

LineReader::LineReader(std::FILE* file, std::uint64_t bytes_total, std::size_t line_bytes_max)
    : file_(file), line_bytes_max_(line_bytes_max), bytes_total_(bytes_total) {
  buffer_.resize(kChunk + line_bytes_max + 2);
}

bool LineReader::fill() {
  if (at_end_) return false;
  if (begin_ > 0) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  const std::size_t room = std::min(kChunk, buffer_.size() - end_);
  const std::size_t got = std::fread(buffer_.data() + end_, 1, room, file_.get());
  end_ += got;
  bytes_read_ += got;
  if (got < room) {
    at_end_ = true;
    failed_ = std::ferror(file_.get()) != 0;
  }
  return got > 0;
}

void LineReader::skip_rest_of_line() {
  for (;;) {
    const void* const found = std::memchr(buffer_.data() + begin_, '\n', end_ - begin_);
    if (found != nullptr) {
      begin_ = static_cast<std::size_t>(static_cast<const char*>(found) - buffer_.data()) + 1;
      return;
    }
    begin_ = end_ = 0;
    if (!fill()) return;
  }
}

bool LineReader::next(Line& line) {
  std::size_t searched = 0;
  for (;;) {
    const std::size_t held = end_ - begin_;
    const void* const found =
        std::memchr(buffer_.data() + begin_ + searched, '\n', held - searched);
    std::size_t length = held;
    if (found != nullptr)
      length = static_cast<std::size_t>(static_cast<const char*>(found) - buffer_.data()) - begin_;
    if (length > line_bytes_max_) {
      line = {{}, ++number_, true};
      skip_rest_of_line();
      return true;
    }
    if (found == nullptr) {
      searched = held;
      if (fill()) continue;
      if (failed_ || held == 0) return false;
    }
    std::string_view text(buffer_.data() + begin_, length);
    begin_ += length + (found != nullptr ? 1 : 0);
    if (text.ends_with('\r')) text.remove_suffix(1);
    line = {text, ++number_, false};
    return true;
  }
}

}  // namespace tools
