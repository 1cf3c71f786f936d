#include "tools/ledger/erasure.h"

#include <set>

#include "engine/log/key_file.h"
#include "schemas/event.h"
#include "tools/ledger/access.h"
#include "tools/ledger/sealed_fields.h"

namespace tools {

using engine::Result;

namespace {

Result<engine::KeyRing> without(const engine::KeyRing& keys, const std::string& subject,
                                const std::set<std::string>& sealed) {
  const auto master = engine::random_key();
  if (!master) return std::unexpected(master.error());
  std::vector<std::string> others;
  for (const std::string& other : sealed)
    if (other != subject) others.push_back(other);
  const std::size_t slash = subject.find('/');
  return keys.without(subject.substr(0, slash), subject.substr(slash + 1), others, *master);
}

}  // namespace

Result<Erasure> destroy_erased_keys(Ledger& ledger, const std::string& data) {
  std::set<std::string> sealed;
  const auto erased = visit_sealed(
      *ledger.log, [&](const engine::RecordView& record, std::string_view, auto /*bytes*/) {
        sealed.insert(std::string(record.kind) + '/' + std::string(record.no));
      });
  if (!erased) return std::unexpected(erased.error());
  Erasure out;
  engine::KeyRing next = ledger.keys;
  std::vector<Act> acts;
  for (const std::string& subject : *erased) {
    schemas::KeyDestroyedT act;
    act.subject = subject;
    acts.push_back({.kind = "erasure",
                    .type = schemas::EventType::KeyDestroyed,
                    .payload = schemas::pack(act),
                    .id = "erasure/" + subject});
    const std::size_t slash = subject.find('/');
    if (next.destroyed(subject.substr(0, slash), subject.substr(slash + 1))) {
      ++out.before;
      continue;
    }
    auto ring = without(next, subject, sealed);
    if (!ring) return std::unexpected(ring.error());
    next = std::move(*ring);
    out.destroyed.push_back(subject);
  }
  out.epoch = next.epoch();
  if (!out.destroyed.empty()) {
    if (auto written = engine::write_key_file(keys_of(data) + "/keystore", next); !written)
      return std::unexpected(written.error());
    ledger.keys = std::move(next);
  }
  // After the keys are gone: what is recorded is so. A run that ended between the two left the
  // acts to this one.
  auto access = AccessLog::open(data);
  if (!access) return std::unexpected(access.error());
  if (auto recorded = access->record(acts); !recorded) return std::unexpected(recorded.error());
  return out;
}

}  // namespace tools
