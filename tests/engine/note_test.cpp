// Signed notes against C2SP's vector and rules.
#include "engine/proof/note.h"

#include <doctest/doctest.h>

#include <array>

#include "tests/engine/notes.h"

using namespace engine;
using notes::kExampleKey;
using notes::kExampleNote;

namespace {

VerifierKey example_key() { return *parse_verifier_key(kExampleKey); }

bool opens(std::string_view note, std::span<const VerifierKey> known) {
  return open_note(note, known).has_value();
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  return text.replace(text.find(from), from.size(), to);
}

}  // namespace

TEST_CASE("the example of the signed-note page opens, and its key prints as it is written") {
  const VerifierKey key = example_key();
  CHECK(key.name == "example.com/foo");
  CHECK(key.id() == 0x530d903a);
  CHECK(key.type == kEd25519);
  CHECK(key.text() == kExampleKey);
  const auto opened = open_note(kExampleNote, std::array{key});
  REQUIRE(opened);
  CHECK(opened->text == "This is an example message.\n");
  REQUIRE(opened->by.size() == 1);
  CHECK(opened->by[0].key == key);
  CHECK(parse_note(kExampleNote)->bytes() == kExampleNote);
}

TEST_CASE("every changed byte of a note makes it another note or none") {
  const std::array known{example_key()};
  for (std::size_t at = 0; at < kExampleNote.size(); ++at) {
    for (const char flip : {'\x01', '\x20', '\x80'}) {
      std::string changed = kExampleNote;
      changed[at] = static_cast<char>(changed[at] ^ flip);
      CHECK_MESSAGE(!opens(changed, known), at);
    }
    CHECK_FALSE(opens(kExampleNote.substr(0, at), known));
  }
}

TEST_CASE("a private key in PEM form gives the public key of RFC 8410") {
  const Signer signer = notes::signer("ledger.example/one");
  CHECK(hex(signer.key().public_key) == notes::kPublicHex);
  const std::string note = sign_note("text\n", std::array{signer});
  CHECK(opens(note, std::array{signer.key()}));
  CHECK(note == sign_note("text\n", std::array{signer}));  // Ed25519 has no random in it
  CHECK_FALSE(Signer::from_pem("a b", notes::kPem));
  CHECK_FALSE(Signer::from_pem("a+b", notes::kPem));
  CHECK_FALSE(Signer::from_pem("a", "-----BEGIN PRIVATE KEY-----\n"));
}

TEST_CASE("an unknown key is passed over, a known key that fails rejects the note") {
  const Signer ours = notes::signer("ledger.example/one");
  const Signer other = notes::signer("other.example", kEd25519, notes::kOtherPem);
  const std::string note = sign_note("text\n", std::array{ours, other});
  const auto opened = open_note(note, std::array{ours.key()});
  REQUIRE(opened);
  CHECK(opened->by.size() == 1);
  CHECK(open_note(note, std::array{ours.key(), other.key()})->by.size() == 2);
  CHECK_FALSE(opens(note, {}));
  // The other's line over another text: known, so the whole note falls.
  const std::string wrong = sign_note("text\n", std::array{ours}) + other.sign("another text\n");
  CHECK(opens(wrong, std::array{ours.key()}));
  CHECK_FALSE(opens(wrong, std::array{ours.key(), other.key()}));
  // Same name, another key: its id is unknown.
  const Signer namesake = notes::signer("ledger.example/one", kEd25519, notes::kOtherPem);
  CHECK_FALSE(opens(note, std::array{namesake.key()}));
}

TEST_CASE("a repeated signature counts once, and the second must hold as well") {
  const Signer ours = notes::signer("ledger.example/one");
  const std::string note = sign_note("text\n", std::array{ours});
  CHECK(open_note(note + ours.sign("text\n"), std::array{ours.key()})->by.size() == 1);
  CHECK_FALSE(opens(note + ours.sign("text \n"), std::array{ours.key()}));
}

