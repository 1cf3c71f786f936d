// A disk in memory that fails as it is told: the other end of engine/log/disk.h, for our own files
// and, through fault_fs.h, for RocksDB's. What it holds is an Image; a power cut is an operation on
// it. Every fault that strikes is counted: a test whose fault never struck has tested nothing.
#pragma once

#include <array>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "engine/log/disk.h"
#include "tests/crash/fault.h"
#include "tests/crash/image.h"

namespace crash {

inline const std::string kRoot = "/disk";  // paths below it are ours

// Every call to the disk and every fault that struck, a line each, in their order.
using Story = std::vector<std::string>;

struct Fault {
  Kind kind = Kind::fail;
  Op op = Op::sync;
  std::uint64_t nth = 1;  // of the calls that match, from 1
  bool forever = false;   // that one and all after it
  int error = 5;          // EIO
  std::string in;         // only of files with this in their path
};

class SteppedEnv;

class FaultDisk final : public engine::Disk {
 public:
  explicit FaultDisk(std::uint64_t seed);
  ~FaultDisk() override;

  // ---- the experiment ----
  // Starts over with this image; whatever was open on the old one must be closed.
  void insert(Image image);
  [[nodiscard]] Image image() const;
  void plan(const Fault& fault);
  void cut_at(std::uint64_t nth);   // of the calls that change the disk, from now on
  void limit(std::uint64_t bytes);  // the size of the disk; 0: no end
  [[nodiscard]] bool is_limited() const;
  [[nodiscard]] bool is_cut() const;
  [[nodiscard]] Fired fired() const;
  [[nodiscard]] std::uint64_t calls(Op op) const;  // since insert()
  [[nodiscard]] std::uint64_t changes() const;     // calls that changed the disk since insert()
  [[nodiscard]] std::uint64_t virtual_micros() const;
  void calm();              // no fault that was planned strikes any more
  void tell(Story* story);  // from now on, also past insert(); nullptr: no more
  void keep_trace(bool keep);
  [[nodiscard]] std::vector<Step> trace() const;

  // ---- for runs on one thread: HEAD's thread and RocksDB's wait until they are let ----
  void step_by_step(bool on);
  // What is called meanwhile is not the run's: no fault strikes it, and it is not told.
  void set_aside(bool on);
  // Both threads go on until the next step_by_step(true), RocksDB's with its flushes only.
  void let_flushes_run();
  // Returns when HEAD's thread waits to write, or never will again.
  void await_head();
  // Lets it write once. Returns the seq that it wrote; 0 if that failed: then HEAD is written no
  // more, and its thread is about to say so.
  std::uint64_t let_head_write();
  // Lets RocksDB's background work run until there is none.
  void let_background_run();

  // ---- engine::Disk ----
  int open(const char* path, int flags, mode_t mode) override;
  int close(int descriptor) override;
  ssize_t read(int descriptor, void* bytes, std::size_t size) override;
  ssize_t pwrite(int descriptor, const void* bytes, std::size_t size, off_t offset) override;
  int fsync(int descriptor) override;
  int fdatasync(int descriptor) override { return fsync(descriptor); }
  int flock(int descriptor, int operation) override;
  int rename(const char* from, const char* to) override;
  int link(const char* from, const char* to) override;
  int unlink(const char* path) override;
  int mkdir(const char* path, mode_t mode) override;
  int rmdir(const char* path) override;
  int stat(const char* path, struct stat* status) override;
  int list(const char* path, std::vector<std::string>& names) override;
  rocksdb::Env* rocksdb_env() override;
  [[nodiscard]] std::chrono::milliseconds head_lag() const override;

  // ---- what both doors are made of: 0 or an errno ----
  int create(const std::string& path, bool exclusive, Ino& file);
  int find(const std::string& path, Ino& file) const;
  [[nodiscard]] bool is_directory(const std::string& path) const;
  int opening(const std::string& path);  // a fault of Op::open
  int write(Ino file, const std::string& path, std::uint64_t offset, std::string_view bytes);
  int truncate(Ino file, const std::string& path, std::uint64_t size);
  int sync(Ino file, const std::string& path);
  int sync_directory(const std::string& path);
  int read_at(Ino file, const std::string& path, std::uint64_t offset, std::size_t size,
              std::string& out);
  int name(Op op, const std::string& path, const std::string& to);
  [[nodiscard]] std::uint64_t size_of(Ino file) const;
  [[nodiscard]] std::uint64_t links_of(Ino file) const;
  bool lock(const std::string& path);
  void unlock(const std::string& path);
  void children(const std::string& path, std::vector<std::string>& names) const;

 private:
  struct Planned {
    Fault fault;
    std::uint64_t seen = 0;
  };
  struct Handle {
    Ino file = 0;
    std::string path;
    std::uint64_t at = 0;  // of the next read
  };
  using Lock = std::unique_lock<std::mutex>;

  const Fault* strike(Op op, const std::string& path);
  void count(Kind kind);
  void tell_of(Op op, const std::string& path, std::uint64_t offset, std::uint64_t size);
  int perform(Step step);
  int perform_write(Step step, const Fault* fault);
  void record(Step step);
  void alter(const Fault& fault, const FileState& file, std::uint64_t offset, std::string& out);
  void gate(Lock& lock, const std::string& path);
  void head_done(bool good);

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  Numbers numbers_;
  Image image_;
  std::vector<Planned> plan_;
  std::uint64_t cut_at_ = 0, changes_ = 0, limit_ = 0, micros_ = 0;
  bool cut_ = false, keep_trace_ = false, aside_ = false;
  Story* story_ = nullptr;
  Fired fired_{};
  std::array<std::uint64_t, 11> calls_{};
  std::vector<Step> trace_;
  std::map<int, Handle> handles_;
  int next_handle_ = 1 << 20;
  std::map<Ino, int> flocks_;
  std::set<std::string> locks_;
  bool stepped_ = false, head_waits_ = false, head_may_ = false, head_failed_ = false;
  std::uint64_t head_writes_ = 0, head_seq_ = 0;
  std::unique_ptr<SteppedEnv> env_;
};

// Puts a disk in the place of the operating system's, as long as it lives.
class Mounted {
 public:
  explicit Mounted(FaultDisk& disk) { engine::replace_disk(&disk); }
  ~Mounted() { engine::replace_disk(nullptr); }
  Mounted(const Mounted&) = delete;
  Mounted& operator=(const Mounted&) = delete;
};

}  // namespace crash
