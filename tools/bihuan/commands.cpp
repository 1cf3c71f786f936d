// `bihuan commands`: the manual of every command, generated from the schemas and lifecycle tables.
#include "schemas/commands_doc.h"

#include "tools/bihuan/session.h"

namespace tools {

void add_commands(CLI::App& app, Session& session) {
  CLI::App* const sub = add_subcommand(app, session, "commands", "打印命令手册（docs/COMMANDS.md）",
                                       "Prints the manual of all commands (docs/COMMANDS.md)");
  sub->callback([] { print(schemas::commands_doc()); });
}

}  // namespace tools
