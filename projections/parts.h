// Work over a list in contiguous parts on a few threads: whoever is free takes the next part, since
// old cases take longer than new ones. The results come in the order of the parts, so joining them
// gives the same as one part would, whoever made them.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

namespace projections {

// Our choice: two cores are what the smallest office has, and a report should leave some for others.
inline constexpr unsigned kThreads = 2;
// Fewer items than this are not worth a thread.
inline constexpr std::size_t kWorthAThread = 256;
inline constexpr std::size_t kPartsEach = 6;

// `work(begin, end)` gives a Result for the items begin..end - 1; it may run on any thread.
template <class Result, class Work>
std::vector<Result> in_parts(std::size_t items, unsigned threads, const Work& work) {
  const std::size_t most = items / kWorthAThread + 1;
  const std::size_t workers = std::clamp<std::size_t>(threads, 1, most);
  const std::size_t parts = workers == 1 ? 1 : std::min(workers * kPartsEach, most);
  std::vector<std::optional<Result>> results(parts);
  std::atomic<std::size_t> next = 0;
  const auto run = [&] {
    for (std::size_t part = next++; part < parts; part = next++)
      results[part].emplace(work(items * part / parts, items * (part + 1) / parts));
  };
  std::vector<std::jthread> others;
  for (std::size_t worker = 1; worker < workers; ++worker) others.emplace_back(run);
  run();
  others.clear();  // joins
  std::vector<Result> joined;
  joined.reserve(parts);
  for (std::optional<Result>& result : results) joined.push_back(std::move(*result));
  return joined;
}

}  // namespace projections
