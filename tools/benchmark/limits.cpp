// The machine's limits: bare loops without any of our code but the hash.
#include "tools/benchmark/limits.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <functional>
#include <numeric>
#include <thread>
#include <vector>

#include "engine/proof/hash.h"
#include "tools/benchmark/columns.h"
#include "tools/benchmark/stopwatch.h"

namespace tools {

using engine::Result;

namespace {

constexpr int kRuns = 5;
constexpr std::size_t kMiB = std::size_t{1} << 20U;

// A file of its own in the ledger's file system, gone when the measurement is.
class ScratchFile {
 public:
  explicit ScratchFile(const std::string& dir) : path_(dir + "/limit.scratch") {
    descriptor_ = ::open(path_.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
  }
  ~ScratchFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
    ::unlink(path_.c_str());
  }
  ScratchFile(const ScratchFile&) = delete;
  ScratchFile& operator=(const ScratchFile&) = delete;

  [[nodiscard]] bool append(const std::vector<char>& bytes) const {
    return ::write(descriptor_, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()) &&
           ::fdatasync(descriptor_) == 0;
  }
  [[nodiscard]] bool rewind() const { return ::lseek(descriptor_, 0, SEEK_SET) == 0; }
  [[nodiscard]] engine::Error error() const {
    return {engine::ErrorCode::io, fmt::format("{}: {}.", path_, std::strerror(errno)), 0};
  }

