#include "schemas/json_fields.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <map>
#include <memory>

#include "engine/check.h"
#include "schemas/event.h"

namespace schemas {
namespace {

using reflection::BaseType;

std::string_view json_name(std::string_view name) {
  return name.ends_with('_') ? name.substr(0, name.size() - 1) : name;
}

const reflection::KeyValue* attribute(const reflection::Field& field, const char* key) {
  return field.attributes() == nullptr ? nullptr : field.attributes()->LookupByKey(key);
}

template <class T>
void set_range(FieldForm& form) {
  form.least = static_cast<std::int64_t>(std::numeric_limits<T>::min());
  form.most = static_cast<std::uint64_t>(std::numeric_limits<T>::max());
}

void set_integer(FieldForm& form) {
  switch (form.base) {
    case BaseType::Byte:
      return set_range<std::int8_t>(form);
    case BaseType::UByte:
      return set_range<std::uint8_t>(form);
    case BaseType::Short:
      return set_range<std::int16_t>(form);
    case BaseType::UShort:
      return set_range<std::uint16_t>(form);
    case BaseType::Int:
      return set_range<std::int32_t>(form);
    case BaseType::UInt:
      return set_range<std::uint32_t>(form);
    case BaseType::Long:
      return set_range<std::int64_t>(form);
    case BaseType::ULong:
      return set_range<std::uint64_t>(form);
    default:
      CHECK(false && "a scalar type that the JSON door does not know");
  }
}

class Forms {
 public:
  Forms() {
    by_event_.resize(static_cast<std::size_t>(all_events().back().type) + 1);
    for (const EventInfo& info : all_events())
      by_event_[static_cast<std::size_t>(info.type)] = &table(*info.table);
    link_reporter(const_cast<TableForm&>(of(EventType::ReportFiled)));
  }

  [[nodiscard]] const TableForm& of(EventType type) const {
    const auto number = static_cast<std::size_t>(type);
    CHECK(number < by_event_.size());
    CHECK(by_event_[number] != nullptr);
    return *by_event_[number];
  }

 private:
  const TableForm& table(const reflection::Object& object) {
    auto& made = tables_[&object];
    if (made) return *made;
    made = std::make_unique<TableForm>();
    made->name = json_name(view(object.name()));
    std::vector<const reflection::Field*> fields(object.fields()->begin(), object.fields()->end());
    std::ranges::sort(fields, {}, [](const reflection::Field* field) { return field->id(); });
    CHECK(fields.size() <= kFieldsMax);
    for (const reflection::Field* field : fields) made->fields.push_back(make_field(*field));
    return *made;
  }

  FieldForm make_field(const reflection::Field& field) {
    FieldForm form;
    form.name = json_name(view(field.name()));
    form.field = &field;
    form.offset = field.offset();
    form.base = field.type()->base_type();
    form.optional = attribute(field, "optional") != nullptr;
    form.pinned = attribute(field, "pinned") != nullptr;
    form.nullable = field.optional() && form.base <= BaseType::Double;
    form.missing = field.default_integer();
    if (const auto* off = attribute(field, "off")) {
      const std::string_view text = view(off->value());
      std::int64_t number = 0;
      CHECK(std::from_chars(text.begin(), text.end(), number).ec == std::errc{});
      form.off = number;
    }
    form.shape = shape_of(field, form);
    if (form.shape == Shape::integer) set_integer(form);
    return form;
  }

  Shape shape_of(const reflection::Field& field, FieldForm& form) {
    const reflection::Type& type = *field.type();
    if (form.base == BaseType::String) return Shape::text;
    if (form.base == BaseType::Vector) return vector_shape(field, form);
    if (form.base == BaseType::Bool) return Shape::boolean;
    if (type.index() >= 0) {
      for (const reflection::EnumVal* value :
           *schema().enums()->Get(static_cast<flatbuffers::uoffset_t>(type.index()))->values()) {
        CHECK(value->value() == static_cast<std::int64_t>(form.names.size()));
        form.names.push_back(json_name(view(value->name())));
      }
      return Shape::enumeration;
    }
    if (attribute(field, "time") != nullptr) return Shape::time;
    if (attribute(field, "date") != nullptr) return Shape::date;
    return Shape::integer;
  }

  Shape vector_shape(const reflection::Field& field, FieldForm& form) {
    const BaseType element = field.type()->element();
    if (element == BaseType::String) return Shape::texts;
    if (element == BaseType::Int && attribute(field, "date") != nullptr) return Shape::dates;
    if (element == BaseType::UByte && attribute(field, "sealed") != nullptr) return Shape::sealed;
    if (element == BaseType::UByte && attribute(field, "digest") != nullptr) return Shape::digest;
    CHECK(element == BaseType::Obj);
    const auto* object =
        schema().objects()->Get(static_cast<flatbuffers::uoffset_t>(field.type()->index()));
    form.table = &table(*object);
    return object->is_struct() ? Shape::structs : Shape::tables;
  }

  // A sealed reporter is pinned in `reporter`; an exported line brings it back as `supervisor`.
  static void link_reporter(TableForm& form) {
    const auto at = [&](std::string_view name) {
      return std::ranges::find(form.fields, name, &FieldForm::name);
    };
    const auto supervisor = at("supervisor"), reporter = at("reporter");
    CHECK(supervisor != form.fields.end());
    CHECK(reporter != form.fields.end());
    supervisor->twin = static_cast<int>(reporter - form.fields.begin());
  }

  std::map<const reflection::Object*, std::unique_ptr<TableForm>> tables_;
  std::vector<const TableForm*> by_event_;  // by number
};

}  // namespace

const TableForm& form_of(EventType type) {
  static const Forms forms;
  return forms.of(type);
}

}  // namespace schemas
