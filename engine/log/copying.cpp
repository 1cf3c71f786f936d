#include "engine/log/copying.h"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <map>
#include <vector>

#include "engine/log/disk.h"
#include "engine/log/file.h"
#include "engine/log/head.h"
#include "engine/log/log_state.h"
#include "engine/proof/merkle.h"
#include "engine/proof/record.h"

namespace engine {
namespace {

constexpr std::size_t kChunk = std::size_t{1} << 20U;
constexpr std::uint64_t kRecordsAStep = 4096;
constexpr mode_t kFileMode = 0644;

// Fills `buffer` as far as the file goes.
Result<std::size_t> read_some(const File& file, const std::string& path, std::span<char> buffer) {
  std::size_t have = 0;
  while (have < buffer.size()) {
    const ssize_t got = disk().read(file.get(), buffer.data() + have, buffer.size() - have);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return std::unexpected(error_of_errno(path, "reading"));
    if (got == 0) break;
    have += static_cast<std::size_t>(got);
  }
  return have;
}

Result<std::uint64_t> size_of(const std::string& path) {
  struct stat status{};
  if (disk().stat(path.c_str(), &status) != 0)
    return std::unexpected(error_of_errno(path, "looking at it"));
  return static_cast<std::uint64_t>(status.st_size);
}

// Copies the plain files of one directory into another, and counts.
class FileCopier {
 public:
  FileCopier(std::string from, std::string to, std::string base, const CopyStep& step)
      : from_(std::move(from)), to_(std::move(to)), base_(std::move(base)), step_(step) {}

  Result<void> run() {
    auto names = names_in(from_);
    if (!names) return std::unexpected(names.error());
    std::erase(*names, "LOCK");
    std::ranges::sort(*names);
    std::map<std::string, std::uint64_t> sizes;
    for (const std::string& name : *names) {
      const auto size = size_of(from_ + "/" + name);
      if (!size) return std::unexpected(size.error());
      total_ += sizes[name] = *size;
    }
    if (disk().mkdir(to_.c_str(), 0777) != 0)
      return std::unexpected(error_of_errno(to_, "making the directory"));
    for (const auto& [name, size] : sizes) {
      if (auto done = one(name, size); !done) return done;
    }
    return sync_directory(to_);
  }

  [[nodiscard]] std::uint64_t bytes() const { return done_; }
  [[nodiscard]] std::uint64_t shared() const { return shared_; }

 private:
  Result<void> one(const std::string& name, std::uint64_t size) {
    const std::string to = to_ + "/" + name;
    if (!base_.empty() && name.ends_with(".sst")) {
      const std::string earlier = base_ + "/" + name;
      const auto same = equal(from_ + "/" + name, earlier, size);
      if (!same) return std::unexpected(same.error());
      // Where linking is not possible, the bytes are copied as any others.
      if (*same && disk().link(earlier.c_str(), to.c_str()) == 0) {
        shared_ += size;
        advance(size);
        return {};
      }
    }
    return copy(from_ + "/" + name, to);
  }

  // Byte for byte: after a restore the same name may stand for another table.
  Result<bool> equal(const std::string& path, const std::string& earlier, std::uint64_t size) {
    const auto other_size = size_of(earlier);
    if (!other_size && other_size.error().code == ErrorCode::not_found) return false;
    if (!other_size) return std::unexpected(other_size.error());
    if (*other_size != size) return false;
    const auto file = open_file(path, O_RDONLY), other = open_file(earlier, O_RDONLY);
    if (!file || !other) return std::unexpected(file ? other.error() : file.error());
    for (;;) {
      const auto got = read_some(*file, path, buffer_);
      const auto got_other = read_some(*other, earlier, other_buffer_);
      if (!got) return std::unexpected(got.error());
      if (!got_other || *got != *got_other) return false;  // a damaged base is not built upon
      if (*got == 0) return true;
      if (!std::equal(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(*got),
                      other_buffer_.begin()))
        return false;
    }
  }

