// A projection is the same whether it was folded from record 1 or loaded and caught up.
#include "engine/replay/derived.h"

#include <doctest/doctest.h>

#include "engine/proof/bytes.h"
#include "tests/engine/ledger.h"

using namespace engine;
using namespace engine::test;

namespace {

// Remembers the type of every event: one row a record.
template <std::uint32_t version>
struct Types {
  static constexpr std::string_view kName = "types";
  static constexpr std::uint32_t kVersion = version;

  [[nodiscard]] std::uint64_t seq() const { return types.size(); }
  void apply(const RecordView& record) {
    types.push_back(record.type);
    ++applied;
  }
  [[nodiscard]] std::vector<std::uint8_t> save(std::uint64_t from, std::uint64_t to) const {
    std::vector<std::uint8_t> out;
    put_le(out, from);
    for (std::size_t i = from; i < to; ++i) put_le(out, types[i]);
    return out;
  }
  Result<void> load(std::span<const std::uint8_t> bytes) {
    if (bytes.size() < 8 || bytes.size() % 2 != 0 || get_le<std::uint64_t>(bytes.data()) != seq()) {
      return fail(ErrorCode::corrupt, "not a segment of types");
    }
    for (std::size_t at = 8; at < bytes.size(); at += 2) {
      types.push_back(get_le<std::uint16_t>(bytes.data() + at));
    }
    return {};
  }

  std::vector<std::uint16_t> types;
  std::uint64_t applied = 0;  // by this process, not loaded
};

// The same, taking whole batches made on other threads.
struct BatchedTypes : Types<7> {
  struct Batch {
    std::vector<std::uint16_t> types;
    void add(const RecordView& record) { types.push_back(record.type); }
    void clear() { types.clear(); }
    [[nodiscard]] std::size_t size() const { return types.size(); }
  };
  void absorb(const Batch& batch) {
    types.insert(types.end(), batch.types.begin(), batch.types.end());
    ++batches;
  }
  void reserve(std::uint64_t records) { types.reserve(records); }
  std::uint64_t batches = 0;
};
static_assert(BatchedProjection<BatchedTypes>);
static_assert(!BatchedProjection<Types<1>>);

std::vector<std::uint16_t> types_to(std::uint64_t n) {
  std::vector<std::uint16_t> out;
  for (std::uint64_t i = 1; i <= n; ++i) out.push_back(event(i).type);
  return out;
}

}  // namespace

TEST_CASE("a derived projection loads what was stored and folds only what came after") {
  const TempDir temp;
  {
    const auto log = new_log(temp);
    append_all(*log, 1, 3000, 500);
    Derived<Types<1>> derived(*log);
    CHECK(derived.upto(100).value()->seq() >= 100);
    CHECK(derived.upto().value()->types == types_to(3000));
    REQUIRE(derived.flush().has_value());
    append_all(*log, 3001, 5000, 500);
    REQUIRE(log->flush().has_value());
  }
  {
    const auto log = open_log(temp.ledger());
    Derived<Types<1>> derived(*log);
    CHECK(derived.upto().value()->types == types_to(5000));
    CHECK(derived.state().applied == 2000);
    REQUIRE(derived.flush().has_value());
    REQUIRE(log->flush().has_value());
  }
  const auto log = open_log(temp.ledger(), OpenMode::read_only);
  Derived<Types<1>> derived(*log);
  CHECK(derived.upto().value()->types == types_to(5000));
  CHECK(derived.state().applied == 0);
}

TEST_CASE("another version throws the stored form away and is folded from record 1") {
  const TempDir temp;
  const auto log = new_log(temp);
  append_all(*log, 1, 300, 100);
  Derived<Types<1>> old(*log);
  REQUIRE(old.upto().has_value());
  REQUIRE(old.flush().has_value());
  Derived<Types<2>> next(*log);
  CHECK(next.upto().value()->types == types_to(300));
  CHECK(next.state().applied == 300);
  Derived<Types<1>> again(*log);
  REQUIRE(again.upto().has_value());
  CHECK(again.state().applied == 300);  // what version 1 had stored is gone
}

TEST_CASE("a segment that does not load is not believed") {
  const TempDir temp;
  const auto log = new_log(temp);
  append_all(*log, 1, 300, 100);
  SUBCASE("damaged") { REQUIRE(log->put_derived("types", 1, 100, bytes_of("abc")).has_value()); }
  SUBCASE("ending elsewhere than it says") {
    Types<1> some;
    for (std::uint64_t i = 1; i <= 90; ++i) some.apply(event(i).view(i));
    REQUIRE(log->put_derived("types", 1, 100, some.save(0, 90)).has_value());
  }
  Derived<Types<1>> derived(*log);
  CHECK(derived.upto().value()->types == types_to(300));
  CHECK(derived.state().applied == 300);
}

TEST_CASE("asking for a seq again, or for an earlier one, folds nothing") {
  const TempDir temp;
  const auto log = new_log(temp);
  append_all(*log, 1, 100, 100);
  Derived<Types<1>> derived(*log);
  REQUIRE(derived.upto(60).has_value());
  REQUIRE(derived.upto(60).has_value());
  REQUIRE(derived.upto(10).has_value());
  CHECK(derived.state().applied == 60);
  CHECK(derived.upto(1'000'000).value()->seq() == 100);
}

TEST_CASE(
    "a long history is taken in batches from two threads, in order, and stored in the same "
    "segments") {
  const TempDir temp;
  const auto log = new_log(temp);
  constexpr std::uint64_t kSegment = Derived<BatchedTypes>::kSegmentRecords;
  const std::uint64_t all = 2 * kSegment + kSegment / 2 + 123;
  append_all(*log, 1, all, 8192);
  const auto segments = [&] {
    std::vector<std::uint64_t> ends;
    REQUIRE(log->read_derived("types", 7, [&](std::uint64_t last, std::span<const std::uint8_t>) {
      ends.push_back(last);
      return true;
    }));
    return ends;
  };
  Derived<BatchedTypes> whole(*log);
  CHECK(whole.upto().value()->types == types_to(all));
  CHECK(whole.state().batches == 6);  // halves of a segment
  CHECK(whole.state().applied == 0);
  CHECK(segments() == std::vector<std::uint64_t>{kSegment, 2 * kSegment});

  REQUIRE(log->drop_derived("types"));
  Derived<BatchedTypes> begun(*log);  // by records first, then by batches
  REQUIRE(begun.upto(1000).has_value());
  CHECK(begun.upto().value()->types == types_to(all));
  CHECK(begun.state().batches > 0);
  CHECK(segments() == std::vector<std::uint64_t>{kSegment, 2 * kSegment});
}
