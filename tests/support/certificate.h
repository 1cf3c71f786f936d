// Certificates for tests, made on the spot: signed by themselves or by another of them, for any
// name, in time or not.
#pragma once

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>
#include <string>

namespace support {

class Certificate {
 public:
  struct Wish {
    std::string names;  // a subjectAltName, "DNS:localhost,IP:127.0.0.1"; empty: an authority
    const Certificate* by = nullptr;  // nullptr: by itself
    long ends_in = 3600;              // seconds from now
  };
  explicit Certificate(const Wish& wish);

  // PEM files.
  void write(const std::string& certificate, const std::string& key) const;

 private:
  std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)> key_;
  std::unique_ptr<X509, void (*)(X509*)> of_;
};

}  // namespace support
