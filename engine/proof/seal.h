// The key ring that seals personal fields: one key a subject, derived from the master of the epoch
// or held explicitly, AES-SIV (RFC 5297), deterministic. Pure: the key store's bytes come in and go
// out; its file is engine/log/key_file.h, its text form is in docs/FORMAT.md.
//
// Erasing subjects gives a new ring with a new master, explicit keys for every other subject and
// the erased ones on its `destroyed` list; destroying the old file is what destroys the keys
// (reliability.md 8).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/proof/hash.h"
#include "engine/result.h"
#include "engine/sealer.h"

namespace engine {

// "kind/no": whose key it is.
[[nodiscard]] std::string subject_of(std::string_view kind, std::string_view no);

class KeyRing final : public Sealer {
 public:
  // `master` comes from a random source, outside this room.
  explicit KeyRing(const Hash& master, std::uint32_t epoch = 1);

  static Result<KeyRing> parse(std::string_view text);
  [[nodiscard]] std::string serialize() const;

  [[nodiscard]] Bytes seal(const SealedPlace& place, std::string_view plaintext) const override;
  [[nodiscard]] std::optional<std::string> unseal(const SealedPlace& place,
                                                  ByteSpan sealed) const override;
  [[nodiscard]] std::string pseudonym(std::string_view kind, std::string_view no,
                                      std::uint32_t version) const override;

  // The ring without the keys of `erased`. `sealed`: every subject that ever sealed anything, for
  // the keys of the others among them hang on the master that goes.
  [[nodiscard]] Result<KeyRing> without(const std::set<std::string>& erased,
                                        const std::set<std::string>& sealed,
                                        const Hash& new_master) const;
  [[nodiscard]] bool destroyed(const std::string& subject) const;
  [[nodiscard]] std::uint32_t epoch() const { return epoch_; }

 private:
  [[nodiscard]] Hash subject_key(const std::string& subject) const;

  Hash master_;
  std::uint32_t epoch_;
  std::map<std::string, Hash> explicit_;  // ordered: the serialized form is canonical
  std::set<std::string> destroyed_;
};

// RFC 5297 with a key of 32, 48 or 64 bytes: synthetic IV || ciphertext. Neither `associated`
// strings nor the plaintext may be empty (OpenSSL would leave out an empty one).
[[nodiscard]] Bytes siv_encrypt(ByteSpan key, std::span<const ByteSpan> associated,
                                ByteSpan plaintext);
[[nodiscard]] std::optional<Bytes> siv_decrypt(ByteSpan key, std::span<const ByteSpan> associated,
                                               ByteSpan sealed);

}  // namespace engine
