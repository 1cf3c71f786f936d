// bihuand as a whole: the ledger open for writing, the desk before it, the tokens, and the
// listener.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>

#include "engine/result.h"
#include "server/access_desk.h"
#include "server/backups.h"
#include "server/desk.h"
#include "server/http/listener.h"
#include "server/identity/jwt.h"
#include "server/identity/tokens.h"
#include "server/live_facts.h"
#include "server/metrics.h"
#include "server/options.h"
#include "server/pages.h"
#include "server/rates.h"
#include "server/rehearsal.h"
#include "server/router.h"
#include "server/signer.h"
#include "server/ticker.h"
#include "server/tip.h"
#include "server/webhook.h"
#include "server/went_live.h"
#include "server/workers.h"
#include "tools/ledger/ledger.h"

namespace server {

class App {
 public:
  // Opens the ledger (after the checks of Log::open) and listens. `clock` outlives it.
  static engine::Result<std::unique_ptr<App>> start(const Options& options, const Clock& clock);
  ~App();
  App(const App&) = delete;
  App& operator=(const App&) = delete;

  // No new work; what was taken is answered; the ledger is brought to disk. May be called once
  // more.
  void stop();

  [[nodiscard]] std::uint16_t port() const { return listener_->port(); }
  [[nodiscard]] Listener& listener() { return *listener_; }
  [[nodiscard]] const Clock& clock() const { return clock_; }
  [[nodiscard]] const engine::Log& log() const { return *ledger_.log; }
  [[nodiscard]] const std::string& data() const { return data_; }
  [[nodiscard]] AccessDesk& access() { return access_; }
  [[nodiscard]] WentLive& went_live() { return went_live_; }
  [[nodiscard]] RehearsalClock* rehearsal() { return rehearsal_.get(); }  // nullptr: time is real
  [[nodiscard]] Desk& desk() { return *desk_; }
  [[nodiscard]] const engine::Sealer& sealer() const { return ledger_.keys; }
  [[nodiscard]] LiveFacts& facts() { return *facts_; }
  [[nodiscard]] Signer& signer() { return *signer_; }
  [[nodiscard]] Ticker& ticker() { return *ticker_; }
  [[nodiscard]] Webhook* webhook() { return webhook_.get(); }  // nullptr: nobody is told
  [[nodiscard]] Metrics& metrics() { return metrics_; }
  [[nodiscard]] Gauges gauges() const;
  [[nodiscard]] Tip& tip() { return *tip_; }
  [[nodiscard]] Workers& workers() { return workers_; }
  [[nodiscard]] const Pages& pages() const { return pages_; }
  // The name of the ledger as CloudEvents have it.
  [[nodiscard]] const std::string& source() const { return source_; }
  // What a person may act as, now.
  [[nodiscard]] engine::Result<std::vector<Acting>> actings(const Identity& who) const {
    return actings_of(who, *desk_->directory(), log(), clock_.now());
  }

  // Everything that a request goes through; on its connection's loop.
  Task<Reply> answer(Request& request, Loop& loop);

 private:
  App(const Options& options, const Clock& clock, tools::Ledger ledger)
      : data_(options.data),
        rehearsal_(options.rehearsal ? std::make_unique<RehearsalClock>(clock) : nullptr),
        clock_(rehearsal_ ? *rehearsal_ : clock),
        ledger_(std::move(ledger)),
        workers_(options.workers, options.waiting_reads),
        access_(options.data, workers_),
        went_live_(*ledger_.log, options.data, access_),
        of_person_(clock_, options.of_person),
        of_address_(clock_, options.of_address) {}
  // Refuses to mix real and made-up times in one ledger.
  engine::Result<void> keep_rehearsals_apart();
  engine::Result<void> open_rooms(const Options& options);
  // Whose tokens are known, and the ledger's name.
  engine::Result<void> load_jwt_keys(const Options& options);
  // Signs on a worker, if it is time.
  void sign_when_due();
  // Lets the clock tick on a worker, if it is time.
  void tick_when_due();
  // Sends notices on a worker, if there may be any.
  void deliver_when_due();
  Task<Reply> call(const Route& route, Request& request, Loop& loop);
  // Asks the handler, if the caller may ask it at all.
  static Task<Reply> permitted(const Route& route, Call& call, Request& request);
  // Who asks; nullopt: no token that is known.
  [[nodiscard]] std::optional<Identity> identify(const Request& request) const;

  const std::string data_;
  const std::unique_ptr<RehearsalClock> rehearsal_;
  const Clock& clock_;
  tools::Ledger ledger_;
  std::unique_ptr<Desk> desk_;
  Tokens tokens_;
  std::optional<JwtKeys> jwt_, local_jwt_;  // of an identity provider; of the ledger itself
  std::unique_ptr<Signer> signer_;
  std::unique_ptr<LiveFacts> facts_;
  std::unique_ptr<Ticker> ticker_;
  std::unique_ptr<Webhook> webhook_;
  std::unique_ptr<Listener> listener_;
  std::unique_ptr<Tip> tip_;
  std::unique_ptr<Backups> backups_;
  Workers workers_;
  AccessDesk access_;
  WentLive went_live_;
  Rates of_person_, of_address_;
  Metrics metrics_;
  Pages pages_;
  std::string source_;
  std::atomic<bool> signing_ = false, ticking_ = false, delivering_ = false;
  bool stopped_ = false;
};

}  // namespace server
