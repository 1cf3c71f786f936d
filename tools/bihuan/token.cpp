// `bihuan token`: a token for a person, signed by the ledger's own key for tokens. What the person
// may do is said by the directory's events, never by the token. That it was made is an act in the
// access log.

#include <memory>

#include "engine/clock.h"
#include "engine/log/signing_keys.h"
#include "schemas/calendar.h"
#include "schemas/event.h"
#include "tools/bihuan/session.h"
#include "tools/ledger/access.h"
#include "tools/ledger/ledger.h"
#include "tools/ledger/token.h"

namespace tools {

namespace {

struct TokenOptions {
  std::string person;
  unsigned days = 7;
  bool renew = false;
};

engine::Result<std::string> mint(const std::string& keys, const TokenOptions& options,
                                 engine::Micros now, engine::Micros expires) {
  const auto signing = engine::read_signing_keys(keys);
  if (!signing) return std::unexpected(signing.error());
  if (options.renew)
    if (auto made = make_token_key(keys); !made) return std::unexpected(made.error());
  return mint_token(keys, {options.person, signing->in_force.name, now, expires});
}

int token(const Session& session, const TokenOptions& options) {
  if (session.data.empty())
    return complain(kBadArguments, "请用 --data 指明台账目录。",
                    "Name the ledger's directory with --data.");
  const engine::Micros now = engine::now();
  const engine::Micros expires = now + options.days * schemas::kDayMicros;
  const auto made = mint(keys_of(session.data), options, now, expires);
  if (!made) return complain(made.error());
  // Nobody has it until it is known who was given one.
  schemas::TokenMintedT act;
  act.person = options.person;
  act.expires = expires;
  if (const auto recorded =
          record_act(session.data, "token", schemas::EventType::TokenMinted, schemas::pack(act));
      !recorded)
    return complain(recorded.error());
  if (session.form() == Format::json)
    print_json(
        {{"person", options.person}, {"expires", schemas::time_text(expires)}, {"token", *made}});
  else
    print(*made + "\n");
  return kDone;
}

}  // namespace

void add_token(CLI::App& app, Session& session) {
  CLI::App* const sub =
      add_subcommand(app, session, "token", "为一个人签发访问令牌（没有统一身份认证的单位用）",
                     "Makes a token for a person, where there is no identity provider");
  const auto options = std::make_shared<TokenOptions>();
  sub->add_option("--person", options->person,
                  both("人员编号，与名录事件中的一致；企业为其统一社会信用代码",
                       "the person as the directory's events name it; an enterprise is its code"))
      ->required()
      ->type_name("ID");
  sub->add_option("--days", options->days,
                  both("有效天数（缺省 7）", "days until it ends, 7 by default"))
      ->check(CLI::Range(1U, 366U))
      ->type_name("N");
  sub->add_flag("--renew-key", options->renew,
                both("先换新的令牌密钥：重启 bihuand 后旧令牌全部作废",
                     "a new key first: no older token is known once bihuand is started again"));
  sub->callback([options, &session] { session.exit_code = token(session, *options); });
}

}  // namespace tools
