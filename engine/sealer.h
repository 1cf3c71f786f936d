// Sealing of personal fields, as the decider needs it: deterministic, so that the same history with the
// same keys gives the same bytes. The keys are in engine/proof/seal.h; their file in engine/log/key_file.h.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace engine {

// Where a sealed value stands. The key is its subject's; subject = the stream (our choice: the finest
// unit that can be erased), and stream, version and field are bound as associated data.
struct SealedPlace {
  std::string_view kind, no;
  std::uint32_t version = 0;
  std::string_view field;
};

// The first byte of a stored field says which it is; plaintext lives only inside a command.
inline constexpr std::uint8_t kPlain = 0;
inline constexpr std::uint8_t kSealed = 1;

class Sealer {
 public:
  virtual ~Sealer() = default;
  // plaintext -> kSealed || ciphertext
  [[nodiscard]] virtual std::vector<std::uint8_t> seal(const SealedPlace& place,
                                                       std::string_view plaintext) const = 0;
  // nullopt: the key was destroyed, is another one, or the bytes were changed.
  [[nodiscard]] virtual std::optional<std::string> unseal(
      const SealedPlace& place, std::span<const std::uint8_t> sealed) const = 0;
  // A pseudonym for the act (stream, version) of a sealed person: fresh for each act, the same on replay.
  [[nodiscard]] virtual std::string pseudonym(std::string_view kind, std::string_view no,
                                              std::uint32_t version) const = 0;
};

}  // namespace engine
