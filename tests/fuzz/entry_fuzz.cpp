// Any bytes as a record's header: decoded strictly or refused, never a crash.
#include <cstddef>
#include <cstdint>

#include "engine/proof/record.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  static_cast<void>(engine::decode_entry({bytes, size}));
  return 0;
}
