#include "engine/log/shadow.h"

#include "engine/log/copying.h"
#include "engine/log/disk.h"
#include "engine/log/file.h"

namespace engine {

Result<std::optional<WalDamage>> torn_manifest(const std::string& directory) {
  const auto current = read_file(directory + "/CURRENT");
  if (!current) return std::unexpected(current.error());
  const std::string name = current->substr(0, current->find('\n'));
  if (!name.starts_with("MANIFEST-")) return std::nullopt;
  const auto bytes = read_file(directory + "/" + name);
  if (!bytes) return std::unexpected(bytes.error());
  auto damage = damage_in(bytes_of(*bytes));
  if (!damage || !damage->torn || damage->begin == 0) return std::nullopt;
  damage->file = name;
  return damage;
}

Result<void> make_shadow(const std::string& directory, const WalDamage& manifest,
                         const std::string& shadow) {
  if (auto gone = remove_directory(shadow); !gone) return gone;
  if (disk().mkdir(shadow.c_str(), 0700) != 0) {
    return std::unexpected(error_of_errno(shadow, "making"));
  }
  const auto names = names_in(directory);
  if (!names) return std::unexpected(names.error());
  for (const std::string& name : *names) {
    const std::string from = directory + "/" + name, to = shadow + "/" + name;
    if (name == manifest.file) {
      const auto bytes = read_file(from);
      if (!bytes) return std::unexpected(bytes.error());
      const std::string_view sound = std::string_view(*bytes).substr(0, manifest.begin);
      if (auto put = write_file(to, sound, 0600, /*replace=*/true); !put) return put;
    } else if (disk().link(from.c_str(), to.c_str()) != 0) {
      return std::unexpected(error_of_errno(to, "linking"));
    }
  }
  return {};
}

}  // namespace engine
