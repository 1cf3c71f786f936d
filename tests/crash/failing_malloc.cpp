// The C library's allocator behind a counter: what C++ and the C libraries allocate comes through
// here, in every thread.
#include "tests/crash/failing_malloc.h"

#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstddef>

#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
namespace crash {
void fail_allocation(unsigned long /*nth*/, bool /*forever*/) {}
}  // namespace crash
#else

namespace {

std::atomic<unsigned long> left{0};  // until it fails; 0: never
std::atomic<bool> fails_on{false}, failing{false};

bool fails() {
  if (failing.load(std::memory_order_relaxed)) return true;
  if (left.load(std::memory_order_relaxed) == 0 || left.fetch_sub(1) != 1) return false;
  failing.store(fails_on.load());
  return ::write(STDOUT_FILENO, "f\n", 2) == 2;
}

void* refused() {
  errno = ENOMEM;
  return nullptr;
}

}  // namespace

namespace crash {
void fail_allocation(unsigned long nth, bool forever) {
  fails_on.store(forever);
  left.store(nth);
}
}  // namespace crash

extern "C" {
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* old, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);

void* malloc(std::size_t size) { return fails() ? refused() : __libc_malloc(size); }
void* calloc(std::size_t count, std::size_t size) {
  return fails() ? refused() : __libc_calloc(count, size);
}
void* realloc(void* old, std::size_t size) {
  return fails() ? refused() : __libc_realloc(old, size);
}
void* aligned_alloc(std::size_t alignment, std::size_t size) {
  return fails() ? refused() : __libc_memalign(alignment, size);
}
int posix_memalign(void** out, std::size_t alignment, std::size_t size) {
  void* const got = fails() ? nullptr : __libc_memalign(alignment, size);
  if (got == nullptr) return ENOMEM;
  *out = got;
  return 0;
}
}
#endif
