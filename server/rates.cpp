#include "server/rates.h"

#include <algorithm>
#include <boost/asio/ip/address.hpp>

namespace server {

bool Rates::take(std::string_view key) {
  if (limit_.per_second == 0) return true;
  const engine::Micros period = std::max<engine::Micros>(1, 1'000'000 / limit_.per_second);
  const engine::Micros now = clock_.ticks();
  const engine::Micros room = period * std::max(1U, limit_.burst);
  const std::lock_guard lock(mutex_);
  auto found = full_at_.find(key);
  if (found == full_at_.end()) found = full_at_.emplace(std::string(key), now).first;
  const engine::Micros next = std::max(found->second, now) + period;
  if (next - now > room) return false;
  found->second = next;
  return true;
}

void Rates::sweep() {
  const engine::Micros now = clock_.ticks();
  const std::lock_guard lock(mutex_);
  std::erase_if(full_at_, [&](const auto& one) { return one.second <= now; });
}

std::size_t Rates::size() const {
  const std::lock_guard lock(mutex_);
  return full_at_.size();
}

std::string host_of(const std::string& address) {
  boost::system::error_code error;
  const auto parsed = boost::asio::ip::make_address(address, error);
  if (error || !parsed.is_v6()) return address;
  auto bytes = parsed.to_v6().to_bytes();
  if (parsed.to_v6().is_v4_mapped()) return address;
  std::fill(bytes.begin() + 8, bytes.end(), std::uint8_t{0});
  return boost::asio::ip::address_v6(bytes).to_string();
}

}  // namespace server
