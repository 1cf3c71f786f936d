#include "server/signer.h"

#include "tools/ledger/checkpoints.h"
#include "tools/ledger/ledger.h"

namespace server {

using engine::Result;

namespace {

constexpr engine::Micros kPeriod = 60'000'000;

}  // namespace

Result<std::unique_ptr<Signer>> Signer::open(const engine::Log& log, std::string data,
                                             const Clock& clock) {
  std::unique_ptr<Signer> signer(new Signer(log, std::move(data), clock));
  auto newest = engine::newest_checkpoint(tools::keys_of(signer->data_));
  if (newest)
    signer->newest_ = std::make_shared<const engine::Issued>(std::move(*newest));
  else if (newest.error().code != engine::ErrorCode::not_found)
    return std::unexpected(newest.error());
  return signer;
}

bool Signer::is_due() const {
  const std::lock_guard lock(mutex_);
  const std::uint64_t size = newest_ == nullptr ? 0 : newest_->checkpoint.size;
  return log_.size() > size && clock_.ticks() - looked_ >= kPeriod;
}

Result<void> Signer::sign() {
  const std::lock_guard turn(turn_);
  auto issued = tools::sign_and_record(log_, data_);
  if (!issued) return std::unexpected(issued.error());
  const std::lock_guard lock(mutex_);
  newest_ = std::make_shared<const engine::Issued>(std::move(*issued));
  looked_ = clock_.ticks();
  return {};
}

std::shared_ptr<const engine::Issued> Signer::newest() const {
  const std::lock_guard lock(mutex_);
  return newest_;
}

}  // namespace server
