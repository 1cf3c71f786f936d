// An event's payload written straight into a FlatBuffer, without the object API's copy of every
// text. Parts must be made in the order of the table's fields, and what is empty is left out: then
// the bytes are those that pack() gives for the same values.
#pragma once

#include <absl/container/inlined_vector.h>
#include <flatbuffers/flatbuffers.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "event_generated.h"
#include "schemas/decision.h"
#include "schemas/event.h"

namespace schemas {

using Dues = absl::InlinedVector<Due, 3>;

class PayloadBuilder {
 public:
  using Text = flatbuffers::Offset<flatbuffers::String>;
  using Texts = flatbuffers::Vector<flatbuffers::Offset<flatbuffers::String>>;
  template <class T>
  using VectorOf = flatbuffers::Offset<flatbuffers::Vector<T>>;

  PayloadBuilder() : builder_(reused_builder()) {}
  PayloadBuilder(const PayloadBuilder&) = delete;
  PayloadBuilder& operator=(const PayloadBuilder&) = delete;

  // For the generated Create functions. One payload is under construction at a time in a thread.
  [[nodiscard]] flatbuffers::FlatBufferBuilder& operator*() { return builder_; }

  Text text(std::string_view text) {
    if (text.empty()) return 0;
    return builder_.CreateString(text.data(), text.size());
  }
  Text text(const flatbuffers::String* text) { return this->text(view(text)); }
  VectorOf<flatbuffers::Offset<flatbuffers::String>> texts(const Texts* texts) {
    if (texts == nullptr || texts->size() == 0) return 0;
    return builder_.CreateVectorOfStrings(texts->begin(), texts->end());
  }
  VectorOf<std::uint8_t> bytes(std::span<const std::uint8_t> bytes) {
    if (bytes.empty()) return 0;
    return builder_.CreateVector(bytes.data(), bytes.size());
  }
  VectorOf<const Due*> dues(std::span<const Due> dues) {
    if (dues.empty()) return 0;
    return builder_.CreateVectorOfStructs(dues.data(), dues.size());
  }
  VectorOf<const Due*> dues(const std::optional<Due>& due) {
    return due ? dues(std::span(&*due, 1)) : dues(std::span<const Due>());
  }

  template <class Table>
  [[nodiscard]] Emitted emit(EventType type, flatbuffers::Offset<Table> root) {
    builder_.Finish(root);
    const std::uint8_t* const made = builder_.GetBufferPointer();
    return schemas::emit(type, std::vector<std::uint8_t>(made, made + builder_.GetSize()));
  }

 private:
  flatbuffers::FlatBufferBuilder& builder_;
};

}  // namespace schemas
