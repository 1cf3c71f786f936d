// What a decider or a verifier may ask of recorded history. The log is one (engine/log/log.h); a test's
// vector of records is another, and so will be the records of an inspection package.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

#include "engine/record.h"
#include "engine/result.h"

namespace engine {

class Source {
 public:
  // Return false to stop. Views are valid only inside the call.
  using Visit = std::function<bool(const RecordView&)>;
  using VisitStream = std::function<bool(std::string_view no, std::uint64_t first_seq)>;

  virtual ~Source() = default;
  // The last durable seq; 0 when there is none.
  [[nodiscard]] virtual std::uint64_t size() const = 0;
  // Records from..to, both inclusive; to = 0 means the newest.
  virtual Result<void> read(std::uint64_t from, std::uint64_t to, const Visit& visit) const = 0;
  virtual Result<void> read_stream(std::string_view kind, std::string_view no,
                                   const Visit& visit) const = 0;
  // Every stream of a kind, in order of its first seq.
  virtual Result<void> streams(std::string_view kind, const VisitStream& visit) const = 0;
  // The first record of the command that used this idempotency id.
  virtual Result<std::optional<std::uint64_t>> find_id(std::string_view id) const = 0;
};

}  // namespace engine
