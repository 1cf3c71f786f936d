// The files of a package: found in the archive, held against the manifest, and the manifest against
// the ledger's key.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/proof/note.h"
#include "tools/inspection/manifest.h"
#include "tools/inspection/verdict.h"
#include "tools/inspection/zip_file.h"

namespace tools {

class Contents {
 public:
  // Tells what is wrong in `verdict`; nullopt: there is no manifest to go on with. `archive`
  // outlives it.
  static std::optional<Contents> open(engine::ByteSpan archive, const engine::VerifierKey& key,
                                      Verdict& verdict);

  [[nodiscard]] const Manifest& manifest() const { return manifest_; }
  [[nodiscard]] engine::Result<ZipReader> reader() const { return ZipReader::open(archive_); }

  struct Read {
    engine::Bytes bytes;         // as far as they could be read
    std::optional<Wrong> wrong;  // they are not those of the manifest
  };
  // A file that the manifest lists. Any thread, each with a reader of its own.
  [[nodiscard]] Read read(const ZipReader& reader, const PackedFile& file) const;

 private:
  void compare_names(const ZipReader& reader, Verdict& verdict) const;

  engine::ByteSpan archive_;
  Manifest manifest_;
  std::map<std::string, std::size_t, std::less<>> index_;  // in the archive
};

}  // namespace tools
