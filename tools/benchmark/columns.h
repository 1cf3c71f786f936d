// The column limit: a bare scan of synthetic columns that answers the questions of the reports with
// none of their rules. One row a case; times in days. How fast a machine can look at every case
// once is the limit that the reports are read against.
//
// Blocks of 4,096 rows: a branch-free pass writes a code byte a row, then the codes that are not 0
// are counted. It is about five times faster than a plain loop over the rows.
#pragma once

#include <array>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace tools {

inline constexpr std::size_t kScanDepartments = 32;

class SyntheticCases {
 public:
  explicit SyntheticCases(std::int64_t cases);
  [[nodiscard]] std::size_t rows() const { return department.size(); }
  [[nodiscard]] std::int32_t days() const { return 1096; }  // three years
  // 0 where it has not happened.
  std::vector<std::int32_t> department, dispatched, due, completed, concluded, rated, level;
};

struct WeekCounts {
  std::int64_t dispatched = 0, on_time = 0, late = 0, open = 0, overdue = 0;
  bool operator==(const WeekCounts&) const = default;
};
using WeekTable = std::array<WeekCounts, kScanDepartments>;

struct RatingCounts {
  std::int64_t invited = 0;
  std::array<std::int64_t, 6> levels{};
  bool operator==(const RatingCounts&) const = default;
};

struct OverdueCases {
  std::int64_t total = 0;
  std::vector<std::uint32_t> first;
  bool operator==(const OverdueCases&) const = default;
};

// Rows are split between the caller's thread and one more, which lives as long as the scan.
class ColumnScan {
 public:
  explicit ColumnScan(const SyntheticCases& cases);
  ~ColumnScan();
  ColumnScan(const ColumnScan&) = delete;
  ColumnScan& operator=(const ColumnScan&) = delete;

  // What happened on the days from..to-1, and what stands open at the beginning of `to`.
  [[nodiscard]] WeekTable week(std::int32_t from, std::int32_t to);
  // Conclusions on the days from..to-1 and their ratings until before `moment`.
  [[nodiscard]] RatingCounts ratings(std::int32_t from, std::int32_t to, std::int32_t moment);
  // Open and due before `moment`, in order of the rows.
  [[nodiscard]] OverdueCases overdue(std::int32_t moment, std::size_t limit);

 private:
  using Work = std::function<void(std::size_t part, std::size_t first, std::size_t end)>;
  void both_halves(const Work& work);
  void second_half();

  const SyntheticCases& cases_;
  std::mutex mutex_;
  std::condition_variable changed_;
  const Work* work_ = nullptr;
  bool stop_ = false;
  std::thread thread_;
};

}  // namespace tools
