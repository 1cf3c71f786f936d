// The synthetic columns and their scans.
#include "tools/benchmark/columns.h"

#include <algorithm>
#include <cstring>

#include "tools/workload/random.h"

namespace tools {

namespace {

constexpr std::size_t kBlock = 4096;

// Codes of a block of the weekly question: bits, so that a row may count in several figures.
constexpr std::uint8_t kDispatched = 1, kOnTime = 2, kLate = 4, kOpen = 8, kOverdue = 16;

constexpr int code(bool counts, std::uint8_t bit) { return counts ? bit : 0; }

// Calls visit(row in block, code) for every code that is not 0; eight at a time are passed over.
template <class Visit>
void each_code(const std::uint8_t* codes, std::size_t count, Visit visit) {
  std::size_t at = 0;
  for (; at + 8 <= count; at += 8) {
    std::uint64_t eight = 0;
    std::memcpy(&eight, codes + at, 8);
    if (eight == 0) continue;
    for (std::size_t i = at; i < at + 8; ++i)
      if (codes[i] != 0) visit(i, codes[i]);
  }
  for (; at < count; ++at)
    if (codes[at] != 0) visit(at, codes[at]);
}

}  // namespace

SyntheticCases::SyntheticCases(std::int64_t cases) {
  Random random(20210101);
  for (std::vector<std::int32_t>* column :
       {&department, &dispatched, &due, &completed, &concluded, &rated, &level})
    column->reserve(static_cast<std::size_t>(cases));
  for (std::int64_t row = 0; row < cases; ++row) {
    const auto day = static_cast<std::int32_t>(1 + row * days() / std::max<std::int64_t>(cases, 1));
    const auto took = static_cast<std::int32_t>(random.between(0, 4));
    const bool ends = !random.per_mille(5), is_rated = random.per_mille(550);
    department.push_back(static_cast<std::int32_t>(random.below(30)));
    dispatched.push_back(day);
    due.push_back(day + 4);
    completed.push_back(ends ? day + took : 0);
    concluded.push_back(ends ? day + took + 1 : 0);
    rated.push_back(ends && is_rated ? day + took + 3 : 0);
    level.push_back(static_cast<std::int32_t>(random.between(1, 5)));
  }
}

ColumnScan::ColumnScan(const SyntheticCases& cases)
    : cases_(cases), thread_([this] { second_half(); }) {}

ColumnScan::~ColumnScan() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void ColumnScan::second_half() {
  for (;;) {
    const Work* work = nullptr;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [&] { return work_ != nullptr || stop_; });
      if (stop_) return;
      work = work_;
    }
    (*work)(1, cases_.rows() / 2, cases_.rows());
    {
      const std::lock_guard lock(mutex_);
      work_ = nullptr;
    }
    changed_.notify_all();
  }
}

void ColumnScan::both_halves(const Work& work) {
  {
    const std::lock_guard lock(mutex_);
    work_ = &work;
  }
  changed_.notify_all();
  work(0, 0, cases_.rows() / 2);
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return work_ == nullptr; });
}

