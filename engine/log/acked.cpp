// The bytes of ACKED (docs/FORMAT.md, "ACKED").
#include "engine/log/acked.h"

#include <fcntl.h>

#include <algorithm>

#include "engine/proof/bytes.h"
#include "engine/proof/hash.h"

namespace engine {
namespace {

constexpr std::uint64_t kMagic = 0x31444B4341554842;  // "BHUACKD1" in the file

Bytes encode(const Acked& acked) {
  Bytes out;
  put_le(out, kMagic);
  put_le(out, acked.seq);
  out.insert(out.end(), acked.root.begin(), acked.root.end());
  const Hash sum = sha256(out);
  out.insert(out.end(), sum.begin(), sum.end());
  return out;
}

}  // namespace

std::optional<Acked> read_acked(const std::string& path) {
  const auto bytes = read_file(path);
  if (!bytes || bytes->size() != encode({}).size()) return std::nullopt;
  Acked acked;
  const ByteSpan all = bytes_of(*bytes);
  acked.seq = get_le<std::uint64_t>(all.data() + sizeof(kMagic));
  std::copy_n(all.data() + sizeof(kMagic) + sizeof(acked.seq), acked.root.size(),
              acked.root.begin());
  if (!std::ranges::equal(encode(acked), all)) return std::nullopt;
  return acked;
}

Result<AckedFile> AckedFile::open(const std::string& path) {
  auto file = open_file(path, O_WRONLY | O_CREAT);
  if (!file) return std::unexpected(file.error());
  return AckedFile(path, std::move(*file));
}

Result<void> AckedFile::write(const Acked& acked) {
  return write_at(file_, path_, encode(acked), 0);
}

}  // namespace engine
