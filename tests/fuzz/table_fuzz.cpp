// Any bytes as a profile and the CSV it is used on, with a NUL between them: lines of a history or
// a refusal, never a crash; and a cell that is written out comes back as one cell.
#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "engine/check.h"
#include "tools/bihuan/csv_file.h"
#include "tools/bihuan/profile.h"
#include "tools/ledger/csv.h"

namespace {

// A file in memory with a path: both readers take paths.
class MemoryFile {
 public:
  explicit MemoryFile(std::string_view bytes) : descriptor_(::memfd_create("fuzz", MFD_CLOEXEC)) {
    CHECK(descriptor_ >= 0);
    CHECK(::write(descriptor_, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
  }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  ~MemoryFile() { ::close(descriptor_); }
  [[nodiscard]] std::string path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }

 private:
  int descriptor_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(bytes), size};
  const std::size_t end = text.find('\0');
  const std::string_view csv = end == std::string_view::npos ? text : text.substr(end + 1);
  const MemoryFile table(csv);
  if (const auto read = tools::read_csv(table.path())) {
    std::string again;
    for (std::size_t i = 0; i < read->header.size(); ++i)
      again += (i == 0 ? "" : ",") + tools::csv_cell(read->header[i]);
    const MemoryFile written(again + "\n");
    const auto once_more = tools::read_csv(written.path());
    const bool blank = read->header.size() == 1 && read->header[0].empty();
    CHECK(blank || (once_more && once_more->header.size() == read->header.size()));
  }
  if (end == std::string_view::npos) return 0;
  const MemoryFile profile(text.substr(0, end));
  static_cast<void>(tools::expand_profile(profile.path(), table.path()));
  return 0;
}
