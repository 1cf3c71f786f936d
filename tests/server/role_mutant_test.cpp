// The ninth seeded mutant of reliability.md section 6: a server that forgets to look at the role at
// one of its routes is caught by the product of roles and routes.
#include <doctest/doctest.h>

#include "engine/mutant.h"
#include "tests/server/role_product.h"

TEST_CASE(
    "a role check that was dropped at one route is caught by the product, and at that route") {
  support::Served served;
  role_product::given_everybody(served);
  engine::the_mutant = engine::Mutant::dropped_role_check;
  const role_product::Product product = role_product::ask_everywhere(served);
  engine::the_mutant = engine::Mutant::none;
  REQUIRE(!product.wrong.empty());
  for (const std::string& one : product.wrong) CHECK(one.starts_with("/v1/outbox by "));
}
