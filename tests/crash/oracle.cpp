// Reading the whole ledger back and holding it against what was promised.
#include "tests/crash/oracle.h"

#include <set>
#include <vector>

#include "engine/proof/merkle.h"
#include "engine/proof/record.h"
#include "engine/replay/derived.h"

namespace crash {

using engine::Hash;

struct Oracle::Scan {
  std::string wrong;
  std::uint64_t next = 1;
  std::vector<Hash> leaves;
  std::map<std::string, std::uint64_t> seq_of;  // id
  std::map<std::string, std::uint32_t> parts;   // events of the command
  std::map<std::string, Micros> time_of;
  std::string id;  // of the command that the last record belongs to
  std::uint32_t place = 0, of = 0;
  Micros last = 0;

  void say(const std::string& what) {
    if (wrong.size() < 1000) wrong += what + "; ";
  }
};

void Oracle::sent(const Entry& entry) {
  const std::lock_guard lock(mutex_);
  const auto [one, fresh] = commands_.try_emplace(entry.id);
  if (!fresh) {
    one->second.refused = false;  // asked again, it may be accepted: it is in doubt again
    return;
  }
  one->second.entry = entry;
  one->second.order = by_order_.size();
  by_order_.emplace(one->second.order, entry.id);
}

void Oracle::answered(const std::string& id, const engine::Answer& answer) {
  const std::lock_guard lock(mutex_);
  Command& command = commands_.at(id);
  if (!answer.refused.empty()) command.refused = true;
  if (answer.error || !answer.receipt) return;
  if (!command.acked) command.receipt = *answer.receipt;
  command.acked = true;
  command.refused = false;
}

void Oracle::shown(std::uint64_t seq, const Hash& root) {
  const std::lock_guard lock(mutex_);
  roots_.emplace(seq, root);
}

void Oracle::reported(std::uint64_t seq, std::string text) {
  const std::lock_guard lock(mutex_);
  reports_.emplace(seq, std::move(text));
}

std::uint64_t Oracle::acked() const {
  const std::lock_guard lock(mutex_);
  return static_cast<std::uint64_t>(
      std::ranges::count_if(commands_, [](const auto& one) { return one.second.acked; }));
}

std::uint64_t Oracle::last_acked_seq() const {
  const std::lock_guard lock(mutex_);
  std::uint64_t last = 0;
  for (const auto& [id, command] : commands_)
    if (command.acked) last = std::max(last, command.receipt.seq);
  return last;
}

const Entry* Oracle::any(std::uint64_t choice) const {
  const std::lock_guard lock(mutex_);
  if (by_order_.empty()) return nullptr;
  return &commands_.at(by_order_.at(choice % by_order_.size())).entry;
}

// ---- (a) to (f) --------------------------------------------------------------------------------

void Oracle::compare(const RecordView& record, Scan& scan) const {
  const std::string here = "record " + std::to_string(record.seq);
  if (record.seq != scan.next++) scan.say("(c) a hole before " + here);
  if (record.recorded_at < scan.last) scan.say("(c) time goes back at " + here);
  scan.last = record.recorded_at;
  const engine::Bytes entry = engine::encode_entry(record);
  scan.leaves.push_back(engine::leaf_hash(entry));
  if (engine::sha256(record.payload) != engine::entry_payload_hash(entry))
    scan.say("(d) the payload of " + here + " is not what its header says");
  const auto line = line_of(record.payload);
  const bool follows = (record.flags & engine::kFollows) != 0;
  if (!follows) {
    if (scan.place != scan.of) scan.say("(b) a command is torn before " + here);
    scan.id = record.id;
    scan.place = 0;
    if (!scan.seq_of.emplace(scan.id, record.seq).second)
      scan.say("(b) " + scan.id + " is there twice, again at " + here);
    scan.time_of[scan.id] = record.recorded_at;
  }
  const auto command = commands_.find(scan.id);
  if (!line || command == commands_.end()) {
    scan.say("(b) nobody sent " + here);
    return;
  }
  scan.of = line->of;
  if (line->place != scan.place++ || line->balance < 0 || line->of != command->second.entry.events)
    scan.say("(b) a command is torn at " + here);
  scan.parts[scan.id] = scan.place;
  if (!std::ranges::equal(record.payload, payload_of(command->second.entry, *line)))
    scan.say("(a) " + here + " has another content than was sent");
}

void Oracle::check_commands(const Scan& scan, std::string& wrong) {
  for (auto& [id, command] : commands_) {
    const auto found = scan.seq_of.find(id);
    if (found == scan.seq_of.end()) {
      if (command.acked)
        wrong += "(a) " + id + " was acknowledged as record " +
                 std::to_string(command.receipt.seq) + " and is gone; ";
      continue;
    }
    const std::uint64_t seq = found->second;
    if (command.refused && !command.acked) wrong += "(b) " + id + " was refused and is there; ";
    const Hash& leaf = scan.leaves[seq - 1];
    if (command.acked && (command.receipt.seq != seq || command.receipt.leaf != leaf))
      wrong += "(a) " + id + " is not the record that was acknowledged; ";
    if (command.acked) continue;
    // It was in doubt and it is there: it was shown now, and stands from now on.
    command.acked = true;
    command.receipt = {seq, 0, scan.time_of.at(id), leaf};
  }
}

void Oracle::check_tree(const engine::Log& log, const Scan& scan, std::string& wrong) const {
  const auto root = log.root_at(log.size());
  if (!root || *root != engine::root_of(scan.leaves)) wrong += "(d) the root is another one; ";
  for (const auto& [seq, before] : roots_) {
    const auto now = seq <= log.size() ? log.root_at(seq) : Result<Hash>(Hash{});
    if (!now || *now != before)
      wrong += "(e) the tree does not continue the one shown at " + std::to_string(seq) + "; ";
  }
}

void Oracle::check_reports(engine::Log& log, std::string& wrong) const {
  engine::Derived<Balances> live(log);
  const auto state = live.upto();
  Balances fresh;
  const auto read = log.read(1, 0, [&](const RecordView& record) {
    fresh.apply(record);
    return true;
  });
  if (!state || !read) {
    wrong += "(f) the projection cannot be read; ";
    return;
  }
  if ((*state)->as_of(log.size()) != fresh.as_of(log.size()))
    wrong += "(f) the projection is not what a fold from record 1 gives; ";
  for (const auto& [seq, text] : reports_)
    if (seq <= log.size() && ((*state)->as_of(seq) != text || fresh.as_of(seq) != text))
      wrong += "(f) the report as of " + std::to_string(seq) + " is another one; ";
}

std::string Oracle::check(engine::Log& log) {
  const std::lock_guard lock(mutex_);
  Scan scan;
  const auto read = log.read(1, 0, [&](const RecordView& record) {
    compare(record, scan);
    return true;
  });
  if (!read) return "(a) the log cannot be read: " + read.error().text;
  if (scan.next != log.size() + 1) scan.say("(c) the log ends before it ends");
  if (scan.place != scan.of) scan.say("(b) the last command is torn");
  check_commands(scan, scan.wrong);
  check_tree(log, scan, scan.wrong);
  check_reports(log, scan.wrong);
  if (log.size() != 0 && scan.wrong.empty()) roots_[log.size()] = log.root_at(log.size()).value();
  return scan.wrong;
}

// ---- (g) ---------------------------------------------------------------------------------------

std::string Oracle::retry(engine::Log& log, std::size_t most,
                          const std::function<void()>& after_each) {
  std::string wrong;
  Book book(log);
  BookWriter writer(log, book);
  for (std::size_t i = 0; i < most && i < by_order_.size(); ++i) {
    Command& command = commands_.at(by_order_.at(by_order_.size() - 1 - i));
    const std::uint64_t before = log.size();
    const auto answer = writer.execute(command.entry);
    if (!answer || answer->error) return wrong + "(g) a retry failed; ";
    after_each();
    const std::string& id = command.entry.id;
    if (command.acked) {
      if (!answer->repeated || !answer->receipt || answer->receipt->seq != command.receipt.seq ||
          answer->receipt->leaf != command.receipt.leaf || log.size() != before)
        wrong += "(g) a retry of " + id + " did not get its first receipt; ";
    } else if (answer->repeated) {
      wrong += "(g) " + id + " was never recorded and is called a repeat; ";
    }
    answered(id, *answer);
  }
  return wrong;
}

}  // namespace crash
