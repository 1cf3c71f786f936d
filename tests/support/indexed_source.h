// A log in memory with its indexes: for tests that need a long history without a disk.
#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/source.h"

namespace support {

class IndexedSource final : public engine::Source {
 public:
  void append(engine::NewEvent event) {
    records_.push_back(std::move(event));
    const engine::NewEvent& kept = records_.back();
    const std::uint64_t seq = records_.size();
    if (!kept.id.empty()) ids_.emplace(kept.id, seq);
    streams_[{kept.kind, kept.no}].push_back(seq);
  }
  [[nodiscard]] engine::RecordView at(std::uint64_t seq) const {
    return records_.at(seq - 1).view(seq);
  }

  [[nodiscard]] std::uint64_t size() const override { return records_.size(); }
  engine::Result<void> read(std::uint64_t from, std::uint64_t to,
                            const Visit& visit) const override {
    const std::uint64_t last = to == 0 ? size() : std::min(to, size());
    for (std::uint64_t seq = std::max<std::uint64_t>(from, 1); seq <= last; ++seq)
      if (!visit(at(seq))) break;
    return {};
  }
  engine::Result<void> read_stream(std::string_view kind, std::string_view no,
                                   const Visit& visit) const override {
    const auto found = streams_.find({std::string(kind), std::string(no)});
    if (found == streams_.end()) return {};
    for (const std::uint64_t seq : found->second)
      if (!visit(at(seq))) break;
    return {};
  }
  engine::Result<void> streams(std::string_view kind, const VisitStream& visit) const override {
    std::vector<std::pair<std::uint64_t, std::string>> found;
    for (const auto& [stream, seqs] : streams_)
      if (stream.first == kind) found.emplace_back(seqs.front(), stream.second);
    std::ranges::sort(found);
    for (const auto& [seq, no] : found)
      if (!visit(no, seq)) break;
    return {};
  }
  [[nodiscard]] engine::Result<std::optional<std::uint64_t>> find_id(
      std::string_view id) const override {
    const auto found = ids_.find(id);
    if (found == ids_.end()) return std::nullopt;
    return found->second;
  }

 private:
  std::vector<engine::NewEvent> records_;
  std::map<std::string, std::uint64_t, std::less<>> ids_;
  std::map<std::pair<std::string, std::string>, std::vector<std::uint64_t>> streams_;
};

}  // namespace support
