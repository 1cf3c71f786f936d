// Tokens that somebody else signed: made here with OpenSSL, verified by the server with rhonabwy.
#include "server/identity/jwt.h"

#include <doctest/doctest.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>

#include <boost/json.hpp>
#include <filesystem>
#include <fstream>
#include <memory>
#include <span>

#include "engine/log/signing_keys.h"
#include "engine/proof/hash.h"
#include "tests/support/served.h"
#include "tools/ledger/token.h"

using server::JwtKeys;
namespace json = boost::json;

namespace {

constexpr engine::Micros kNow = 1'631'756'000'000'000;  // 2021-09-16
constexpr std::int64_t kSeconds = kNow / 1'000'000;

std::string base64url(std::string_view bytes) {
  std::string text = engine::base64(engine::bytes_of(bytes));
  while (text.ends_with('=')) text.pop_back();
  for (char& c : text) c = c == '+' ? '-' : c == '/' ? '_' : c;
  return text;
}

class Key {
 public:
  Key(std::string id, bool rsa, std::size_t bits = 2048)
      : id_(std::move(id)),
        rsa_(rsa),
        key_(rsa ? EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", bits)
                 : EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"),
             EVP_PKEY_free) {
    REQUIRE(key_ != nullptr);
  }

  [[nodiscard]] json::object jwk() const {
    if (rsa_)
      return {{"kty", "RSA"},
              {"kid", id_},
              {"n", base64url(number(OSSL_PKEY_PARAM_RSA_N))},
              {"e", base64url(number(OSSL_PKEY_PARAM_RSA_E))}};
    return {{"kty", "OKP"}, {"crv", "Ed25519"}, {"kid", id_}, {"x", base64url(raw())}};
  }

  // A token of these claims; `header` changes or adds to what its header says.
  [[nodiscard]] std::string token(const json::object& claims,
                                  const json::object& header = {}) const {
    json::object head{{"typ", "JWT"}, {"alg", rsa_ ? "RS256" : "EdDSA"}, {"kid", id_}};
    for (const auto& member : header) head[member.key()] = member.value();
    const std::string text =
        base64url(json::serialize(head)) + "." + base64url(json::serialize(claims));
    return text + "." + base64url(sign(text));
  }

 private:
  [[nodiscard]] std::string number(const char* name) const {
    BIGNUM* made = nullptr;
    REQUIRE(EVP_PKEY_get_bn_param(key_.get(), name, &made) == 1);
    const std::unique_ptr<BIGNUM, void (*)(BIGNUM*)> held(made, BN_free);
    std::string bytes(static_cast<std::size_t>(BN_num_bytes(made)), '\0');
    BN_bn2bin(made, reinterpret_cast<unsigned char*>(bytes.data()));
    return bytes;
  }
  [[nodiscard]] std::string raw() const {
    std::string bytes(32, '\0');
    std::size_t size = bytes.size();
    REQUIRE(EVP_PKEY_get_raw_public_key(key_.get(), reinterpret_cast<unsigned char*>(bytes.data()),
                                        &size) == 1);
    return bytes;
  }
  [[nodiscard]] std::string sign(const std::string& text) const {
    const std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> work(EVP_MD_CTX_new(),
                                                                  EVP_MD_CTX_free);
    const auto* const data = reinterpret_cast<const unsigned char*>(text.data());
    std::size_t size = 0;
    REQUIRE(EVP_DigestSignInit(work.get(), nullptr, rsa_ ? EVP_sha256() : nullptr, nullptr,
                               key_.get()) == 1);
    REQUIRE(EVP_DigestSign(work.get(), nullptr, &size, data, text.size()) == 1);
    std::string signature(size, '\0');
    REQUIRE(EVP_DigestSign(work.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                           data, text.size()) == 1);
    signature.resize(size);
    return signature;
  }

  std::string id_;
  bool rsa_;
  std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)> key_;
};

std::string write_keys(const support::TempDir& dir, std::initializer_list<const Key*> keys) {
  json::array list;
  for (const Key* key : keys) list.push_back(key->jwk());
  const std::string path = dir / "jwks.json";
  std::ofstream(path) << json::serialize(json::object{{"keys", std::move(list)}});
  return path;
}

json::object claims(std::int64_t expires = kSeconds + 600) {
  return {{"sub", "lead-7"}, {"exp", expires}, {"iss", "https://id.test"}, {"aud", "bihuan"}};
}

json::object with(json::object some, std::string_view name, json::value value) {
  some[name] = std::move(value);
  return some;
}

