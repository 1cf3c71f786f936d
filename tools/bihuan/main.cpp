// The binary `bihuan`: everything is in the library, so that tests can call it too.
#include "engine/no_memory.h"
#include "tools/bihuan/session.h"

int main(int argc, char** argv) {
  engine::end_when_memory_ends();
  return tools::run(argc, argv);
}
