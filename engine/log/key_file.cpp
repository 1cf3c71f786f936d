// Files that hold secrets (reliability.md section 8).
#include "engine/log/key_file.h"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <sys/stat.h>

#include <filesystem>
#include <memory>

#include "engine/log/disk.h"
#include "engine/log/file.h"

namespace engine {
namespace {

constexpr mode_t kOwnerOnly = 0600;

struct FreeKey {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(BIO* bio) const { BIO_free(bio); }
};

Result<void> create_secret(const std::string& path, std::string_view bytes) {
  const std::string parent = std::filesystem::path(path).parent_path().string();
  if (!parent.empty()) {
    if (auto made = make_directories(parent, kOwnerOnly | S_IXUSR); !made) return made;
  }
  return write_file(path, bytes, kOwnerOnly, /*replace=*/false);
}

Result<std::string> read_secret(const std::string& path) {
  struct stat status{};
  if (disk().stat(path.c_str(), &status) != 0)
    return std::unexpected(error_of_errno(path, "reading"));
  if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return fail(ErrorCode::bad_input,
                path + " may be read by others than its owner; its mode must be 0600.");
  }
  return read_file(path);
}

}  // namespace

Result<Hash> random_key() {
  Hash key{};
  if (RAND_priv_bytes(key.data(), static_cast<int>(key.size())) != 1) {
    return fail(ErrorCode::io, "The random source gave no bytes.");
  }
  return key;
}

Result<void> create_key_file(const std::string& path) {
  const auto master = random_key();
  if (!master) return std::unexpected(master.error());
  return create_secret(path, KeyRing(*master).serialize());
}

Result<KeyRing> read_key_file(const std::string& path) {
  const auto text = read_secret(path);
  if (!text) return std::unexpected(text.error());
  auto ring = KeyRing::parse(*text);
  if (!ring) {
    Error error = ring.error();
    error.text = path + ": " + error.text;
    return std::unexpected(error);
  }
  return ring;
}

Result<void> write_key_file(const std::string& path, const KeyRing& ring) {
  return write_file(path, ring.serialize(), kOwnerOnly, /*replace=*/true);
}

Result<void> create_signing_key(const std::string& path) {
  const std::unique_ptr<EVP_PKEY, FreeKey> key(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
  const std::unique_ptr<BIO, FreeKey> memory(BIO_new(BIO_s_secmem()));
  if (!key || !memory ||
      PEM_write_bio_PKCS8PrivateKey(memory.get(), key.get(), nullptr, nullptr, 0, nullptr,
                                    nullptr) != 1) {
    return fail(ErrorCode::io, "OpenSSL could not make a signing key.");
  }
  std::string pem(BIO_ctrl_pending(memory.get()), '\0');
  if (BIO_read(memory.get(), pem.data(), static_cast<int>(pem.size())) !=
      static_cast<int>(pem.size())) {
    return fail(ErrorCode::io, "OpenSSL could not write a signing key.");
  }
  return create_secret(path, pem);
}

Result<std::string> read_signing_key(const std::string& path) { return read_secret(path); }

}  // namespace engine
