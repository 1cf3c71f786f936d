// One connection's bytes, whatever carries them. Erased, so that the code that speaks HTTP is
// compiled once and not once for TCP and once for TLS.
#pragma once

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/system/error_code.hpp>
#include <memory>
#include <span>
#include <string>

#include "server/http/message.h"

namespace server {

// On the default executor of a loop, so that no coroutine pays for an erased one.
using Socket =
    boost::asio::basic_stream_socket<boost::asio::ip::tcp, boost::asio::io_context::executor_type>;

// Used by its loop's thread only.
class Stream {
 public:
  using Error = boost::system::error_code;
  virtual ~Stream() = default;
  // What comes before the first byte of HTTP.
  virtual Task<Error> begin() = 0;
  virtual Task<std::size_t> read_some(boost::asio::mutable_buffer into, Error& error) = 0;
  // All of it, or an error.
  virtual Task<Error> write(std::span<const boost::asio::const_buffer> pieces) = 0;
  // Ends what is being read or written now; may be called more than once.
  virtual void close() = 0;
  [[nodiscard]] virtual std::string address() const = 0;
  [[nodiscard]] virtual bool is_secure() const = 0;
};

[[nodiscard]] std::unique_ptr<Stream> plain_stream(Socket socket);

}  // namespace server
