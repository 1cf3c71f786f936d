// Walking a drawn report: its cells by path, and its tables as they are printed.
#include "projections/cells.h"

#include <absl/container/flat_hash_map.h>

#include <array>

namespace projections {

using boost::json::array;
using boost::json::object;
using boost::json::value;

namespace {

std::string piece_of(const value& part) {
  if (part.is_string()) return std::string(part.get_string());
  if (part.is_null()) return "-";
  return boost::json::serialize(part);
}

// What names an element: the fields of the array's kind that it has.
std::string element_name(std::string_view array_key, const object& element) {
  static constexpr std::array<std::string_view, 3> kRow = {"appeal", "matter", "department"};
  static constexpr std::array<std::string_view, 11> kSingle = {
      "report", "task", "environment", "domain", "name", "item",
      "policy", "town", "industry",    "size",   "tag"};
  std::string name;
  const auto add = [&](std::string_view key) {
    const auto* part = element.if_contains(key);
    if (part == nullptr) return;
    if (!name.empty()) name += '/';
    name += piece_of(*part);
  };
  if (array_key == "groups") {  // the keys asked for stand before the figures
    for (const auto& [key, part] : element) {
      if (key == "invited") return name;
      add(key);
    }
  }
  if (array_key == "departments") return add("department"), name;
  if (element.contains("appeal")) {
    for (const std::string_view key : kRow) add(key);
    if (element.contains("obligation")) {
      add("obligation");
      // The last day of the due: 24:00 of it is the instant stored.
      if (const auto due = schemas::parse_time(piece_of(element.at("due"))))
        name += '/' + schemas::date_text(schemas::day_of(*due - 1));
    }
    return name;
  }
  for (const std::string_view key : kSingle) {
    add(key);
    if (!name.empty()) return name;
  }
  return name;
}

class Walk {
 public:
  std::vector<std::pair<std::string, value>> cells;

  void object_at(const std::string& path, const object& from) {
    for (const auto& [key, part] : from) {
      const std::string below = path.empty() ? std::string(key) : path + '/' + std::string(key);
      value_at(below, key, part);
    }
  }

 private:
  void value_at(const std::string& path, std::string_view key, const value& from) {
    if (from.is_object()) {
      object_at(path, from.get_object());
    } else if (from.is_array()) {
      array_at(path, key, from.get_array());
    } else {
      cells.emplace_back(path, from);
    }
  }

  // Where tasks stand in the plan may change; a task is named by its code alone.
  static std::string root_of(const std::string& path, std::string_view key) {
    if (key == "tasks") return "tasks";
    if (path == "environments") return "plan";
    return path;
  }

  void array_at(const std::string& path, std::string_view key, const array& from) {
    absl::flat_hash_map<std::string, int> times;  // looked up only, never walked
    for (std::size_t i = 0; i < from.size(); ++i) {
      std::string name = std::to_string(i + 1);
      if (from[i].is_object())
        if (std::string own = element_name(key, from[i].get_object()); !own.empty())
          name = std::move(own);
      if (const int before = times[name]++; before > 0) name += '~' + std::to_string(before + 1);
      value_at(root_of(path, key) + '/' + name, {}, from[i]);
    }
  }
};

}  // namespace

std::vector<std::pair<std::string, value>> cells_of(const object& report) {
  Walk walk;
  walk.object_at({}, report);
  return std::move(walk.cells);
}

bool has_cell(const object& report, std::string_view path) {
  if (path.empty() || report.contains(path)) return true;
  for (const auto& [cell, part] : cells_of(report))
    if (cell.starts_with(path) && (cell.size() == path.size() || cell[path.size()] == '/'))
      return true;
  return false;
}

bool is_head_cell(std::string_view path) {
  return path == "as_of" || path == "seq" || path == "root";
}

namespace {

// A value as it is printed: a rate as "3/4", "-" where the denominator is empty; nothing for null.
std::string printed(const value& part) {
  if (part.is_null()) return {};
  if (part.is_string()) return std::string(part.get_string());
  if (part.is_object()) {
    const object& rate = part.get_object();
    const value* d = rate.if_contains("d");
    const value* n = rate.if_contains("n");
    if (d != nullptr && n != nullptr)
      return *d == 0 ? "-" : boost::json::serialize(*n) + '/' + boost::json::serialize(*d);
  }
  if (part.is_array()) {
    std::string joined;
    for (const value& one : part.get_array()) joined += (joined.empty() ? "" : "、") + printed(one);
    return joined;
  }
  return boost::json::serialize(part);
}

const value* find_path(const object& from, std::string_view path) {
  const std::size_t slash = path.find('/');
  const value* at = from.if_contains(path.substr(0, slash));
  if (slash == std::string_view::npos || at == nullptr) return at;
  return at->is_object() ? find_path(at->get_object(), path.substr(slash + 1)) : nullptr;
}

// Rows of `environments/domains/tasks` are the innermost objects; a column not found there is its
// parent's.
class TableWalk {
 public:
  TableWalk(const Table& table, std::vector<std::vector<std::string>>& rows)
      : table_(table), rows_(rows) {}

  void walk(const object& from, std::string_view path) {
    parents_.push_back(&from);
    if (path.empty()) {
      print();
    } else {
      const std::size_t slash = path.find('/');
      const std::string_view rest =
          slash == std::string_view::npos ? std::string_view{} : path.substr(slash + 1);
      const value* below = from.if_contains(path.substr(0, slash));
      if (below != nullptr && below->is_object()) walk(below->get_object(), rest);
      if (below != nullptr && below->is_array())
        for (const value& element : below->get_array())
          if (element.is_object()) walk(element.get_object(), rest);
    }
    parents_.pop_back();
  }

 private:
  void print() {
    std::vector<std::string> row;
    for (const Column& column : table_.columns) {
      const value* found = nullptr;
      for (auto at = parents_.rbegin(); at != parents_.rend() && found == nullptr; ++at)
        found = find_path(**at, column.key);
      row.push_back(found == nullptr ? std::string() : printed(*found));
    }
    rows_.push_back(std::move(row));
  }

  const Table& table_;
  std::vector<std::vector<std::string>>& rows_;
  std::vector<const object*> parents_;
};

}  // namespace

std::vector<std::vector<std::string>> table_cells(const object& report, const Table& table) {
  std::vector<std::vector<std::string>> rows;
  TableWalk(table, rows).walk(report, table.rows);
  return rows;
}

}  // namespace projections
