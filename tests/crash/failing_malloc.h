// R11: a program whose nth allocation fails, once or from then on. Linked into it alone.
#pragma once

namespace crash {

// Counts from the call. Each failure is told on stdout by a line "f", the first alone if forever.
void fail_allocation(unsigned long nth, bool forever);

}  // namespace crash
