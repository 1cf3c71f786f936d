// CHECK: always compiled, for our own bugs only, never for input. Prints the place and aborts.
#pragma once

#include <cstdio>
#include <cstdlib>

namespace engine {

[[noreturn]] inline void check_failed(const char* expression, const char* file, int line) {
  std::fprintf(stderr, "CHECK failed: %s at %s:%d\n", expression, file, line);
  std::abort();
}

}  // namespace engine

#define CHECK(expression) \
  ((expression) ? static_cast<void>(0) : ::engine::check_failed(#expression, __FILE__, __LINE__))
