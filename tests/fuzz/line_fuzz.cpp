// Any bytes as a history line: a checked command or a refusal, never a crash. What is accepted is a
// well-formed payload that prints as JSON.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "engine/check.h"
#include "schemas/json.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view line{reinterpret_cast<const char*>(bytes), size};
  const auto command = schemas::parse_line(line);
  if (!command) return 0;
  CHECK(schemas::verify(command->event, command->data));
  const auto& info = schemas::info_of(command->event);
  const auto data = schemas::data_json(info, command->data, schemas::Pinned::leave_out);
  static_cast<void>(boost::json::serialize(data));
  return 0;
}
