// The canonical header: a fixed example byte by byte, round trips, and a decoder that forgives
// nothing.
#include "engine/proof/record.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "tests/engine/ledger.h"

using namespace engine;
using namespace engine::test;

namespace {

bool same(const RecordView& a, const RecordView& b) {
  return a.seq == b.seq && a.recorded_at == b.recorded_at && a.occurred_at == b.occurred_at &&
         a.type == b.type && a.schema == b.schema && a.version == b.version && a.flags == b.flags &&
         a.kind == b.kind && a.no == b.no && a.actor == b.actor && a.role == b.role &&
         a.department == b.department && a.id == b.id;
}

}  // namespace

TEST_CASE("the header of a small record is, byte by byte, what docs/FORMAT.md says") {
  NewEvent e;
  e.recorded_at = 0x0102030405060708;
  e.occurred_at = 1;
  e.type = 0x0A0B;
  e.schema = 2;
  e.version = 3;
  e.flags = kImported | kDerived;
  e.kind = "k";
  e.no = "no";
  e.id = "i";
  e.payload = {'a', 'b', 'c'};
  CHECK(hex(encode_entry(e.view(0x11223344))) ==
        "0103"              // format, flags
        "0b0a02000000"      // type, schema, reserved
        "4433221100000000"  // seq
        "0807060504030201"  // recorded_at
        "0100000000000000"  // occurred_at
        "03000000"          // version
        "03000000"          // payload length
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"  // SHA-256("abc")
        "016b"                                                              // kind
        "026e6f"                                                            // no
        "000000"  // actor, role, department
        "0169");  // id
}

TEST_CASE("any record that may be written comes back the same, texts of 0 and of 255 bytes too") {
  Numbers numbers(7);
  for (int round = 0; round < 500; ++round) {
    NewEvent e = event(numbers.next() % 1000 + 1, numbers.below(400));
    e.recorded_at = static_cast<Micros>(numbers.next());
    e.occurred_at = std::min(e.recorded_at, static_cast<Micros>(numbers.next()));
    e.flags = static_cast<std::uint8_t>(numbers.below(4));
    const auto text = [&](std::size_t least) {
      std::string out(std::max(least, numbers.below(4) == 0 ? 255 : numbers.below(20)), ' ');
      for (char& c : out) c = static_cast<char>(numbers.next());
      return out;
    };
    e.no = text(1);
    e.actor = text(0);
    e.role = text(0);
    e.department = text(0);
    e.id = text(0);
    const RecordView view = e.view(numbers.next() | 1U);
    REQUIRE(check_record(view).has_value());
    const Bytes entry = encode_entry(view);
    CHECK(entry.size() <= kEntryBytesMax);
    const auto back = decode_entry(entry);
    REQUIRE(back.has_value());
    CHECK(same(back->record, view));
    CHECK(back->payload_length == e.payload.size());
    CHECK(back->payload_hash == sha256(e.payload));
  }
}

TEST_CASE("a header cut at any byte, or with a byte more, is no header") {
  const Bytes entry = encode_entry(event(5).view(5));
  for (std::size_t size = 0; size < entry.size(); ++size) {
    CAPTURE(size);
    CHECK(decode_entry(ByteSpan(entry).first(size)).error().code == ErrorCode::corrupt);
  }
  Bytes longer = entry;
  longer.push_back(0);
  CHECK_FALSE(decode_entry(longer).has_value());
}

TEST_CASE("whatever the decoder accepts has exactly one meaning: its other form is other bytes") {
  const NewEvent e = event(5);
  const Bytes entry = encode_entry(e.view(5));
  Numbers numbers(11);
  int accepted = 0;
  for (std::size_t at = 0; at < entry.size(); ++at) {
    for (int round = 0; round < 8; ++round) {
      Bytes changed = entry;
      changed[at] ^= static_cast<std::uint8_t>(1U << round);
      const auto back = decode_entry(changed);
      if (!back) continue;
      ++accepted;
      // Flipping a bit must be visible in a field, or in the hash or length of the payload.
      const bool visible = !same(back->record, e.view(5)) ||
                           back->payload_hash != sha256(e.payload) ||
                           back->payload_length != e.payload.size();
      CHECK(visible);
    }
  }
  CHECK(accepted > 0);
}

TEST_CASE("fields that no writer makes are refused in both directions") {
  const auto refused = [](auto change) {
    NewEvent e = event(5);
    change(e);
    return !check_record(e.view(5)).has_value();
  };
  CHECK(refused([](NewEvent& e) { e.kind = ""; }));
  CHECK(refused([](NewEvent& e) { e.kind = "a/b"; }));
  CHECK(refused([](NewEvent& e) { e.no = ""; }));
  CHECK(refused([](NewEvent& e) { e.version = 0; }));
  CHECK(refused([](NewEvent& e) { e.occurred_at = e.recorded_at + 1; }));
  CHECK(refused([](NewEvent& e) { e.flags = 8; }));
  CHECK(refused([](NewEvent& e) { e.flags = kFollows; }));
  CHECK(refused([](NewEvent& e) { e.id = std::string(256, 'x'); }));
  CHECK(refused([](NewEvent& e) { e.payload.resize(kPayloadBytesMax + 1); }));
  CHECK_FALSE(check_record(event(5).view(0)).has_value());

  const Bytes entry = encode_entry(event(5).view(5));
  const auto with_byte = [&](std::size_t at, std::uint8_t value) {
    Bytes changed = entry;
    changed[at] = value;
    return decode_entry(changed).has_value();
  };
  CHECK(with_byte(0, 1));
  CHECK_FALSE(with_byte(0, 2));      // another format
  CHECK_FALSE(with_byte(1, 0x80));   // an unknown flag
  CHECK_FALSE(with_byte(6, 1));      // reserved
  CHECK_FALSE(with_byte(39, 0x7F));  // a payload of 2 GiB
}
