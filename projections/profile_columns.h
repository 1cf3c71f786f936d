// The profiles of many enterprises in columns: one field of all of them lies together, so that a
// condition is asked of everyone in one pass.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "projections/texts.h"
#include "schemas/profile.h"

namespace projections {

class ProfileColumns {
 public:
  static constexpr std::size_t kFields = static_cast<std::size_t>(schemas::ProfileField::MAX) + 1;

  struct Value {
    std::int64_t number = 0;  // parse_value() of it, or the number of its text
    schemas::Day as_of = 0;
    std::uint32_t source = 0;
  };
  struct Held {
    std::uint32_t name = 0, source = 0;
    schemas::Day from = 0, last = 0;
  };
  template <class T>
  struct Column {
    std::vector<std::uint32_t> first{0};  // of each enterprise; one more for the end
    std::vector<T> values;
  };

  // Enterprises are numbered in the order in which they are added.
  void add(const schemas::Profile& profile);
  [[nodiscard]] std::size_t size() const { return size_; }

  [[nodiscard]] const Column<Value>& column(schemas::ProfileField field) const {
    return columns_.at(static_cast<std::size_t>(field));
  }
  [[nodiscard]] const Column<Held>& tags() const { return tags_; }
  [[nodiscard]] const Column<Held>& qualifications() const { return qualifications_; }
  // Texts by number: values of text fields, names of what is held, sources.
  [[nodiscard]] const Texts& texts() const { return texts_; }

 private:
  void add_held(Column<Held>& column, const std::vector<schemas::Holding>& held);

  std::size_t size_ = 0;
  std::array<Column<Value>, kFields> columns_;
  Column<Held> tags_, qualifications_;
  Texts texts_;
};

}  // namespace projections
