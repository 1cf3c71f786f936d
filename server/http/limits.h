// What a client may take of the server: bytes, connections and time.
#pragma once

#include <cstddef>

#include "engine/clock.h"

namespace server {

struct HttpLimits {
  std::size_t connections = 10'000;    // of the whole server; more are closed at once
  std::size_t body_bytes = 8U << 20U;  // a batch of 1,000 lines; a single command has 1 MiB
  engine::Micros idle = 15'000'000;    // between two requests
  engine::Micros head = 10'000'000;    // from the first byte of a request to the end of its head
  engine::Micros body = 15'000'000;    // from there to the end of its body
  engine::Micros write = 15'000'000;   // for a reply, or a piece of one, to be taken
  engine::Micros answer = 60'000'000;  // for us to answer
  engine::Micros drain = 10'000'000;   // for what is at work when the server stops
};

}  // namespace server
