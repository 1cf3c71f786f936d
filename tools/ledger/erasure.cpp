#include "tools/ledger/erasure.h"

#include <utility>
#include <vector>

#include "engine/log/key_file.h"
#include "schemas/event.h"
#include "tools/ledger/access.h"
#include "tools/ledger/sealed_fields.h"

namespace tools {

using engine::Result;

namespace {

// Under an id of its own, so that it is recorded once however often the erasure is run.
Act destroyed(const std::string& subject) {
  schemas::KeyDestroyedT act;
  act.subject = subject;
  return {.kind = "erasure",
          .type = schemas::EventType::KeyDestroyed,
          .payload = schemas::pack(act),
          .id = "erasure/" + subject};
}

// The new key store takes the place of the old one.
Result<void> destroy(Ledger& ledger, const std::string& data, const std::set<std::string>& erased,
                     const std::set<std::string>& sealed) {
  const auto master = engine::random_key();
  if (!master) return std::unexpected(master.error());
  auto next = ledger.keys.without(erased, sealed, *master);
  if (!next) return std::unexpected(next.error());
  if (auto written = engine::write_key_file(keys_of(data) + "/keystore", *next); !written)
    return written;
  ledger.keys = std::move(*next);
  return {};
}

}  // namespace

Result<Erasure> destroy_erased_keys(Ledger& ledger, const std::string& data) {
  std::set<std::string> sealed;
  const auto erased = visit_sealed(
      *ledger.log, [&](const engine::RecordView& record, std::string_view, auto /*bytes*/) {
        sealed.insert(engine::subject_of(record.kind, record.no));
      });
  if (!erased) return std::unexpected(erased.error());
  Erasure out;
  std::vector<Act> acts;
  for (const std::string& subject : *erased) {
    acts.push_back(destroyed(subject));
    if (!ledger.keys.destroyed(subject)) out.destroyed.insert(subject);
  }
  out.before = erased->size() - out.destroyed.size();
  if (!out.destroyed.empty())
    if (auto done = destroy(ledger, data, out.destroyed, sealed); !done)
      return std::unexpected(done.error());
  out.epoch = ledger.keys.epoch();
  // After the keys are gone: what is recorded is so. A run that ended between the two left the
  // acts to this one.
  auto access = AccessLog::open(data);
  if (!access) return std::unexpected(access.error());
  if (auto recorded = access->record(acts); !recorded) return std::unexpected(recorded.error());
  return out;
}

}  // namespace tools
