// First events of commands that may not be durable yet: the source cannot answer for their ids, so
// they are kept here until it can. Their bytes lie one behind another in pieces of memory that are
// used again, so remembering one allocates nothing.
#pragma once

#include <absl/container/flat_hash_map.h>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string_view>
#include <vector>

#include "engine/record.h"

namespace schemas {

class Ahead {
 public:
  // nullptr: no event that is remembered has this id. Valid until the next call.
  [[nodiscard]] const engine::RecordView* find(std::string_view id) const;
  void remember(const engine::RecordView& first);
  // Events up to `durable` are the source's to answer for.
  void forget(std::uint64_t durable);
  void clear();

 private:
  static constexpr std::size_t kPieceWords = 32 * 1024;

  struct Piece {
    std::vector<std::uint64_t> words;  // so that payloads are aligned
    std::size_t used = 0;              // words
    std::uint64_t last_seq = 0;        // of the newest event in it
  };
  [[nodiscard]] std::uint8_t* room(std::size_t bytes);

  // An id with its hash, which is computed once.
  struct Id {
    std::size_t hash = 0;
    std::string_view text;
    bool operator==(const Id& other) const { return text == other.text; }
  };
  struct HashOf {
    std::size_t operator()(const Id& id) const { return id.hash; }
  };
  [[nodiscard]] static Id id_of(std::string_view text);
  struct Kept {
    engine::RecordView record;
    std::size_t hash = 0;
  };

  [[nodiscard]] const Kept& kept(std::uint64_t number) const {
    return ring_[number & (ring_.size() - 1)];
  }
  [[nodiscard]] bool empty() const { return forgotten_ == remembered_; }
  void grow();

  std::vector<Kept> ring_;  // a power of two; event number n (from 0, ever) is at n modulo size
  std::uint64_t forgotten_ = 0, remembered_ = 0;
  std::deque<std::unique_ptr<Piece>> pieces_;
  std::vector<std::unique_ptr<Piece>> spare_;
  absl::flat_hash_map<Id, std::uint64_t, HashOf> by_id_;  // its event's number
};

}  // namespace schemas
