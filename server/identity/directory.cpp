#include "server/identity/directory.h"

#include <algorithm>

#include "schemas/event.h"

namespace server {

using schemas::payload_of;
using schemas::view;

engine::Result<Directory> Directory::load(const engine::Source& source) {
  std::vector<std::string> numbers;
  auto read = source.streams("department", [&](std::string_view no, std::uint64_t) {
    numbers.emplace_back(no);
    return true;
  });
  Directory directory;
  for (const std::string& no : numbers) {
    if (!read) break;
    read = source.read_stream("department", no, [&](const engine::RecordView& record) {
      directory.apply(record);
      return true;
    });
  }
  if (!read) return std::unexpected(read.error());
  return directory;
}

void Directory::apply(const engine::RecordView& record) {
  using E = schemas::EventType;
  if (record.kind != "department") return;
  const E type = schemas::type_of(record);
  const std::string department(record.no);
  if (type == E::DepartmentCreated) {
    active_.push_back(department);
  } else if (type == E::DepartmentMerged) {
    std::erase(active_, department);
  } else if (type == E::RoleGranted) {
    const auto& granted = payload_of<schemas::RoleGranted>(record);
    people_[std::string(view(granted.person()))].push_back({granted.role(), department});
  } else if (type == E::RoleRevoked) {
    const auto& revoked = payload_of<schemas::RoleRevoked>(record);
    const auto person = people_.find(view(revoked.person()));
    if (person != people_.end()) std::erase(person->second, Holding{revoked.role(), department});
  } else if (type == E::DelegationSet) {
    const auto& set = payload_of<schemas::DelegationSet>(record);
    delegations_.push_back({std::string(view(set.from())),
                            std::string(view(set.to())),
                            {set.role(), department},
                            set.until()});
  }
}

bool Directory::holds(std::string_view person, const Holding& what) const {
  const auto found = people_.find(person);
  return found != people_.end() && std::ranges::find(found->second, what) != found->second.end() &&
         std::ranges::find(active_, what.department) != active_.end();
}

std::vector<Holding> Directory::of(std::string_view person, schemas::Day today) const {
  std::vector<Holding> held;
  if (const auto found = people_.find(person); found != people_.end())
    for (const Holding& one : found->second)
      if (holds(person, one)) held.push_back(one);
  for (const Delegation& one : delegations_)
    if (one.to == person && today <= one.until && holds(one.from, one.what))
      held.push_back(one.what);
  return held;
}

}  // namespace server
