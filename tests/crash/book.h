// A small ledger with rules, for runs in which faults strike: accounts that may not be overdrawn,
// commands with an id and, if the client wishes, an expected version. Small enough to be checked by
// eye, and it rests on the log for all that a real decider rests on: streams, ids, order, the whole
// or nothing of a command.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/log/log.h"
#include "engine/proof/bytes.h"
#include "engine/replay/writer.h"
#include "engine/ruling.h"
#include "tests/engine/ledger.h"

namespace crash {

using engine::Micros;
using engine::RecordView;
using engine::Result;

struct Entry {
  std::string id;
  std::uint32_t account = 0;
  std::int64_t amount = 0;
  std::uint32_t expected = 0;  // version; 0: any
  std::uint32_t events = 1;    // the first is the account's, the others go to its journal
  std::size_t bytes = 0;       // of filling in each payload
  Micros at = 0;               // the clock, which may go back
};

// What stands in a payload: place in the command, the balance after it, filling that follows from
// the id.
struct Line {
  std::uint32_t place = 0, of = 0;
  std::int64_t balance = 0;
};

inline std::vector<std::uint8_t> payload_of(const Entry& entry, const Line& line) {
  std::vector<std::uint8_t> out;
  engine::put_le(out, line.place);
  engine::put_le(out, line.of);
  engine::put_le(out, static_cast<std::uint64_t>(line.balance));
  engine::test::Numbers numbers(std::hash<std::string>{}(entry.id) + line.place);
  for (std::size_t i = 0; i < entry.bytes; ++i)
    out.push_back(static_cast<std::uint8_t>(numbers.next()));
  return out;
}

// nullopt: no payload of a book.
inline std::optional<Line> line_of(std::span<const std::uint8_t> payload) {
  if (payload.size() < 16) return std::nullopt;
  return Line{engine::get_le<std::uint32_t>(payload.data()),
              engine::get_le<std::uint32_t>(payload.data() + 4),
              static_cast<std::int64_t>(engine::get_le<std::uint64_t>(payload.data() + 8))};
}

class Book {
 public:
  explicit Book(const engine::Log& log) : log_(log), last_(log.last_recorded_at()) {}

  Result<engine::Ruling> decide(Entry entry, std::uint64_t next_seq) {
    engine::Ruling ruling;
    const auto before = seen(entry.id);
    if (!before) return std::unexpected(before.error());
    ruling.repeats = *before;
    if (ruling.repeats != 0) return ruling;
    const auto found = account(entry.account);
    if (!found) return std::unexpected(found.error());
    Account& account = **found;
    if (entry.expected != 0 && entry.expected != account.version) ruling.refused = "Stale";
    if (account.balance + entry.amount < 0) ruling.refused = "Overdrawn";
    if (!ruling.refused.empty()) return ruling;
    last_ = std::max(last_, entry.at);  // the clock may go back; the ledger's time does not
    account.balance += entry.amount;
    for (std::uint32_t i = 0; i < entry.events; ++i) {
      engine::NewEvent& event = ruling.events.emplace_back();
      event.recorded_at = event.occurred_at = last_;
      event.type = static_cast<std::uint16_t>(1 + i % 2);
      event.version = i == 0 ? ++account.version : ++account.journal;
      event.flags = i == 0 ? 0 : engine::kFollows;
      event.kind = i == 0 ? "account" : "journal";
      event.no = no_of(entry.account);
      event.actor = "teller";
      event.role = "clerk";
      if (i == 0) event.id = entry.id;
      event.payload = payload_of(entry, {i, entry.events, account.balance});
    }
    ids_.emplace(entry.id, next_seq);
    return ruling;
  }

  void forget() {
    accounts_.clear();
    ids_.clear();
    last_ = log_.last_recorded_at();
  }

  static std::string no_of(std::uint32_t account) { return "A-" + std::to_string(account); }

 private:
  struct Account {
    std::int64_t balance = 0;
    std::uint32_t version = 0, journal = 0;
  };

  Result<std::uint64_t> seen(const std::string& id) const {
    if (const auto one = ids_.find(id); one != ids_.end()) return one->second;
    const auto seq = log_.find_id(id);
    if (!seq) return std::unexpected(seq.error());
    return seq->value_or(0);
  }

  Result<Account*> account(std::uint32_t number) {
    if (const auto one = accounts_.find(number); one != accounts_.end()) return &one->second;
    Account account;
    for (const char* kind : {"account", "journal"}) {
      const auto read = log_.read_stream(kind, no_of(number), [&](const RecordView& r) {
        (r.kind == "account" ? account.version : account.journal) = r.version;
        if (const auto line = line_of(r.payload); line && r.kind == "account")
          account.balance = line->balance;
        return true;
      });
      if (!read) return std::unexpected(read.error());
    }
    return &(accounts_[number] = account);
  }

  const engine::Log& log_;
  Micros last_;
  std::map<std::uint32_t, Account> accounts_;
  std::unordered_map<std::string, std::uint64_t> ids_;  // decided by this process
};

// The balances after any seq: the projection of the oracle's check (f).
class Balances {
 public:
  static constexpr std::string_view kName = "balances";
  static constexpr std::uint32_t kVersion = 1;

  [[nodiscard]] std::uint64_t seq() const { return rows_.size(); }
  void apply(const RecordView& record) {
    const auto line = line_of(record.payload);
    const auto account = static_cast<std::uint32_t>(std::stoul(std::string(record.no.substr(2))));
    rows_.push_back({account, record.kind == "account", line ? line->balance : -1});
  }
  [[nodiscard]] std::vector<std::uint8_t> save(std::uint64_t from, std::uint64_t to) const {
    std::vector<std::uint8_t> out;
    engine::put_le(out, to);
    for (std::uint64_t i = from; i < to && i < rows_.size(); ++i) {
      engine::put_le(out, rows_[i].account);
      engine::put_le(out, static_cast<std::uint32_t>(rows_[i].counts));
      engine::put_le(out, static_cast<std::uint64_t>(rows_[i].balance));
    }
    return out;
  }
  Result<void> load(std::span<const std::uint8_t> bytes) {
    if (bytes.size() % 16 != 8) return engine::fail(engine::ErrorCode::corrupt, "no balances");
    for (std::size_t at = 8; at < bytes.size(); at += 16) {
      const std::uint8_t* const row = bytes.data() + at;
      rows_.push_back({engine::get_le<std::uint32_t>(row),
                       engine::get_le<std::uint32_t>(row + 4) != 0,
                       static_cast<std::int64_t>(engine::get_le<std::uint64_t>(row + 8))});
    }
    // As a projection of columns would: where it ends is what was said when it was stored.
    rows_.resize(engine::get_le<std::uint64_t>(bytes.data()));
    return {};
  }
  // One text of all balances as of a seq.
  [[nodiscard]] std::string as_of(std::uint64_t seq) const {
    std::map<std::uint32_t, std::int64_t> of;
    for (std::uint64_t i = 0; i < seq && i < rows_.size(); ++i)
      if (rows_[i].counts) of[rows_[i].account] = rows_[i].balance;
    std::string out;
    for (const auto& [account, balance] : of)
      out += std::to_string(account) + '=' + std::to_string(balance) + ' ';
    return out;
  }

 private:
  struct RowOf {
    std::uint32_t account = 0;
    bool counts = false;
    std::int64_t balance = 0;
  };
  std::vector<RowOf> rows_;
};

using BookWriter = engine::Writer<Book, Entry>;

}  // namespace crash
