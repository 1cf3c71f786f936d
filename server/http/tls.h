// TLS for the listener: one certificate with its key, TLS 1.2 and newer.
#pragma once

#include <memory>
#include <string>

#include "engine/result.h"
#include "server/http/stream.h"

namespace server {

class Tls {
 public:
  // PEM files: the certificate with its chain, and its key. bad_input: they cannot be used.
  static engine::Result<std::unique_ptr<Tls>> load(const std::string& certificate,
                                                   const std::string& key);
  ~Tls();
  Tls(const Tls&) = delete;
  Tls& operator=(const Tls&) = delete;

  // The stream outlives nothing of this object: it is to be closed before. Any thread.
  [[nodiscard]] std::unique_ptr<Stream> secure(Socket socket);

 private:
  struct Context;
  explicit Tls(std::unique_ptr<Context> context);
  std::unique_ptr<Context> context_;
};

}  // namespace server
