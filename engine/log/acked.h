// ACKED: how far was acknowledged, written after every group and before its acknowledgement, and
// never synced by us: what is written outlives the process, though not the machine. So when a
// process was killed it says exactly what was acknowledged, where HEAD lags; after a power cut it
// may be older, or gone, and then it says nothing. A witness: it is never needed, and never leads.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "engine/log/file.h"
#include "engine/record.h"
#include "engine/result.h"

namespace engine {

struct Acked {
  std::uint64_t seq = 0;
  Hash root{};
};

// nullopt: not there, or not as it was written.
[[nodiscard]] std::optional<Acked> read_acked(const std::string& path);

class AckedFile {
 public:
  static Result<AckedFile> open(const std::string& path);
  // One small write into the operating system's memory; no sync.
  Result<void> write(const Acked& acked);

 private:
  AckedFile(std::string path, File file) : path_(std::move(path)), file_(std::move(file)) {}
  std::string path_;
  File file_;
};

}  // namespace engine
