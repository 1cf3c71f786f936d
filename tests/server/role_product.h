// S5: every role before every route of a whole server.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "event_generated.h"
#include "server/router.h"
#include "tests/support/served.h"

namespace role_product {

// An office in which every role stands for somebody, and an appeal at work.
void given_everybody(support::Served& served);
// Whose demo tokens there are.
[[nodiscard]] std::vector<schemas::Role> people();

struct Product {
  std::vector<std::string> wrong;      // where a route lets in or turns away against the table
  std::size_t denied = 0, let_in = 0;  // as the table says
};
// Asks a route as its example does, as a role, or as nobody; the status of the answer.
[[nodiscard]] unsigned ask(support::Served& served, const server::Route& route,
                           std::string_view role);
// Asks each route as nobody and as everybody.
[[nodiscard]] Product ask_everywhere(support::Served& served);

}  // namespace role_product
