// The doctest main, compiled once for all rooms.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>

// Debian's librocksdb is not instrumented, so ThreadSanitizer cannot see the ordering inside it
// (its memtable is lock-free): reports with a frame of it are left out (reliability.md section 10).
// Its locks are still seen; "called_from_lib" would hide those too and invent races in our own
// code.
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
extern "C" const char* __tsan_default_suppressions();
extern "C" const char* __tsan_default_suppressions() { return "race:librocksdb.so\n"; }
#endif
#endif
