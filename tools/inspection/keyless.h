// Deciding again without the keys of sealed fields: what is sealed stays as it is, and an actor
// under a pseudonym is taken as recorded.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/sealer.h"

namespace tools {

class KeylessSealer final : public engine::Sealer {
 public:
  [[nodiscard]] std::vector<std::uint8_t> seal(const engine::SealedPlace&,
                                               std::string_view) const override {
    return {};
  }
  [[nodiscard]] std::optional<std::string> unseal(const engine::SealedPlace&,
                                                  std::span<const std::uint8_t>) const override {
    return std::nullopt;
  }
  [[nodiscard]] std::string pseudonym(std::string_view, std::string_view,
                                      std::uint32_t) const override {
    return {};
  }
};

}  // namespace tools
