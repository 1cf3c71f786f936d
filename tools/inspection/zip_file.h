// Zip archives through libzip: written with fixed times and in the order given, so that the same
// contents are the same bytes; read with bounds, because what a stranger hands over may be
// anything.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/proof/hash.h"
#include "engine/result.h"

struct zip;  // libzip's

namespace tools {

struct ZipEntry {
  std::string name;
  std::uint64_t size = 0;                               // of what make() gives
  std::function<engine::Result<engine::Bytes>()> make;  // called once, when the entry is written
  bool stored = false;                                  // what does not get smaller
};

// Writes the archive beside `path` and then puts it there; an older one is replaced. An error of
// make() is the answer; io if the file cannot be written.
[[nodiscard]] engine::Result<void> write_zip(const std::string& path,
                                             std::span<const ZipEntry> entries);

// One thread at a time; several readers may stand on the same bytes, which outlive them.
class ZipReader {
 public:
  // bad_input: the bytes are no zip archive.
  static engine::Result<ZipReader> open(engine::ByteSpan archive);

  // In the order of the archive; the same name may come twice.
  [[nodiscard]] const std::vector<std::string>& names() const { return names_; }
  // The contents of entry `index`. bad_input: damaged, or larger than `most` bytes.
  [[nodiscard]] engine::Result<engine::Bytes> read(std::size_t index, std::uint64_t most) const;

 private:
  struct Close {
    void operator()(zip* archive) const;
  };
  std::unique_ptr<zip, Close> archive_;
  std::vector<std::string> names_;
};

}  // namespace tools