 private:
  std::string path_;
  int descriptor_ = -1;
};

// Synced appends of `size` bytes for `seconds`: how many a second.
Result<double> append_rate(const std::string& dir, std::size_t size, double seconds) {
  const ScratchFile file(dir);
  const std::vector<char> bytes(size, 'x');
  const Stopwatch watch;
  std::size_t appended = 0;
  do {
    if (!file.append(bytes)) return std::unexpected(file.error());
    ++appended;
  } while (watch.seconds() < seconds);
  return static_cast<double>(appended) / watch.seconds();
}

}  // namespace

Result<double> fdatasync_rate(const std::string& dir, double seconds) {
  return append_rate(dir, 300, seconds);
}

Result<double> overwrite_rate(const std::string& dir, double seconds) {
  constexpr std::size_t kWrites = 3000;  // as many as fit into the bytes below
  const ScratchFile file(dir);
  if (!file.append(std::vector<char>(kMiB, 'x'))) return std::unexpected(file.error());
  const std::vector<char> bytes(300, 'y');
  const Stopwatch watch;
  std::size_t written = 0;
  do {
    if (written % kWrites == 0 && !file.rewind()) return std::unexpected(file.error());
    if (!file.append(bytes)) return std::unexpected(file.error());
    ++written;
  } while (watch.seconds() < seconds);
  return static_cast<double>(written) / watch.seconds();
}

Result<void> measure_fdatasync(const std::string& dir, double seconds, Figures& figures) {
  Figure figure{.name = "limit.fdatasync",
                .chinese = "极限：300 字节追加并 fdatasync",
                .unit = "syncs/s",
                .runs = {},
                .note = "300 bytes appended and fdatasync, one after another"};
  for (int run = 0; run < kRuns; ++run) {
    const auto rate = fdatasync_rate(dir, seconds / kRuns);
    if (!rate) return std::unexpected(rate.error());
    figure.runs.push_back(*rate);
  }
  figures.add_runs(figure);
  return {};
}

Result<void> measure_bandwidth(const std::string& dir, double seconds, Figures& figures) {
  Figure figure{.name = "limit.write_bandwidth",
                .chinese = "极限：1 MiB 追加并 fdatasync",
                .unit = "MB/s",
                .runs = {}};
  for (int run = 0; run < kRuns; ++run) {
    const auto rate = append_rate(dir, kMiB, seconds / kRuns);
    if (!rate) return std::unexpected(rate.error());
    figure.runs.push_back(*rate * static_cast<double>(kMiB) / 1e6);
  }
  figures.add(std::move(figure));
  return {};
}

void measure_memory(double seconds, Figures& figures) {
  Figure figure{.name = "limit.memory_bandwidth",
                .chinese = "极限：两线程读内存",
                .unit = "GB/s",
                .runs = {},
                .note = "two threads, 64 MiB each, read once and again"};
  const std::vector<std::uint64_t> words(128 * kMiB / sizeof(std::uint64_t), 1);
  const std::size_t half = words.size() / 2;
  for (int run = 0; run < kRuns; ++run) {
    std::uint64_t sums[2] = {0, 0};
    std::size_t passes = 0;
    const Stopwatch watch;
    do {
      const auto read = [&](std::size_t part) {
        const auto first = words.begin() + static_cast<std::ptrdiff_t>(part * half);
        sums[part] +=
            std::accumulate(first, first + static_cast<std::ptrdiff_t>(half), std::uint64_t{0});
      };
      std::thread other(read, 1);
      read(0);
      other.join();
      ++passes;
    } while (watch.seconds() < seconds / kRuns);
    const auto bytes = static_cast<double>(passes * words.size() * sizeof(std::uint64_t));
    // The sums keep the reads from being optimised away.
    if (sums[0] + sums[1] == passes * half * 2)
      figure.runs.push_back(bytes / watch.seconds() / 1e9);
  }
  figures.add(std::move(figure));
}

void measure_hashing(double seconds, Figures& figures) {
  Figure figure{.name = "limit.sha256",
                .chinese = "极限：200 字节的 SHA-256（单核）",
                .unit = "hashes/s",
                .runs = {}};
  engine::Bytes bytes(200, 7);
  for (int run = 0; run < kRuns; ++run) {
    std::size_t hashed = 0;
    const Stopwatch watch;
    do {
      for (int i = 0; i < 1000; ++i)
        bytes[0] = engine::sha256(bytes)[0];  // each waits for the last
      hashed += 1000;
    } while (watch.seconds() < seconds / kRuns);
    figure.runs.push_back(static_cast<double>(hashed) / watch.seconds());
  }
  figures.add(std::move(figure));
}

double clock_rate(double seconds) {
  constexpr int kCycles = 6;  // a step is three shifts and three exclusive ors, each of one cycle
  constexpr int kSteps = 100'000;
  const auto chain = [seconds](double& rate) {
    std::uint64_t number = 88'172'645'463'325'252;  // Marsaglia's xorshift: no formula leaps ahead
    std::int64_t steps = 0;
    const Stopwatch watch;
    do {
      for (int i = 0; i < kSteps; ++i) {
        number ^= number << 13U;
        number ^= number >> 7U;
        number ^= number << 17U;
      }
      steps += kSteps;
    } while (watch.seconds() < seconds && number != 0);
    rate = kCycles * static_cast<double>(steps) / watch.seconds() / 1e9;
  };
  double first = 0, second = 0;
  std::thread other(chain, std::ref(second));
  chain(first);
  other.join();
  return (first + second) / 2;
}

void measure_columns(std::int64_t cases, Figures& figures) {
  constexpr int kPasses = 15;
  const SyntheticCases columns(cases);
  ColumnScan scan(columns);
  Figure weekly{.name = "limit.columns_weekly",
                .chinese = "极限：按部门周数字的列扫描",
                .unit = "ms",
                .runs = {},
                .note = "blocks of 4,096 rows write a code byte, then count; two threads"};
  Figure ratings{.name = "limit.columns_ratings",
                 .chinese = "极限：季度好差评的列扫描",
                 .unit = "ms",
                 .runs = {}};
  Figure overdue{.name = "limit.columns_overdue",
                 .chinese = "极限：超时未结前 100 的列扫描",
                 .unit = "ms",
                 .runs = {}};
  for (int pass = -2; pass < kPasses; ++pass) {  // two to warm up
    const std::int32_t moment = columns.days() * (kPasses + pass + 3) / (kPasses * 2 + 4);
    const auto timed = [&](Figure& figure, auto&& question) {
      const Stopwatch watch;
      question();
      if (pass >= 0) figure.runs.push_back(watch.milliseconds());
    };
    timed(weekly, [&] { (void)scan.week(moment - 7, moment); });
    timed(ratings, [&] { (void)scan.ratings(moment - 91, moment, moment); });
    timed(overdue, [&] { (void)scan.overdue(moment, 100); });
  }
  figures.add(std::move(weekly));
  figures.add(std::move(ratings));
  figures.add(std::move(overdue));
}

}  // namespace tools
