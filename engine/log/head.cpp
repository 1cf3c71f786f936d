// The slots of HEAD (docs/FORMAT.md, "HEAD") and the thread that writes them.
#include "engine/log/head.h"

#include <fcntl.h>

#include <algorithm>
#include <utility>

#include "engine/log/disk.h"
#include "engine/proof/bytes.h"
#include "engine/proof/merkle.h"

namespace engine {
namespace {

constexpr std::uint64_t kMagic = 0x3144414548554842;  // "BHUHEAD1" in the file
constexpr std::size_t kSlotBytes = 4096;

Bytes encode(const Head& head) {
  Bytes out;
  put_le(out, kMagic);
  put_le(out, std::uint64_t{1});  // version of this layout
  put_le(out, head.counter);
  put_le(out, head.seq);
  out.insert(out.end(), head.root.begin(), head.root.end());
  const Hash sum = sha256(out);
  out.insert(out.end(), sum.begin(), sum.end());
  out.resize(kSlotBytes, 0);
  return out;
}

std::optional<Head> decode(ByteSpan slot) {
  Head head;
  head.counter = get_le<std::uint64_t>(slot.data() + 16);
  head.seq = get_le<std::uint64_t>(slot.data() + 24);
  std::copy_n(slot.data() + 32, head.root.size(), head.root.begin());
  // Every byte of a slot follows from its three fields, so comparing is the whole check.
  if (!std::ranges::equal(encode(head), slot)) return std::nullopt;
  return head;
}

}  // namespace

Result<void> create_head(const std::string& path, std::uint64_t seq, const Hash& root) {
  Bytes both = encode({0, seq, root});
  const Bytes second = encode({1, seq, root});
  both.insert(both.end(), second.begin(), second.end());
  return write_file(path, {reinterpret_cast<const char*>(both.data()), both.size()}, 0644,
                    /*replace=*/false);
}

Result<Head> read_head(const std::string& path) {
  const auto bytes = read_file(path);
  if (!bytes) {
    Error error = bytes.error();
    if (error.code == ErrorCode::not_found) error.code = ErrorCode::corrupt;
    return std::unexpected(error);
  }
  if (bytes->size() != 2 * kSlotBytes) {
    return fail(ErrorCode::corrupt, path + ": HEAD is not 8,192 bytes long.");
  }
  const auto first = decode(bytes_of(*bytes).first(kSlotBytes));
  const auto second = decode(bytes_of(*bytes).subspan(kSlotBytes));
  if (!first && !second)
    return fail(ErrorCode::corrupt, path + ": both slots of HEAD are damaged.");
  if (!first || !second) return first ? *first : *second;
  const Head& newer = first->counter > second->counter ? *first : *second;
  const Head& older = first->counter > second->counter ? *second : *first;
  if (newer.counter != older.counter + 1 || newer.seq < older.seq) {
    return fail(ErrorCode::corrupt, path + ": the slots of HEAD do not follow one another.");
  }
  return newer;
}

Result<std::unique_ptr<HeadWriter>> HeadWriter::open(const std::string& path, const Head& now) {
  auto file = open_file(path, O_WRONLY);
  if (!file) return std::unexpected(file.error());
  // A process that was killed may have left the newer slot unsynced. The other one is written next:
  // a power cut could then take the newer and keep that, and two slots would not follow one
  // another.
  if (auto synced = sync_data(*file, path); !synced) return std::unexpected(synced.error());
  return std::unique_ptr<HeadWriter>(new HeadWriter(path, std::move(*file), now));
}

HeadWriter::HeadWriter(std::string path, File file, const Head& now)
    : path_(std::move(path)), file_(std::move(file)), noted_(now), stored_(now) {
  thread_ = std::thread([this] { run(); });
}

HeadWriter::~HeadWriter() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void HeadWriter::note(std::uint64_t seq, const Hash& root) {
  bool idle = false;
  {
    const std::lock_guard lock(mutex_);
    noted_.seq = seq;
    noted_.root = root;
    // With nothing new to write the thread would wake, sleep on, and no longer count as asleep.
    idle = noted_.seq != stored_.seq && std::exchange(idle_, false);
  }
  // A thread that waits for its time to come is not woken: a busy writer would pay for it each
  // time.
  if (idle) wake_.notify_one();
}

Result<void> HeadWriter::flush() {
  std::unique_lock lock(mutex_);
  const std::uint64_t asked = noted_.seq;
  hurry_ = true;
  wake_.notify_one();
  written_.wait(lock, [&] { return error_ || stored_.seq >= asked; });
  if (error_) return std::unexpected(*error_);
  return {};
}

std::optional<Error> HeadWriter::error() const {
  const std::lock_guard lock(mutex_);
  return error_;
}

void HeadWriter::run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    idle_ = noted_.seq == stored_.seq;
    wake_.wait(lock, [&] { return stop_ || noted_.seq != stored_.seq; });
    idle_ = false;
    if (noted_.seq == stored_.seq || error_) return;  // only when stopping, or after a failure
    wake_.wait_for(lock, disk().head_lag(), [&] { return stop_ || hurry_; });
    hurry_ = false;
    Head next = noted_;
    next.counter = stored_.counter + 1;
    lock.unlock();
    const auto done = write(next);
    lock.lock();
    // After a failed sync the page may look clean without being on the disk: never try again.
    if (!done) error_ = done.error();
    if (done) stored_ = next;
    written_.notify_all();
  }
}

Result<void> HeadWriter::write(const Head& head) {
  const std::uint64_t offset = (head.counter % 2) * kSlotBytes;
  if (auto put = write_at(file_, path_, encode(head), offset); !put) return put;
  return sync_data(file_, path_);
}

}  // namespace engine
