#include "engine/proof/checkpoint.h"

#include <doctest/doctest.h>

#include <array>

#include "engine/proof/merkle.h"
#include "tests/engine/notes.h"

using namespace engine;

namespace {

const Checkpoint kTree{"ledger.example/one", 7, empty_root()};

}  // namespace

TEST_CASE("the example of the tlog-checkpoint page reads and prints the same") {
  const std::string text =
      "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
  const auto read = parse_checkpoint(text);
  REQUIRE(read);
  CHECK(read->origin == "example.com/behind-the-sofa");
  CHECK(read->size == 20852163);
  CHECK(read->text() == text);
}

TEST_CASE("a checkpoint is read only as it is written") {
  const std::string root = base64(kTree.root) + "\n";
  CHECK(parse_checkpoint("a\n0\n" + root));
  CHECK(parse_checkpoint("a\n18446744073709551615\n" + root));
  for (const std::string& bad :
       {"a\n00\n" + root, "a\n07\n" + root, "a\n-1\n" + root, "a\n+1\n" + root, "a\n\n" + root,
        "a\n18446744073709551616\n" + root, "\n7\n" + root, "a b\n7\n" + root, "a+b\n7\n" + root,
        "a\n7\n" + root.substr(4), "a\n7\n" + root + "extension\n", "a\n7\n" + root + "\n",
        "a\n7 \n" + root, "a\r\n7\n" + root, std::string("a\n7\n"), std::string()}) {
    CHECK_MESSAGE(!parse_checkpoint(bad), bad);
  }
}

TEST_CASE("a checkpoint counts only when a key of its own origin signed it") {
  const Signer ledger = notes::signer(kTree.origin);
  const Signer witness = notes::signer("witness.example", kCosignature, notes::kOtherPem);
  const std::string own = sign_note(kTree.text(), std::array{ledger});
  CHECK(open_checkpoint(own, std::array{ledger.key()})->checkpoint == kTree);
  const std::string seen = own + witness.sign(kTree.text(), 5);
  CHECK(open_checkpoint(seen, std::array{ledger.key(), witness.key()})->by.size() == 2);
  // A witness alone, another ledger's key, and the same key as a witness's: none is the ledger's
  // word.
  CHECK_FALSE(open_checkpoint(seen, std::array{witness.key()}));
  const Signer other = notes::signer("ledger.example/two");
  CHECK_FALSE(open_checkpoint(sign_note(kTree.text(), std::array{other}), std::array{other.key()}));
  const Signer cosigner = notes::signer(kTree.origin, kCosignature);
  CHECK_FALSE(open_checkpoint(kTree.text() + "\n" + cosigner.sign(kTree.text(), 5),
                              std::array{cosigner.key()}));
  // A signed text that is no checkpoint.
  CHECK_FALSE(open_checkpoint(sign_note("text\n", std::array{ledger}), std::array{ledger.key()}));
}
