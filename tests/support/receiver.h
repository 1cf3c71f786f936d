// Another system that takes notices: a real listener, HTTP or HTTPS, on a free port of this
// machine, which gives the answers that the test has told it to, and keeps what it was sent.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace support {

class Receiver {
 public:
  struct Got {
    std::string target, type, id, seconds, signature, body;
  };

  Receiver();
  // In TLS, by this certificate and its key (PEM files).
  Receiver(const std::string& certificate, const std::string& key);
  ~Receiver();
  Receiver(const Receiver&) = delete;
  Receiver& operator=(const Receiver&) = delete;

  [[nodiscard]] std::uint16_t port() const;
  // The statuses of the next answers; 0: it hangs up instead of answering. Then 204 for ever.
  void answer(std::initializer_list<unsigned> statuses);
  [[nodiscard]] std::vector<Got> got() const;
  // Those who came and went before they had said anything.
  [[nodiscard]] unsigned left() const;

 private:
  struct Wire;
  void serve();
  template <class Stream>
  void answer_one(Stream& stream);

  std::unique_ptr<Wire> wire_;
  mutable std::mutex mutex_;
  std::deque<unsigned> answers_;
  std::vector<Got> got_;
  unsigned left_ = 0;
  std::thread thread_;
};

}  // namespace support
