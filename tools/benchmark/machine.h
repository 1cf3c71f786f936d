// The machine and the versions that a run was measured with.
#pragma once

#include <boost/json.hpp>
#include <string>

namespace tools {

// `dir`: where the ledger lies, for the disk.
[[nodiscard]] boost::json::object machine_json(const std::string& dir);
// `commit`: of the sources, as the caller knows it.
[[nodiscard]] boost::json::object versions_json(const std::string& commit);

// Resident memory of this process, in bytes.
[[nodiscard]] double resident_bytes();

}  // namespace tools
