// What an open has to prove before it trusts a store: FORMAT, dense records at the end, the tree
// over them, and HEAD (reliability.md section 5). Changes nothing, repairs nothing.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/log/block.h"
#include "engine/log/head.h"
#include "engine/log/log.h"
#include "engine/log/store.h"
#include "engine/log/tree.h"
#include "engine/result.h"

namespace engine {

inline constexpr std::string_view kFormatLine = "bihuan-ledger 1";

// The ledger's name.
[[nodiscard]] Result<std::string> read_format(const std::string& dir);

// The end of the log as found, and proved.
struct Found {
  Edge edge;                    // of the whole tree
  std::uint64_t sealed_to = 0;  // the last record in `blocks`
  Micros recorded_at = 0;       // of the last record
  std::uint64_t marker = 0;     // of the index
  std::vector<std::shared_ptr<const Block>> tail;
};

[[nodiscard]] Result<Found> prove(const Store& store, const Head& head);
// The same up to the first record that is not there, whoever names a later one.
[[nodiscard]] Result<Found> prove_remains(const Store& store);
// That a proved log holds what is known from elsewhere.
[[nodiscard]] Result<void> check_known(const Store& store, const Found& found, const Known& known);

}  // namespace engine
