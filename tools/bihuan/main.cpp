// The binary `bihuan`: everything is in the library, so that tests can call it too.
#include "tools/bihuan/session.h"

int main(int argc, char** argv) { return tools::run(argc, argv); }
