// `bihuan policy tag`.
#pragma once

#include "tools/bihuan/session.h"

namespace tools {

void add_policy_tag(CLI::App& policy, Session& session);

}  // namespace tools
