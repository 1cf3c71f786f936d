#include "tools/ledger/events.h"

#include "engine/proof/hash.h"
#include "schemas/json.h"

namespace tools {

boost::json::object event_with_leaf(const engine::Log& log, const engine::RecordView& record) {
  boost::json::object event = schemas::event_json(record);
  if (const auto leaf = log.leaf_at(record.seq)) event["leaf_hash"] = engine::hex(*leaf);
  return event;
}

}  // namespace tools
