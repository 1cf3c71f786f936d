// What a writer that will be killed sends: a command follows from its round, thread and number, so
// the parent knows a command by its id alone.
#pragma once

#include <string>

#include "tests/crash/book.h"

namespace crash {

inline constexpr unsigned kKillWriters = 8, kKillReaders = 3;

inline Entry kill_entry(std::uint64_t round, std::uint64_t thread, std::uint64_t number) {
  engine::test::Numbers numbers(round * 1'000'003 + thread * 10'007 + number);
  Entry entry;
  entry.id = std::to_string(round) + "-" + std::to_string(thread) + "-" + std::to_string(number);
  entry.account = static_cast<std::uint32_t>(numbers.below(5));
  entry.amount = static_cast<std::int64_t>(numbers.below(100)) - 30;
  entry.events = static_cast<std::uint32_t>(1 + numbers.below(3));
  entry.bytes = numbers.below(20) == 0 ? 9000 : numbers.below(300);
  entry.at = engine::test::kStart + static_cast<Micros>(round * 1000 + number);
  return entry;
}

}  // namespace crash
