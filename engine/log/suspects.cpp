// Each table is opened by itself, and asked for the number that it was written under.
#include "engine/log/suspects.h"

#include <rocksdb/options.h>
#include <rocksdb/sst_file_reader.h>
#include <rocksdb/table_properties.h>

#include <algorithm>
#include <filesystem>

#include "engine/log/file.h"
#include "engine/log/guarded_files.h"

namespace engine {
namespace {

// Empty: the table can be loaded, and is the one that was written under this name.
std::string wrong_with(const std::string& path) {
  const std::unique_ptr<rocksdb::Env> env = guarded_env();
  rocksdb::Options options;
  options.env = env.get();
  rocksdb::SstFileReader table(options);
  const rocksdb::Status opened = table.Open(path);
  if (!opened.ok()) return opened.ToString();
  const std::string name = std::filesystem::path(path).stem().string();
  const std::string written = std::to_string(table.GetTableProperties()->orig_file_number);
  const std::string number = name.substr(std::min(name.find_first_not_of('0'), name.size()));
  return number == written ? std::string() : "it was written as table " + written;
}

std::string wrong_with_current(const std::string& directory) {
  const auto current = read_file(directory + "/CURRENT");
  if (!current) return " CURRENT cannot be read.";
  const std::string named = current->substr(0, current->find('\n'));
  if (named.starts_with("MANIFEST-") && current->ends_with('\n') &&
      read_file(directory + "/" + named)) {
    return {};
  }
  return " CURRENT does not name a MANIFEST that is there.";
}

}  // namespace

std::string suspects_in(const std::string& directory) {
  std::string out = wrong_with_current(directory);
  auto names = names_in(directory);
  if (!names) return out;
  std::ranges::sort(*names);
  for (const std::string& name : *names) {
    if (!name.ends_with(".sst")) continue;
    const std::string wrong = wrong_with(directory + "/" + name);
    if (!wrong.empty()) out += " Table " + name + " is damaged: " + wrong + ".";
  }
  return out;
}

}  // namespace engine
