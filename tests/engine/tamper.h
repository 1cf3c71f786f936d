// Changing what RocksDB stores through RocksDB itself, so that every checksum of its own is right.
#pragma once

#include <rocksdb/db.h>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include "engine/proof/bytes.h"

namespace engine::test {

// The attacker who owns the disk: changes stored values through RocksDB itself, checksums and all.
inline void tamper(const std::string& ledger, const std::string& family,
                   const std::function<void(rocksdb::DB&, rocksdb::ColumnFamilyHandle*)>& act) {
  std::vector<std::string> names;
  REQUIRE(rocksdb::DB::ListColumnFamilies({}, ledger + "/log", &names).ok());
  std::vector<rocksdb::ColumnFamilyDescriptor> families;
  for (const auto& name : names) families.emplace_back(name, rocksdb::ColumnFamilyOptions());
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* db = nullptr;
  REQUIRE(rocksdb::DB::Open({}, ledger + "/log", families, &handles, &db).ok());
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] == family) act(*db, handles[i]);
  }
  for (auto* handle : handles) db->DestroyColumnFamilyHandle(handle);
  REQUIRE(db->Close().ok());
  delete db;
}

inline std::string be(std::uint64_t number) {
  std::string out;
  put_be(out, number);
  return out;
}

// Flips one bit of the value under `key`, `from_end` bytes before its end.
inline auto flip(std::string key, std::size_t from_end) {
  return [key = std::move(key), from_end](rocksdb::DB& db, rocksdb::ColumnFamilyHandle* family) {
    std::string value;
    REQUIRE(db.Get({}, family, key, &value).ok());
    value[value.size() - from_end] = static_cast<char>(value[value.size() - from_end] ^ 1);
    REQUIRE(db.Put({}, family, key, value).ok());
  };
}

}  // namespace engine::test
