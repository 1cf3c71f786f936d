// Any bytes as the text of a checkpoint or as a signed one: refused, or read in one way.
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "engine/check.h"
#include "engine/proof/checkpoint.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(bytes), size};
  static const std::array known{*engine::parse_verifier_key(
      "ledger.example/one+3951f18f+ARm/RAlphM3+hUG6wWfcO5bIUIaqMLa2ywxcOK1wMWbh")};
  if (const auto read = engine::parse_checkpoint(text)) CHECK(read->text() == text);
  const auto opened = engine::open_checkpoint(text, known);
  if (opened) CHECK(text.starts_with(opened->checkpoint.text()));
  return 0;
}
