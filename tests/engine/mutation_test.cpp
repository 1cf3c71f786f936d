// R7 and R8 of the engine's test list: changed files and a directory rolled back to an older copy
// are refused by name, or make no difference.
#include <filesystem>
#include <string>

#include "engine/log/signing.h"
#include "tests/crash/campaign.h"
#include "tests/engine/damage.h"
#include "tests/engine/ledger.h"
#include "tests/engine/mutate.h"

using namespace engine;
using namespace engine::test;

namespace {

void change_and_ask(std::uint64_t part) {
  const std::uint64_t seed = crash::first_seed() + part - 1, rounds = crash::times(500, 60);
  const TempDir temp;
  make_mutable_ledger(temp.ledger());
  const Mutations done = mutate(temp.ledger(), seed, rounds);
  crash::Tally tally("R7", "changed files, seed " + std::to_string(seed));
  tally.add(rounds - done.silent.size() - done.unnamed.size(), "");
  for (const std::vector<std::string>* const wrong : {&done.silent, &done.unnamed})
    for (const std::string& one : *wrong) tally.add(1, one);
  tally.count("refused", done.refused);
  tally.count("the same bytes", done.identical);
  MESSAGE("seed " << seed << "\n" << done.table());
  for (const std::string& one : done.silent) FAIL_CHECK("silent: " << one);
  for (const std::string& one : done.unnamed) FAIL_CHECK("not named: " << one);
  CHECK(done.refused + done.identical == rounds);
  CHECK(done.refused > 0);
  CHECK(done.identical > 0);
  for (std::size_t m = 0; rounds >= 500 && m < kMutations; ++m) {
    for (std::size_t v = 0; v < kVictims; ++v) {
      INFO(name_of(static_cast<Mutation>(m)) << " of " << name_of(static_cast<Victim>(v)));
      CHECK(done.fired[m][v] > 0);
    }
  }
}

}  // namespace

TEST_CASE("R7: no changed file is taken for what was written, part 1") { change_and_ask(1); }
TEST_CASE("R7: no changed file is taken for what was written, part 2") { change_and_ask(2); }
TEST_CASE("R7: no changed file is taken for what was written, part 3") { change_and_ask(3); }
TEST_CASE("R7: no changed file is taken for what was written, part 4") { change_and_ask(4); }

TEST_CASE("a directory rolled back to an older copy is refused by who knows more") {
  const TempDir temp;
  const std::string now = temp.ledger(), old = temp / "old";
  REQUIRE(Log::create(now, "测试区").has_value());
  const Signing signing(now + ".keys");
  std::filesystem::create_directories(now + ".keys");
  REQUIRE(signing.create("ledger.example/old").has_value());
  Numbers numbers(8);
  for (std::uint64_t round = 0, size = 0; round < 50; ++round) {
    copy_over(now, old);
    const std::uint64_t more = 1 + numbers.below(40);
    Known receipt;
    {
      const auto log = open_log(now);
      append_all(*log, size + 1, size + more, 1 + numbers.below(8));
      REQUIRE(log->flush().has_value());
      REQUIRE(signing.sign(*log).has_value());
      const auto root = log->root_at(log->size());
      REQUIRE(root.has_value());
      receipt = {log->size(), *root, "receipt 7"};
    }
    const auto last = newest_checkpoint(now + ".keys");
    REQUIRE(last.has_value());
    const Known signed_one{last->checkpoint.size, last->checkpoint.root, "DIR.keys/signed"};
    // Whole and sound as it is, the copy opens where nobody knows more.
    CHECK(open_log(old, OpenMode::read_only)->size() == size);
    for (const Known& known : {signed_one, receipt}) {
      const auto opened = Log::open(old, OpenMode::read_only, {&known, 1});
      REQUIRE_FALSE(opened.has_value());
      CHECK(opened.error().code == ErrorCode::corrupt);
      CHECK(opened.error().seq == size + 1);
      CHECK(opened.error().text.find(known.where + " names them") != std::string::npos);
    }
    // A copy of the newer HEAD knows it as well.
    overwrite(old + "/HEAD", bytes_in(now + "/HEAD"));
    const Error by_head = refusal(old, OpenMode::read_only);
    CHECK(by_head.code == ErrorCode::corrupt);
    CHECK(by_head.seq == size + 1);
    CHECK(by_head.text.find("HEAD names record " + std::to_string(size + more)) !=
          std::string::npos);
    size += more;
  }
}
