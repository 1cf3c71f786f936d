#include "server/live_facts.h"

#include "projections/parts.h"

namespace server {

namespace {

// Reports look at every item that has moved since it was settled; more of them than this would
// show.
constexpr std::size_t kAwakeMax = 1024;

}  // namespace

engine::Result<std::unique_ptr<LiveFacts>> LiveFacts::open(engine::Log& log) {
  std::unique_ptr<LiveFacts> facts(new LiveFacts(log));
  if (auto done = facts->advance(); !done) return std::unexpected(done.error());
  return facts;
}

engine::Result<void> LiveFacts::follow(std::uint64_t seq) {
  if (this->seq() >= seq) return {};
  const std::unique_lock lock(mutex_);
  return derived_.state().seq() >= seq ? engine::Result<void>{} : advance();
}

std::uint64_t LiveFacts::seq() const {
  const std::shared_lock lock(mutex_);
  return derived_.state().seq();
}

engine::Result<void> LiveFacts::advance() {
  const auto facts = derived_.upto();
  if (!facts) return std::unexpected(facts.error());
  if ((*facts)->awake().size() > kAwakeMax) (*facts)->settle(projections::kThreads);
  return {};
}

}  // namespace server
