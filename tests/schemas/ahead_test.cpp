// First events that are not durable yet: found by id until the source can answer for them.
#include "schemas/ahead.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace ahead_test {

namespace {

using namespace schemas;

engine::NewEvent event_of(std::uint64_t seq, std::size_t payload_bytes = 100) {
  engine::NewEvent event;
  event.kind = "appeal";
  event.no = "SQ" + std::to_string(seq);
  event.actor = "someone";
  event.role = "office_clerk";
  event.id = "id-" + std::to_string(seq);
  event.payload.assign(payload_bytes, static_cast<std::uint8_t>(seq));
  return event;
}

bool holds(const Ahead& ahead, std::uint64_t seq, std::size_t payload_bytes = 100) {
  const engine::NewEvent wanted = event_of(seq, payload_bytes);
  const engine::RecordView* found = ahead.find(wanted.id);
  return found != nullptr && found->seq == seq && found->no == wanted.no &&
         found->id == wanted.id && found->actor == wanted.actor && found->department.empty() &&
         std::ranges::equal(found->payload, wanted.payload);
}

}  // namespace

TEST_CASE("ahead: an event is found by its id until it is durable") {
  Ahead ahead;
  CHECK(ahead.find("id-1") == nullptr);
  for (std::uint64_t seq = 1; seq <= 3; ++seq) ahead.remember(event_of(seq).view(seq));
  ahead.forget(1);
  CHECK_FALSE(holds(ahead, 1));
  CHECK(holds(ahead, 2));
  CHECK(holds(ahead, 3));
  ahead.clear();
  CHECK_FALSE(holds(ahead, 3));
  ahead.remember(event_of(2).view(2));
  CHECK(holds(ahead, 2));
}

TEST_CASE("ahead: many events in flight, whose memory is used again and again") {
  Ahead ahead;
  constexpr std::uint64_t kInFlight = 3'000;
  for (std::uint64_t seq = 1; seq <= 20'000; ++seq) {
    ahead.remember(event_of(seq).view(seq));
    if (seq <= kInFlight) continue;
    ahead.forget(seq - kInFlight);
    REQUIRE(holds(ahead, seq));
    REQUIRE(holds(ahead, seq - kInFlight + 1));
    REQUIRE_FALSE(holds(ahead, seq - kInFlight));
  }
}

TEST_CASE("ahead: an event larger than a piece of memory has one of its own") {
  Ahead ahead;
  constexpr std::size_t kLarge = 1'000'000;
  ahead.remember(event_of(1).view(1));
  ahead.remember(event_of(2, kLarge).view(2));
  ahead.remember(event_of(3).view(3));
  CHECK(holds(ahead, 1));
  CHECK(holds(ahead, 2, kLarge));
  CHECK(holds(ahead, 3));
  ahead.forget(2);
  CHECK(holds(ahead, 3));
}

}  // namespace ahead_test
