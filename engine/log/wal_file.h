// The file under RocksDB's log. A group is synced before it is acknowledged, and the sync of a file
// that has grown makes the file system write its own journal too: a third of a lone client's time.
// So zeros are put ahead of what is written, some hundred groups' worth at a time, and groups are
// written over them. RocksDB's reader passes over zeros behind the last batch, and a torn write is
// told from a synced one as before (wal.h).
//
// No file is ever used again for another log: what lies behind the last batch is zeros, never an
// older batch.
//
// Included only inside engine/log.
#pragma once

#include <rocksdb/file_system.h>

#include <memory>
#include <string>

namespace engine {

// Makes the file anew. Whatever had this name goes; other names of it keep it as it was.
[[nodiscard]] rocksdb::IOStatus make_wal_file(const std::string& path,
                                              std::unique_ptr<rocksdb::FSWritableFile>& out);

}  // namespace engine
