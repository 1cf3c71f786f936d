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

// History in which nothing has happened: for deciding from nothing, and for the audit, which knows only
// what it has checked itself.
class EmptySource final : public Source {
 public:
  [[nodiscard]] std::uint64_t size() const override { return 0; }
  Result<void> read(std::uint64_t, std::uint64_t, const Visit&) const override { return {}; }
  Result<void> read_stream(std::string_view, std::string_view, const Visit&) const override {
    return {};
  }
  Result<void> streams(std::string_view, const VisitStream&) const override { return {}; }
  [[nodiscard]] Result<std::optional<std::uint64_t>> find_id(std::string_view) const override {
    return std::nullopt;
  }
};

}  // namespace engine
