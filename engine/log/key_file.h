// The two secrets of a ledger as files of their own, outside RocksDB and outside the log's backup:
// the key store (DIR.keys/keystore) and the signing key (DIR.keys/sign.pem). Made with mode 0600,
// synced with their directory, and refused when anyone but their owner may read them.
#pragma once

#include <string>

#include "engine/proof/seal.h"
#include "engine/result.h"

namespace engine {

// 32 bytes from the operating system's random source.
[[nodiscard]] Result<Hash> random_key();

// A new key store with a random master; refused if the file exists.
Result<void> create_key_file(const std::string& path);
[[nodiscard]] Result<KeyRing> read_key_file(const std::string& path);
// Replaces the file as a whole (after an erasure), or makes it (a copy at `init --keystore`).
Result<void> write_key_file(const std::string& path, const KeyRing& ring);

// A new Ed25519 private key as PKCS #8 PEM; refused if the file exists.
Result<void> create_signing_key(const std::string& path);
// The PEM text, after the same check of the file's mode.
[[nodiscard]] Result<std::string> read_signing_key(const std::string& path);

}  // namespace engine
