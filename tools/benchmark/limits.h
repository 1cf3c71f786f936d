// What the machine itself can do, measured in the same run as the product: the figures that ours
// are read against. Nothing here knows the product.
#pragma once

#include <string>

#include "engine/result.h"
#include "tools/benchmark/figures.h"

namespace tools {

// Synced appends of 300 bytes beside the ledger for so long: how many a second.
[[nodiscard]] engine::Result<double> fdatasync_rate(const std::string& dir, double seconds);
// The same over bytes that are there already: no size, no block and so no journal of the file
// system changes. Where it is much faster than appending, the journal is contended by others.
[[nodiscard]] engine::Result<double> overwrite_rate(const std::string& dir, double seconds);
// 300 bytes appended to a file beside the ledger and synced with fdatasync, again and again.
[[nodiscard]] engine::Result<void> measure_fdatasync(const std::string& dir, double seconds,
                                                     Figures& figures);
// 1 MiB appends, each synced.
[[nodiscard]] engine::Result<void> measure_bandwidth(const std::string& dir, double seconds,
                                                     Figures& figures);
// Two threads reading memory; SHA-256 of 200 bytes on one core.
void measure_memory(double seconds, Figures& figures);
void measure_hashing(double seconds, Figures& figures);
// The processor's clock, in GHz, while two threads are busy: steps of a chain of which each waits
// for the one before it. A machine shared with others is given more or less of it by the minute.
[[nodiscard]] double clock_rate(double seconds);
// The column limits (columns.h) over as many cases as the ledger has.
void measure_columns(std::int64_t cases, Figures& figures);

}  // namespace tools
