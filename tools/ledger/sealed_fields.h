// The sealed fields of a log, and the subjects whose personal data was erased: what a key store has
// to open, and what it must open no more.
#pragma once

#include <cstdint>
#include <functional>
#include <set>
#include <span>
#include <string>
#include <string_view>

#include "engine/log/log.h"
#include "engine/result.h"

namespace tools {

using SealedVisitor = std::function<void(const engine::RecordView& record, std::string_view field,
                                         std::span<const std::uint8_t> sealed)>;

// Of every record, in order. Returns the subjects ("kind/no") of PersonalDataErased; O(records).
[[nodiscard]] engine::Result<std::set<std::string>> visit_sealed(const engine::Log& log,
                                                                 const SealedVisitor& visit);

}  // namespace tools
