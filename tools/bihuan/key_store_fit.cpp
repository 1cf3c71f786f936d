#include "tools/bihuan/key_store_fit.h"

#include "tools/ledger/sealed_fields.h"

namespace tools {

engine::Result<KeyStoreFit> fit_of(const engine::Log& log, const engine::KeyRing& keys) {
  KeyStoreFit out;
  const auto erased =
      visit_sealed(log, [&](const engine::RecordView& record, std::string_view field,
                            std::span<const std::uint8_t> sealed) {
        const engine::SealedPlace place{record.kind, record.no, record.version, field};
        if (keys.unseal(place, sealed)) {
          ++out.opened;
        } else if (keys.destroyed(engine::subject_of(record.kind, record.no))) {
          ++out.destroyed;
        } else {
          if (out.closed++ == 0) out.first_closed = record.seq;
        }
      });
  if (!erased) return std::unexpected(erased.error());
  for (const std::string& subject : *erased) out.undead += keys.destroyed(subject) ? 0 : 1;
  return out;
}

}  // namespace tools
