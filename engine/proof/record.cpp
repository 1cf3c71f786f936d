// Encoding and strict decoding of the canonical header (docs/FORMAT.md, "Record").
#include "engine/proof/record.h"

#include <algorithm>
#include <array>

#include "engine/check.h"
#include "engine/proof/bytes.h"

namespace engine {
namespace {

constexpr std::uint8_t kKnownFlags = kImported | kDerived | kFollows;

// The same conditions for what we are about to write and for what we read back (pair assertion).
const char* fault_of(const RecordView& r) {
  for (const std::string_view text : {r.kind, r.no, r.actor, r.role, r.department, r.id}) {
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

void put_text(Bytes& out, std::string_view text) {
  out.push_back(static_cast<std::uint8_t>(text.size()));
  const ByteSpan bytes = bytes_of(text);
  out.insert(out.end(), bytes.begin(), bytes.end());
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
  CHECK(fault_of(record) == nullptr);
  CHECK(record.payload.size() <= kPayloadBytesMax);
  const Hash payload = sha256(record.payload);
  out.push_back(kRecordFormat);
  out.push_back(record.flags);
  put_le(out, record.type);
  put_le(out, record.schema);
  put_le(out, std::uint16_t{0});
  put_le(out, record.seq);
  put_le(out, record.recorded_at);
  put_le(out, record.occurred_at);
  put_le(out, record.version);
  put_le(out, static_cast<std::uint32_t>(record.payload.size()));
  out.insert(out.end(), payload.begin(), payload.end());
  put_text(out, record.kind);
  put_text(out, record.no);
  put_text(out, record.actor);
  put_text(out, record.role);
  put_text(out, record.department);
  put_text(out, record.id);
}

Bytes encode_entry(const RecordView& record) {
  Bytes out;
  append_entry(out, record);
  return out;
}

Result<Entry> decode_entry(ByteSpan entry) {
  const auto bad = [](const char* text) { return fail(ErrorCode::corrupt, text); };
  if (entry.size() < kFixedHeaderBytes + 6) return bad("The header is too short.");
  const std::uint8_t* p = entry.data();
  if (p[0] != kRecordFormat) return bad("The header is of another format version.");
  if (get_le<std::uint16_t>(p + 6) != 0)
    return bad("The reserved bytes of the header are not zero.");
  Entry out;
  RecordView& r = out.record;
  r.flags = p[1];
  r.type = get_le<std::uint16_t>(p + 2);
  r.schema = get_le<std::uint16_t>(p + 4);
  r.seq = get_le<std::uint64_t>(p + 8);
  r.recorded_at = get_le<std::int64_t>(p + 16);
  r.occurred_at = get_le<std::int64_t>(p + 24);
  r.version = get_le<std::uint32_t>(p + 32);
  out.payload_length = get_le<std::uint32_t>(p + 36);
  if (out.payload_length > kPayloadBytesMax) return bad("The payload's length is out of range.");
  std::copy_n(p + 40, out.payload_hash.size(), out.payload_hash.begin());
  std::size_t at = kFixedHeaderBytes;
  for (std::string_view* text : {&r.kind, &r.no, &r.actor, &r.role, &r.department, &r.id}) {
    if (at >= entry.size()) return bad("The header ends inside its texts.");
    const std::size_t length = p[at];
    if (entry.size() - at - 1 < length) return bad("A text of the header runs past its end.");
    *text = {reinterpret_cast<const char*>(p + at + 1), length};
    at += 1 + length;
  }
  if (at != entry.size()) return bad("The header has bytes after its last text.");
  if (const char* fault = fault_of(r)) return fail(ErrorCode::corrupt, fault, r.seq);
  return out;
}

}  // namespace engine
