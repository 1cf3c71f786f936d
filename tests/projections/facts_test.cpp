// The facts: one row a record, stored in segments that are read strictly.
#include <doctest/doctest.h>
#include <xxhash.h>

#include <algorithm>

#include "engine/projection.h"
#include "tests/support/sample_history.h"

using projections::Facts;
using support::History;

static_assert(engine::Projection<Facts>);

namespace {

// Everything that reports can see of two facts, compared by drawing.
void check_same_reports(const Facts& a, const Facts& b) {
  REQUIRE(a.seq() == b.seq());
  for (const auto& kind : projections::reports()) {
    CAPTURE(kind.name);
    projections::Question question;
    question.moment = projections::moment_of_seq(a, a.seq());
    question.week = schemas::parse_week("2021-W38");
    question.by = {"department", "week"};
    const auto one = projections::draw(kind.name, a, question);
    const auto other = projections::draw(kind.name, b, question);
    REQUIRE(one.has_value());
    REQUIRE(other.has_value());
    CHECK(boost::json::serialize(*one) == boost::json::serialize(*other));
  }
}

}  // namespace

TEST_CASE("a stored segment gives the facts back") {
  const History history = support::sample_history();
  Facts loaded;
  REQUIRE(loaded.load(history.facts().save(0, history.facts().seq())).has_value());
  CHECK(loaded.save(0, loaded.seq()) == history.facts().save(0, history.facts().seq()));
  check_same_reports(loaded, history.facts());
}

TEST_CASE("segments written one after another equal one written at the end") {
  const History history = support::sample_history();
  const std::uint64_t all = history.events().size();
  Facts growing, loaded;
  std::uint64_t saved = 0;
  for (std::uint64_t seq = 1; seq <= all; ++seq) {
    growing.apply(history.events()[seq - 1].view(seq));
    if (seq % 7 != 0 && seq != all) continue;
    REQUIRE(loaded.load(growing.save(saved, growing.seq())).has_value());
    saved = seq;
  }
  CHECK(loaded.save(0, loaded.seq()) == history.facts().save(0, history.facts().seq()));
  check_same_reports(loaded, history.facts());
}

TEST_CASE("a stored segment is known again, and no other one for it") {
  const History history = support::sample_history();
  const Facts& facts = history.facts();
  const std::uint64_t half = facts.seq() / 2, all = facts.seq();
  const auto segment = facts.save(half, all);
  CHECK(facts.is_saved(half, all, segment));
  CHECK(facts.is_saved(0, half, facts.save(0, half)));
  CHECK_FALSE(facts.is_saved(half - 1, all, segment));
  CHECK_FALSE(facts.is_saved(half, all - 1, segment));
  for (std::size_t at = 0; at < segment.size(); ++at) {
    auto changed = segment;
    changed[at] ^= 0x01U;
    REQUIRE_FALSE(facts.is_saved(half, all, changed));
  }
  auto longer = segment;
  longer.push_back(0);
  CHECK_FALSE(facts.is_saved(half, all, longer));
  for (std::size_t size = 0; size < segment.size(); ++size)
    REQUIRE_FALSE(facts.is_saved(half, all, std::span(segment).first(size)));
}

TEST_CASE("facts read from a segment can be continued by records") {
  const History history = support::sample_history();
  const std::uint64_t half = history.events().size() / 2;
  Facts continued;
  REQUIRE(continued.load(history.prefix(half).save(0, history.prefix(half).seq())).has_value());
  for (std::uint64_t seq = half + 1; seq <= history.events().size(); ++seq)
    continued.apply(history.events()[seq - 1].view(seq));
  CHECK(continued.save(0, continued.seq()) == history.facts().save(0, history.facts().seq()));
}

TEST_CASE("a segment with any byte changed, cut short or out of order is refused") {
  const History history = support::sample_history();
  const auto segment = history.facts().save(0, history.facts().seq());
  for (std::size_t at = 0; at < segment.size(); at += 13) {
    auto damaged = segment;
    damaged[at] ^= 0x40U;
    CHECK_FALSE(Facts().load(damaged).has_value());
  }
  for (const std::size_t size : {std::size_t{0}, std::size_t{31}, segment.size() - 1})
    CHECK_FALSE(Facts().load(std::span(segment).first(size)).has_value());
  Facts later;
  CHECK_FALSE(later.load(history.facts().save(3, history.facts().seq())).has_value());
}

TEST_CASE("the two times: the seq at an instant is the last one recorded by then") {
  const History history = support::sample_history();
  const Facts& facts = history.facts();
  CHECK(facts.seq_at(facts.time_of(1) - 1) == 0);
  CHECK(facts.seq_at(facts.time_of(facts.seq())) == facts.seq());
  for (std::uint64_t seq = 1; seq < facts.seq(); ++seq) {
    const std::uint64_t found = facts.seq_at(facts.time_of(seq));
    CHECK(found >= seq);
    CHECK(facts.time_of(found) == facts.time_of(seq));
  }
}

TEST_CASE(
    "a segment with a byte changed under a right checksum is refused or harmless, never a crash") {
  const History history = support::sample_history();
  const auto segment = history.facts().save(0, history.facts().seq());
  std::size_t refused = 0, tried = 0;
  XXH128_canonical_t hash;
  for (std::size_t at = 0; at + sizeof hash < segment.size(); at += 7) {
    for (const std::uint8_t flip : {std::uint8_t{1}, std::uint8_t{0x7F}}) {
      auto damaged = segment;
      damaged[at] ^= flip;
      XXH128_canonicalFromHash(&hash, XXH3_128bits(damaged.data(), damaged.size() - sizeof hash));
      std::ranges::copy(hash.digest, damaged.end() - sizeof hash);
      Facts facts;
      ++tried;
      if (!facts.load(damaged)) {
        ++refused;
        continue;
      }
      projections::Question question;
      question.moment = projections::moment_of_seq(facts, facts.seq());
      question.week = schemas::parse_week("2021-W38");
      for (const auto& kind : projections::reports())
        CHECK(projections::draw(kind.name, facts, question).has_value());
    }
  }
  CHECK(refused > tried / 3);
}
