#include "tools/ledger/attachments.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>

#include "engine/log/file.h"
#include "schemas/event.h"

namespace tools {

namespace fs = std::filesystem;
using engine::ErrorCode;
using engine::fail;
using engine::Hash;
using engine::Result;

namespace {

std::string directory_of(const std::string& data) { return data + "/attachments"; }
std::string path_of(const std::string& data, const Hash& hash) {
  return directory_of(data) + "/" + engine::hex(hash);
}

// A file of Word or Excel is a zip whose first entry is the list of its parts.
std::optional<Media> office_media(std::string_view bytes) {
  constexpr std::size_t kLook = 4096;  // where the names of its first parts stand
  const std::string_view head = bytes.substr(0, kLook);
  if (head.find("[Content_Types].xml") == std::string_view::npos) return std::nullopt;
  if (bytes.find("word/document.xml") != std::string_view::npos)
    return Media{"application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"};
  if (bytes.find("xl/workbook.xml") != std::string_view::npos)
    return Media{"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"};
  return std::nullopt;
}

}  // namespace

std::optional<Media> media_of(std::string_view bytes) {
  constexpr std::string_view kPng("\x89PNG\r\n\x1a\n", 8), kJpeg("\xff\xd8\xff", 3),
      kZip("PK\x03\x04", 4);
  if (bytes.starts_with("%PDF-")) return Media{"application/pdf", "pdf"};
  if (bytes.starts_with(kPng)) return Media{"image/png", "png"};
  if (bytes.starts_with(kJpeg)) return Media{"image/jpeg", "jpg"};
  if (bytes.starts_with("RIFF") && bytes.substr(0, 16).substr(8).starts_with("WEBP"))
    return Media{"image/webp", "webp"};
  if (bytes.starts_with(kZip)) return office_media(bytes);
  return std::nullopt;
}

Result<bool> keep_attachment(const std::string& data, const Hash& hash, std::string_view bytes) {
  std::error_code ignored;
  if (fs::exists(path_of(data, hash), ignored)) {
    const auto kept = read_attachment(data, hash);
    if (kept) return false;
    if (kept.error().code != ErrorCode::corrupt) return std::unexpected(kept.error());
  }
  if (auto made = engine::make_directories(directory_of(data), 0700); !made)
    return std::unexpected(made.error());
  if (auto written = engine::write_file(path_of(data, hash), bytes, 0600, /*replace=*/true);
      !written)
    return std::unexpected(written.error());
  return true;
}

Result<std::string> read_attachment(const std::string& data, const Hash& hash) {
  auto bytes = engine::read_file(path_of(data, hash));
  if (bytes && engine::sha256(engine::bytes_of(*bytes)) != hash)
    return fail(ErrorCode::corrupt,
                fmt::format("The attachment {} is not what it was.", engine::hex(hash)));
  return bytes;
}

std::optional<Hash> parse_sha256(std::string_view text) {
  Hash hash{};
  if (text.size() != 2 * hash.size()) return std::nullopt;
  const auto digit = [](char c) {
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
  };
  for (std::size_t i = 0; i < hash.size(); ++i) {
    const int high = digit(text[2 * i]), low = digit(text[2 * i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    hash.at(i) = static_cast<std::uint8_t>(16 * high + low);
  }
  return hash;
}

Result<void> check_attachments(
    const std::string& data, const engine::Log& access,
    const std::function<void(std::uint64_t, const std::string&)>& wrong) {
  const auto read =
      access.read_stream("access", "attachment", [&](const engine::RecordView& record) {
        const auto type = schemas::EventType::AttachmentKept;
        if (schemas::type_of(record) != type || !schemas::verify(type, record.payload)) return true;
        const auto* const said = schemas::payload_of<schemas::AttachmentKept>(record).sha256();
        Hash hash{};
        if (said == nullptr || said->size() != hash.size()) {
          wrong(record.seq, "It names no attachment.");
          return true;
        }
        std::ranges::copy(*said, hash.begin());
        const auto kept = read_attachment(data, hash);
        if (!kept) wrong(record.seq, kept.error().text);
        return true;
      });
  if (!read && read.error().code != ErrorCode::not_found) return read;
  return {};
}

Result<void> copy_attachments(const std::string& from, const std::string& to) {
  std::error_code ignored;
  if (!fs::is_directory(directory_of(from), ignored)) return {};
  const auto names = engine::names_in(directory_of(from));
  if (!names) return std::unexpected(names.error());
  if (auto made = engine::make_directories(directory_of(to), 0700); !made) return made;
  for (const std::string& name : *names) {
    const auto hash = parse_sha256(name);
    if (!hash) continue;  // a file that was being written
    const auto bytes = read_attachment(from, *hash);
    if (!bytes) return std::unexpected(bytes.error());
    if (auto written = engine::write_file(path_of(to, *hash), *bytes, 0600, /*replace=*/true);
        !written)
      return written;
  }
  return {};
}

}  // namespace tools
