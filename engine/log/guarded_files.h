// The file system under RocksDB, which looks after what RocksDB 7.8 leaves to luck:
//
// CURRENT comes to name a MANIFEST whose own name no sync of the directory has made durable yet. A
// file system that keeps names in another order than they were made may lose that one in a power
// cut. Here the directory is synced first.
//
// A table's properties are parsed before their checksum is looked at, and one flipped bit there
// (the highest of the block's count of restarts: "it has a hash index") ends the process by an
// assertion, as does a read that gives less than the file holds. Here both are errors.
//
// And its logs are files of our own, filled ahead of what is written (wal_file.h).
//
// Included only inside engine/log.
#pragma once

#include <rocksdb/env.h>

#include <memory>

namespace engine {

// The environment that RocksDB is opened with: the disk's (disk.h), guarded.
[[nodiscard]] std::unique_ptr<rocksdb::Env> guarded_env();

}  // namespace engine
