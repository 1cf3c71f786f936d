// What somebody asks of the ledger in a simulated year: the values of one history line.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "tests/simulation/days.h"

namespace simulation {

struct Person {
  std::string id, role, department;
};

struct Ask {
  Micros at = 0;
  std::optional<Micros> occurred_at{};
  Person by{};
  std::string command{}, kind{}, no{}, id{};
  std::optional<std::uint32_t> expected{};
  boost::json::object data{};

  [[nodiscard]] std::string stream() const { return kind + "/" + no; }
  [[nodiscard]] std::string text(std::string_view field) const;  // "" where it is not said
  [[nodiscard]] int number(std::string_view field, int otherwise = 0) const;
  [[nodiscard]] std::optional<bool> flag(std::string_view field) const;
  // The history line (interfaces.md section 2), without its newline.
  [[nodiscard]] std::string line() const;
  // What makes it the same command when it comes again: all but the time and the expected version.
  [[nodiscard]] std::string content() const;
  // "2021-09-16 09:30 office-1 (office_clerk): AcceptAppeal appeal/SQ1"
  [[nodiscard]] std::string sentence() const;
};

}  // namespace simulation
