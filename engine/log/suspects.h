// Which file of a store is to blame when RocksDB cannot open it: RocksDB reports a table that it
// cannot load in the name of the MANIFEST, and a wrong CURRENT in the name of the file that is not
// there.
#pragma once

#include <string>

namespace engine {

// One sentence for the refusal about the files in `directory` that are not what their names say;
// empty when none is. Reads the ends of all tables and changes nothing. Any thread.
[[nodiscard]] std::string suspects_in(const std::string& directory);

}  // namespace engine
