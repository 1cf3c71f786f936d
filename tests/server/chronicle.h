// What clients asked of streams at the same time and what each was answered, held against the log:
// is there one order in which every answer is right (R13)? The log itself is that order for what
// was recorded; a refusal or a read must be right at some moment between its question and its
// answer.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace server_test {

// A command, or a look at a stream. `asked` and `answered` are places in one order of all questions
// and answers, so no clock is needed.
struct Deed {
  std::string key, no;
  std::optional<std::uint32_t> expected;
  std::string name;  // the content, of which no two commands have the same; empty: a look
  bool creates = false;
  std::uint64_t asked = 0, answered = 0;

  unsigned status = 0;
  std::string code;           // of a refusal
  std::string receipt;        // as it came
  std::uint64_t seq = 0;      // of the receipt
  std::uint32_t version = 0;  // of the receipt, or what a look saw
};

// A record of the log.
struct Kept {
  std::uint64_t seq = 0;
  std::string no, key, name;
  std::uint32_t version = 0;
};

// What is wrong, one fault a line; empty: nothing. `log` holds every record of the streams that the
// deeds are about, in its order.
[[nodiscard]] std::string faults(const std::vector<Deed>& deeds, const std::vector<Kept>& log);

}  // namespace server_test
