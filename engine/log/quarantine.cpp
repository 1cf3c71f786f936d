// The generations of the quarantine as names in one directory.
#include "engine/log/quarantine.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <map>
#include <set>

#include "engine/log/disk.h"
#include "engine/log/file.h"

namespace engine {
namespace {

constexpr std::size_t kDigits = 4;
constexpr std::string_view kDamage = "damage", kRecorded = "recorded", kHead = "HEAD";

using Generations = std::map<std::uint64_t, std::set<std::string>>;

std::string folder_of(const std::string& dir) { return dir + "/quarantine"; }

// What an open for writing replaces or deletes.
bool may_go(std::string_view name) {
  return name.ends_with(".log") || name.starts_with("MANIFEST-") || name == "CURRENT";
}

Result<Generations> read_generations(const std::string& dir) {
  Generations out;
  const auto names = names_in(folder_of(dir));
  if (!names && names.error().code == ErrorCode::not_found) return out;
  if (!names) return std::unexpected(names.error());
  for (const std::string& name : *names) {
    const std::size_t point = name.find('.');
    if (point == std::string::npos || point < kDigits) continue;
    std::uint64_t generation = 0;
    const char* const end = name.data() + point;
    const auto read = std::from_chars(name.data(), end, generation);
    if (read.ec != std::errc{} || read.ptr != end) continue;
    out[generation].insert(name.substr(point + 1));
  }
  return out;
}

bool has_note(const std::set<std::string>& held) {
  return held.contains(std::string(kDamage)) || held.contains(std::string(kRecorded));
}

// Its bytes change in place, so a link would change with them. Whether they are sound is not asked.
Result<void> copy_head(const std::string& from, const std::string& to) {
  const auto bytes = read_file(from);
  if (!bytes && bytes.error().code == ErrorCode::not_found) return {};
  if (!bytes) return std::unexpected(bytes.error());
  const auto there = read_file(to);
  if (there && *there == *bytes) return {};
  return write_file(to, *bytes, 0600, /*replace=*/true);
}

bool is_same_file(const std::string& one, const std::string& other) {
  struct stat first{}, second{};
  return disk().stat(one.c_str(), &first) == 0 && disk().stat(other.c_str(), &second) == 0 &&
         first.st_ino != 0 && first.st_ino == second.st_ino && first.st_dev == second.st_dev;
}

}  // namespace

std::string Quarantine::path_of(std::uint64_t generation, std::string_view name) const {
  std::string number = std::to_string(generation);
  if (number.size() < kDigits) number.insert(0, kDigits - number.size(), '0');
  return folder_of(dir_) + "/" + number + "." + std::string(name);
}

Result<void> Quarantine::keep() {
  auto names = names_in(dir_ + "/log");
  if (!names) return std::unexpected(names.error());
  std::erase_if(*names, [](const std::string& name) { return !may_go(name); });
  auto generations = read_generations(dir_);
  if (!generations) return std::unexpected(generations.error());
  generation_ = 1;
  if (!generations->empty()) {
    auto& [newest, held] = *generations->rbegin();
    const bool same =
        !has_note(held) && held.size() == names->size() + held.count(std::string(kHead)) &&
        std::ranges::all_of(*names, [&](const std::string& name) {
          return held.contains(name) && is_same_file(path_of(newest, name), dir_ + "/log/" + name);
        });
    generation_ = newest + (same ? 0 : 1);
    if (same) return copy_head(dir_ + "/HEAD", path_of(generation_, kHead));
  }
  std::size_t kept = generations->size();
  for (const auto& [generation, held] : *generations) {
    if (kept < kGenerationsKept) break;
    if (held.contains(std::string(kDamage))) continue;
    for (const std::string& name : held) remove_file(path_of(generation, name));
    --kept;
  }
  if (auto made = make_directories(folder_of(dir_), 0700); !made) return made;
  for (const std::string& name : *names) {
    const std::string from = dir_ + "/log/" + name, to = path_of(generation_, name);
    if (disk().link(from.c_str(), to.c_str()) != 0) {
      return std::unexpected(error_of_errno(to, "linking"));
    }
  }
  if (auto copied = copy_head(dir_ + "/HEAD", path_of(generation_, kHead)); !copied) return copied;
  if (auto synced = sync_directory(folder_of(dir_)); !synced) return synced;
  return sync_directory(dir_);
}

Result<void> Quarantine::note_damage(std::string_view text) const {
  return write_file(path_of(generation_, kDamage), text, 0600, /*replace=*/true);
}

Result<void> Quarantine::release() const {
  const auto generations = read_generations(dir_);
  if (!generations) return std::unexpected(generations.error());
  for (const auto& [generation, held] : *generations) {
    if (has_note(held)) continue;
    for (const std::string& name : held) remove_file(path_of(generation, name));
  }
  return {};
}

Result<std::vector<AcceptedDamage>> Quarantine::unrecorded() const {
  std::vector<AcceptedDamage> out;
  const auto generations = read_generations(dir_);
  if (!generations) return std::unexpected(generations.error());
  for (const auto& [generation, held] : *generations) {
    if (!held.contains(std::string(kDamage))) continue;
    auto text = read_file(path_of(generation, kDamage));
    if (!text) return std::unexpected(text.error());
    out.push_back({generation, std::move(*text)});
  }
  return out;
}

Result<bool> Quarantine::has_noted(std::string_view text) const {
  const auto generations = read_generations(dir_);
  if (!generations) return std::unexpected(generations.error());
  for (const auto& [generation, held] : *generations) {
    for (const std::string_view note : {kDamage, kRecorded}) {
      if (!held.contains(std::string(note))) continue;
      const auto noted = read_file(path_of(generation, note));
      if (!noted) return std::unexpected(noted.error());
      if (*noted == text) return true;
    }
  }
  return false;
}

Result<void> Quarantine::set_recorded(std::uint64_t generation) const {
  const std::string from = path_of(generation, kDamage), to = path_of(generation, kRecorded);
  if (disk().rename(from.c_str(), to.c_str()) != 0) {
    return std::unexpected(error_of_errno(from, "renaming"));
  }
  return sync_directory(folder_of(dir_));
}

}  // namespace engine
