// What bihuand is started with.
#pragma once

#include <cstdint>
#include <string>

#include "engine/replay/writer.h"
#include "server/http/limits.h"
#include "server/rates.h"
#include "server/webhook.h"

namespace server {

struct Options {
  std::string data;
  std::string address = "127.0.0.1";
  std::uint16_t port = 8642;
  std::string demo_tokens;  // a file to write them to; empty: none are made
  std::string jwks;         // public keys of who may sign tokens; empty: nobody outside
  std::string jwt_issuer, jwt_audience;  // what such a token must say; empty: anything
  std::string pages;                     // the directory of the built pages; empty: none are served
  std::string tls_certificate, tls_key;  // PEM files; empty: plain HTTP
  unsigned loops = 2;                    // threads that speak HTTP
  unsigned workers = 2;                  // threads that draw reports
  std::size_t waiting_reads = 256;
  HttpLimits http;
  // Requests of one person, and of one address (many persons may share one); a batch is one.
  RateLimit of_person{1000, 5000}, of_address{5000, 25'000};
  engine::WriterLimits writer;
  WebhookOptions webhook;
  bool rehearsal = false;  // the clock may be set (rehearsal.h)
  bool chores = true;      // reminders and notices by itself; a test does them when it says so
};

}  // namespace server
