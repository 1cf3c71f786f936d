// Sealing: the vector of RFC 5297, determinism, binding to its place, size classes, and erasure.
#include "engine/proof/seal.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

using namespace engine;

namespace {

const KeyRing kRing(sha256(bytes_of("a master for tests")));
constexpr SealedPlace kPlace{"supervisor", "S-01", 1, "name"};

}  // namespace

TEST_CASE("AES-SIV gives the vectors of RFC 5297, appendix A") {
  // A.1, one associated string.
  const Bytes key = *from_hex("fffefdfcfbfaf9f8f7f6f5f4f3f2f1f0f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff");
  const Bytes ad = *from_hex("101112131415161718191a1b1c1d1e1f2021222324252627");
  const Bytes plain = *from_hex("112233445566778899aabbccddee");
  const ByteSpan one[] = {ad};
  const Bytes sealed = siv_encrypt(key, one, plain);
  CHECK(hex(sealed) == "85632d07c6e8f37f950acd320a2ecc9340c02b9690c4dc04daef7f6afe5c");
  CHECK(siv_decrypt(key, one, sealed) == plain);
  // A.2, several associated strings.
  const Bytes key2 = *from_hex("7f7e7d7c7b7a79787776757473727170404142434445464748494a4b4c4d4e4f");
  const Bytes ad1 =
      *from_hex("00112233445566778899aabbccddeeffdeaddadadeaddadaffeeddccbbaa99887766554433221100");
  const Bytes ad2 = *from_hex("102030405060708090a0");
  const Bytes nonce = *from_hex("09f911029d74e35bd84156c5635688c0");
  const ByteSpan three[] = {ad1, ad2, nonce};
  CHECK(
      hex(siv_encrypt(key2, three, bytes_of("this is some plaintext to encrypt using SIV-AES"))) ==
      "7bdb6e3b432667eb06f4d14bff2fbd0fcb900f2fddbe404326601965c889bf17dba77ceb094fa663b7a3f748ba"
      "8af829ea64ad544a272e9c485b62a3fd5c0d");
}

TEST_CASE("what is sealed opens again, in its place only, and only unchanged") {
  for (const std::string text : {"", "王", "王小明 13800000000", "x\x80\0\0"}) {
    const Bytes sealed = kRing.seal(kPlace, text);
    CHECK(sealed[0] == kSealed);
    CHECK(kRing.unseal(kPlace, sealed) == text);
    for (const SealedPlace& other :
         {SealedPlace{"supervisor", "S-02", 1, "name"}, SealedPlace{"appeal", "S-01", 1, "name"},
          SealedPlace{"supervisor", "S-01", 2, "name"},
          SealedPlace{"supervisor", "S-01", 1, "phone"}}) {
      CHECK_FALSE(kRing.unseal(other, sealed).has_value());
    }
    for (std::size_t at = 0; at < sealed.size(); ++at) {
      Bytes changed = sealed;
      changed[at] ^= 0x10;
      CHECK_FALSE(kRing.unseal(kPlace, changed).has_value());
    }
    CHECK_FALSE(kRing.unseal(kPlace, ByteSpan(sealed).first(sealed.size() - 1)).has_value());
  }
  CHECK_FALSE(kRing.unseal(kPlace, {}).has_value());
  CHECK_FALSE(KeyRing(sha256({})).unseal(kPlace, kRing.seal(kPlace, "a")).has_value());
}

TEST_CASE("the same history with the same keys gives the same bytes, with other keys others") {
  const auto again = KeyRing::parse(kRing.serialize());
  REQUIRE(again.has_value());
  CHECK(again->seal(kPlace, "王小明") == kRing.seal(kPlace, "王小明"));
  CHECK(again->pseudonym("a", "1", 2) == kRing.pseudonym("a", "1", 2));
  CHECK(KeyRing(sha256({})).seal(kPlace, "王小明") != kRing.seal(kPlace, "王小明"));
}

TEST_CASE("the length of what is sealed shows only its size class") {
  std::set<std::size_t> sizes;
  for (std::size_t length = 0; length < 32; ++length) {
    sizes.insert(kRing.seal(kPlace, std::string(length, 'a')).size());
  }
  CHECK(sizes.size() == 1);
  CHECK(kRing.seal(kPlace, std::string(32, 'a')).size() == *sizes.begin() + 32);
}

TEST_CASE("a pseudonym is fresh for each act and says nothing of the person") {
  const std::string one = kRing.pseudonym("supervisor-report", "R-1", 1);
  CHECK(one.starts_with("sealed-"));
  CHECK(one.size() == 7 + 16);
  CHECK(one != kRing.pseudonym("supervisor-report", "R-1", 2));
  CHECK(one != kRing.pseudonym("supervisor-report", "R-2", 1));
}

TEST_CASE("after an erasure the others open as before and the erased subject never again") {
  const SealedPlace erased{"supervisor", "S-02", 4, "name"};
  const Bytes kept_bytes = kRing.seal(kPlace, "留");
  const Bytes erased_bytes = kRing.seal(erased, "去");
  const std::string kept_act = kRing.pseudonym("supervisor", "S-01", 9);
  const std::set<std::string> sealed = {"supervisor/S-01", "supervisor/S-02"};
  const auto next = kRing.without({"supervisor/S-02"}, sealed, sha256(bytes_of("new")));
  REQUIRE(next.has_value());
  CHECK(next->epoch() == kRing.epoch() + 1);
  const auto stored = KeyRing::parse(next->serialize());
  REQUIRE(stored.has_value());
  CHECK(stored->unseal(kPlace, kept_bytes) == "留");
  CHECK(stored->pseudonym("supervisor", "S-01", 9) == kept_act);
  CHECK_FALSE(stored->unseal(erased, erased_bytes).has_value());
  CHECK(stored->destroyed("supervisor/S-02"));
  CHECK_FALSE(stored->destroyed("supervisor/S-01"));
  // A second erasure keeps the first.
  const auto third = stored->without({"supervisor/S-01"}, sealed, sha256(bytes_of("newer")));
  CHECK(third->destroyed("supervisor/S-02"));
  CHECK_FALSE(third->unseal(kPlace, kept_bytes).has_value());
}

TEST_CASE("a key store that was changed, cut or is of another format is refused") {
  const std::set<std::string> sealed = {"supervisor/S-01", "appeal/SQ 1"};
  const std::string text = kRing.without({"a/b"}, sealed, sha256({}))->serialize();
  REQUIRE(KeyRing::parse(text).has_value());
  for (std::size_t at = 0; at < text.size(); ++at) {
    std::string changed = text;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    CHECK_FALSE(KeyRing::parse(changed).has_value());
    CHECK_FALSE(KeyRing::parse(std::string_view(text).substr(0, at)).has_value());
  }
  CHECK_FALSE(KeyRing::parse(text + "\n").has_value());
  CHECK(KeyRing::parse("bihuan-keystore 2\n").error().code == ErrorCode::wrong_format);
}
