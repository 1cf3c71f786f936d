// Personal fields on their way from a command into an event: what came as plain text is sealed
// under its place (stream, version, field); what came sealed already (a line of an export) is kept
// as it is.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include <flatbuffers/flatbuffers.h>

#include "schemas/decision.h"

namespace schemas {

struct CommandView;

// The stored form of a field marked (sealed) in the event that gets `context.version` in the
// command's stream. An absent field stays absent (empty).
[[nodiscard]] std::vector<std::uint8_t> sealed(const Context& context, const CommandView& command,
                                               std::string_view field,
                                               const flatbuffers::Vector<std::uint8_t>* value);
[[nodiscard]] std::vector<std::uint8_t> sealed_text(const Context& context,
                                                    const CommandView& command,
                                                    std::string_view field,
                                                    std::string_view plaintext);

}  // namespace schemas
