// R4: the calls of one run, kept and replayed up to each of them in turn; there the process is
// killed or the power goes. No cut is missed by chance, as it may be in R3. R2: the run itself,
// again and again, killed at each of its calls.
#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "tests/crash/campaign.h"
#include "tests/crash/solo.h"

using namespace crash;

namespace {

constexpr std::uint64_t kCalls = 2000;  // at least, in a trace
constexpr Loss kTaken[] = {Loss::nothing, Loss::everything, Loss::half};

// One call of how many is tried, where it is one of `ci` at the CI's counts: each in the campaign,
// an eighth under a sanitizer, which is ten times as slow.
std::uint64_t one_in(std::uint64_t ci) {
  return support::campaign() > 1 ? 1 : ci * (support::kSanitized ? 8 : support::one_in());
}

struct Row {
  engine::Bytes entry, payload;
};

// What a run left behind: each call, and what had been promised when it was made.
struct Recorded {
  std::vector<Step> trace;
  std::uint64_t made = 0;                        // calls that made the ledger
  std::map<std::uint64_t, std::uint64_t> acked;  // by calls done: the last seq acknowledged
  std::set<std::uint64_t> wholes;                // sizes of the log between groups
  std::vector<Row> rows;                         // by seq - 1
  std::map<std::uint64_t, engine::Hash> roots;   // of each of `wholes`

  [[nodiscard]] std::uint64_t acked_by(std::uint64_t calls) const {
    const auto after = acked.upper_bound(calls);
    return after == acked.begin() ? 0 : std::prev(after)->second;
  }
};

Recorded record(Solo& run) {
  Recorded out;
  run.disk().keep_trace(true);
  REQUIRE(run.create().has_value());
  out.made = run.disk().changes();
  REQUIRE(run.open());
  out.wholes.insert(0);
  while (run.disk().changes() < out.made + kCalls) {
    REQUIRE(run.live(1));
    out.acked[run.disk().changes()] = run.oracle().last_acked_seq();
    out.wholes.insert(run.log()->size());
  }
  for (const std::uint64_t size : out.wholes) out.roots[size] = *run.log()->root_at(size);
  REQUIRE(run.log()->read(1, run.log()->size(), [&](const RecordView& record) {
    const auto payload = record.payload;
    out.rows.push_back({engine::encode_entry(record), {payload.begin(), payload.end()}});
    return true;
  }));
  out.trace = run.disk().trace();
  REQUIRE(out.trace.size() == run.disk().changes());
  REQUIRE(out.acked_by(out.trace.size()) > 100);
  run.disk().keep_trace(false);
  run.close();
  return out;
}

// The ledger as it opened, against the run that it is a beginning of.
std::string compare(engine::Log& log, const Recorded& recorded, std::uint64_t calls) {
  const std::uint64_t size = log.size(), least = recorded.acked_by(calls);
  if (size < least)
    return std::to_string(size) + " records, and " + std::to_string(least) + " were acknowledged";
  if (!recorded.wholes.contains(size)) return "a group was torn at " + std::to_string(size);
  std::uint64_t next = 0, wrong = 0;
  const auto read = log.read(1, size, [&](const RecordView& record) {
    const Row& right = recorded.rows.at(next++);
    if (record.seq != next || engine::encode_entry(record) != right.entry ||
        !std::ranges::equal(record.payload, right.payload))
      wrong = next;
    return wrong == 0;
  });
  if (!read) return "it is not read: " + read.error().text;
  if (wrong != 0 || next != size) return "another record " + std::to_string(next);
  if (*log.root_at(size) != recorded.roots.at(size)) return "another root";
  return {};
}

// What an earlier call left on the disk, and how many records it opened with.
struct Left {
  Image image;
  std::uint64_t size = 0;
};

// Everything up to this call, and then the end. What leaves the disk as `before` opens as that did.
std::string replay(Solo& run, const Image& image, Loss loss, const Recorded& recorded,
                   std::uint64_t calls, Left& before, Tally& tally) {
  Image now = image.after_power_cut(loss, run.numbers());
  now.settle();
  if (now == before.image && before.size >= recorded.acked_by(calls)) {
    tally.count("as an earlier call");
    return {};
  }
  before.image = now;
  run.disk().insert(std::move(now));
  std::string wrong;
  if (!run.open())
    wrong = "the ledger does not open: " + run.error().text;
  else
    wrong = compare(*run.log(), recorded, calls);
  if (wrong.empty()) before.size = run.log()->size();
  if (wrong.empty() && !run.acknowledges()) wrong = "nothing more is acknowledged";
  run.kill();
  if (wrong.empty()) return wrong;
  return "call " + std::to_string(calls) + " (" + std::string(name_of(loss)) + "): " + wrong;
}

// One run from its first call on, killed at its nth; what the disk was told of by then stays.
std::string killed_at(std::uint64_t nth, Tally& tally, bool& killed) {
  Solo run(first_seed());
  REQUIRE(run.create().has_value());
  const std::uint64_t made = run.disk().changes();
  run.disk().cut_at(nth);
  const bool opened = run.open();
  while (opened && run.disk().changes() < made + kCalls && run.live(1)) {
  }
  killed = run.disk().is_cut();
  tally.count("acknowledged", run.oracle().acked());
  tally.count(run.disk().fired());
  run.lose(Loss::nothing);
  return run.verify();
}

}  // namespace

TEST_CASE("R2: killed at any call of a run of 2,000, a ledger loses nothing acknowledged") {
  Tally tally("R2", "kill at each nth call of a run of 2,000", {Kind::cut});
  const std::uint64_t part = one_in(32);
  Numbers chosen(first_seed());
  bool killed = true;
  for (std::uint64_t nth = 1; killed; nth += 1 + (part == 1 ? 0 : chosen.below(2 * part - 1))) {
    const std::string wrong = killed_at(nth, tally, killed);
    tally.add(1, wrong);
    REQUIRE_MESSAGE(wrong.empty(), "call " << nth << ": " << wrong);
  }
  CHECK(tally.seen("acknowledged") != 0);
}

TEST_CASE("R4: cut off after any of its calls, a ledger loses nothing acknowledged") {
  Tally tally("R4", "each prefix of a run's calls");
  // Chosen by chance, since calls come in rounds.
  const std::uint64_t part = one_in(4);
  for (std::uint64_t seed = first_seed(); tally.runs() < times(kCalls / 2); ++seed) {
    Solo run(seed);
    const Recorded recorded = record(run);
    std::map<Loss, Left> left;
    Numbers chosen(seed);
    Image image;
    image.names[kRoot] = image.durable_names[kRoot] = 0;
    for (std::uint64_t calls = 1; calls <= recorded.trace.size(); ++calls) {
      image.apply(recorded.trace[calls - 1]);
      if (calls < recorded.made || chosen.below(part) != 0) continue;
      for (const Loss loss : kTaken) {
        const std::string wrong = replay(run, image, loss, recorded, calls, left[loss], tally);
        tally.count(name_of(loss));
        tally.add(1, wrong);
        REQUIRE_MESSAGE(wrong.empty(), "seed " << seed << ", " << wrong);
      }
    }
  }
  for (const Loss loss : kTaken) CHECK(tally.seen(std::string(name_of(loss))) != 0);
}
