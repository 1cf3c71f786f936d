// Result<T>: what the world may do to us (disk, corruption, bad input) comes back as a value.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <utility>

namespace engine {

enum class ErrorCode : std::uint8_t {
  bad_input,    // the caller's bytes or arguments are not of the asked form
  not_found,    // no such record, stream or file
  locked,       // another process holds the data directory
  wrong_format, // the data directory is of another format version
  disk_full,    // writes are refused, reads go on
  io,           // the operating system or RocksDB failed; the outcome of a write is unknown
  rolled_back,  // the ledger is not the one that was last signed: an older or another copy
  corrupt,      // stored bytes are not what was written: `text` names file and seq
};

struct Error {
  ErrorCode code = ErrorCode::io;
  std::string text;        // one plain sentence
  std::uint64_t seq = 0;   // the first record concerned; 0 where none is
};

template <class T>
using Result = std::expected<T, Error>;

[[nodiscard]] inline std::unexpected<Error> fail(ErrorCode code, std::string text,
                                                 std::uint64_t seq = 0) {
  return std::unexpected(Error{code, std::move(text), seq});
}

}  // namespace engine
