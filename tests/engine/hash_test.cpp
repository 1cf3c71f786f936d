// SHA-256 and text forms against published vectors (FIPS 180-2, RFC 4231, RFC 4648).
#include "engine/proof/hash.h"

#include <doctest/doctest.h>

#include "engine/proof/merkle.h"

using namespace engine;

TEST_CASE("SHA-256 gives the vectors of FIPS 180-2") {
  CHECK(hex(sha256({})) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(hex(sha256(bytes_of("abc"))) ==
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(hex(sha256(bytes_of("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"))) ==
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

TEST_CASE("a leaf and a node of the same bytes are different hashes") {
  const Hash a = sha256(bytes_of("a")), b = sha256(bytes_of("b"));
  Bytes both(a.begin(), a.end());
  both.insert(both.end(), b.begin(), b.end());
  Bytes leaf = {0}, node = {1};
  leaf.insert(leaf.end(), both.begin(), both.end());
  node.insert(node.end(), both.begin(), both.end());
  CHECK(leaf_hash(both) == sha256(leaf));
  CHECK(node_hash(a, b) == sha256(node));
  CHECK(leaf_hash(both) != node_hash(a, b));
}

TEST_CASE("two messages hashed at once have the hashes that each has alone, at every length") {
  constexpr std::size_t kLongest = 260;  // four blocks and the padding's fifth
  Bytes bytes(kLongest);
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(i * 7 + 3);
  std::vector<std::pair<Message, Hash>> alone;
  for (std::size_t size = 0; size <= kLongest; ++size)
    for (const Mark mark : {Mark::none, Mark::leaf, Mark::node}) {
      const Message message{ByteSpan(bytes).last(size), mark};
      alone.emplace_back(message, hash_one(message));
    }
  std::size_t different = 0;
  for (std::size_t i = 0; i < alone.size(); ++i)
    for (std::size_t step = 0; step < alone.size(); step += 61) {  // a prime: all lengths meet
      const auto& first = alone[i];
      const auto& second = alone[(i + step) % alone.size()];
      const std::array both = hash_two(first.first, second.first);
      different += both != std::array{first.second, second.second};
    }
  CHECK(different == 0);
}

TEST_CASE("HMAC-SHA256 gives the vector of RFC 4231, test case 2") {
  CHECK(hex(hmac_sha256(bytes_of("Jefe"), bytes_of("what do ya want for nothing?"))) ==
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST_CASE("base64 gives the vectors of RFC 4648 and reads back nothing else") {
  for (const auto& [plain, text] : {std::pair{"", ""},
                                    {"f", "Zg=="},
                                    {"fo", "Zm8="},
                                    {"foo", "Zm9v"},
                                    {"foob", "Zm9vYg=="},
                                    {"fooba", "Zm9vYmE="},
                                    {"foobar", "Zm9vYmFy"}}) {
    CHECK(base64(bytes_of(plain)) == text);
    const auto back = from_base64(text);
    REQUIRE(back.has_value());
    CHECK(std::string(back->begin(), back->end()) == plain);
  }
  for (const char* bad :
       {"Zg", "Zg=", "Zh==", "Zm9v\n", " Zm9v", "Zm9vZ===", "====", "Zm9=Zm9v", "Zm-v"}) {
    CAPTURE(bad);
    CHECK_FALSE(from_base64(bad).has_value());
  }
  CHECK_FALSE(hash_from_base64("Zm9v").has_value());
  CHECK(hash_from_base64(base64(empty_root())) == empty_root());
}

TEST_CASE("hex reads both cases and nothing else") {
  CHECK(from_hex("00fFa5") == Bytes{0x00, 0xFF, 0xA5});
  CHECK(hex(Bytes{0x00, 0xFF, 0xA5}) == "00ffa5");
  CHECK_FALSE(from_hex("0").has_value());
  CHECK_FALSE(from_hex("0g").has_value());
}
