// Which records a decision can be made again of: those of streams that a package has from their
// beginning; and which further streams such decisions ask about.
#pragma once

#include <absl/container/flat_hash_set.h>

#include <functional>
#include <set>
#include <string>

#include "engine/result.h"
#include "engine/source.h"
#include "tools/inspection/manifest.h"

namespace tools {

// Sees the packed records with a payload in order of seq.
class Begun {
 public:
  explicit Begun(const About& about) : about_(about) {}
  enum class Answer : std::uint8_t { decide, began_before, after };
  Answer see(const engine::RecordView& record);

 private:
  const About& about_;
  absl::flat_hash_set<std::string> streams_;
};

// Records of a stream ("kind/no") up to seq `last`; nothing where there is none.
engine::Result<void> read_named(const engine::Source& records, std::string_view stream,
                                std::uint64_t last, const engine::Source::Visit& visit);
// The streams of calendars and rule sets that begin by seq `last`.
engine::Result<void> add_office_streams(const engine::Source& records, std::uint64_t last,
                                        std::set<std::string>& streams);

// The streams that must come whole with a stream or a range, so that its decisions can be made
// again: found by making them and noting what they ask about, until nothing new is asked.
[[nodiscard]] engine::Result<std::set<std::string>> streams_asked(const engine::Source& records,
                                                                  const About& about,
                                                                  std::uint64_t last);

}  // namespace tools
