// A Source over records held in memory: what the log is to a decider, without a disk. `durable` can lag
// behind, as it does while a group syncs.
#pragma once

#include <string>
#include <vector>

#include "engine/source.h"

namespace support {

class MemorySource final : public engine::Source {
 public:
  void add(std::vector<engine::NewEvent> events) {
    for (engine::NewEvent& event : events) events_.push_back(std::move(event));
  }
  [[nodiscard]] engine::RecordView at(std::uint64_t seq) const {
    return events_[seq - 1].view(seq);
  }
  [[nodiscard]] engine::NewEvent& change(std::uint64_t seq) { return events_[seq - 1]; }
  [[nodiscard]] std::uint64_t size() const override { return events_.size(); }

  engine::Result<void> read(std::uint64_t from, std::uint64_t to,
                            const Visit& visit) const override {
    const std::uint64_t last = to == 0 ? size() : to;
    for (std::uint64_t seq = from; seq <= last; ++seq)
      if (!visit(at(seq))) break;
    return {};
  }
  engine::Result<void> read_stream(std::string_view kind, std::string_view no,
                                   const Visit& visit) const override {
    for (std::uint64_t seq = 1; seq <= size(); ++seq)
      if (at(seq).kind == kind && at(seq).no == no && !visit(at(seq))) break;
    return {};
  }
  engine::Result<void> streams(std::string_view kind, const VisitStream& visit) const override {
    for (std::uint64_t seq = 1; seq <= size(); ++seq)
      if (at(seq).kind == kind && at(seq).version == 1 && !visit(at(seq).no, seq)) break;
    return {};
  }
  [[nodiscard]] engine::Result<std::optional<std::uint64_t>> find_id(
      std::string_view id) const override {
    for (std::uint64_t seq = 1; seq <= size(); ++seq)
      if (!id.empty() && at(seq).id == id) return seq;
    return std::nullopt;
  }

 private:
  std::vector<engine::NewEvent> events_;
};

}  // namespace support
