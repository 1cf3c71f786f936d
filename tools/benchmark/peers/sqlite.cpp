// SQLite in WAL mode with synchronous=FULL: a commit returns after the write-ahead log is synced.
#include <fmt/format.h>
#include <sqlite3.h>

#include <filesystem>

#include "tools/benchmark/peers/peer.h"

namespace tools {

namespace {

struct Close {
  void operator()(sqlite3* database) const { sqlite3_close(database); }
};
struct Finalize {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};

class Database {
 public:
  explicit Database(const std::string& path) {
    sqlite3* opened = nullptr;
    const int code = sqlite3_open(path.c_str(), &opened);
    database_.reset(opened);
    if (code != SQLITE_OK) throw PeerFailed{sqlite3_errmsg(opened)};
    run("pragma journal_mode=wal; pragma synchronous=full");
  }
  void run(const char* sql) {
    if (sqlite3_exec(database_.get(), sql, nullptr, nullptr, nullptr) != SQLITE_OK)
      throw PeerFailed{sqlite3_errmsg(database_.get())};
  }
  [[nodiscard]] sqlite3* get() const { return database_.get(); }

 private:
  std::unique_ptr<sqlite3, Close> database_;
};

class SqliteSession final : public Session {
 public:
  explicit SqliteSession(const std::string& path) : database_(path) {
    sqlite3_stmt* prepared = nullptr;
    if (sqlite3_prepare_v2(database_.get(),
                           "insert into appended (recorded_at, stream, version, type, actor, id, "
                           "payload) values (?, ?, ?, ?, ?, ?, ?)",
                           -1, &prepared, nullptr) != SQLITE_OK)
      throw PeerFailed{sqlite3_errmsg(database_.get())};
    insert_.reset(prepared);
  }

  void append(std::span<const PeerEvent> events) override {
    if (events.size() > 1) database_.run("begin immediate");
    for (const PeerEvent& event : events) insert(event);
    if (events.size() > 1) database_.run("commit");
  }

 private:
  void insert(const PeerEvent& event) {
    const std::string stream = event.kind + '/' + event.no;
    const std::string id = event.id.empty() ? fmt::format("follows-{}", event.seq) : event.id;
    sqlite3_stmt* const statement = insert_.get();
    const auto text = [&](int place, const std::string& value) {
      sqlite3_bind_text(statement, place, value.data(), static_cast<int>(value.size()), nullptr);
    };
    sqlite3_bind_int64(statement, 1, event.recorded_at);
    text(2, stream);
    sqlite3_bind_int64(statement, 3, event.version);
    text(4, event.type);
    text(5, event.actor);
    text(6, id);
    sqlite3_bind_blob(statement, 7, event.payload.data(), static_cast<int>(event.payload.size()),
                      nullptr);
    if (sqlite3_step(statement) != SQLITE_DONE) throw PeerFailed{sqlite3_errmsg(database_.get())};
    sqlite3_reset(statement);
  }

  Database database_;
  std::unique_ptr<sqlite3_stmt, Finalize> insert_;
};

class SqlitePeer final : public Peer {
 public:
  explicit SqlitePeer(const std::string& path) : path_(path) {}
  void begin() override {
    for (const char* ending : {"", "-wal", "-shm"}) std::filesystem::remove(path_ + ending);
    Database(path_).run(
        "create table appended (seq integer primary key, recorded_at integer not null, stream text "
        "not null, version integer not null, type text not null, actor text not null, id text not "
        "null unique, payload blob not null, unique (stream, version))");
  }
  std::unique_ptr<Session> connect() override { return std::make_unique<SqliteSession>(path_); }
  double bytes() override {
    Database(path_).run("pragma wal_checkpoint(truncate)");
    return static_cast<double>(std::filesystem::file_size(path_));
  }
  [[nodiscard]] bool takes_clients() const override { return false; }  // one writer at a time

 private:
  std::string path_;
};

}  // namespace

std::unique_ptr<Peer> sqlite_table(const std::string& where) {
  return std::make_unique<SqlitePeer>(where);
}

}  // namespace tools
