// One client, one thread, one seed.
#include "tests/crash/solo.h"

#include <thread>

#include "engine/log/head.h"

namespace crash {

Solo::Solo(std::uint64_t seed, Shape shape)
    : shape_(shape), numbers_(seed), disk_(seed ^ 0xD15C), mounted_(disk_) {
  disk_.step_by_step(true);
}

Solo::~Solo() { close(); }

Result<void> Solo::create() {
  disk_.step_by_step(false);
  const auto made = engine::Log::create(kLedger, "测试区");
  disk_.let_background_run();
  disk_.step_by_step(true);
  return made;
}

bool Solo::open() {
  auto log = engine::Log::open(kLedger, engine::OpenMode::read_write);
  error_.reset();
  if (!log) {
    error_ = log.error();
    return false;
  }
  log_ = std::move(*log);
  // After a restart HEAD is behind, or it is not; in both cases its thread is where it will be.
  if (head_seq() != log_->size()) disk_.await_head();
  disk_.let_background_run();
  book_ = std::make_unique<Book>(*log_);
  writer_ = std::make_unique<BookWriter>(*log_, *book_);
  balances_ = std::make_unique<engine::Derived<Balances>>(*log_);
  writing_ = true;
  return true;
}

// Its threads end in any order, and nothing that was promised rests on it.
void Solo::close() {
  writer_.reset();
  book_.reset();
  balances_.reset();
  disk_.set_aside(true);
  disk_.step_by_step(false);
  log_.reset();
  disk_.step_by_step(true);
  disk_.set_aside(false);
  writing_ = false;
}

void Solo::kill() {
  disk_.cut_at(1);
  Ino nothing = 0;
  disk_.create(kRoot + "/last-breath", /*exclusive=*/false, nothing);
  close();
}

void Solo::lose(Loss loss) {
  if (!disk_.is_cut()) kill();
  close();
  disk_.insert(disk_.image().after_power_cut(loss, numbers_));
}

std::string Solo::verify(std::size_t retries) {
  if (!open()) return "the ledger does not open: " + error_->text;
  std::string wrong = oracle_.check(*log_);
  if (wrong.empty() && retries != 0) {
    writer_.reset();  // one writer at a time
    const std::uint64_t before = log_->size();
    wrong = oracle_.retry(*log_, retries, [&] {
      if (log_->size() != before) disk_.await_head();
    });
    book_ = std::make_unique<Book>(*log_);
    writer_ = std::make_unique<BookWriter>(*log_, *book_);
  }
  return wrong;
}

bool Solo::live(std::uint64_t acts) {
  for (std::uint64_t i = 0; i < acts && writing_; ++i) act();
  return writing_;
}

void Solo::act() {
  const std::uint64_t choice = numbers_.below(100);
  if (choice < 60) {
    send();
  } else if (choice < 80) {
    send_group();
  } else if (choice < 92) {
    look();
  } else if (numbers_.below(shape_.head_one_in) == 0) {
    follow_head();
  } else if (numbers_.below(shape_.flush_one_in / 8) == 0) {
    static_cast<void>(balances_->flush());
    // HEAD first, so that its thread has nothing left to do beside RocksDB's.
    while (head_seq() != log_->size() && disk_.let_head_write() != 0)
      if (head_seq() != log_->size()) disk_.await_head();
    disk_.let_flushes_run();
    const auto flushed = log_->flush();
    writing_ = flushed.has_value();
    if (!flushed) write_error_ = flushed.error();
    disk_.let_background_run();
    disk_.step_by_step(true);
  }
}

// What HEAD names; not a read of the run's, so no fault strikes it.
std::uint64_t Solo::head_seq() {
  disk_.set_aside(true);
  const auto head = engine::read_head(kLedger + "/HEAD");
  disk_.set_aside(false);
  return head ? head->seq : 0;
}

// HEAD writes what it took note of first; if more came meanwhile, it waits to write again.
void Solo::follow_head() {
  if (head_seq() == log_->size()) return;
  const std::uint64_t written = disk_.let_head_write();
  if (written == 0) {
    // The log stops as soon as HEAD's thread has said so. An empty group is never recorded.
    while (log_->append({}).error().code == engine::ErrorCode::bad_input) std::this_thread::yield();
  } else if (written < log_->size()) {
    disk_.await_head();
  }
}

Entry Solo::entry() {
  if (numbers_.below(10) == 0)
    if (const Entry* const again = oracle_.any(numbers_.next())) return *again;
  Entry entry;
  entry.id = "c" + std::to_string(++ids_);
  entry.account = static_cast<std::uint32_t>(numbers_.below(shape_.accounts));
  entry.amount = static_cast<std::int64_t>(numbers_.below(100)) - 30;
  entry.expected = numbers_.below(10) == 0 ? static_cast<std::uint32_t>(numbers_.below(20)) : 0;
  entry.events = static_cast<std::uint32_t>(1 + numbers_.below(3));
  entry.bytes = numbers_.below(20) == 0 ? shape_.bytes_big : numbers_.below(shape_.bytes_max);
  clock_ += static_cast<Micros>(numbers_.below(2'000'000)) - 500'000;  // it goes back at times
  entry.at = clock_;
  return entry;
}

void Solo::answer(const Entry& entry, const engine::Answer& answer) {
  oracle_.answered(entry.id, answer);
  if (!answer.error) return;
  write_error_ = answer.error;
  writing_ = false;
}

bool Solo::acknowledges() {
  Entry one;
  one.id = "c" + std::to_string(++ids_);
  one.amount = 1;
  one.at = clock_;
  oracle_.sent(one);
  const auto got = writer_->execute(one).value();
  answer(one, got);
  return got.receipt.has_value();
}

std::string Solo::reads() {
  Balances fresh;
  const auto read = log_->read(1, 0, [&](const RecordView& record) {
    fresh.apply(record);
    return true;
  });
  if (!read) return "reads stopped: " + read.error().text;
  if (fresh.seq() != log_->size()) return "records are missing from a read";
  const auto report = balances_->upto();
  if (!report) return "the report cannot be drawn: " + report.error().text;
  if ((*report)->as_of(log_->size()) != fresh.as_of(log_->size()))
    return "the report is another one than the records give";
  return {};
}

void Solo::send() {
  const Entry one = entry();
  const std::uint64_t before = log_->size();
  oracle_.sent(one);
  answer(one, writer_->execute(one).value());
  if (log_->size() != before) disk_.await_head();
}

// Several commands in one synced batch, as they come when clients do not wait for one another.
void Solo::send_group() {
  std::vector<Entry> entries;
  std::vector<std::size_t> counts;
  std::vector<engine::NewEvent> group;
  for (std::uint64_t i = 2 + numbers_.below(6); i > 0; --i) {
    const Entry one = entry();
    oracle_.sent(one);
    auto ruling = book_->decide(one, log_->size() + 1 + group.size());
    if (!ruling) {
      writing_ = false;
      return;
    }
    if (ruling->events.empty()) continue;
    entries.push_back(one);
    counts.push_back(ruling->events.size());
    for (engine::NewEvent& event : ruling->events) group.push_back(std::move(event));
  }
  if (group.empty()) return;
  const auto appended = log_->append(group);
  std::size_t first = 0;
  for (std::size_t i = 0; i < entries.size(); first += counts[i++]) {
    engine::Answer one;
    if (appended)
      one.receipt = engine::Receipt{appended->first_seq + first, group[first].version,
                                    group[first].recorded_at, appended->leaves[first]};
    else
      one.error = appended.error();
    answer(entries[i], one);
  }
  writer_.reset();  // it counts the seqs that it gave; now others were given
  writer_ = std::make_unique<BookWriter>(*log_, *book_);
  if (appended) disk_.await_head();
}

// A reader: what it is shown stands from then on.
void Solo::look() {
  const std::uint64_t size = log_->size();
  if (size == 0) return;
  const std::uint64_t seq = 1 + numbers_.below(size);
  if (const auto root = log_->root_at(seq)) oracle_.shown(seq, *root);
  if (const auto state = balances_->upto()) oracle_.reported(seq, (*state)->as_of(seq));
}

std::string cut_after_cut(Solo& run, std::uint64_t cuts, const std::function<void(Loss)>& seen) {
  if (!run.create() || !run.open()) return "the ledger cannot be made";
  for (std::uint64_t i = 0; i < cuts; ++i) {
    run.disk().cut_at(1 + run.numbers().below(60));
    run.live(60);
    const Loss loss = kLosses[run.numbers().below(5)];
    seen(loss);
    run.lose(loss);
    const std::string wrong = run.verify();
    if (!wrong.empty())
      return "cut " + std::to_string(i) + " (" + std::string(name_of(loss)) + "): " + wrong;
  }
  return {};
}

}  // namespace crash
