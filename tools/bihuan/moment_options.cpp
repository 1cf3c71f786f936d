#include "tools/bihuan/moment_options.h"

namespace tools {

void MomentOptions::add_to(CLI::App& app) {
  CLI::Option* const time =
      app.add_option("--as-of", as_of,
                     both("截至时刻（RFC 3339）", "as the ledger stood at this instant (RFC 3339)"))
          ->type_name("T");
  app.add_option("--seq", seq, both("截至事件号", "as it stood after this event"))
      ->type_name("N")
      ->excludes(time);
}

}  // namespace tools
