// What is signed, what is refused, and that every step of a change of keys can be cut off and
// repeated.
#include "engine/log/signing.h"

#include <doctest/doctest.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>

#include "tests/engine/ledger.h"
#include "tests/engine/notes.h"

using namespace engine;
using namespace engine::test;

namespace {

namespace fs = std::filesystem;

std::string bytes_in(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void put(const std::string& path, std::string_view bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

// A ledger with its keys beside it.
struct SignedLedger {
  TempDir temp;
  std::string keys = temp.ledger() + ".keys";
  Signing signing{keys};
  std::unique_ptr<Log> log = new_log(temp);
  std::uint64_t next = 1;

  SignedLedger() { REQUIRE(signing.create("ledger.example/one")); }
  void grow(std::uint64_t records) {
    REQUIRE(log->append(events(next, next + records - 1)));
    next += records;
  }
  Issued sign() {
    auto issued = signing.sign(*log);
    INFO((issued ? std::string() : issued.error().text));
    REQUIRE(issued);
    return *issued;
  }
  [[nodiscard]] VerifierKey key() const { return read_signing_keys(keys)->in_force; }
};

ErrorCode code_of(const Result<Issued>& result) {
  REQUIRE_FALSE(result);
  return result.error().code;
}

}  // namespace

TEST_CASE("a new ledger has signed that it is empty, under an origin made of its key") {
  TempDir temp;
  const std::string keys = temp / "l.keys";
  const auto key = Signing(keys).create("");
  REQUIRE(key);
  CHECK(key->name == "bihuan.invalid/" + hex(sha256(key->public_key)).substr(0, 16));
  const auto newest = newest_checkpoint(keys);
  REQUIRE(newest);
  CHECK(newest->checkpoint == Checkpoint{key->name, 0, empty_root()});
  CHECK((fs::status(keys + "/sign.pem").permissions() & fs::perms(077)) == fs::perms::none);
  CHECK_FALSE(Signing(keys).create(""));
}

TEST_CASE(
    "each growth gives one checkpoint, consistent with the one before, and quiet gives none") {
  SignedLedger ledger;
  Checkpoint last = newest_checkpoint(ledger.keys)->checkpoint;
  for (const std::uint64_t records : {1U, 254U, 1U, 1U, 600U}) {
    ledger.grow(records);
    const Issued issued = ledger.sign();
    CHECK(issued.fresh);
    CHECK(issued.checkpoint.size == last.size + records);
    CHECK(issued.checkpoint.root == *ledger.log->root_at(issued.checkpoint.size));
    CHECK(open_checkpoint(issued.note, std::array{ledger.key()})->checkpoint == issued.checkpoint);
    CHECK(bytes_in(ledger.keys + "/signed") == issued.note);
    const Issued again = ledger.sign();
    CHECK_FALSE(again.fresh);
    CHECK(again.note == issued.note);
    last = issued.checkpoint;
  }
}

TEST_CASE("an older copy of the ledger is refused by name, and its keys stay as they were") {
  SignedLedger ledger;
  ledger.grow(300);
  ledger.sign();
  ledger.log.reset();
  const std::string copy = ledger.temp / "copy";
  fs::copy(ledger.temp.ledger(), copy, fs::copy_options::recursive);
  ledger.log = open_log(ledger.temp.ledger());
  ledger.grow(20);
  const Issued newest = ledger.sign();
  ledger.log = open_log(copy);            // as restored
  for (int more = 0; more < 2; ++more) {  // as it was, and grown past what was signed
    const auto refused = ledger.signing.sign(*ledger.log);
    CHECK(code_of(refused) == ErrorCode::rolled_back);
    CHECK(ledger.signing.rotate(*ledger.log).error().code == ErrorCode::rolled_back);
    CHECK(bytes_in(ledger.keys + "/signed") == newest.note);
    if (more == 0) REQUIRE(ledger.log->append(events(901, 940)));
  }
}

TEST_CASE("a ledger is signed while it grows, each time at a whole group") {
  constexpr std::uint64_t kGroups = 300, kGroup = 3;
  SignedLedger ledger;
  std::thread writer([&] {
    for (std::uint64_t i = 0; i < kGroups; ++i) ledger.grow(kGroup);
  });
  std::vector<Checkpoint> checkpoints;
  while (checkpoints.empty() || checkpoints.back().size < kGroups * kGroup)
    checkpoints.push_back(ledger.sign().checkpoint);
  writer.join();
  for (const Checkpoint& one : checkpoints) {
    CHECK(one.size % kGroup == 0);
    CHECK(one.root == *ledger.log->root_at(one.size));
  }
}

TEST_CASE("only who writes signs, one at a time, and never without knowing what was last signed") {
  SignedLedger ledger;
  ledger.grow(5);
  {
    const auto reader = open_log(ledger.temp.ledger(), OpenMode::read_only);
    CHECK(code_of(ledger.signing.sign(*reader)) == ErrorCode::bad_input);
  }
  {
    const auto held = lock_file(ledger.keys + "/LOCK");
    CHECK(code_of(ledger.signing.sign(*ledger.log)) == ErrorCode::locked);
  }
  const std::string last = bytes_in(ledger.keys + "/signed");
  fs::remove(ledger.keys + "/signed");
  CHECK(code_of(ledger.signing.sign(*ledger.log)) == ErrorCode::not_found);
  put(ledger.keys + "/signed", last.substr(1));
  CHECK(code_of(ledger.signing.sign(*ledger.log)) == ErrorCode::corrupt);
  put(ledger.keys + "/signed", last);
  ledger.sign();
}

TEST_CASE("a foreign private key signs nothing") {
  SignedLedger ledger;
  ledger.grow(5);
  put(ledger.keys + "/sign.pem", notes::kPem);
  CHECK(code_of(ledger.signing.sign(*ledger.log)) == ErrorCode::corrupt);
  fs::remove(ledger.keys + "/sign.pem");
  CHECK(code_of(ledger.signing.sign(*ledger.log)) == ErrorCode::not_found);
}

TEST_CASE("cosignatures are checked, kept, and shown with the checkpoint they are of") {
  SignedLedger ledger;
  ledger.grow(5);
  const Issued issued = ledger.sign();
  const Signer one = notes::signer("witness.example/1", kCosignature);
  const Signer two = notes::signer("witness.example/2", kCosignature, notes::kOtherPem);
  const std::string text = issued.checkpoint.text();
  const auto cosign = [&](const std::string& note, std::vector<VerifierKey> witnesses) {
    return ledger.signing.cosign(*ledger.log, note, witnesses);
  };
  CHECK_FALSE(cosign(issued.note + one.sign(text, 7), {}));  // nobody we know
  CHECK_FALSE(cosign(issued.note + one.sign("x\n" + text, 7), {one.key()}));
  CHECK_FALSE(cosign(text + "\n" + one.sign(text, 7), {one.key()}));  // not our checkpoint
  CHECK_FALSE(newest_cosigned(ledger.keys)->has_value());
  REQUIRE(cosign(issued.note + one.sign(text, 7), {one.key()}));
  REQUIRE(cosign(issued.note + two.sign(text, 8), {two.key()}));
  CHECK(ledger.sign().by.size() == 3);
  CHECK(ledger.sign().note.find("witness.example/1") != std::string::npos);
  // The ledger goes on; what was cosigned last stays known.
  ledger.grow(5);
  const Issued newer = ledger.sign();
  CHECK(newer.by.size() == 1);
  CHECK((*newest_cosigned(ledger.keys))->by.size() == 3);
  const std::string newer_text = newer.checkpoint.text();
  REQUIRE(cosign(newer.note + one.sign(newer_text, 9), {}));  // known by now
  CHECK_FALSE(cosign(issued.note + one.sign(text, 10), {}));  // older than what is kept
  CHECK(ledger.sign().by.size() == 2);
}

TEST_CASE("a rotation is signed by both keys, and old checkpoints still open") {
  SignedLedger ledger;
  ledger.grow(5);
  const Issued before = ledger.sign();
  const VerifierKey old = ledger.key();
  const std::string old_pem = bytes_in(ledger.keys + "/sign.pem");
  ledger.grow(5);
  const auto rotated = ledger.signing.rotate(*ledger.log);
  REQUIRE(rotated);
  CHECK(rotated->succession.from == old);
  CHECK(rotated->succession.to == ledger.key());
  CHECK(rotated->succession.last == before.checkpoint);
  CHECK(*open_succession(rotated->note) == rotated->succession);
  CHECK(old.name == ledger.key().name);
  CHECK(rotated->issued.checkpoint.size == 10);
  CHECK(bytes_in(ledger.keys + "/sign.pem") != old_pem);
  CHECK_FALSE(fs::exists(ledger.keys + "/sign.pem.next"));
  CHECK(open_checkpoint(before.note, read_signing_keys(ledger.keys)->known()));
  CHECK_FALSE(ledger.sign().fresh);
  REQUIRE(ledger.signing.rotate(*ledger.log));  // a chain of two
  CHECK(read_signing_keys(ledger.keys)->successions.size() == 2);
  CHECK(read_signing_keys(ledger.keys)->successions[0].from == old);
}

TEST_CASE("a change of keys cut off after any of its steps is finished or begun again") {
  // The files as they lie after each step, from a whole change: the states a crash can leave.
  for (int steps = 0; steps <= 4; ++steps) {
    CAPTURE(steps);
    SignedLedger ledger;
    ledger.grow(5);
    ledger.sign();
    const std::string before = ledger.temp / "before.keys";
    fs::copy(ledger.keys, before, fs::copy_options::recursive);
    REQUIRE(ledger.signing.rotate(*ledger.log));
    const std::string after = ledger.temp / "after.keys";
    fs::rename(ledger.keys, after);
    fs::rename(before, ledger.keys);
    const auto take = [&](const char* from, const char* to) {
      fs::copy_file(after + "/" + from, ledger.keys + "/" + to,
                    fs::copy_options::overwrite_existing);
    };
    take("sign.pem", "sign.pem.next");
    if (steps >= 1) take("succession-0001", "succession-0001");
    if (steps >= 2) take("vkey", "vkey");
    if (steps >= 3) take("sign.pem", "sign.pem");
    if (steps >= 4) take("signed", "signed");
    ledger.grow(1);
    const Issued issued = ledger.sign();
    CHECK(issued.checkpoint.size == 6);
    const VerifierKey in_force = ledger.key();
    CHECK(issued.by.front().key == in_force);
    const auto again = ledger.signing.rotate(*ledger.log);
    REQUIRE(again);
    CHECK(again->succession.from == in_force);
    CHECK(read_signing_keys(ledger.keys)->successions.size() == (steps >= 2 ? 2 : 1));
    CHECK_FALSE(ledger.sign().fresh);
  }
}

TEST_CASE("a lost key ends its origin, the new one commits to the last checkpoint of the old") {
  SignedLedger ledger;
  ledger.grow(5);
  const Issued before = ledger.sign();
  const VerifierKey old = ledger.key();
  CHECK_FALSE(ledger.signing.replace_lost(*ledger.log, "", {}, /*compromised=*/false));
  fs::remove(ledger.keys + "/sign.pem");
  CHECK_FALSE(ledger.signing.replace_lost(*ledger.log, old.name, {}, /*compromised=*/false));
  const auto replaced =
      ledger.signing.replace_lost(*ledger.log, "ledger.example/two", {}, /*compromised=*/false);
  REQUIRE(replaced);
  CHECK(replaced->succession.lost);
  CHECK(replaced->succession.last == before.checkpoint);
  CHECK(replaced->succession.from == old);
  CHECK(replaced->issued.checkpoint.origin == "ledger.example/two");
  CHECK(*open_succession(replaced->note) == replaced->succession);
  ledger.grow(1);
  CHECK(ledger.sign().checkpoint.origin == "ledger.example/two");
  CHECK(open_checkpoint(before.note, read_signing_keys(ledger.keys)->known()));
}

TEST_CASE("with the whole of DIR.keys gone, what others kept of it is enough to go on") {
  SignedLedger ledger;
  ledger.grow(5);
  const Remains remains{ledger.key(), ledger.sign().note};
  ledger.grow(3);
  fs::remove_all(ledger.keys);
  CHECK_FALSE(ledger.signing.replace_lost(*ledger.log, "", {}, /*compromised=*/false));
  const auto replaced = ledger.signing.replace_lost(*ledger.log, "", remains, false);
  REQUIRE(replaced);
  CHECK(replaced->succession.last.size == 5);
  CHECK(ledger.sign().checkpoint.size == 8);
}

TEST_CASE("a change of keys is read strictly") {
  SignedLedger ledger;
  const auto rotated = ledger.signing.rotate(*ledger.log);
  REQUIRE(rotated);
  for (std::size_t at = 0; at < rotated->note.size(); ++at) {
    std::string changed = rotated->note;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    CHECK_MESSAGE(!open_succession(changed), at);
  }
  // The old key's signature is what makes it a rotation.
  Note note = *parse_note(rotated->note);
  note.signatures.erase(note.signatures.begin());
  CHECK_FALSE(open_succession(note.bytes()));
}
