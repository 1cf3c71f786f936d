// The first byte of a sealed field says which it is (engine/sealer.h). Anything that does not say
// "plain" is passed on untouched, so that importing an export records the same bytes without
// needing a key.
#include "schemas/sealing.h"

#include <string>

#include "schemas/command.h"

namespace schemas {

std::vector<std::uint8_t> sealed_text(const Context& context, const CommandView& command,
                                      std::string_view field, std::string_view plaintext) {
  return context.sealer.seal(
      {.kind = command.kind, .no = command.no, .version = context.version, .field = field},
      plaintext);
}

std::vector<std::uint8_t> sealed(const Context& context, const CommandView& command,
                                 std::string_view field,
                                 const flatbuffers::Vector<std::uint8_t>* value) {
  if (value == nullptr || value->size() == 0) return {};
  if (value->Get(0) != engine::kPlain) return {value->begin(), value->end()};
  const std::string text(value->begin() + 1, value->end());
  return sealed_text(context, command, field, text);
}

}  // namespace schemas
