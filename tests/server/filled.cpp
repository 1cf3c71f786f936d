#include "tests/server/filled.h"

#include <algorithm>
#include <span>
#include <string>

namespace server_test {
namespace {

namespace json = boost::json;
using schemas::FieldForm;
using schemas::Shape;
using schemas::TableForm;
using Way = std::span<const FieldForm* const>;

constexpr std::size_t kDepthMax = 3;  // of tables in tables; conditions hold conditions

void collect(const TableForm& form, const std::function<bool(const FieldForm&)>& wanted,
             FieldPath& path, std::vector<FieldPath>& into) {
  for (const FieldForm& field : form.fields) {
    path.push_back(&field);
    if (wanted(field)) into.push_back(path);
    if (field.shape == Shape::tables && !field.pinned && path.size() < kDepthMax)
      collect(*field.table, wanted, path, into);
    path.pop_back();
  }
}

json::object fill(const TableForm& form, Way way, const std::string& text);

json::value fitting(const FieldForm& field, Way way, const std::string& text) {
  const std::string written = text.empty() ? "x" : text;
  switch (field.shape) {
    case Shape::boolean:
      return true;
    case Shape::integer:
      return std::max<std::int64_t>(field.least, 1);
    case Shape::enumeration:
      return json::value(field.names.back());
    case Shape::time:
      return "2021-09-16T09:00:00+08:00";
    case Shape::date:
      return "2021-09-16";
    case Shape::dates:
      return json::array{"2021-09-16"};
    case Shape::texts:
      return json::array{written};
    case Shape::tables:
    case Shape::structs:
      return json::array{fill(*field.table, way, text)};
    case Shape::digest:
      return json::value(std::string(64, '0'));
    case Shape::text:
    case Shape::sealed:
      break;
  }
  return json::value(written);
}

json::object fill(const TableForm& form, Way way, const std::string& text) {
  json::object object;
  for (const FieldForm& field : form.fields) {
    const bool chosen = !way.empty() && way.front() == &field;
    if (chosen)
      object[field.name] = fitting(field, way.subspan(1), text);
    else if (!field.optional && !field.pinned)
      object[field.name] = fitting(field, {}, {});
  }
  return object;
}

}  // namespace

std::vector<FieldPath> paths_in(const TableForm& form,
                                const std::function<bool(const FieldForm&)>& wanted) {
  std::vector<FieldPath> paths;
  FieldPath path;
  collect(form, wanted, path, paths);
  return paths;
}

json::object filled(const TableForm& form, const FieldPath& path, const std::string& text) {
  return fill(form, path, text);
}

}  // namespace server_test
