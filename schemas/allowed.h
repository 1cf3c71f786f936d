// What may be asked for now: the lifecycle tables read the other way round, from a stream and an
// actor to the commands. A refusal can so say what would not be refused.
#pragma once

#include <string_view>
#include <vector>

#include "engine/result.h"
#include "engine/source.h"
#include "schemas/command.h"

namespace schemas {

// The events whose commands the tables admit for `actor` in this stream as `source` has it, by
// number. Guards may still refuse one (a window may be past, say): they need the command's data.
// Empty: the role may do nothing here now, or there is no such kind of stream.
[[nodiscard]] engine::Result<std::vector<EventType>> allowed_events(const engine::Source& source,
                                                                    std::string_view kind,
                                                                    std::string_view no,
                                                                    const Actor& actor);

}  // namespace schemas
