// `bihuan erase`: destroys the keys of those whose personal data was erased (ErasePersonalData).
#include <fmt/format.h>

#include "tools/bihuan/session.h"
#include "tools/ledger/erasure.h"

namespace tools {

namespace {

int erase(const Session& session) {
  auto ledger = Ledger::open(session.data, engine::OpenMode::read_write);
  if (!ledger) return complain(ledger.error());
  const auto done = destroy_erased_keys(*ledger, session.data);
  if (!done) return complain(done.error());
  if (session.form() == Format::json) {
    boost::json::array subjects;
    for (const std::string& subject : done->destroyed) subjects.emplace_back(subject);
    print_json(
        {{"destroyed", subjects}, {"destroyed_before", done->before}, {"epoch", done->epoch}});
    return kDone;
  }
  for (const std::string& subject : done->destroyed) print(subject + "\n");
  print(fmt::format(
      "已销毁 {} 个对象的密钥（此前 {} 个），密钥库为第 {} 代：旧的密钥库副本须一并销毁\n"
      "Destroyed the keys of {} subjects ({} before); the key store is of epoch {}: destroy every "
      "copy of an older one\n",
      done->destroyed.size(), done->before, done->epoch, done->destroyed.size(), done->before,
      done->epoch));
  return kDone;
}

}  // namespace

void add_erase(CLI::App& app, Session& session) {
  CLI::App* const sub = add_subcommand(
      app, session, "erase", "销毁已删除个人信息者的密钥（docs/KEYS.md）；事件和证明都不变",
      "Destroys the keys of erased personal data (docs/KEYS.md); events and proofs stay");
  sub->callback([&session] { session.exit_code = erase(session); });
}

}  // namespace tools
