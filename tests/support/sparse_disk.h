// The machine's disk without room set aside: RocksDB sets aside 35 MB for each log that it begins,
// which a directory in memory fills with zeros, more than such a ledger will ever hold.
#pragma once

#include <rocksdb/env.h>
#include <rocksdb/file_system.h>

#include <memory>
#include <string>

#include "engine/log/disk.h"

namespace support {

class SparseDisk final : public engine::Disk {
 public:
  SparseDisk() { engine::replace_disk(this); }
  ~SparseDisk() override { engine::replace_disk(nullptr); }
  rocksdb::Env* rocksdb_env() override { return env_.get(); }

 private:
  class Files final : public rocksdb::FileSystemWrapper {
   public:
    Files() : rocksdb::FileSystemWrapper(rocksdb::FileSystem::Default()) {}
    [[nodiscard]] const char* Name() const override { return "SparseFiles"; }
    rocksdb::IOStatus NewWritableFile(const std::string& path, const rocksdb::FileOptions& options,
                                      std::unique_ptr<rocksdb::FSWritableFile>* out,
                                      rocksdb::IODebugContext* debug) override {
      rocksdb::FileOptions sparse = options;
      sparse.allow_fallocate = false;
      return target()->NewWritableFile(path, sparse, out, debug);
    }
  };
  std::unique_ptr<rocksdb::Env> env_ = rocksdb::NewCompositeEnv(std::make_shared<Files>());
};

}  // namespace support
