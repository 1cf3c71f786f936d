#include "server/rehearsal.h"

#include <filesystem>

#include "engine/log/file.h"

namespace server {
namespace {

std::string mark_of(const std::string& data) { return data + "/REHEARSAL"; }

}  // namespace

bool is_rehearsal_ledger(const std::string& data) {
  std::error_code ignored;
  return std::filesystem::exists(mark_of(data), ignored);
}

engine::Result<void> mark_as_rehearsal(const std::string& data) {
  return engine::write_file(mark_of(data), "The times in this ledger are made up.\n", 0644,
                            /*replace=*/true);
}

}  // namespace server
