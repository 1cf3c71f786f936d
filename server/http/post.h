// One POST to another system, blocking, over HTTP/1.1, plain or in TLS: for a thread that may be
// kept.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "engine/result.h"
#include "server/http/message.h"

namespace server {

// Another system, at http://HOST:PORT/PATH or https://HOST:PORT/PATH. In TLS (1.2 and newer) its
// certificate must be in time, be for HOST, and lead to an authority that is believed: of
// `authorities`, a PEM file, and of nobody else; without one, those that the machine knows.
class Recipient {
 public:
  // bad_input: not such an address, or no certificate can be read from the file.
  static engine::Result<std::unique_ptr<Recipient>> open(const std::string& url,
                                                         const std::string& authorities);
  ~Recipient();
  Recipient(const Recipient&) = delete;
  Recipient& operator=(const Recipient&) = delete;

  // The status of the reply; io: it could not be reached, is not who it should be (then nothing was
  // said to it), or gave no whole reply in that time. Redirects are not followed. Any thread.
  [[nodiscard]] engine::Result<unsigned> post(const Fields& headers, const std::string& body,
                                              std::chrono::milliseconds within) const;

 private:
  struct Place;
  explicit Recipient(std::unique_ptr<Place> place);
  std::unique_ptr<Place> place_;
};

}  // namespace server
