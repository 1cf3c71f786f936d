// Read from /proc and the compiler's own words.
#include "tools/benchmark/machine.h"

#include <flatbuffers/base.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <fstream>
#include <sstream>
#include <thread>

namespace tools {

namespace json = boost::json;

namespace {

// The rest of the first line that begins with `key`, behind its colon.
std::string line_of(const std::string& path, const std::string& key) {
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with(key)) continue;
    const std::size_t from = line.find_first_not_of(" \t", line.find(':') + 1);
    return from == std::string::npos ? std::string() : line.substr(from);
  }
  return {};
}

// Device and file system under a directory: "/dev/vda ext4".
std::string disk_of(const std::string& dir) {
  struct stat status{};
  if (::stat(dir.c_str(), &status) != 0) return {};
  const std::string device = fmt::format("{}:{}", major(status.st_dev), minor(status.st_dev));
  std::ifstream mounts("/proc/self/mountinfo");
  for (std::string line; std::getline(mounts, line);) {
    std::istringstream words(line);
    std::string id, parent, number, kind, source;
    words >> id >> parent >> number;
    if (number != device) continue;
    const std::size_t dash = line.find(" - ");
    if (dash == std::string::npos) continue;
    std::istringstream rest(line.substr(dash + 3));
    rest >> kind >> source;
    return source + " " + kind;
  }
  return device;
}

}  // namespace

json::object machine_json(const std::string& dir) {
  utsname system{};
  ::uname(&system);
  const double pages = static_cast<double>(::sysconf(_SC_PHYS_PAGES));
  const double page = static_cast<double>(::sysconf(_SC_PAGESIZE));
  return {{"cpu", line_of("/proc/cpuinfo", "model name")},
          {"cores", std::thread::hardware_concurrency()},
          {"memory_bytes", pages * page},
          {"kernel", fmt::format("{} {} {}", system.sysname, system.release, system.machine)},
          {"disk", disk_of(dir)}};
}

json::object versions_json(const std::string& commit) {
  return {{"bihuan", BIHUAN_VERSION},
          {"commit", commit},
          {"compiler", "clang " __clang_version__},
          {"build", BUILD_TYPE},
          {"rocksdb", ROCKSDB_VERSION},
          {"flatbuffers", fmt::format("{}.{}.{}", FLATBUFFERS_VERSION_MAJOR,
                                      FLATBUFFERS_VERSION_MINOR, FLATBUFFERS_VERSION_REVISION)}};
}

double resident_bytes() {
  constexpr double kKiB = 1024;
  return std::stod("0" + line_of("/proc/self/status", "VmRSS")) * kKiB;
}

}  // namespace tools
