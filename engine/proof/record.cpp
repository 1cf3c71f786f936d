// Encoding and strict decoding of the canonical header (docs/FORMAT.md, "Record").
#include "engine/proof/record.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "engine/check.h"
#include "engine/proof/bytes.h"

namespace engine {
namespace {

constexpr std::uint8_t kKnownFlags = kImported | kDerived | kFollows;
constexpr std::size_t kPayloadHashAt = 40;

std::array<std::string_view, 6> texts_of(const RecordView& r) {
  return {r.kind, r.no, r.actor, r.role, r.department, r.id};
}

// The same conditions for what we are about to write and for what we read back (pair assertion).
const char* fault_of(const RecordView& r) {
  for (const std::string_view text : texts_of(r)) {
    if (text.size() > kHeaderTextMax) return "A text of the header is longer than 255 bytes.";
  }
  if (r.kind.empty() || r.no.empty()) return "A record needs a stream.";
  if (r.kind.find('/') != std::string_view::npos) return "The kind of a stream holds no slash.";
  if (r.seq == 0) return "The first seq is 1.";
  if (r.version == 0) return "The first version of a stream is 1.";
  if (r.occurred_at > r.recorded_at) return "occurred_at is later than recorded_at.";
  if ((r.flags & ~kKnownFlags) != 0) return "The record has flags that this format does not know.";
  if ((r.flags & kFollows) != 0 && !r.id.empty()) {
    return "Only the first record of a command bears its id.";
  }
  return nullptr;
}

template <class T>
std::uint8_t* put(std::uint8_t* to, T value) {
  std::memcpy(to, &value, sizeof(T));
  return to + sizeof(T);
}

std::size_t entry_size(const RecordView& record) {
  CHECK(fault_of(record) == nullptr);
  CHECK(record.payload.size() <= kPayloadBytesMax);
  std::size_t bytes = kFixedHeaderBytes;
  for (const std::string_view text : texts_of(record)) bytes += 1 + text.size();
  return bytes;
}

// Writes the entry to memory of entry_size(); the end of what was written.
std::uint8_t* write_entry(std::uint8_t* to, const RecordView& record) {
  to = put(to, kRecordFormat);
  to = put(to, record.flags);
  to = put(to, record.type);
  to = put(to, record.schema);
  to = put(to, std::uint16_t{0});
  to = put(to, record.seq);
  to = put(to, record.recorded_at);
  to = put(to, record.occurred_at);
  to = put(to, record.version);
  to = put(to, static_cast<std::uint32_t>(record.payload.size()));
  to = put(to, sha256(record.payload));
  for (const std::string_view text : texts_of(record)) {
    to = put(to, static_cast<std::uint8_t>(text.size()));
    to = std::ranges::copy(text, to).out;
  }
  return to;
}

}  // namespace

Result<void> check_record(const RecordView& record) {
  if (const char* fault = fault_of(record)) return fail(ErrorCode::bad_input, fault, record.seq);
  if (record.payload.size() > kPayloadBytesMax) {
    return fail(ErrorCode::bad_input, "The payload is larger than 16 MiB.", record.seq);
  }
  return {};
}

void append_entry(Bytes& out, const RecordView& record) {
  const std::size_t begin = out.size();
  out.resize(begin + entry_size(record));
  CHECK(write_entry(out.data() + begin, record) == out.data() + out.size());
}

Hash leaf_of(const RecordView& record) {
  std::array<std::uint8_t, kEntryBytesMax> memory;
  const std::size_t size = entry_size(record);
  CHECK(write_entry(memory.data(), record) == memory.data() + size);
  return leaf_hash(std::span(memory).first(size));
}

Bytes encode_entry(const RecordView& record) {
  Bytes out;
  append_entry(out, record);
  return out;
}

const char* read_entry(ByteSpan entry, RecordView& r, std::uint32_t& payload_length) {
  if (entry.size() < kFixedHeaderBytes + 6) return "The header is too short.";
  const std::uint8_t* p = entry.data();
  if (p[0] != kRecordFormat) return "The header is of another format version.";
  if (get_le<std::uint16_t>(p + 6) != 0) return "The reserved bytes of the header are not zero.";
  r.flags = p[1];
  r.type = get_le<std::uint16_t>(p + 2);
  r.schema = get_le<std::uint16_t>(p + 4);
  r.seq = get_le<std::uint64_t>(p + 8);
  r.recorded_at = get_le<std::int64_t>(p + 16);
  r.occurred_at = get_le<std::int64_t>(p + 24);
  r.version = get_le<std::uint32_t>(p + 32);
  payload_length = get_le<std::uint32_t>(p + 36);
  if (payload_length > kPayloadBytesMax) return "The payload's length is out of range.";
  std::size_t at = kFixedHeaderBytes;
  for (std::string_view* text : {&r.kind, &r.no, &r.actor, &r.role, &r.department, &r.id}) {
    if (at >= entry.size()) return "The header ends inside its texts.";
    const std::size_t length = p[at];
    if (entry.size() - at - 1 < length) return "A text of the header runs past its end.";
    *text = {reinterpret_cast<const char*>(p + at + 1), length};
    at += 1 + length;
  }
  if (at != entry.size()) return "The header has bytes after its last text.";
  return fault_of(r);
}

Hash entry_payload_hash(ByteSpan entry) {
  Hash hash;
  std::copy_n(entry.data() + kPayloadHashAt, hash.size(), hash.begin());
  return hash;
}

Result<Entry> decode_entry(ByteSpan entry) {
  Entry out;
  if (const char* fault = read_entry(entry, out.record, out.payload_length)) {
    return fail(ErrorCode::corrupt, fault, out.record.seq);
  }
  out.payload_hash = entry_payload_hash(entry);
  return out;
}

}  // namespace engine
