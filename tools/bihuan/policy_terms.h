// Words of policies that the segmenter's own dictionary cuts in pieces (专精特新, 双随机).
#pragma once

#include <span>
#include <string_view>

namespace tools {

[[nodiscard]] std::span<const std::string_view> policy_terms();

}  // namespace tools
