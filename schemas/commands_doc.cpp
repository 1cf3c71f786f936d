#include "schemas/commands_doc.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <string_view>
#include <vector>

#include "schemas/event.h"
#include "schemas/json.h"
#include "schemas/json_fields.h"
#include "schemas/lifecycle.h"
#include "schemas/refusal.h"

namespace schemas {
namespace {

using Out = std::back_insert_iterator<std::string>;
using Comments = flatbuffers::Vector<flatbuffers::Offset<flatbuffers::String>>;

constexpr std::string_view kHead = R"(# 命令手册 Commands

Generated from schemas/*.fbs and the lifecycle tables by `bihuan commands`; a test compares. Do not edit.

A command is one line of a history file: `at`, `actor`, `command`, `stream`, `id`, `data`, and optionally
`occurred_at`, `expected_version`, `derived` and `imported` (false in an export of what its ledger recorded
live, so that a copy has the same tree root). Below: the fields of `data`, who may ask, in which status the
command may come, and what it records. Names in `code` are to be written as they stand.

- date: `YYYY-MM-DD`; time: RFC 3339; text: up to 64 KiB of UTF-8, not empty, without control characters
  other than line feed and tab; sealed text: personal data, stored encrypted, or `{"sealed": base64}` as
  exports write it; an optional field may be left out or null.
- Every command can be refused by the door (`BadJson`, `UnknownCommand`, `UnknownField`, `MissingField`,
  `WrongType`, `OutOfRange`, `InvalidText`, `LineTooLong`, `WrongStream`), by the log (`AtGoesBack`,
  `AtInFuture`, `OccurredAfterRecorded`, `IdReused`, `VersionConflict`), for its role (`WrongRole`) and for
  the status of what it is about (`NotFound`, `AlreadyExists`, `WrongState`). Under "refusals" stands what
  its own guards add.
- Where `system` is not named it may still do what an import marks as `derived`.
)";

std::string comment(const Comments* lines) {
  std::string text;
  if (lines == nullptr) return text;
  for (const flatbuffers::String* line : *lines) {
    std::string_view part = view(line);
    part.remove_prefix(std::min(part.find_first_not_of(' '), part.size()));
    if (!text.empty()) text += ' ';
    text += part;
  }
  return text;
}

std::string role_list(Roles roles) {
  std::string text;
  for (const Role role : EnumValuesRole()) {
    if ((roles & role_bit(role)) == 0) continue;
    if (!text.empty()) text += ", ";
    text += role_name(role);
  }
  return text.empty() ? "(only as a consequence)" : text;
}

std::string status_list(const Lifecycle& lifecycle, Statuses statuses) {
  std::string text;
  for (std::size_t i = 0; i < lifecycle.statuses.size(); ++i) {
    if (((statuses >> i) & 1u) == 0) continue;
    if (!text.empty()) text += ", ";
    text += lifecycle.statuses[i];
  }
  return text;
}

std::string type_text(const FieldForm& field) {
  switch (field.shape) {
    case Shape::boolean:
      return "true or false";
    case Shape::integer:
      if (field.base == reflection::UByte || field.base == reflection::Short)
        return fmt::format("whole number, {}..{}", field.off ? 0 : field.least, field.most);
      return "whole number";
    case Shape::enumeration:
      return fmt::format("one of `{}`", fmt::join(field.names, "`, `"));
    case Shape::time:
      return "time";
    case Shape::date:
      return "date";
    case Shape::text:
      return "text";
    case Shape::sealed:
      return "sealed text";
    case Shape::digest:
      return "hash";
    case Shape::dates:
      return "list of dates";
    case Shape::texts:
      return "list of texts";
    case Shape::tables:
    case Shape::structs:
      return "list of objects";
  }
  return {};
}

std::string need_text(const FieldForm& field) {
  std::string text = field.optional ? "optional" : "needed";
  const bool counted = field.shape == Shape::integer && field.optional && !field.nullable;
  if (counted) text += fmt::format(", default {}", field.missing);
  if (field.off) text += "; null switches off";
  return text;
}

void write_fields(const TableForm& form, const std::string& prefix, Out out) {
  for (const FieldForm& field : form.fields) {
    if (field.pinned) continue;
    fmt::format_to(out, "| `{}{}` | {} | {} | {} |\n", prefix, field.name, type_text(field),
                   need_text(field), comment(field.field->documentation()));
    if (field.shape == Shape::tables)
      write_fields(*field.table, fmt::format("{}{}[].", prefix, field.name), out);
  }
}

bool has_fields(const TableForm& form) {
  for (const FieldForm& field : form.fields)
    if (!field.pinned) return true;
  return false;
}

// The pinned fields: what the ledger itself adds.
std::string pinned_text(const TableForm& form) {
  std::string text;
  for (const FieldForm& field : form.fields) {
    if (!field.pinned) continue;
    text += fmt::format("{}`{}`", text.empty() ? "" : ", ", field.name);
    const std::string meaning = comment(field.field->documentation());
    if (!meaning.empty()) text += fmt::format(" ({})", meaning);
  }
  return text;
}

void write_rows(EventType event, Out out) {
  std::vector<RefusalCode> refusals;
  for (const Lifecycle* lifecycle : all_lifecycles()) {
    for (const Transition& row : lifecycle->rows) {
      if (row.event != event) continue;
      const std::string to =
          row.to == kStays
              ? ""
              : fmt::format(" -> {}", lifecycle->statuses[static_cast<std::size_t>(row.to)]);
      fmt::format_to(out, "- {} {}: {}{}; by {}\n", lifecycle->chinese, lifecycle->name,
                     status_list(*lifecycle, row.from), to, role_list(row.roles));
      for (const RefusalCode code : row.refusals)
        if (code != RefusalCode::none && std::ranges::find(refusals, code) == refusals.end())
          refusals.push_back(code);
    }
  }
  if (refusals.empty()) return;
  std::vector<std::string_view> names;
  for (const RefusalCode code : refusals) names.push_back(code_name(code));
  fmt::format_to(out, "- refusals: `{}`\n", fmt::join(names, "`, `"));
}

void write_command(const EventInfo& info, Out out) {
  const TableForm& form = form_of(info.type);
  fmt::format_to(out, "\n### {}\n\n{}\n\n", info.command, comment(info.table->documentation()));
  fmt::format_to(out, "- records `{}` ({}) in `{}/...`\n", info.name,
                 static_cast<unsigned>(info.type), info.kind);
  write_rows(info.type, out);
  const std::string pinned = pinned_text(form);
  if (!pinned.empty()) fmt::format_to(out, "- the ledger adds: {}\n", pinned);
  if (!has_fields(form)) {
    fmt::format_to(out, "- `data` is `{{}}`\n");
    return;
  }
  fmt::format_to(out, "\n| field | value | | meaning |\n|---|---|---|---|\n");
  write_fields(form, "", out);
}

void write_consequences(Out out) {
  fmt::format_to(out,
                 "\n## 没有命令的事件 Events without a command\n\n| event | number | stream | "
                 "meaning | fields |\n|---|---|---|---|---|\n");
  for (const EventInfo& info : all_events()) {
    if (!info.command.empty()) continue;
    fmt::format_to(out, "| `{}` | {} | {} | {} | {} |\n", info.name,
                   static_cast<unsigned>(info.type), info.kind.empty() ? "any" : info.kind,
                   comment(info.table->documentation()), pinned_text(form_of(info.type)));
  }
}

void write_refusals(Out out) {
  fmt::format_to(out, "\n## 不予办理的理由 Refusals\n\n| code | 中文 | English |\n|---|---|---|\n");
#define SCHEMAS_REFUSAL_ROW(code, zh, en) \
  fmt::format_to(out, "| `{}` | {} | {} |\n", #code, zh, en);
  SCHEMAS_REFUSALS(SCHEMAS_REFUSAL_ROW)
#undef SCHEMAS_REFUSAL_ROW
}

}  // namespace

std::string commands_doc() {
  std::string text(kHead);
  const Out out(text);
  std::string_view kind;
  for (const EventInfo& info : all_events()) {
    if (info.command.empty()) continue;
    if (info.kind != kind) fmt::format_to(out, "\n## {}\n", info.kind);
    kind = info.kind;
    write_command(info, out);
  }
  write_consequences(out);
  write_refusals(out);
  return text;
}

}  // namespace schemas
