// From a token's person to what it may act as, now: the directory's events decide, never the
// request.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/log/log.h"
#include "engine/result.h"
#include "schemas/command.h"
#include "server/identity/directory.h"
#include "server/identity/rights.h"

namespace server {

// Whom a token names.
struct Identity {
  std::string person;
  bool administrator = false;  // holds the token that `bihuan init` printed
  // Of a demo token: the role it tries out, as the first department, enterprise or supervisor of
  // the ledger, or as this department's officer.
  std::optional<schemas::Role> demo;
  std::string demo_department;
  bool clock = false;  // the server's own clock (ticker.h); no token says so
};

// Who the clock's acts are recorded as, and how its idempotency keys begin: nobody else may use
// such a key, or a card could be kept from coming by taking its key first.
inline constexpr std::string_view kClockPerson = "clock", kClockKeys = "clock/";

// What a person may act as: who is recorded as the actor, and its column of the table of rights.
struct Acting {
  schemas::Actor actor;
  std::size_t column = 0;
};

// Everything the person may act as on the day of `now`. An enterprise is its code, while it is not
// merged away or deregistered (one that is not registered yet may register); a supervisor is its
// number, while its term lasts.
[[nodiscard]] engine::Result<std::vector<Acting>> actings_of(const Identity& identity,
                                                             const Directory& directory,
                                                             const engine::Source& source,
                                                             engine::Micros now);

// As which of them the command may be asked for; nullptr: as none. Where several may, the one whose
// role the lifecycle admits and whose department the command names goes first.
[[nodiscard]] const Acting* choose(const std::vector<Acting>& actings,
                                   const schemas::Command& command);

}  // namespace server