// Only that part of the token is not what was signed.
std::string with_part(const std::string& token, std::size_t number, const std::string& part) {
  const std::size_t first = token.find('.'), second = token.find('.', first + 1);
  const std::string parts[] = {token.substr(0, first), token.substr(first + 1, second - first - 1),
                               token.substr(second + 1)};
  std::string out;
  for (std::size_t i = 0; i < 3; ++i) out += (i == 0 ? "" : ".") + (i == number ? part : parts[i]);
  return out;
}

}  // namespace

TEST_CASE("a token of EdDSA or RS256 by a key of the file names its person until it expires") {
  support::TempDir dir;
  const Key edwards("ed", false), rsa("rsa", true);
  const auto keys = JwtKeys::load(write_keys(dir, {&edwards, &rsa}), {"https://id.test", "bihuan"});
  REQUIRE_MESSAGE(keys.has_value(), (keys ? "" : keys.error().text));
  for (const Key* key : {&edwards, &rsa}) {
    const std::string token = key->token(claims());
    const auto found = keys->verify(token, kNow);
    REQUIRE(found.has_value());
    CHECK(found->person == "lead-7");
    CHECK(found->expires == kNow + 600'000'000);
    CHECK(keys->verify(token, kNow + 599'000'000).has_value());
    CHECK(!keys->verify(token, kNow + 600'000'000).has_value());
    CHECK(keys->verify(key->token(with(claims(), "aud", json::array{"other", "bihuan"})), kNow));
    CHECK(keys->verify(key->token(with(claims(), "nbf", kSeconds)), kNow).has_value());
  }
}

TEST_CASE("a token that is not well signed, or not of our terms, names nobody") {
  support::TempDir dir;
  const Key edwards("ed", false), rsa("rsa", true), stranger("ed", false);
  const auto keys = JwtKeys::load(write_keys(dir, {&edwards, &rsa}), {"https://id.test", "bihuan"});
  REQUIRE(keys.has_value());
  const std::string good = edwards.token(claims());
  REQUIRE(keys->verify(good, kNow).has_value());
  const std::string none = base64url(R"({"alg":"none","kid":"ed"})");
  const std::pair<const char*, std::string> bad[] = {
      {"by a stranger's key of the same name", stranger.token(claims())},
      {"wrong kid", edwards.token(claims(), {{"kid", "rsa"}})},
      {"unknown kid", edwards.token(claims(), {{"kid", "nobody"}})},
      {"wrong alg", edwards.token(claims(), {{"alg", "RS256"}})},
      {"wrong alg of RSA", rsa.token(claims(), {{"alg", "EdDSA"}})},
      {"HMAC by a public key", rsa.token(claims(), {{"alg", "HS256"}})},
      {"RS512 is not offered", rsa.token(claims(), {{"alg", "RS512"}})},
      {"brings its own key", stranger.token(claims(), {{"jwk", stranger.jwk()}, {"kid", "own"}})},
      {"unsigned", none + "." + base64url(json::serialize(claims())) + "."},
      {"alg none with a signature", with_part(good, 0, none)},
      {"other claims", with_part(good, 1, base64url(json::serialize(claims(kSeconds + 9999))))},
      {"no signature", with_part(good, 2, "")},
      {"expired", edwards.token(claims(kSeconds - 1))},
      {"without an end",
       edwards.token({{"sub", "lead-7"}, {"iss", "https://id.test"}, {"aud", "bihuan"}})},
      {"an end beyond all time", edwards.token(claims(std::int64_t{1} << 50))},
      {"not yet", edwards.token(with(claims(), "nbf", kSeconds + 1))},
      {"another issuer", edwards.token(with(claims(), "iss", "https://other.test"))},
      {"another audience", edwards.token(with(claims(), "aud", "other"))},
      {"no person", edwards.token(with(claims(), "sub", ""))},
      {"a person who is no text", edwards.token(with(claims(), "sub", 7))},
      {"a person with a line break", edwards.token(with(claims(), "sub", "a\nb"))},
      {"nothing", ""},
      {"dots", ".."},
      {"too long", edwards.token(with(claims(), "more", json::string(9000, 'x')))},
  };
  for (const auto& [what, token] : bad) CHECK_MESSAGE(!keys->verify(token, kNow), what);
}

