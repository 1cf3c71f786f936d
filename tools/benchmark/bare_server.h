// The least that a server on Beast can be: it reads a request, and answers a constant. What ours is
// compared with, in the same run: the same library, the same threads, and nothing behind it.
#pragma once

namespace tools {

// Serves on a free port of this machine, which it prints as bihuand does, on two threads, until a
// signal. A child of `load`.
int serve_bare();

}  // namespace tools