WeekTable ColumnScan::week(std::int32_t from, std::int32_t to) {
  from = std::max(from, 1);  // 0 is no day: it stands for what has not happened
  std::array<std::array<std::array<std::int64_t, 32>, kScanDepartments>, 2> counted{};
  both_halves([&](std::size_t part, std::size_t first, std::size_t end) {
    auto& counts = counted[part];
    std::array<std::uint8_t, kBlock> codes{};
    for (std::size_t base = first; base < end; base += kBlock) {
      const std::size_t rows = std::min(kBlock, end - base);
      const std::int32_t* const dispatched = cases_.dispatched.data() + base;
      const std::int32_t* const completed = cases_.completed.data() + base;
      const std::int32_t* const due = cases_.due.data() + base;
      for (std::size_t i = 0; i < rows; ++i) {
        const bool begun = dispatched[i] < to;
        const bool done_in_week = (completed[i] >= from) & (completed[i] < to);
        const bool late = completed[i] >= due[i];
        const bool open = begun & ((completed[i] == 0) | (completed[i] >= to));
        codes[i] = static_cast<std::uint8_t>(code(begun & (dispatched[i] >= from), kDispatched) |
                                             code(done_in_week & !late, kOnTime) |
                                             code(done_in_week & late, kLate) | code(open, kOpen) |
                                             code(open & (due[i] <= to), kOverdue));
      }
      const std::int32_t* const department = cases_.department.data() + base;
      each_code(codes.data(), rows, [&](std::size_t i, std::uint8_t code) {
        ++counts[static_cast<std::size_t>(department[i])][code];
      });
    }
  });
  WeekTable table{};
  for (const auto& counts : counted)
    for (std::size_t department = 0; department < kScanDepartments; ++department)
      for (std::size_t code = 0; code < 32; ++code) {
        const std::int64_t rows = counts[department][code];
        WeekCounts& row = table[department];
        if ((code & kDispatched) != 0) row.dispatched += rows;
        if ((code & kOnTime) != 0) row.on_time += rows;
        if ((code & kLate) != 0) row.late += rows;
        if ((code & kOpen) != 0) row.open += rows;
        if ((code & kOverdue) != 0) row.overdue += rows;
      }
  return table;
}

RatingCounts ColumnScan::ratings(std::int32_t from, std::int32_t to, std::int32_t moment) {
  std::array<std::array<std::int64_t, 8>, 2> counted{};
  both_halves([&](std::size_t part, std::size_t first, std::size_t end) {
    std::array<std::uint8_t, kBlock> codes{};
    for (std::size_t base = first; base < end; base += kBlock) {
      const std::size_t rows = std::min(kBlock, end - base);
      const std::int32_t* const concluded = cases_.concluded.data() + base;
      const std::int32_t* const rated = cases_.rated.data() + base;
      const std::int32_t* const level = cases_.level.data() + base;
      for (std::size_t i = 0; i < rows; ++i) {
        const bool in = (concluded[i] >= from) & (concluded[i] < to) & (concluded[i] != 0);
        const bool has = (rated[i] != 0) & (rated[i] < moment);
        codes[i] = static_cast<std::uint8_t>(in ? 1 + (has ? level[i] : 0) : 0);
      }
      each_code(codes.data(), rows, [&](std::size_t, std::uint8_t code) { ++counted[part][code]; });
    }
  });
  RatingCounts counts;
  for (const auto& part : counted)
    for (std::size_t code = 1; code <= 6; ++code) {
      counts.invited += part[code];
      if (code > 1) counts.levels[code - 1] += part[code];
    }
  return counts;
}

OverdueCases ColumnScan::overdue(std::int32_t moment, std::size_t limit) {
  std::array<OverdueCases, 2> found;
  both_halves([&](std::size_t part, std::size_t first, std::size_t end) {
    std::array<std::uint8_t, kBlock> codes{};
    for (std::size_t base = first; base < end; base += kBlock) {
      const std::size_t rows = std::min(kBlock, end - base);
      const std::int32_t* const dispatched = cases_.dispatched.data() + base;
      const std::int32_t* const completed = cases_.completed.data() + base;
      const std::int32_t* const due = cases_.due.data() + base;
      for (std::size_t i = 0; i < rows; ++i)
        codes[i] = static_cast<std::uint8_t>((dispatched[i] < moment) & (due[i] <= moment) &
                                             ((completed[i] == 0) | (completed[i] >= moment)));
      each_code(codes.data(), rows, [&](std::size_t i, std::uint8_t) {
        ++found[part].total;
        if (found[part].first.size() < limit)
          found[part].first.push_back(static_cast<std::uint32_t>(base + i));
      });
    }
  });
  OverdueCases all = std::move(found[0]);
  all.total += found[1].total;
  for (const std::uint32_t row : found[1].first)
    if (all.first.size() < limit) all.first.push_back(row);
  return all;
}

}  // namespace tools
