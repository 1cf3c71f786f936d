// A process that gets no more memory ends at once: one sentence on stderr, and an exit code of its
// own. It is like a kill: what was acknowledged is durable, and a restart finds it
// (docs/RELIABILITY.md, R11). Going on would be worse: what an allocation that fails leaves half
// done, in our code or in a library's, nobody has tried.
#pragma once

#include <unistd.h>

#include <exception>
#include <new>
#include <string_view>
#include <system_error>

namespace engine {

inline constexpr int kNoMemoryExit = 71;  // EX_OSERR of sysexits.h

// Allocates nothing. Any thread.
[[noreturn]] inline void end_without_memory() noexcept {
  constexpr std::string_view kSentence =
      "内存不足，程序已停止；已承诺的都在，可以重新启动。 Out of memory: the program has ended; "
      "what "
      "was acknowledged is durable, start it again.\n";
  [[maybe_unused]] const ssize_t told = ::write(STDERR_FILENO, kSentence.data(), kSentence.size());
  ::_exit(kNoMemoryExit);
}

// Of an exception that nobody caught: was it memory, or a thread that there was none for?
inline bool is_of_memory(const std::exception_ptr& thrown) noexcept {
  if (thrown == nullptr) return false;
  try {
    std::rethrow_exception(thrown);
  } catch (const std::bad_alloc&) {
    return true;
  } catch (const std::system_error& error) {
    return error.code() == std::errc::resource_unavailable_try_again ||
           error.code() == std::errc::not_enough_memory;
  } catch (...) {
    return false;
  }
}

// For main(), first of all.
inline void end_when_memory_ends() {
  static const std::terminate_handler otherwise = std::get_terminate();
  std::set_new_handler(end_without_memory);
  std::set_terminate([] {
    if (is_of_memory(std::current_exception())) end_without_memory();
    otherwise();
  });
}

}  // namespace engine
