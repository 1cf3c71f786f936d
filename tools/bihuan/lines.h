// Lines of a file of any size, one at a time: a line longer than the limit is named, not buffered.
#pragma once

#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>

#include "engine/result.h"

namespace tools {

struct Line {
  std::string_view text;     // valid until the next call; without the line end
  std::uint64_t number = 0;  // from 1
  bool too_long = false;     // the text is left out
};

class LineReader {
 public:
  // Opens a file; "-" is the standard input.
  static engine::Result<LineReader> open(const std::string& path, std::size_t line_bytes_max);

  // False at the end of the file (or when reading failed: see failed()).
  bool next(Line& line);
  [[nodiscard]] bool failed() const { return failed_; }
  [[nodiscard]] std::uint64_t bytes_read() const { return bytes_read_; }
  [[nodiscard]] std::uint64_t bytes_total() const { return bytes_total_; }  // 0: not known

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  LineReader(std::FILE* file, std::uint64_t bytes_total, std::size_t line_bytes_max);
  bool fill();
  void skip_rest_of_line();

  std::unique_ptr<std::FILE, Close> file_;
  std::string buffer_;
  std::size_t begin_ = 0, end_ = 0;
  std::size_t line_bytes_max_;
  std::uint64_t number_ = 0, bytes_read_ = 0, bytes_total_;
  bool at_end_ = false, failed_ = false;
};

}  // namespace tools
