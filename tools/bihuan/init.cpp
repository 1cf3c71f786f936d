// `bihuan init`: the log, the access log beside it, and the keys. The administrator's token is
// shown once and stored only as a hash.
#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <memory>

#include "engine/log/key_file.h"
#include "engine/log/signing.h"
#include "schemas/event.h"
#include "tools/bihuan/session.h"
#include "tools/ledger/access.h"
#include "tools/ledger/ledger.h"
#include "tools/ledger/secret.h"

namespace tools {

namespace {

struct InitOptions {
  std::string district, keystore, origin;
};

engine::Result<void> make_keys(const std::string& keys, const InitOptions& options) {
  if (mkdir(keys.c_str(), 0700) != 0)
    return engine::fail(engine::ErrorCode::bad_input,
                        fmt::format("{} cannot be created: {}.", keys, std::strerror(errno)));
  if (auto made = engine::Signing(keys).create(options.origin); !made)
    return std::unexpected(made.error());
  if (!options.keystore.empty()) {
    auto ring = engine::read_key_file(options.keystore);
    if (!ring) return std::unexpected(ring.error());
    return engine::write_key_file(keys + "/keystore", *ring);
  }
  if (auto made = engine::create_key_file(keys + "/keystore"); !made)
    return std::unexpected(made.error());
  return {};
}

// The file keeps the token's hash only.
engine::Result<std::string> make_token(const std::string& path) {
  auto token = new_token();
  if (!token) return token;
  if (auto kept = write_private(path, token_hash(*token) + "\n"); !kept)
    return std::unexpected(kept.error());
  return token;
}

engine::Result<std::string> create(const std::string& data, const InitOptions& options) {
  const std::string keys = keys_of(data);
  if (std::filesystem::exists(data) || std::filesystem::exists(keys))
    return engine::fail(engine::ErrorCode::not_found,
                        fmt::format("{} exists already; a ledger is made only where nothing is.",
                                    std::filesystem::exists(data) ? data : keys));
  if (auto made = make_keys(keys, options); !made) return std::unexpected(made.error());
  if (auto made = engine::Log::create(data, options.district); !made)
    return std::unexpected(made.error());
  if (auto made = engine::Log::create(access_of(data), options.district); !made)
    return std::unexpected(made.error());
  schemas::LedgerCreatedT created;
  created.district = options.district;
  if (auto made =
          record_act(data, "ledger", schemas::EventType::LedgerCreated, schemas::pack(created));
      !made)
    return std::unexpected(made.error());
  return make_token(keys + "/admin.sha256");
}

int init(const Session& session, const InitOptions& options) {
  if (session.data.empty())
    return complain(kBadArguments, "请用 --data 指明台账目录。",
                    "Name the ledger's directory with --data.");
  const std::filesystem::path path = std::filesystem::path(session.data).lexically_normal();
  std::string data = path.string();
  while (data.size() > 1 && data.ends_with('/')) data.pop_back();
  std::error_code error;
  if (path.has_parent_path()) std::filesystem::create_directories(path.parent_path(), error);
  const bool existed = std::filesystem::exists(data) || std::filesystem::exists(keys_of(data));
  const auto token = create(data, options);
  if (!token) {
    if (existed) return complain(kRefused, "目录已存在，不会覆盖。", token.error().text);
    std::filesystem::remove_all(keys_of(data), error);  // ours: it did not exist before
    return complain(token.error());
  }
  if (session.form() == Format::json) {
    print_json({{"data", data}, {"district", options.district}, {"admin_token", *token}});
    return kDone;
  }
  print(fmt::format("已建立台账 {}（{}）\nThe ledger of {} is created.\n", data, options.district,
                    options.district));
  print(fmt::format("管理员令牌（只显示这一次）/ administrator's token (shown only now):\n{}\n",
                    *token));
  return kDone;
}

}  // namespace

void add_init(CLI::App& app, Session& session) {
  CLI::App* const sub =
      add_subcommand(app, session, "init", "建立新台账及其密钥（目录旁的 DIR.keys）",
                     "Creates a ledger and its keys (in DIR.keys beside it)");
  const auto options = std::make_shared<InitOptions>();
  sub->add_option("--district", options->district, both("区名", "name of the district"))
      ->required()
      ->type_name("NAME");
  sub->add_option(
         "--keystore", options->keystore,
         both("沿用已有的密钥库（复制）", "copy this key store instead of making a new one"))
      ->type_name("FILE");
  sub->add_option("--origin", options->origin,
                  both("检查点上的台账名称，如 ledger.example.cn/qu（缺省由密钥得出）",
                       "the name on its checkpoints; made from the key by default"))
      ->type_name("NAME");
  sub->callback([options, &session] { session.exit_code = init(session, *options); });
}

}  // namespace tools
