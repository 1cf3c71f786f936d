// Lifecycle tables as text, one row an event and one column a status; a cell is the status after
// the event or the refusal. They were read line by line beside the regulation, and a test compares
// every cell with what decide() and evolve() really do.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <functional>
#include <iomanip>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "schemas/event.h"
#include "schemas/lifecycle.h"

namespace support {

using Cells = std::map<std::pair<std::string, std::string>, std::string>;  // (event, status)

inline std::string trimmed(const std::string& text) {
  const auto from = text.find_first_not_of(' '), to = text.find_last_not_of(' ');
  return from == std::string::npos ? "" : text.substr(from, to - from + 1);
}

inline Cells read_cells(const std::string& path) {
  std::ifstream file(path);
  REQUIRE_MESSAGE(file.good(), path);
  Cells cells;
  std::vector<std::string> statuses;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line.starts_with('#')) continue;
    std::vector<std::string> parts;
    std::istringstream columns(line);
    for (std::string part; std::getline(columns, part, '|');) parts.push_back(trimmed(part));
    if (statuses.empty()) {
      statuses = parts;
      continue;
    }
    REQUIRE_MESSAGE(parts.size() == statuses.size(), line);
    for (std::size_t i = 1; i < parts.size(); ++i) cells[{parts[0], statuses[i]}] = parts[i];
  }
  return cells;
}

// Every event that the lifecycle names, once, in the order of its rows; not what no command asks
// for.
inline std::vector<schemas::EventType> commanded_events(const schemas::Lifecycle& lifecycle) {
  std::vector<schemas::EventType> events;
  for (const schemas::Transition& row : lifecycle.rows)
    if (row.roles != 0 && std::ranges::find(events, row.event) == events.end())
      events.push_back(row.event);
  return events;
}

// `happens` says what the event does in a stream that stands in the status of that number.
inline void compare_cells(
    const schemas::Lifecycle& lifecycle, const std::string& path,
    const std::function<std::string(schemas::EventType, unsigned status)>& happens) {
  const Cells wanted = read_cells(path);
  std::ostringstream found;
  bool same = true;
  found << std::left << std::setw(25) << "event";
  for (const std::string_view status : lifecycle.statuses) found << "| " << std::setw(15) << status;
  for (const schemas::EventType event : commanded_events(lifecycle)) {
    const std::string name(schemas::info_of(event).name);
    found << '\n' << std::setw(25) << name;
    for (unsigned status = 0; status < lifecycle.statuses.size(); ++status) {
      const std::string cell = happens(event, status);
      found << "| " << std::setw(15) << cell;
      const auto at = wanted.find({name, std::string(lifecycle.statuses[status])});
      const bool holds = at != wanted.end() && at->second == cell;
      CHECK_MESSAGE(holds, name << " in " << lifecycle.statuses[status] << ": " << cell);
      same = same && holds;
    }
  }
  CHECK(wanted.size() == commanded_events(lifecycle).size() * lifecycle.statuses.size());
  CHECK_MESSAGE(same, "the whole table as it is now:\n" << found.str());
}

}  // namespace support
