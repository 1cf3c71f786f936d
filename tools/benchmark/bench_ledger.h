// The ledger that is measured: made by `bihuan init` like any other, and what the bench does to it
// from outside: count its bytes, throw its files out of the page cache, run programs on it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/log/log.h"
#include "engine/proof/seal.h"
#include "engine/result.h"

namespace tools {

// A program of our own build, beside this one. Its stdout; an error if it does not exit with 0.
[[nodiscard]] engine::Result<std::string> run_beside(const std::string& program,
                                                     const std::vector<std::string>& arguments);
// The path of this program, and that of another one beside it.
[[nodiscard]] std::string own_path();
[[nodiscard]] std::string beside(const std::string& program);

// An empty ledger with a fixed key store, so that the same district gives the same bytes. What was
// there is removed.
[[nodiscard]] engine::Result<void> make_ledger(const std::string& dir);
void remove_ledger(const std::string& dir);

struct OpenLedger {
  std::unique_ptr<engine::Log> log;
  engine::KeyRing keys;
};
[[nodiscard]] engine::Result<OpenLedger> open_ledger(const std::string& dir, engine::OpenMode mode);

// Bytes of all files below the directory, as they are allocated on the disk.
[[nodiscard]] double bytes_on_disk(const std::string& dir);
// Asks the kernel to forget the cached pages of every file below the directory.
void drop_cached_pages(const std::string& dir);

}  // namespace tools