TEST_CASE("forms that are no note are refused") {
  const Signer ours = notes::signer("ledger.example/one");
  const std::string line = ours.sign("text\n");
  CHECK(parse_note("text\n\n" + line));
  CHECK(parse_note("more\n\ntext\n\n" + line)->text == "more\n\ntext\n");
  for (const std::string& bad :
       {"text\n" + line, std::string("text\n\n"), "text\n\n" + line.substr(0, line.size() - 1),
        "text\n\n" + line + "\n", "te\txt\n\n" + line, "te\xC0\x80xt\n\n" + line,
        "te\xED\xA0\x80xt\n\n" + line, "te\xF4\x90\x80\x80xt\n\n" + line,
        "text\n\n- " + line.substr(4), "text\n\n" + replaced(line, "one ", "one  "),
        "text\n\n" + replaced(line, "ledger", "led\u00A0ger"),
        "text\n\n" + replaced(line, "ledger", "led+ger"),
        "text\n\n" + replaced(line, "ledger", "led\u3000ger"),
        std::string("text\n\n\u2014 a AAAAAA==\n"), std::string("text\n\n\u2014 a\n"),
        std::string("text\n\n\u2014  AAAAAAA=\n")}) {
    CHECK_MESSAGE(!parse_note(bad), bad);
  }
}

TEST_CASE("a note has at most 100 signatures and a million bytes") {
  const std::string line = notes::signer("a").sign("text\n");
  std::string note = "text\n\n";
  for (int i = 0; i < 100; ++i) note += line;
  CHECK(parse_note(note));
  CHECK_FALSE(parse_note(note + line));
  CHECK_FALSE(parse_note(std::string(kNoteBytesMax, 'x') + "\n\n" + line));
}

TEST_CASE("a verifier key is read only as it is written") {
  CHECK_FALSE(parse_verifier_key(""));
  CHECK_FALSE(parse_verifier_key(kExampleKey + "\n"));
  CHECK_FALSE(parse_verifier_key(replaced(kExampleKey, "530d903a", "530D903A")));
  CHECK_FALSE(parse_verifier_key(replaced(kExampleKey, "530d903a", "530d903b")));
  CHECK_FALSE(parse_verifier_key(replaced(kExampleKey, "foo", "fob")));
  CHECK_FALSE(parse_verifier_key(replaced(kExampleKey, "example.com/foo", "")));
  VerifierKey unknown = example_key();
  unknown.type = 0x02;
  CHECK_FALSE(parse_verifier_key(unknown.text()));
  // A type-4 key of the same name and bytes has another id.
  VerifierKey witness = example_key();
  witness.type = kCosignature;
  CHECK(witness.id() != example_key().id());
  CHECK(*parse_verifier_key(witness.text()) == witness);
  // Published keys of others: a '+' inside the base64, and a witness.
  const std::string plus = "TEST+7997405c+AQcC+FTVKf0jlTdHDY3rbevmnKxxPjigCXlVtGe6RIr6";
  const std::string remora = "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2";
  CHECK(parse_verifier_key(plus)->text() == plus);
  CHECK(parse_verifier_key(remora)->type == kCosignature);
}

TEST_CASE("a cosignature covers the time it bears") {
  const Signer witness = notes::signer("witness.example/w1", kCosignature);
  const std::string text = "ledger.example/one\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n";
  const std::string note = text + "\n" + witness.sign(text, 1679315147);
  const auto opened = open_note(note, std::array{witness.key()});
  REQUIRE(opened);
  CHECK(opened->by[0].unix_seconds == 1679315147);
  Note changed = *parse_note(note);
  changed.signatures[0].signature[7] ^= 1U;  // a second earlier or later
  CHECK_FALSE(opens(changed.bytes(), std::array{witness.key()}));
  changed = *parse_note(note);
  changed.signatures[0].signature.pop_back();
  CHECK_FALSE(opens(changed.bytes(), std::array{witness.key()}));
  // The signed message, as tlog-cosignature prints it: a plain signature over that text is the
  // same.
  const Signer plain = notes::signer("witness.example/w1");
  const Note by_hand =
      *parse_note("x\n\n" + plain.sign("cosignature/v1\ntime 1679315147\n" + text));
  const Note cosigned_note = *parse_note(note);
  const Bytes& cosigned = cosigned_note.signatures[0].signature;
  CHECK(Bytes(cosigned.begin() + 8, cosigned.end()) == by_hand.signatures[0].signature);
}
