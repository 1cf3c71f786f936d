#include "tests/simulation/ask.h"

namespace simulation {

std::string Ask::text(std::string_view field) const {
  const auto* value = data.if_contains(field);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

int Ask::number(std::string_view field, int otherwise) const {
  const auto* value = data.if_contains(field);
  return value != nullptr && value->is_number() ? value->to_number<int>() : otherwise;
}

std::optional<bool> Ask::flag(std::string_view field) const {
  const auto* value = data.if_contains(field);
  if (value == nullptr || !value->is_bool()) return std::nullopt;
  return value->get_bool();
}

std::string Ask::line() const {
  boost::json::object actor{{"id", by.id}, {"role", by.role}};
  if (!by.department.empty()) actor["department"] = by.department;
  boost::json::object out;
  out["at"] = time_text(at);
  if (occurred_at) out["occurred_at"] = time_text(*occurred_at);
  out["actor"] = std::move(actor);
  out["command"] = command;
  out["stream"] = stream();
  out["id"] = id;
  if (expected) out["expected_version"] = *expected;
  out["data"] = data;
  return boost::json::serialize(out);
}

std::string Ask::content() const {
  return command + '\n' + stream() + '\n' + by.id + '\n' + by.role + '\n' + by.department + '\n' +
         (occurred_at ? time_text(*occurred_at) : std::string()) + '\n' +
         boost::json::serialize(data);
}

std::string Ask::sentence() const {
  std::string out = time_text(at).substr(0, 16) + "  " + by.id + " (" + by.role + ") asks " +
                    command + " of " + stream();
  out[10] = ' ';
  if (!data.empty()) out += " " + boost::json::serialize(data);
  if (expected) out += ", seen at version " + std::to_string(*expected);
  return out;
}

}  // namespace simulation
