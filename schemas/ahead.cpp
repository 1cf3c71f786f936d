#include "schemas/ahead.h"

#include <absl/hash/hash.h>
#include <absl/strings/string_view.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "engine/check.h"

namespace schemas {

Ahead::Id Ahead::id_of(std::string_view text) {
  return {absl::Hash<absl::string_view>{}(absl::string_view(text.data(), text.size())), text};
}

const engine::RecordView* Ahead::find(std::string_view id) const {
  const auto found = by_id_.find(id_of(id));
  return found == by_id_.end() ? nullptr : &kept(found->second).record;
}

std::uint8_t* Ahead::room(std::size_t bytes) {
  const std::size_t words = (bytes + 7) / 8;
  if (pieces_.empty() || pieces_.back()->words.size() - pieces_.back()->used < words) {
    std::unique_ptr<Piece> piece;
    if (!spare_.empty() && words <= kPieceWords) {
      piece = std::move(spare_.back());
      spare_.pop_back();
    } else {
      piece = std::make_unique<Piece>();
      piece->words.resize(std::max(words, kPieceWords));
    }
    pieces_.push_back(std::move(piece));
  }
  Piece& piece = *pieces_.back();
  auto* const at = reinterpret_cast<std::uint8_t*>(piece.words.data() + piece.used);
  piece.used += words;
  return at;
}

void Ahead::grow() {
  std::vector<Kept> larger(std::max<std::size_t>(1024, ring_.size() * 2));
  for (std::uint64_t number = forgotten_; number != remembered_; ++number)
    larger[number & (larger.size() - 1)] = kept(number);
  ring_ = std::move(larger);
}

void Ahead::remember(const engine::RecordView& first) {
  engine::RecordView record = first;
  const std::array<std::string_view*, 6> texts{&record.kind, &record.no,         &record.actor,
                                               &record.role, &record.department, &record.id};
  std::size_t bytes = record.payload.size();
  for (const std::string_view* text : texts) bytes += text->size();
  std::uint8_t* at = room(bytes);
  pieces_.back()->last_seq = first.seq;
  const auto take = [&](const void* from, std::size_t size) {
    if (size != 0) std::memcpy(at, from, size);
    at += size;
    return at - size;
  };
  record.payload = {take(first.payload.data(), first.payload.size()), first.payload.size()};
  for (std::string_view* text : texts)
    *text = {reinterpret_cast<const char*>(take(text->data(), text->size())), text->size()};
  const Id id = id_of(record.id);
  const bool added = by_id_.emplace(id, remembered_).second;
  CHECK(added);  // an id that is remembered is answered as a repeat
  if (remembered_ - forgotten_ == ring_.size()) grow();
  ring_[remembered_++ & (ring_.size() - 1)] = {record, id.hash};
}

void Ahead::forget(std::uint64_t durable) {
  while (!empty() && kept(forgotten_).record.seq <= durable) {
    by_id_.erase(Id{kept(forgotten_).hash, kept(forgotten_).record.id});
    ++forgotten_;
  }
  while (!pieces_.empty() && pieces_.front()->last_seq <= durable) {
    std::unique_ptr<Piece> piece = std::move(pieces_.front());
    pieces_.pop_front();
    piece->used = 0;
    if (piece->words.size() == kPieceWords) spare_.push_back(std::move(piece));
  }
}

void Ahead::clear() { *this = Ahead{}; }

}  // namespace schemas
