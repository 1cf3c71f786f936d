// What a request's head must look like before the parser may see it: everything on which two
// parsers could disagree is refused (reliability.md section 11, S3). A pure function of bytes.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace server {

inline constexpr std::size_t kHeadBytesMax = 16U << 10U;
inline constexpr std::size_t kLineBytesMax = 8U << 10U;
inline constexpr std::size_t kFieldsMax = 100;

struct HeadFault {
  unsigned status = 400;  // 400, 431 (too large) or 505 (another version of HTTP)
  std::string_view chinese, english;
};

// Of what has come so far: false when no further byte could make it a head.
[[nodiscard]] bool may_become_head(std::string_view begun);
// `head`: the request line and the header lines, up to and including the empty line.
[[nodiscard]] std::optional<HeadFault> check_head(std::string_view head);

}  // namespace server
