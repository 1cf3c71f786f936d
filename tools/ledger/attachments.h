// Attachments: files that events name by their SHA-256. They lie beside the log, DIR/attachments,
// one file a hash, never executed and never changed; the access log says who brought which.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "engine/log/log.h"
#include "engine/proof/hash.h"
#include "engine/result.h"

namespace tools {

// Our choice: a photograph or a scanned letter, not a film.
inline constexpr std::size_t kAttachmentBytesMax = 8U << 20U;

// A kind of file that is taken, told from its first bytes and never from its name.
struct Media {
  std::string_view type, ending;  // "application/pdf", "pdf"
};
[[nodiscard]] std::optional<Media> media_of(std::string_view bytes);  // nullopt: not taken

// Durable when it returns. True: it was not there before.
engine::Result<bool> keep_attachment(const std::string& data, const engine::Hash& hash,
                                     std::string_view bytes);
// not_found; corrupt: the file is not what it was.
[[nodiscard]] engine::Result<std::string> read_attachment(const std::string& data,
                                                          const engine::Hash& hash);
// 64 hex digits; nullopt: they are none.
[[nodiscard]] std::optional<engine::Hash> parse_sha256(std::string_view text);

// Every attachment that the access log tells of and whose file is not there or not what it was.
engine::Result<void> check_attachments(
    const std::string& data, const engine::Log& access,
    const std::function<void(std::uint64_t access_seq, const std::string& what)>& wrong);

// What lies beside the logs goes into a backup and comes back: every file, held against its hash.
engine::Result<void> copy_attachments(const std::string& from, const std::string& to);

}  // namespace tools
