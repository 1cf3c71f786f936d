// What it takes to be derived from the log: a name and a version (a new version throws the stored
// form away and rebuilds it), apply() for each record in order of seq, and the stored form as
// bytes.
#pragma once

#include <concepts>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/record.h"
#include "engine/result.h"

namespace engine {

template <class P>
concept Projection =
    requires(P p, const P c, const RecordView& record, std::span<const std::uint8_t> bytes) {
      { P::kName } -> std::convertible_to<std::string_view>;
      { P::kVersion } -> std::convertible_to<std::uint32_t>;
      { c.seq() } -> std::same_as<std::uint64_t>;  // of the last record applied; 0 before the first
      p.apply(record);
      // The rows that records (from, to] added, as one segment; load() takes segments in that
      // order. Any number of threads may save at once.
      { c.save(std::uint64_t{}, std::uint64_t{}) } -> std::same_as<std::vector<std::uint8_t>>;
      { p.load(bytes) } -> std::same_as<Result<void>>;
    };

// One that also takes runs of records reduced beforehand, on any thread, to what it keeps of them.
template <class P>
concept BatchedProjection =
    Projection<P> && requires(P p, typename P::Batch batch, const typename P::Batch made,
                              const RecordView& record, std::uint64_t records) {
      batch.add(record);  // records in order of seq
      batch.clear();
      { made.size() } -> std::convertible_to<std::size_t>;
      p.absorb(made);  // of record seq() + 1 and those after it
      p.reserve(records);
    };

}  // namespace engine
