// Any bytes as a proof file: refused, or read in one way; and no hash that was not asked for is
// proved.
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "engine/check.h"
#include "engine/proof/proof_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(bytes), size};
  static const std::array known{*engine::parse_verifier_key(
      "ledger.example/one+3951f18f+ARm/RAlphM3+hUG6wWfcO5bIUIaqMLa2ywxcOK1wMWbh")};
  const engine::Hash no_leaf{};  // nothing hashes to this
  if (const auto file = engine::parse_inclusion_file(text)) {
    CHECK(file->text() == text);
    CHECK(!engine::verify_inclusion_file(*file, no_leaf, known));
  }
  if (const auto file = engine::parse_consistency_file(text)) {
    CHECK(file->text() == text);
    const engine::Checkpoint old{known[0].name, file->old_size, no_leaf};
    CHECK(!engine::verify_consistency_file(*file, old, known));
  }
  return 0;
}
