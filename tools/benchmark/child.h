// A server in a process of its own that is measured: started, waited for until it says where it
// listens, and ended in good order or by signal 9.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "engine/log/file.h"
#include "engine/result.h"

namespace tools {

class Child {
 public:
  // A program beside this one. Returns when it has written a line with ":PORT" to its stdout; what
  // it writes to stderr goes to `log`.
  static engine::Result<Child> start(const std::string& program,
                                     const std::vector<std::string>& arguments,
                                     const std::string& log);
  ~Child() { stop(); }
  Child(Child&& other) noexcept
      : process_(std::exchange(other.process_, 0)),
        out_(std::move(other.out_)),
        port_(other.port_),
        ready_ms_(other.ready_ms_) {}
  Child& operator=(Child&&) = delete;

  // SIGTERM, and waits; the exit code, -1 if a signal ended it.
  int stop();
  void kill();
  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] double ready_ms() const { return ready_ms_; }  // from its start
  [[nodiscard]] double resident_bytes() const;

 private:
  Child() = default;
  int end(int signal);

  pid_t process_ = 0;
  engine::File out_;
  std::uint16_t port_ = 0;
  double ready_ms_ = 0;
};

}  // namespace tools
