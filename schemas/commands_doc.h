// The manual of every command, made from the schemas and the lifecycle tables: docs/COMMANDS.md.
#pragma once

#include <string>

namespace schemas {

// Markdown. A pure function of this build's schemas; a test compares it with the committed file.
[[nodiscard]] std::string commands_doc();

}  // namespace schemas
