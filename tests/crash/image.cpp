// Replaying calls on an image, and taking the power away from it.
#include "tests/crash/image.h"

#include <algorithm>
#include <set>

namespace crash {
namespace {

void write_into(std::string& content, std::uint64_t offset, std::string_view bytes) {
  if (content.size() < offset + bytes.size()) content.resize(offset + bytes.size(), '\0');
  content.replace(offset, bytes.size(), bytes);
}

void change(std::string& content, const Step& step) {
  if (step.op == Op::truncate) content.resize(step.offset, '\0');
  if (step.op == Op::write) write_into(content, step.offset, step.bytes);
}

void change(std::map<std::string, Ino>& names, const Step& step) {
  switch (step.op) {
    case Op::create:
    case Op::make_directory:
      names[step.path] = step.file;
      break;
    case Op::link:
      names[step.to] = step.file;
      break;
    case Op::rename:
      names.erase(step.path);
      names[step.to] = step.file;
      break;
    default:
      names.erase(step.path);
  }
}

// The directory whose sync makes the name durable.
std::string directory_of(const Step& step) {
  return parent_of(step.op == Op::link || step.op == Op::rename ? step.to : step.path);
}

// Those sectors of a write that reached the disk. A sector is written whole, from the page as it
// was then: one that has missed a write has missed those after it as well.
void write_torn(std::string& content, const Step& step, std::uint64_t sector,
                std::set<std::uint64_t>& missed, Numbers& numbers) {
  for (std::uint64_t at = 0; at < step.bytes.size();) {
    const std::uint64_t end = std::min<std::uint64_t>(
        step.bytes.size(), ((step.offset + at) / sector + 1) * sector - step.offset);
    if (numbers.below(2) != 0) missed.insert((step.offset + at) / sector);
    if (!missed.contains((step.offset + at) / sector))
      write_into(content, step.offset + at, std::string_view(step.bytes).substr(at, end - at));
    at = end;
  }
}

}  // namespace

std::string_view name_of(Op op) {
  constexpr std::string_view kNames[] = {"create",         "write", "truncate", "sync",
                                         "rename",         "link",  "remove",   "make_directory",
                                         "sync_directory", "read",  "open"};
  return kNames[static_cast<std::size_t>(op)];
}

std::string_view name_of(Loss loss) {
  constexpr std::string_view kNames[] = {"nothing", "everything", "half", "512 B sectors",
                                         "4 KiB sectors"};
  return kNames[static_cast<std::size_t>(loss)];
}

std::string parent_of(const std::string& path) { return path.substr(0, path.rfind('/')); }

void Image::apply(const Step& step) {
  switch (step.op) {
    case Op::write:
    case Op::truncate: {
      FileState& file = files[step.file];
      change(file.now, step);
      file.pending.push_back(step);
      break;
    }
    case Op::sync: {
      FileState& file = files[step.file];
      if (!file.pending.empty()) file.before = file.durable;
      for (const Step& one : file.pending) change(file.durable, one);
      file.pending.clear();
      break;
    }
    case Op::sync_directory:
      std::erase_if(pending_names, [&](const Step& one) {
        if (directory_of(one) != step.path) return false;
        change(durable_names, one);
        return true;
      });
      break;
    case Op::read:
    case Op::open:
      break;
    default:
      if (step.op == Op::create) files[step.file];
      last = std::max(last, step.file);
      change(names, step);
      pending_names.push_back(step);
  }
}

void Image::forget_pending(Ino file) { files[file].pending.clear(); }

Image Image::after_power_cut(Loss loss, Numbers& numbers) const {
  if (loss == Loss::nothing) return *this;
  Image left;
  left.last = last;
  left.names = durable_names;
  if (loss != Loss::everything) {
    // A journal keeps names in their order; a file system without one promises no order.
    const bool in_order = numbers.below(2) == 0;
    const std::uint64_t upto = numbers.below(pending_names.size() + 1);
    for (std::uint64_t i = 0; i < pending_names.size(); ++i)
      if (in_order ? i < upto : numbers.below(2) == 0) change(left.names, pending_names[i]);
  }
  // What stands in a directory that is not there is not there either.
  std::erase_if(left.names, [&](const auto& name) {
    const std::string parent = parent_of(name.first);
    return !parent.empty() && !left.names.contains(parent);
  });
  for (const auto& [path, ino] : left.names) {
    if (ino == 0 || left.files.contains(ino)) continue;
    const FileState& file = files.at(ino);
    std::string content = file.durable;
    std::set<std::uint64_t> missed;
    for (const Step& step : file.pending) {
      if (loss == Loss::everything) break;
      const std::uint64_t sector = loss == Loss::sectors_512 ? 512 : 4096;
      if (loss != Loss::half && step.op == Op::write)
        write_torn(content, step, sector, missed, numbers);
      else if (numbers.below(2) == 0)
        change(content, step);
    }
    left.files[ino] = {content, content, content, {}};
  }
  left.durable_names = left.names;
  return left;
}

std::uint64_t Image::bytes() const {
  std::uint64_t sum = 0;
  for (const auto& [ino, file] : files) sum += file.now.size();
  return sum;
}

std::vector<std::string> Image::children(const std::string& directory) const {
  const std::string prefix = directory + '/';
  std::vector<std::string> found;
  for (auto it = names.lower_bound(prefix); it != names.end() && it->first.starts_with(prefix);
       ++it) {
    if (it->first.find('/', prefix.size()) == std::string::npos)
      found.push_back(it->first.substr(prefix.size()));
  }
  return found;
}

FileState* Image::find(const std::string& path) {
  const auto name = names.find(path);
  return name == names.end() || name->second == 0 ? nullptr : &files.at(name->second);
}

void Image::settle() {
  durable_names = names;
  pending_names.clear();
  for (auto& [ino, file] : files) {
    file.durable = file.before = file.now;
    file.pending.clear();
  }
}

}  // namespace crash
