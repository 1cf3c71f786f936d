// What was promised to clients, kept outside the ledger: of every command whether it was answered,
// is in doubt, or was never sent. After a recovery it says in words what of reliability.md section
// 6 (a) to (g) does not hold; an empty text is a ledger that kept its word.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>

#include "engine/log/log.h"
#include "engine/replay/writer.h"
#include "tests/crash/book.h"

namespace crash {

class Oracle {
 public:
  // A command leaves the client: in doubt until it is answered.
  void sent(const Entry& entry);
  void answered(const std::string& id, const engine::Answer& answer);
  // A root that was handed out, or a record that was shown: from then on it stands.
  void shown(std::uint64_t seq, const engine::Hash& root);
  // What a report said as of a seq.
  void reported(std::uint64_t seq, std::string text);

  // Checks (a) to (f) on a log opened after the fault, and takes note of what is there now.
  [[nodiscard]] std::string check(engine::Log& log);
  // Check (g): acknowledged commands, and those in doubt, sent again through a writer. At most so
  // many of them, the newest first. `after_each` is told of each answer, for a run on one thread.
  [[nodiscard]] std::string retry(
      engine::Log& log, std::size_t most, const std::function<void()>& after_each = [] {});

  [[nodiscard]] std::uint64_t acked() const;
  [[nodiscard]] std::uint64_t last_acked_seq() const;
  // Of one of the commands sent, for a retry; nullptr if none was.
  [[nodiscard]] const Entry* any(std::uint64_t choice) const;

 private:
  struct Command {
    Entry entry;
    engine::Receipt receipt;
    bool acked = false, refused = false;
    std::uint64_t order = 0;
  };
  struct Scan;
  void compare(const RecordView& record, Scan& scan) const;
  void check_commands(const Scan& scan, std::string& wrong);
  void check_tree(const engine::Log& log, const Scan& scan, std::string& wrong) const;
  void check_reports(engine::Log& log, std::string& wrong) const;

  mutable std::mutex mutex_;
  std::map<std::string, Command> commands_;
  std::map<std::uint64_t, std::string> by_order_;
  std::map<std::uint64_t, engine::Hash> roots_;
  std::map<std::uint64_t, std::string> reports_;
};

}  // namespace crash
