// A connection to PostgreSQL whose failures are PeerFailed with PostgreSQL's own words.
#pragma once

#include <libpq-fe.h>

#include <memory>
#include <string>

namespace tools {

struct ClearResult {
  void operator()(PGresult* result) const { PQclear(result); }
};
using PgResult = std::unique_ptr<PGresult, ClearResult>;

class PgConnection {
 public:
  explicit PgConnection(const std::string& where);
  PgResult run(const std::string& sql);
  PgResult check(PGresult* result) const;  // owns it
  [[nodiscard]] PGconn* get() const { return connection_.get(); }

 private:
  struct Finish {
    void operator()(PGconn* connection) const { PQfinish(connection); }
  };
  std::unique_ptr<PGconn, Finish> connection_;
};

}  // namespace tools
