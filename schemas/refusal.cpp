// The words of every refusal, from the one list in refusal.h.
#include "schemas/refusal.h"

#include <fmt/format.h>

#include <array>

namespace schemas {
namespace {

struct Words {
  std::string_view name, chinese, english;
};

constexpr std::array kWords{Words{"none", "", ""},
#define SCHEMAS_REFUSAL_WORDS(code, zh, en) Words{#code, zh, en},
                            SCHEMAS_REFUSALS(SCHEMAS_REFUSAL_WORDS)
#undef SCHEMAS_REFUSAL_WORDS
};

const Words& words_of(RefusalCode code) { return kWords.at(static_cast<std::size_t>(code)); }

}  // namespace

std::string_view code_name(RefusalCode code) { return words_of(code).name; }
std::string_view chinese(RefusalCode code) { return words_of(code).chinese; }
std::string_view english(RefusalCode code) { return words_of(code).english; }

std::string sentence(const Refusal& refusal) {
  const Words& words = words_of(refusal.code);
  if (refusal.detail.empty()) return fmt::format("{}。 {}.", words.chinese, words.english);
  return fmt::format("{} ({})。 {} ({}).", words.chinese, refusal.detail, words.english,
                     refusal.detail);
}

}  // namespace schemas
