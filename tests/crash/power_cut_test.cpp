// R3: the power goes at any call, and takes what was not synced: all of it, each write by the toss
// of a coin, each sector of each write, names that no sync of their directory made last.
#include <doctest/doctest.h>

#include "engine/log/head.h"
#include "tests/crash/campaign.h"
#include "tests/crash/solo.h"

using namespace crash;

namespace {

std::string cuts_of(std::uint64_t seed, std::uint64_t cuts, Tally& tally) {
  Solo run(seed);
  const std::string wrong =
      cut_after_cut(run, cuts, [&](Loss loss) { tally.count(name_of(loss)); });
  tally.count(run.disk().fired());
  return wrong.empty() ? wrong : "seed " + std::to_string(seed) + ", " + wrong;
}

// In parts, so that two run at once; each has seeds of its own.
void cut_part(std::uint64_t part) {
  constexpr std::uint64_t kCuts = 20, kParts = 4;
  Tally tally("R3", "power cuts, part " + std::to_string(part), {Kind::cut});
  for (std::uint64_t seed = first_seed() + part - 1; tally.runs() < times(2000 / kParts);
       seed += kParts) {
    const std::string wrong = cuts_of(seed, kCuts, tally);
    tally.add(kCuts, wrong);
    REQUIRE_MESSAGE(wrong.empty(), wrong);
  }
}

// HEAD at seq 1 and durable; then a process that notes seq 2 and one after it that notes seq 3,
// each killed at one of its calls; then the power goes.
void kill_kill_and_cut(std::uint64_t first_call, std::uint64_t second_call, Tally& tally) {
  FaultDisk disk(1);
  const Mounted mounted(disk);
  const std::string head = kRoot + "/HEAD";
  const auto note = [&](std::uint64_t seq, std::uint64_t killed_at) {
    if (killed_at != 0) disk.cut_at(killed_at);
    const auto now = engine::read_head(head);
    REQUIRE(now.has_value());
    if (auto writer = engine::HeadWriter::open(head, *now); writer) {
      (*writer)->note(seq, {});
      static_cast<void>((*writer)->flush());
    }
  };
  REQUIRE(engine::create_head(head, 0, {}).has_value());
  note(1, 0);
  note(2, first_call);
  Numbers numbers(1);
  disk.insert(disk.image().after_power_cut(Loss::nothing, numbers));
  note(3, second_call);
  tally.count(disk.fired());
  const Image image = disk.image();
  for (std::uint64_t seed = 1; seed <= 32; ++seed) {
    Numbers coins(seed);
    disk.insert(image.after_power_cut(Loss::half, coins));
    const auto left = engine::read_head(head);
    CAPTURE(first_call);
    CAPTURE(second_call);
    CAPTURE((left ? std::string() : left.error().text));
    CHECK(left.has_value());
    if (left) CHECK(left->seq >= 1);
  }
  tally.add(32, {});
}

}  // namespace

TEST_CASE("R3: two kills and a power cut leave slots of HEAD that follow one another") {
  Tally tally("R3", "HEAD after two kills and a power cut", {Kind::cut});
  for (std::uint64_t first = 1; first <= 4; ++first)
    for (std::uint64_t second = 1; second <= 4; ++second) kill_kill_and_cut(first, second, tally);
}

// The seeds that showed it.
TEST_CASE("R3: a log of RocksDB's that stands in tables already may come back torn") {
  Tally tally("R3", "power cuts that once were refused", {Kind::cut});
  for (const std::uint64_t seed : {121U, 140U, 303U}) {
    const std::string wrong = cuts_of(seed, 20, tally);
    tally.add(20, wrong);
    CHECK_MESSAGE(wrong.empty(), wrong);
  }
}
TEST_CASE("R3, part 1: a power cut loses nothing acknowledged and tears no command") {
  cut_part(1);
}
TEST_CASE("R3, part 2: a power cut loses nothing acknowledged and tears no command") {
  cut_part(2);
}
TEST_CASE("R3, part 3: a power cut loses nothing acknowledged and tears no command") {
  cut_part(3);
}
TEST_CASE("R3, part 4: a power cut loses nothing acknowledged and tears no command") {
  cut_part(4);
}
