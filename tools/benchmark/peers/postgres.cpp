// PostgreSQL, fsync and synchronous_commit on: a plain events table, and message-db on top of it.
#include <arpa/inet.h>
#include <fmt/format.h>
#include <libpq-fe.h>

#include <array>

#include "tools/benchmark/peers/peer.h"
#include "tools/benchmark/peers/postgres.h"

namespace tools {

PgConnection::PgConnection(const std::string& where) : connection_(PQconnectdb(where.c_str())) {
  if (PQstatus(connection_.get()) != CONNECTION_OK)
    throw PeerFailed{PQerrorMessage(connection_.get())};
}

PgResult PgConnection::run(const std::string& sql) {
  return check(PQexec(connection_.get(), sql.c_str()));
}

PgResult PgConnection::check(PGresult* result) const {
  PgResult held(result);
  const ExecStatusType status = PQresultStatus(result);
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK && status != PGRES_COPY_IN)
    throw PeerFailed{PQerrorMessage(connection_.get())};
  return held;
}

namespace {

constexpr const char* kTable = R"(
drop table if exists appended;
create table appended (
  seq bigint generated always as identity primary key,
  recorded_at bigint not null, stream text not null, version int not null, type text not null,
  actor text not null, id text not null, payload bytea not null,
  unique (stream, version), unique (id)))";

// One append is one transaction: an INSERT of one row, or a COPY of a batch.
class TableSession final : public Session {
 public:
  explicit TableSession(const std::string& where) : postgres_(where) {
    postgres_.check(PQprepare(postgres_.get(), "one",
                              "insert into appended (recorded_at, stream, version, type, actor, "
                              "id, payload) values ($1, $2, $3, $4, $5, $6, $7) returning seq",
                              7, nullptr));
  }

  void append(std::span<const PeerEvent> events) override {
    if (events.size() == 1) return insert(events.front());
    postgres_.run(
        "copy appended (recorded_at, stream, version, type, actor, id, payload) from stdin");
    std::string rows;
    for (const PeerEvent& event : events) {
      rows += fmt::format("{}\t{}/{}\t{}\t{}\t{}\t{}\t\\\\x", event.recorded_at, event.kind,
                          event.no, event.version, event.type, event.actor, unique_id(event));
      for (const char byte : event.payload)
        rows += fmt::format("{:02x}", static_cast<unsigned char>(byte));
      rows += '\n';
    }
    if (PQputCopyData(postgres_.get(), rows.data(), static_cast<int>(rows.size())) != 1 ||
        PQputCopyEnd(postgres_.get(), nullptr) != 1)
      throw PeerFailed{PQerrorMessage(postgres_.get())};
    while (PGresult* const result = PQgetResult(postgres_.get())) postgres_.check(result);
  }

 private:
  // Only the first event of a command has an id of its own.
  static std::string unique_id(const PeerEvent& event) {
    return event.id.empty() ? fmt::format("follows-{}", event.seq) : event.id;
  }

  void insert(const PeerEvent& event) {
    const std::string at = std::to_string(event.recorded_at),
                      version = std::to_string(event.version), stream = event.kind + '/' + event.no,
                      id = unique_id(event);
    const std::array<const char*, 7> values = {
        at.c_str(),          stream.c_str(), version.c_str(),     event.type.c_str(),
        event.actor.c_str(), id.c_str(),     event.payload.data()};
    const std::array<int, 7> lengths = {0, 0, 0, 0, 0, 0, static_cast<int>(event.payload.size())};
    const std::array<int, 7> formats = {0, 0, 0, 0, 0, 0, 1};
    postgres_.check(PQexecPrepared(postgres_.get(), "one", 7, values.data(), lengths.data(),
                                   formats.data(), 0));
  }

  PgConnection postgres_;
};

class TablePeer final : public Peer {
 public:
  explicit TablePeer(const std::string& where) : where_(where) {}
  void begin() override { PgConnection(where_).run(kTable); }
  std::unique_ptr<Session> connect() override { return std::make_unique<TableSession>(where_); }
  double bytes() override {
    PgConnection postgres(where_);
    const PgResult size = postgres.run("select pg_total_relation_size('appended')");
    return std::stod(PQgetvalue(size.get(), 0, 0));
  }

 private:
  std::string where_;
};

// message-db's own function, with the expected version: it locks the category and checks.
class MessageSession final : public Session {
 public:
  explicit MessageSession(const std::string& where) : postgres_(where) {
    postgres_.run("set search_path to message_store, public");
    postgres_.check(PQprepare(postgres_.get(), "write",
                              "select write_message($1, $2, $3, $4::jsonb, $5::jsonb, $6)", 6,
                              nullptr));
  }

  void append(std::span<const PeerEvent> events) override {
    if (events.size() > 1) postgres_.run("begin");
    for (const PeerEvent& event : events) write(event);
    if (events.size() > 1) postgres_.run("commit");
  }

 private:
  void write(const PeerEvent& event) {
    const std::string id = fmt::format("00000000-0000-4000-8000-{:012x}", event.seq),
                      stream = event.kind + '-' + event.no,
                      metadata = "{\"actor\":\"" + event.actor + "\"}",
                      expected = std::to_string(static_cast<std::int64_t>(event.version) - 2);
    const std::array<const char*, 6> values = {id.c_str(),         stream.c_str(),
                                               event.type.c_str(), event.json.c_str(),
                                               metadata.c_str(),   expected.c_str()};
    postgres_.check(
        PQexecPrepared(postgres_.get(), "write", 6, values.data(), nullptr, nullptr, 0));
  }

  PgConnection postgres_;
};

class MessagePeer final : public Peer {
 public:
  explicit MessagePeer(const std::string& where) : where_(where) {}
  void begin() override {
    PgConnection(where_).run("truncate message_store.messages restart identity");
  }
  std::unique_ptr<Session> connect() override { return std::make_unique<MessageSession>(where_); }
  double bytes() override {
    PgConnection postgres(where_);
    const PgResult size = postgres.run("select pg_total_relation_size('message_store.messages')");
    return std::stod(PQgetvalue(size.get(), 0, 0));
  }

  // The lock of a category is held to the end of the transaction.
  [[nodiscard]] bool takes_parallel_batches() const override { return false; }

 private:
  std::string where_;
};

}  // namespace

std::unique_ptr<Peer> postgres_table(const std::string& where) {
  return std::make_unique<TablePeer>(where);
}
std::unique_ptr<Peer> message_db(const std::string& where) {
  return std::make_unique<MessagePeer>(where);
}

}  // namespace tools
