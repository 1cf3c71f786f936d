// --as-of T or --seq N, as options that several subcommands take.
#pragma once

#include "tools/bihuan/session.h"
#include "tools/ledger/ledger.h"

namespace tools {

struct MomentOptions : AskedMoment {
  void add_to(CLI::App& app);
};

}  // namespace tools
