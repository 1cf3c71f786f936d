// Any bytes as a signed note, a change of keys, an accepted loss, or a verifier key: refused, or
// read in the one way in which they are written.
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "engine/check.h"
#include "engine/proof/loss.h"
#include "engine/proof/note.h"
#include "engine/proof/succession.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(bytes), size};
  static const std::array known{*engine::parse_verifier_key(
      "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k")};
  const auto note = engine::parse_note(text);
  if (note) CHECK(note->bytes() == text);
  const auto opened = engine::open_note(text, known);
  if (opened) CHECK(note && opened->text == note->text && opened->by.size() == 1);
  const auto succession = engine::open_succession(text);
  if (succession) CHECK(note && succession->text() == note->text);
  const auto loss = engine::open_loss(text);
  if (loss) CHECK(note && loss->text() == note->text);
  if (const auto stated = engine::parse_loss(text)) CHECK(stated->text() == text);
  if (const auto key = engine::parse_verifier_key(text)) CHECK(key->text() == text);
  return 0;
}
