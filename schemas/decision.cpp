// Decisions that need no words of their own.
#include "schemas/decision.h"

#include "schemas/command.h"

namespace schemas {

Decision pass_through(const CommandView& command) {
  Emitted event;
  event.type = command.event;
  event.payload = Payload::of_command(command.data);
  std::vector<Emitted> events;
  events.push_back(std::move(event));
  return events;
}

}  // namespace schemas