  Result<void> copy(const std::string& from, const std::string& to) {
    const auto source = open_file(from, O_RDONLY);
    if (!source) return std::unexpected(source.error());
    const auto target = open_file(to, O_WRONLY | O_CREAT | O_EXCL, kFileMode);
    if (!target) return std::unexpected(target.error());
    for (std::uint64_t offset = 0;;) {
      const auto got = read_some(*source, from, buffer_);
      if (!got) return std::unexpected(got.error());
      if (*got == 0) break;
      const std::string_view bytes(buffer_.data(), *got);
      if (auto put = write_at(*target, to, bytes_of(bytes), offset); !put) return put;
      offset += *got;
      advance(*got);
    }
    if (disk().fsync(target->get()) != 0) return std::unexpected(error_of_errno(to, "syncing"));
    return {};
  }

  void advance(std::uint64_t bytes) {
    done_ += bytes;
    if (step_) step_(done_, total_);
  }

  std::string from_, to_, base_;
  const CopyStep& step_;
  std::uint64_t total_ = 0, done_ = 0, shared_ = 0;
  std::vector<char> buffer_ = std::vector<char>(kChunk), other_buffer_ = std::vector<char>(kChunk);
};

Result<void> copy_plain(const std::string& from, const std::string& to, mode_t mode) {
  const auto bytes = read_file(from);
  if (!bytes) return std::unexpected(bytes.error());
  return write_file(to, *bytes, mode, /*replace=*/false);
}

}  // namespace

// --- What a copy needs of the log ---------------------------------------------------------------

const std::string& Log::dir() const { return impl_->dir; }

Result<Frozen> Log::freeze() const {
  if (auto alive = impl_->check_alive(); !alive) return std::unexpected(alive.error());
  Frozen out{impl_->dir + "/frozen", 0, {}};
  if (auto gone = remove_directory(out.path); !gone) return std::unexpected(gone.error());
  // What is much to write is written before the writer has to wait.
  if (auto done = impl_->store->flush(
          {Family::tail, Family::blocks, Family::tree, Family::index, Family::derived});
      !done) {
    return std::unexpected(done.error());
  }
  const std::lock_guard guard(impl_->commit_mutex);
  const std::shared_ptr<const Tip> tip = impl_->tip();
  out.seq = tip->size();
  out.root = tip->root;
  if (auto made = impl_->store->checkpoint(out.path); !made) return std::unexpected(made.error());
  return out;
}

Result<void> Log::verify_files() const { return impl_->store->verify_files(); }

// --- Copies -------------------------------------------------------------------------------------

Result<Copied> copy_frozen(const Frozen& frozen, const std::string& dir, const std::string& to,
                           const std::string& base, const CopyStep& step) {
  if (disk().mkdir(to.c_str(), 0777) != 0)
    return std::unexpected(error_of_errno(to, "making the directory"));
  FileCopier files(frozen.path, to + "/log", base.empty() ? base : base + "/log", step);
  auto done = files.run();
  if (!done) return std::unexpected(done.error());
  // HEAD of that moment: the live one lags behind, and is written meanwhile.
  done = create_head(to + "/HEAD", frozen.seq, frozen.root);
  if (!done) return std::unexpected(done.error());
  done = copy_plain(dir + "/FORMAT", to + "/FORMAT", kFileMode);
  if (!done) return std::unexpected(done.error());
  return Copied{frozen.seq, frozen.root, files.bytes(), files.shared()};
}

Result<Copied> copy_ledger(const Log& log, const std::string& to, const std::string& base,
                           const CopyStep& step) {
  const auto frozen = log.freeze();
  if (!frozen) return std::unexpected(frozen.error());
  auto copied = copy_frozen(*frozen, log.dir(), to, base, step);
  const auto gone = remove_directory(frozen->path);
  if (copied && !gone) return std::unexpected(gone.error());
  return copied;
}

Result<void> copy_files(const std::string& from, const std::string& to, const CopyStep& step) {
  if (disk().mkdir(to.c_str(), 0777) != 0)
    return std::unexpected(error_of_errno(to, "making the directory"));
  FileCopier files(from + "/log", to + "/log", {}, step);
  if (auto done = files.run(); !done) return done;
  for (const char* const name : {"/HEAD", "/FORMAT"}) {
    if (auto done = copy_plain(from + name, to + name, kFileMode); !done) return done;
  }
  return {};
}

Result<Copied> copy_records(const Log& log, const std::string& to, const CopyStep& step) {
  if (auto made = Log::create(to, log.name()); !made) return std::unexpected(made.error());
  const auto copy = Log::open(to, OpenMode::read_write);
  if (!copy) return std::unexpected(copy.error());
  std::vector<NewEvent> group;
  Result<void> put;
  const auto hand_in = [&] {
    if (const auto done = (*copy)->append(group); !done) put = std::unexpected(done.error());
    group.clear();
    if (step) step((*copy)->size(), log.size());
    return put.has_value();
  };
  const auto read = log.read(1, log.size(), [&](const RecordView& record) {
    // A command's records stay in one group.
    const bool full = group.size() >= kRecordsAStep && (record.flags & kFollows) == 0;
    if (full && !hand_in()) return false;
    group.push_back(copy_of(record));
    return true;
  });
  if (!read) return std::unexpected(read.error());
  if (put && !group.empty()) hand_in();
  if (!put) return std::unexpected(put.error());
  const auto root = log.root_at(log.size()), copied = (*copy)->root_at((*copy)->size());
  if (!root || !copied) return std::unexpected(root ? copied.error() : root.error());
  if ((*copy)->size() != log.size() || *root != *copied)
    return fail(ErrorCode::corrupt, log.dir() + ": the records do not lead to the root.", 1);
  if (auto flushed = (*copy)->flush(); !flushed) return std::unexpected(flushed.error());
  return Copied{log.size(), *root, 0, 0};
}

Result<Copied> verify_ledger(const std::string& dir, const CopyStep& step) {
  const auto log = Log::open(dir, OpenMode::read_only);
  if (!log) return std::unexpected(log.error());
  if (auto whole = (*log)->verify_files(); !whole) return std::unexpected(whole.error());
  const std::uint64_t size = (*log)->size();
  Frontier frontier;
  std::uint64_t missing = 0;
  const auto read = (*log)->read(1, size, [&](const RecordView& record) {
    if (record.seq != frontier.size() + 1) missing = frontier.size() + 1;
    frontier.append(leaf_of(record));
    if (step && (record.seq % kRecordsAStep == 0 || record.seq == size)) step(record.seq, size);
    return missing == 0;
  });
  if (!read) return std::unexpected(read.error());
  if (frontier.size() < size && missing == 0) missing = frontier.size() + 1;
  if (missing != 0) {
    return fail(ErrorCode::corrupt,
                dir + ": log/: record " + std::to_string(missing) + " is missing.", missing);
  }
  const auto root = (*log)->root_at(size);
  if (!root) return std::unexpected(root.error());
  if (frontier.root() != *root) {
    return fail(ErrorCode::corrupt,
                dir + ": log/: the records 1.." + std::to_string(size) +
                    " do not lead to the root of the tree.",
                1);
  }
  return Copied{size, *root, 0, 0};
}

Result<void> remove_directory(const std::string& path) {
  std::vector<std::string> names;
  if (disk().list(path.c_str(), names) != 0) {
    if (errno == ENOENT) return {};
    return std::unexpected(error_of_errno(path, "listing"));
  }
  for (const std::string& name : names) {
    const std::string inner = path + "/" + name;
    struct stat status{};
    const bool directory = disk().stat(inner.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
    if (directory) {
      if (auto gone = remove_directory(inner); !gone) return gone;
    } else if (disk().unlink(inner.c_str()) != 0) {
      return std::unexpected(error_of_errno(inner, "removing"));
    }
  }
  if (disk().rmdir(path.c_str()) != 0) return std::unexpected(error_of_errno(path, "removing"));
  return {};
}

}  // namespace engine
