#include "tests/support/certificate.h"

#include <doctest/doctest.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <algorithm>

namespace support {
namespace {

void extend(X509* of, int what, const std::string& value) {
  const std::unique_ptr<X509_EXTENSION, void (*)(X509_EXTENSION*)> extension(
      X509V3_EXT_conf_nid(nullptr, nullptr, what, value.c_str()), X509_EXTENSION_free);
  REQUIRE(extension != nullptr);
  REQUIRE(X509_add_ext(of, extension.get(), -1) == 1);
}

}  // namespace

Certificate::Certificate(const Wish& wish)
    : key_(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"), EVP_PKEY_free),
      of_(X509_new(), X509_free) {
  constexpr long kHour = 3600, kVersion3 = 2;
  const Certificate& by = wish.by != nullptr ? *wish.by : *this;
  X509* const of = of_.get();
  REQUIRE(X509_set_version(of, kVersion3) == 1);
  REQUIRE(X509_gmtime_adj(X509_getm_notBefore(of), std::min(0L, wish.ends_in) - kHour) != nullptr);
  REQUIRE(X509_gmtime_adj(X509_getm_notAfter(of), wish.ends_in) != nullptr);
  REQUIRE(X509_set_pubkey(of, key_.get()) == 1);
  const std::string called = wish.names.empty() ? "authority" : "server";
  REQUIRE(X509_NAME_add_entry_by_txt(X509_get_subject_name(of), "CN", MBSTRING_UTF8,
                                     reinterpret_cast<const unsigned char*>(called.data()),
                                     static_cast<int>(called.size()), -1, 0) == 1);
  REQUIRE(X509_set_issuer_name(of, X509_get_subject_name(by.of_.get())) == 1);
  extend(of, NID_basic_constraints, wish.names.empty() ? "critical,CA:TRUE" : "CA:FALSE");
  if (!wish.names.empty()) extend(of, NID_subject_alt_name, wish.names);
  REQUIRE(X509_sign(of, by.key_.get(), EVP_sha256()) > 0);
}

void Certificate::write(const std::string& certificate, const std::string& key) const {
  const std::unique_ptr<BIO, int (*)(BIO*)> to(BIO_new_file(certificate.c_str(), "w"), BIO_free);
  REQUIRE(PEM_write_bio_X509(to.get(), of_.get()) == 1);
  const std::unique_ptr<BIO, int (*)(BIO*)> secret(BIO_new_file(key.c_str(), "w"), BIO_free);
  REQUIRE(PEM_write_bio_PrivateKey(secret.get(), key_.get(), nullptr, nullptr, 0, nullptr,
                                   nullptr) == 1);
}

}  // namespace support