TEST_CASE("a file of keys that are too weak, secret or absent is refused") {
  support::TempDir dir;
  const Key weak("weak", true, 1024), edwards("ed", false);
  CHECK(!JwtKeys::load(write_keys(dir, {&weak}), {}).has_value());
  CHECK(!JwtKeys::load(write_keys(dir, {}), {}).has_value());
  CHECK(!JwtKeys::load(dir / "none.json", {}).has_value());
  const std::string path = dir / "secret.json";
  std::ofstream(path) << R"({"keys":[{"kty":"oct","kid":"s","k":"c2VjcmV0c2VjcmV0"}]})";
  CHECK(!JwtKeys::load(path, {}).has_value());
  CHECK(JwtKeys::load(write_keys(dir, {&edwards}), {}).has_value());
}

TEST_CASE("whom a token names may do what the ledger's directory says, while it says so") {
  support::TempDir dir;
  const Key key("ed", false);
  server::Options options;
  options.jwks = write_keys(dir, {&key});
  options.jwt_audience = "bihuan";
  support::Served served(options);
  served.given_office();
  const std::int64_t now = served.clock.now() / 1'000'000;
  const std::string token = key.token(claims(now + 600));
  CHECK(support::HttpClient(served.port(), token).get("/v1/reports/plan").status == 403);
  // S7: again and again in the middle of one connection, from the next request on.
  support::HttpClient lead(served.port(), token);
  for (int turn = 0; turn < 100; ++turn) {
    CAPTURE(turn);
    served.given("office_lead", "GrantRole", "department/D01",
                 R"({"person":"lead-7","role":"office_lead"})");
    CHECK(lead.get("/v1/me").text("role") == "office_lead");
    CHECK(lead.get("/v1/reports/plan").status == 200);
    served.given("office_lead", "RevokeRole", "department/D01",
                 R"({"person":"lead-7","role":"office_lead"})");
    CHECK(lead.get("/v1/reports/plan").status == 403);
    CHECK(lead.post("/v1/commands/RenameDepartment",
                    R"({"stream":"department/D01","data":{"name":"越权"}})",
                    {{"Idempotency-Key", "s7"}})
              .status == 403);
  }
  served.clock.pass(601'000'000);
  CHECK(lead.get("/v1/reports/plan").status == 401);
  CHECK(support::HttpClient(served.port(), key.token(claims(now), {{"kid", "x"}}))
            .get("/v1/me")
            .status == 401);
}

TEST_CASE("a token that the ledger's own key signed names its person, until the key is another") {
  support::Served served;
  served.given_office();
  served.given("office_lead", "GrantRole", "department/D01",
               R"({"person":"lead-7","role":"office_lead"})");
  const std::string keys = served.dir / "ledger.keys";
  const engine::Micros now = served.clock.now(), hour = 3'600'000'000;
  const auto name = engine::read_signing_keys(keys);
  REQUIRE(name.has_value());
  const auto mint = [&](const std::string& person, const std::string& issuer) {
    const auto token = tools::mint_token(keys, {person, issuer, now, now + hour});
    REQUIRE_MESSAGE(token.has_value(), (token ? "" : token.error().text));
    return *token;
  };
  const std::string token = mint("lead-7", name->in_force.name);
  const auto asked = [&](const std::string& by) {
    return support::HttpClient(served.port(), by).get("/v1/me");
  };
  CHECK(asked(token).status == 401);  // the key is younger than the server
  served.stop();
  served.start();
  CHECK(asked(token).text("role") == "office_lead");
  CHECK(asked(mint("nobody-1", name->in_force.name)).status == 403);
  CHECK(asked(mint("lead-7", "another.ledger")).status == 401);
  CHECK(asked(with_part(token, 2, "")).status == 401);
  served.clock.pass(hour);
  CHECK(asked(token).status == 401);
  REQUIRE(tools::make_token_key(keys).has_value());
  served.clock.set(now);
  served.stop();
  served.start();
  CHECK(asked(token).status == 401);
  CHECK(asked(mint("lead-7", name->in_force.name)).status == 200);
}

TEST_CASE("no token is made for nobody, or for no time, and its key is its owner's alone to read") {
  support::TempDir dir;
  const std::string keys = dir.path();
  CHECK(!tools::mint_token(keys, {"", "a", 0, 1'000'000}).has_value());
  CHECK(!tools::mint_token(keys, {"a\nb", "a", 0, 1'000'000}).has_value());
  CHECK(!tools::mint_token(keys, {"a", "a", 1'000'000, 1'000'000}).has_value());
  CHECK(!std::filesystem::exists(tools::token_key_file(keys)));
  CHECK(tools::mint_token(keys, {"a", "a", 0, 1'000'000}).has_value());
  using std::filesystem::perms;
  CHECK(std::filesystem::status(tools::token_key_file(keys)).permissions() ==
        (perms::owner_read | perms::owner_write));
}
