// Who holds which role in which department, as the directory's events say. A value: built from the
// log, moved on event by event by whoever keeps it.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "engine/record.h"
#include "engine/result.h"
#include "engine/source.h"
#include "event_generated.h"
#include "schemas/calendar.h"

namespace server {

struct Holding {
  schemas::Role role = schemas::Role::system;
  std::string department;  // where it was granted

  friend bool operator==(const Holding&, const Holding&) = default;
};

class Directory {
 public:
  // Reads the departments of a ledger.
  static engine::Result<Directory> load(const engine::Source& source);

  // Takes one event of a department; others change nothing.
  void apply(const engine::RecordView& record);

  // What the person holds on that day, in order of grant; then what was delegated to it by people
  // who still hold it.
  [[nodiscard]] std::vector<Holding> of(std::string_view person, schemas::Day today) const;
  [[nodiscard]] const std::vector<std::string>& departments() const { return active_; }

 private:
  struct Delegation {
    std::string from, to;
    Holding what;
    schemas::Day until = 0;  // its last day
  };
  [[nodiscard]] bool holds(std::string_view person, const Holding& what) const;

  std::vector<std::string> active_;  // departments not merged away, oldest first
  std::map<std::string, std::vector<Holding>, std::less<>> people_;
  std::vector<Delegation> delegations_;
};

}  // namespace server
