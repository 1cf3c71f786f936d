// One client's connection: requests in, replies out, one after another, each within its limits.
#pragma once

#include <functional>
#include <memory>

#include "server/http/limits.h"
#include "server/http/loop.h"
#include "server/http/message.h"
#include "server/http/stream.h"

namespace server {

// Answers one request, on the loop of its connection. It does not throw.
using Answerer = std::function<Task<Reply>(Request&, Loop&)>;

// Ends when the connection does.
Task<void> serve(std::unique_ptr<Stream> stream, Loop& loop, const HttpLimits& limits,
                 const Answerer& answerer);

}  // namespace server
