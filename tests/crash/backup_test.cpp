// R16: copies made while another thread appends. Each is a ledger that once was, whole and with the
// very root that was durable then. (The key store of another day: tests/tools/backup_test.cpp.)
#include <doctest/doctest.h>

#include <atomic>
#include <thread>

#include "engine/log/copying.h"
#include "tests/crash/campaign.h"
#include "tests/engine/ledger.h"

using namespace engine;
using namespace engine::test;

namespace {

// Appends one event after the other, until it is told to stop.
class Load {
 public:
  Load(Log& log, std::uint64_t from)
      : appended_(from - 1), thread_([this, &log, from] {
          for (std::uint64_t n = from; !stop_; ++n) {
            if (!log.append(events(n, n))) refused_ = true;
            appended_ = n;
          }
        }) {}
  ~Load() { stop(); }
  Load(const Load&) = delete;
  Load& operator=(const Load&) = delete;

  void stop() {
    stop_ = true;
    if (thread_.joinable()) thread_.join();
  }
  [[nodiscard]] std::uint64_t appended() const { return appended_; }
  [[nodiscard]] bool refused() const { return refused_; }
  void await_more() const {
    const std::uint64_t before = appended_;
    while (appended_ < before + 5 && !refused_) std::this_thread::yield();
  }

 private:
  std::atomic<std::uint64_t> appended_;
  std::atomic<bool> stop_ = false, refused_ = false;
  std::thread thread_;
};

// Empty: the copy is the ledger as it was, and goes on as one.
std::string check(const std::string& copy, const Copied& made, const Log& log) {
  const auto verified = verify_ledger(copy, {});
  if (!verified) return verified.error().text;
  if (verified->seq != made.seq || verified->root != made.root ||
      *log.root_at(made.seq) != made.root)
    return "another root than was durable";
  if (!holds(*open_log(copy, OpenMode::read_only), made.seq)) return "another record";
  const auto restored = open_log(copy);
  append_all(*restored, made.seq + 1, made.seq + 10);
  return holds(*restored, made.seq + 10) ? "" : "it does not go on";
}

std::string copy_twice(crash::Tally& tally) {
  const TempDir temp;
  const auto log = new_log(temp);
  append_all(*log, 1, 500, 25);
  Load load(*log, 501);
  const std::string names[] = {temp / "copy-0", temp / "copy-1"};
  std::vector<Copied> made;
  for (const std::string& name : names) {
    const std::uint64_t before = load.appended();
    load.await_more();
    const auto copied = copy_ledger(*log, name, made.empty() ? "" : names[0], {});
    if (!copied) return copied.error().text;
    made.push_back(*copied);
    if (copied->seq < before) return "an older moment than that of the call";
    load.await_more();
    tally.count("appended meanwhile", load.appended() - before);
    if (copied->shared != 0) tally.count("copies that share files");
  }
  load.stop();
  if (load.refused()) return "an append was refused";
  if (std::filesystem::exists(temp.ledger() + "/frozen")) return "what was frozen stays";
  std::string wrong;
  for (std::size_t i = 0; i < made.size() && wrong.empty(); ++i)
    wrong = check(names[i], made[i], *log);
  return wrong;
}

}  // namespace

TEST_CASE("R16: a copy made under load is a prefix of the log, whole, and goes on as a ledger") {
  crash::Tally tally("R16", "two copies while another thread appends");
  while (tally.runs() < crash::times(5)) {
    const std::string wrong = copy_twice(tally);
    tally.add(1, wrong);
    REQUIRE_MESSAGE(wrong.empty(), wrong);
  }
  CHECK(tally.seen("appended meanwhile") != 0);
  CHECK(tally.seen("copies that share files") != 0);
}
