#include "tools/inspection/losses.h"

#include <fmt/format.h>

#include <algorithm>

namespace tools {

std::string loss_path(std::size_t number) { return fmt::format("loss-{:04}", number); }

std::string loss_proof_path(std::size_t number) { return loss_path(number) + ".consistency"; }

std::size_t losses_in(const Manifest& manifest) {
  std::size_t count = 0;
  while (manifest.find(loss_path(count + 1)) != nullptr) ++count;
  return count;
}

bool is_of_losses(std::string_view name, std::size_t losses) {
  for (std::size_t number = 1; number <= losses; ++number)
    if (name == loss_path(number) || name == loss_proof_path(number)) return true;
  return false;
}

bool is_continued(std::span<const engine::Loss> losses, std::size_t at) {
  const std::uint64_t kept = losses[at].kept.size;
  return kept != 0 && std::ranges::all_of(losses.subspan(at), [&](const engine::Loss& later) {
           return later.kept.size >= kept;
         });
}

LossTold told_of(const engine::Loss& loss) {
  const std::uint64_t from = loss.kept.size + 1;
  const std::string one = loss.by[0].text(), other = loss.by[1].text();
  return {fmt::format("第 {} 至 {} 号事件缺失，由 {}（{}）和 {}（{}）两人签署确认", from,
                      loss.lost_to, loss.by[0].name, one, loss.by[1].name, other),
          fmt::format("events {} to {} are lost, which {} ({}) and {} ({}) accepted", from,
                      loss.lost_to, loss.by[0].name, one, loss.by[1].name, other)};
}

}  // namespace tools
