#include "tools/inspection/zip_file.h"

#include <fmt/format.h>
#include <zip.h>

#include <algorithm>
#include <cstring>
#include <optional>

namespace tools {

using engine::ErrorCode;
using engine::fail;
using engine::Result;

namespace {

// 1980-01-01 00:00:00, the first moment that the format can say.
constexpr zip_uint16_t kDosTime = 0, kDosDate = (1U << 5U) | 1U;
// Level 6 makes packages a twentieth smaller and takes twice as long.
constexpr zip_uint32_t kLevel = 3;

// One entry while the archive is written: made when libzip opens it, gone when it is closed.
struct Source {
  const ZipEntry* entry = nullptr;
  engine::Bytes bytes = {};
  std::size_t at = 0;
  std::optional<engine::Error>* error = nullptr;
  zip_error_t told = {};
};

zip_int64_t refuse(Source& source, int code) {
  zip_error_set(&source.told, code, 0);
  return -1;
}

zip_int64_t open_source(Source& source) {
  auto made = source.entry->make();
  if (made && made->size() != source.entry->size)
    made = fail(ErrorCode::corrupt, source.entry->name + " is not what it was a moment ago.");
  if (!made) {
    *source.error = made.error();
    return refuse(source, ZIP_ER_READ);
  }
  source.bytes = std::move(*made);
  source.at = 0;
  return 0;
}

zip_int64_t supply(void* state, void* data, zip_uint64_t length, zip_source_cmd_t command) {
  Source& source = *static_cast<Source*>(state);
  switch (command) {
    case ZIP_SOURCE_OPEN:
      return open_source(source);
    case ZIP_SOURCE_READ: {
      const std::size_t take = std::min<std::size_t>(length, source.bytes.size() - source.at);
      if (take != 0) std::memcpy(data, source.bytes.data() + source.at, take);
      source.at += take;
      return static_cast<zip_int64_t>(take);
    }
    case ZIP_SOURCE_CLOSE:
      source.bytes = {};
      return 0;
    case ZIP_SOURCE_STAT: {
      zip_stat_t* const stat = ZIP_SOURCE_GET_ARGS(zip_stat_t, data, length, &source.told);
      if (stat == nullptr) return -1;
      zip_stat_init(stat);
      stat->size = source.entry->size;
      stat->valid = ZIP_STAT_SIZE;
      return sizeof(*stat);
    }
    case ZIP_SOURCE_ERROR:
      return zip_error_to_data(&source.told, data, length);
    case ZIP_SOURCE_FREE:
      return 0;
    case ZIP_SOURCE_SUPPORTS:
      return zip_source_make_command_bitmap(ZIP_SOURCE_OPEN, ZIP_SOURCE_READ, ZIP_SOURCE_CLOSE,
                                            ZIP_SOURCE_STAT, ZIP_SOURCE_ERROR, ZIP_SOURCE_FREE, -1);
    default:
      return refuse(source, ZIP_ER_OPNOTSUPP);
  }
}

bool add(zip_t* archive, Source& source) {
  zip_source_t* const from = zip_source_function(archive, supply, &source);
  if (from == nullptr) return false;
  const zip_int64_t index =
      zip_file_add(archive, source.entry->name.c_str(), from, ZIP_FL_ENC_UTF_8);
  if (index < 0) {
    zip_source_free(from);
    return false;
  }
  const auto at = static_cast<zip_uint64_t>(index);
  const zip_int32_t method = source.entry->stored ? ZIP_CM_STORE : ZIP_CM_DEFLATE;
  return zip_set_file_compression(archive, at, method, kLevel) == 0 &&
         zip_file_set_dostime(archive, at, kDosTime, kDosDate, 0) == 0;
}

}  // namespace

Result<void> write_zip(const std::string& path, std::span<const ZipEntry> entries) {
  int code = 0;
  zip_t* const archive = zip_open(path.c_str(), ZIP_CREATE | ZIP_TRUNCATE, &code);
  if (archive == nullptr) {
    zip_error_t error;
    zip_error_init_with_code(&error, code);
    auto told = fail(ErrorCode::io,
                     fmt::format("{} cannot be written: {}.", path, zip_error_strerror(&error)));
    zip_error_fini(&error);
    return told;
  }
  std::optional<engine::Error> error;
  std::vector<Source> sources(entries.size());
  bool good = true;
  for (std::size_t i = 0; good && i < entries.size(); ++i) {
    sources[i].entry = &entries[i];
    sources[i].error = &error;
    zip_error_init(&sources[i].told);
    good = add(archive, sources[i]);
  }
  if (good && zip_close(archive) == 0) return {};
  if (!error)
    error = {ErrorCode::io, fmt::format("{} cannot be written: {}.", path, zip_strerror(archive))};
  zip_discard(archive);
  return std::unexpected(std::move(*error));
}

void ZipReader::Close::operator()(zip* archive) const { zip_discard(archive); }

Result<ZipReader> ZipReader::open(engine::ByteSpan archive) {
  zip_error_t error;
  zip_error_init(&error);
  const auto no_archive = [&] {
    std::string text = fmt::format("This is no zip archive: {}.", zip_error_strerror(&error));
    zip_error_fini(&error);
    return fail(ErrorCode::bad_input, std::move(text));
  };
  zip_source_t* const source = zip_source_buffer_create(archive.data(), archive.size(), 0, &error);
  if (source == nullptr) return no_archive();
  ZipReader reader;
  reader.archive_.reset(zip_open_from_source(source, ZIP_RDONLY | ZIP_CHECKCONS, &error));
  if (reader.archive_ == nullptr) {
    zip_source_free(source);
    return no_archive();
  }
  const zip_int64_t entries = zip_get_num_entries(reader.archive_.get(), 0);
  for (zip_int64_t i = 0; i < entries; ++i) {
    const char* const name =
        zip_get_name(reader.archive_.get(), static_cast<zip_uint64_t>(i), ZIP_FL_ENC_RAW);
    reader.names_.emplace_back(name == nullptr ? "" : name);
  }
  zip_error_fini(&error);
  return reader;
}

Result<engine::Bytes> ZipReader::read(std::size_t index, std::uint64_t most) const {
  constexpr std::size_t kPiece = 256U << 10U;  // what an archive says of its sizes is not believed
  const auto damaged = [&](std::string_view why) {
    return fail(ErrorCode::bad_input, fmt::format("{} in the archive {}.", names_[index], why));
  };
  zip_file_t* const file = zip_fopen_index(archive_.get(), index, 0);
  if (file == nullptr) return damaged("cannot be opened");
  engine::Bytes bytes;
  for (;;) {
    const std::size_t before = bytes.size();
    const std::uint64_t room = most - before + 1;  // one more shows that it is too large
    bytes.resize(before + std::min<std::uint64_t>(kPiece, room));
    const zip_int64_t got = zip_fread(file, bytes.data() + before, bytes.size() - before);
    bytes.resize(before + static_cast<std::size_t>(std::max<zip_int64_t>(got, 0)));
    if (got < 0) {
      zip_fclose(file);
      return damaged("is damaged");
    }
    if (got == 0) break;
    if (bytes.size() > most) {
      zip_fclose(file);
      return damaged("is larger than it should be");
    }
  }
  return zip_fclose(file) == 0 ? Result<engine::Bytes>(std::move(bytes)) : damaged("is damaged");
}

}  // namespace tools
