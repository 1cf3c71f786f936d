// The size class of an enterprise 大中小微划型, from 国统字〔2017〕213号 (domain.md section 6).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "event_generated.h"

namespace schemas {

struct SizeFigures {
  std::optional<std::int64_t> people;   // 从业人员
  std::optional<std::int64_t> revenue;  // 营业收入, 万元
  std::optional<std::int64_t> assets;   // 资产总额, 万元
};

// Large, medium and small need all of the industry's lower bounds, else it is one class down; micro
// is what misses one of small's. nullopt: a figure that the industry is judged by is missing.
// `unclassed`: the standard names no bounds (J, P, S, T, rail). Needs is_industry(industry).
[[nodiscard]] std::optional<SizeClass> size_class(std::string_view industry,
                                                  const SizeFigures& figures);

}  // namespace schemas
