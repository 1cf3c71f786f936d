// Any bytes as what an inspector is handed: an archive, a manifest, an entry bundle, a file of
// payloads. The first byte says which. Nothing crashes, no archive of a stranger is sound, and what
// is read is read in one way.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "engine/check.h"
#include "engine/proof/note.h"
#include "tools/inspection/bundle.h"
#include "tools/inspection/manifest.h"
#include "tools/inspection/verifier.h"

namespace {

constexpr std::size_t kParts = 256;  // at most in a bundle

void read_bundle(engine::ByteSpan bytes, std::size_t count) {
  const auto split = tools::split_bundle(bytes, count);
  if (!split.whole) return;
  engine::Bytes again;
  for (const engine::ByteSpan part : split.parts) tools::append_entry_to_bundle(again, part);
  CHECK(again == engine::Bytes(bytes.begin(), bytes.end()));
}

void read_payloads(engine::ByteSpan bytes, std::size_t count) {
  const auto split = tools::split_payloads(bytes, count);
  for (const tools::PackedPayload& part : split.parts) {
    CHECK(part.bytes.empty() ||
          (part.bytes.data() >= bytes.data() &&
           part.bytes.data() + part.bytes.size() <= bytes.data() + bytes.size()));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size < 2) return 0;
  static const engine::VerifierKey key = *engine::parse_verifier_key(
      "ledger.example/one+3951f18f+ARm/RAlphM3+hUG6wWfcO5bIUIaqMLa2ywxcOK1wMWbh");
  const engine::ByteSpan rest(bytes + 2, size - 2);
  const std::size_t count = bytes[1] % kParts + 1;
  switch (bytes[0]) {
    case 'z':
      CHECK(!tools::verify_package(rest, key).sound());
      break;
    case 'm': {
      const std::string_view text{reinterpret_cast<const char*>(rest.data()), rest.size()};
      if (const auto manifest = tools::parse_manifest(text)) CHECK(manifest->text() == text);
      break;
    }
    case 'e':
      read_bundle(rest, count);
      break;
    case 'p':
      read_payloads(rest, count);
      break;
    default:
      break;
  }
  return 0;
}
