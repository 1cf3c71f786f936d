// Copies of a ledger's directory that stand by themselves: made from an open log while another
// thread appends, or from files that nobody has open; and the proof that a copy is whole. A copy
// has FORMAT, HEAD and the store, and no key: DIR.keys lies beside the ledger and is kept by other
// hands (evidence.md), so that an older copy meets what was signed after it.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "engine/log/log.h"
#include "engine/result.h"

namespace engine {

struct Copied {
  std::uint64_t seq = 0;  // the last record in the copy
  Hash root{};
  std::uint64_t bytes = 0;   // of its files
  std::uint64_t shared = 0;  // of those, in files that are the base's too
};

// Called now and then with what is done of the whole; bytes, or records when verifying.
using CopyStep = std::function<void(std::uint64_t done, std::uint64_t total)>;

// The ledger of `log` as of one moment of the call, synced, in the new directory `to`. Table files
// that an earlier copy in `base` (empty: none) has byte for byte are linked, not written again.
// Any thread; another may append meanwhile. What it left when it fails is the caller's to remove.
[[nodiscard]] Result<Copied> copy_ledger(const Log& log, const std::string& to,
                                         const std::string& base, const CopyStep& step);

// The same of what the writer's process has frozen (Log::freeze) of the ledger in `dir`: for a copy
// that another process makes. `frozen` stays as it is.
[[nodiscard]] Result<Copied> copy_frozen(const Frozen& frozen, const std::string& dir,
                                         const std::string& to, const std::string& base,
                                         const CopyStep& step);

// The files of a ledger that no process writes, synced, in the new directory `to`. Not verified.
[[nodiscard]] Result<void> copy_files(const std::string& from, const std::string& to,
                                      const CopyStep& step);

// Every record of `log` in a new ledger `to`, which must then have the same root: for what remains
// of a damaged one.
[[nodiscard]] Result<Copied> copy_records(const Log& log, const std::string& to,
                                          const CopyStep& step);

// Opens the ledger in `dir` for reading only, with all that an open proves; compares every file
// with its checksum; hashes every record and builds the tree from nothing.
[[nodiscard]] Result<Copied> verify_ledger(const std::string& dir, const CopyStep& step);

// With all that is in it; what is not there is no error.
Result<void> remove_directory(const std::string& path);

}  // namespace engine
