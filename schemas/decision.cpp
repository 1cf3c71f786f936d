// Decisions that need no words of their own.
#include "schemas/decision.h"

#include "schemas/command.h"

namespace schemas {

Decision pass_through(const CommandView& command) {
  Decision decision(std::in_place, 1);
  decision->front().type = command.event;
  decision->front().payload = Payload::of_command(command.data);
  return decision;
}

}  // namespace schemas
