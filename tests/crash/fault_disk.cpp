// The calls, each under one lock: a fault may strike it, the power may go in it, and then the image
// changes.
#include "tests/crash/fault_disk.h"

#include <algorithm>
#include <cerrno>

#include "tests/crash/fault_fs.h"

namespace crash {
namespace {

constexpr std::uint64_t kSlowMicros = 2'000'000;

bool is_head(const std::string& path) { return path.ends_with("/HEAD"); }

}  // namespace

FaultDisk::FaultDisk(std::uint64_t seed)
    : numbers_(seed), env_(std::make_unique<SteppedEnv>(*this)) {
  insert({});
}
FaultDisk::~FaultDisk() = default;

// ---- the experiment ----------------------------------------------------------------------------

void FaultDisk::insert(Image image) {
  const Lock lock(mutex_);
  image_ = std::move(image);
  image_.names.try_emplace(kRoot, 0);
  image_.durable_names.try_emplace(kRoot, 0);
  plan_.clear();
  trace_.clear();
  handles_.clear();
  flocks_.clear();
  locks_.clear();
  calls_ = {};
  cut_at_ = changes_ = limit_ = 0;
  cut_ = head_waits_ = head_may_ = head_failed_ = false;
}

Image FaultDisk::image() const {
  const Lock lock(mutex_);
  return image_;
}

void FaultDisk::plan(const Fault& fault) {
  const Lock lock(mutex_);
  plan_.push_back({fault});
}

void FaultDisk::cut_at(std::uint64_t nth) {
  const Lock lock(mutex_);
  cut_at_ = changes_ + nth;
}

void FaultDisk::limit(std::uint64_t bytes) {
  const Lock lock(mutex_);
  limit_ = bytes;
}

bool FaultDisk::is_limited() const {
  const Lock lock(mutex_);
  return limit_ != 0;
}

bool FaultDisk::is_cut() const {
  const Lock lock(mutex_);
  return cut_;
}

Fired FaultDisk::fired() const {
  const Lock lock(mutex_);
  return fired_;
}

std::uint64_t FaultDisk::calls(Op op) const {
  const Lock lock(mutex_);
  return calls_[static_cast<std::size_t>(op)];
}

std::uint64_t FaultDisk::changes() const {
  const Lock lock(mutex_);
  return changes_;
}

std::uint64_t FaultDisk::virtual_micros() const {
  const Lock lock(mutex_);
  return micros_;
}

void FaultDisk::calm() {
  const Lock lock(mutex_);
  plan_.clear();
  limit_ = 0;
  if (!cut_) cut_at_ = 0;
}

void FaultDisk::tell(Story* story) {
  const Lock lock(mutex_);
  story_ = story;
}

void FaultDisk::keep_trace(bool keep) {
  const Lock lock(mutex_);
  keep_trace_ = keep;
}

std::vector<Step> FaultDisk::trace() const {
  const Lock lock(mutex_);
  return trace_;
}

void FaultDisk::count(Kind kind) {
  ++fired_[static_cast<std::size_t>(kind)];
  if (story_ != nullptr) story_->push_back("    " + std::string(name_of(kind)));
}

void FaultDisk::tell_of(Op op, const std::string& path, std::uint64_t offset, std::uint64_t size) {
  if (story_ == nullptr || aside_) return;
  story_->push_back(std::string(name_of(op)) + ' ' + path + ' ' + std::to_string(offset) + '+' +
                    std::to_string(size));
}

// The first planned fault whose turn has come with this call.
const Fault* FaultDisk::strike(Op op, const std::string& path) {
  if (aside_) return nullptr;
  ++calls_[static_cast<std::size_t>(op)];
  const Fault* struck = nullptr;
  for (Planned& one : plan_) {
    if (one.fault.op != op || path.find(one.fault.in) == std::string::npos) continue;
    ++one.seen;
    if (one.seen != one.fault.nth && !(one.fault.forever && one.seen > one.fault.nth)) continue;
    if (struck == nullptr) struck = &one.fault;
  }
  return struck;
}

void FaultDisk::record(Step step) {
  image_.apply(step);
  if (keep_trace_) trace_.push_back(std::move(step));
}

int FaultDisk::perform(Step step) {
  if (cut_) return EIO;
  tell_of(step.op, step.path, step.offset, step.bytes.size());
  ++changes_;
  if (changes_ == cut_at_) {
    count(Kind::cut);
    cut_ = true;
    // What the call would have changed is on its way, and may arrive or not.
    if (step.op != Op::sync && step.op != Op::sync_directory) record(std::move(step));
    changed_.notify_all();
    return EIO;
  }
  const Fault* const fault = strike(step.op, step.path);
  if (fault != nullptr) count(fault->kind);
  if (fault != nullptr && fault->kind == Kind::slow) micros_ += kSlowMicros;
  if (fault != nullptr && fault->kind == Kind::lie) return 0;
  if (step.op == Op::write) return perform_write(std::move(step), fault);
  if (fault != nullptr && fault->kind == Kind::fail) {
    if (step.op == Op::sync) image_.forget_pending(step.file);
    return fault->error;
  }
  record(std::move(step));
  return 0;
}

int FaultDisk::perform_write(Step step, const Fault* fault) {
  if (fault != nullptr && fault->kind == Kind::fail) return fault->error;
  if (fault != nullptr && fault->kind == Kind::shorten) {
    step.bytes.resize(step.bytes.size() / 2);
    record(std::move(step));
    return fault->error;
  }
  if (limit_ != 0) {
    const std::uint64_t used = image_.bytes();
    const std::uint64_t size = image_.files[step.file].now.size();
    const std::uint64_t end = step.offset + step.bytes.size();
    if (end > size && used + (end - size) > limit_) {
      count(Kind::full);
      const std::uint64_t fits = size + (limit_ > used ? limit_ - used : 0);
      step.bytes.resize(fits > step.offset ? fits - step.offset : 0);
      record(std::move(step));
      return ENOSPC;
    }
  }
  if (fault != nullptr && fault->kind == Kind::misdirect) {
    // The bytes go over another file, and where they belong nothing is written.
    auto other = image_.files.begin();
    std::advance(other, static_cast<std::ptrdiff_t>(numbers_.below(image_.files.size())));
    Step elsewhere = step;
    elsewhere.file = other->first;
    elsewhere.offset = numbers_.below(other->second.now.size() + 1) / 512 * 512;
    step.bytes.assign(step.bytes.size(), '\0');
    record(std::move(elsewhere));
  }
  record(std::move(step));
  return 0;
}

// ---- step by step ------------------------------------------------------------------------------

void FaultDisk::step_by_step(bool on) {
  {
    const Lock lock(mutex_);
    stepped_ = on;
  }
  changed_.notify_all();
  env_->let(on ? SteppedEnv::Let::nothing : SteppedEnv::Let::all);
}

void FaultDisk::set_aside(bool on) {
  const Lock lock(mutex_);
  aside_ = on;
}

void FaultDisk::let_flushes_run() {
  {
    const Lock lock(mutex_);
    stepped_ = false;
  }
  changed_.notify_all();
  env_->let(SteppedEnv::Let::flushes);
}

void FaultDisk::await_head() {
  Lock lock(mutex_);
  changed_.wait(lock, [&] { return head_waits_ || head_failed_ || cut_; });
}

std::uint64_t FaultDisk::let_head_write() {
  Lock lock(mutex_);
  changed_.wait(lock, [&] { return head_waits_ || head_failed_ || cut_; });
  if (!head_waits_) return 0;
  const std::uint64_t before = head_writes_;
  head_may_ = true;
  changed_.notify_all();
  changed_.wait(lock, [&] { return head_writes_ > before || head_failed_ || cut_; });
  return head_writes_ > before ? head_seq_ : 0;
}

void FaultDisk::let_background_run() { env_->run_to_idle(); }

void FaultDisk::gate(Lock& lock, const std::string& path) {
  if (!stepped_ || !is_head(path)) return;
  head_waits_ = true;
  changed_.notify_all();
  changed_.wait(lock, [&] { return head_may_ || !stepped_ || cut_; });
  head_waits_ = head_may_ = false;
}

void FaultDisk::head_done(bool good) {
  if (good) ++head_writes_;
  if (!good) head_failed_ = true;
  changed_.notify_all();
}

// ---- what both doors are made of ---------------------------------------------------------------

int FaultDisk::create(const std::string& path, bool exclusive, Ino& file) {
  const Lock lock(mutex_);
  const auto name = image_.names.find(path);
  if (name != image_.names.end() && exclusive) return EEXIST;
  if (!image_.names.contains(parent_of(path))) return ENOENT;
  file = image_.last + 1;
  return perform({Op::create, file, path, {}, 0, {}});
}

int FaultDisk::find(const std::string& path, Ino& file) const {
  const Lock lock(mutex_);
  const auto name = image_.names.find(path);
  if (name == image_.names.end() || name->second == 0) return ENOENT;
  file = name->second;
  return 0;
}

bool FaultDisk::is_directory(const std::string& path) const {
  const Lock lock(mutex_);
  const auto name = image_.names.find(path);
  return name != image_.names.end() && name->second == 0;
}

int FaultDisk::opening(const std::string& path) {
  const Lock lock(mutex_);
  tell_of(Op::open, path, 0, 0);
  const Fault* const fault = strike(Op::open, path);
  if (fault == nullptr || fault->kind != Kind::fail) return 0;
  count(Kind::fail);
  return fault->error;
}

int FaultDisk::write(Ino file, const std::string& path, std::uint64_t offset,
                     std::string_view bytes) {
  Lock lock(mutex_);
  gate(lock, path);
  return perform({Op::write, file, path, {}, offset, std::string(bytes)});
}

int FaultDisk::truncate(Ino file, const std::string& path, std::uint64_t size) {
  const Lock lock(mutex_);
  return perform({Op::truncate, file, path, {}, size, {}});
}

int FaultDisk::sync(Ino file, const std::string& path) {
  const Lock lock(mutex_);
  return perform({Op::sync, file, path, {}, 0, {}});
}

int FaultDisk::sync_directory(const std::string& path) {
  const Lock lock(mutex_);
  return perform({Op::sync_directory, 0, path, {}, 0, {}});
}

int FaultDisk::read_at(Ino file, const std::string& path, std::uint64_t offset, std::size_t size,
                       std::string& out) {
  const Lock lock(mutex_);
  const FileState& state = image_.files[file];
  const auto part = [&](const std::string& content) {
    return offset < content.size() ? content.substr(offset, size) : std::string();
  };
  out = part(state.now);
  tell_of(Op::read, path, offset, size);
  const Fault* const fault = strike(Op::read, path);
  if (fault == nullptr) return 0;
  if (fault->kind == Kind::fail) {
    count(Kind::fail);
    return fault->error;
  }
  if (fault->kind == Kind::slow) {
    count(Kind::slow);
    micros_ += kSlowMicros;
    return 0;
  }
  const std::string right = out;
  alter(*fault, state, offset, out);
  if (out != right) count(fault->kind);
  return 0;
}

void FaultDisk::alter(const Fault& fault, const FileState& file, std::uint64_t offset,
                      std::string& out) {
  if (out.empty()) return;
  const std::size_t at = numbers_.below(out.size());
  const std::size_t size = out.size();
  switch (fault.kind) {
    case Kind::flip:
      out[at] = static_cast<char>(out[at] ^ (1 << numbers_.below(8)));
      break;
    case Kind::zero: {
      const std::size_t sector = numbers_.below(2) == 0 ? 512 : 4096;
      const std::size_t from = at / sector * sector;
      std::fill_n(out.begin() + static_cast<std::ptrdiff_t>(from), std::min(sector, size - from),
                  '\0');
      break;
    }
    case Kind::misdirect: {
      const std::uint64_t other = numbers_.below(file.now.size()) / 512 * 512;
      out = file.now.substr(other, size);
      out.resize(size, '\0');
      break;
    }
    case Kind::stale:
      out = offset < file.before.size() ? file.before.substr(offset, size) : std::string();
      out.resize(size, '\0');
      break;
    case Kind::shorten:
      out.resize(size / 2);
      break;
    default:
      break;  // not a fault of a read: nothing changes, and nothing is counted
  }
}

int FaultDisk::name(Op op, const std::string& path, const std::string& to) {
  const Lock lock(mutex_);
  if (op == Op::make_directory) {
    if (image_.names.contains(path)) return EEXIST;
    if (!image_.names.contains(parent_of(path))) return ENOENT;
    return perform({op, 0, path, {}, 0, {}});
  }
  const auto from = image_.names.find(path);
  if (from == image_.names.end()) return ENOENT;
  if (op == Op::link && image_.names.contains(to)) return EEXIST;
  return perform({op, from->second, path, to, 0, {}});
}

std::uint64_t FaultDisk::size_of(Ino file) const {
  const Lock lock(mutex_);
  return image_.files.at(file).now.size();
}

std::uint64_t FaultDisk::links_of(Ino file) const {
  const Lock lock(mutex_);
  return static_cast<std::uint64_t>(
      std::ranges::count_if(image_.names, [&](const auto& name) { return name.second == file; }));
}

bool FaultDisk::lock(const std::string& path) {
  const Lock lock(mutex_);
  return locks_.insert(path).second;
}

void FaultDisk::unlock(const std::string& path) {
  const Lock lock(mutex_);
  locks_.erase(path);
}

void FaultDisk::children(const std::string& path, std::vector<std::string>& names) const {
  const Lock lock(mutex_);
  names = image_.children(path);
}

}  // namespace crash
