#include "tools/inspection/contents.h"

#include <fmt/format.h>

#include <array>

#include "engine/proof/tile.h"

namespace tools {
namespace {

std::string text_of(const engine::Bytes& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

Wrong wrong(Checked check, std::string_view file, std::string chinese, std::string english) {
  return {check, std::string(file), 0, std::move(chinese), std::move(english)};
}

// The manifest's note: signed by the key, and over this very manifest.
void check_note(std::string_view note, std::string_view manifest_text,
                const engine::VerifierKey& key, Verdict& verdict) {
  const std::array<engine::VerifierKey, 1> known{key};
  const auto opened = engine::open_note(note, known);
  if (!opened)
    return verdict.add(wrong(Checked::manifest, kManifestNote, "清单的签名不成立",
                             "the signature does not hold: " + opened.error().text));
  if (opened->text != manifest_note_text(key.name, manifest_text))
    return verdict.add(wrong(Checked::manifest, kManifest, "清单不是所签的那一份",
                             "it is not the manifest that was signed"));
  Check& check = verdict.of(Checked::manifest);
  check.made = true;
  check.chinese = fmt::format("清单由 {} 的密钥签署", key.name);
  check.english = fmt::format("the manifest is signed by the key of {}", key.name);
}

}  // namespace

std::optional<Contents> Contents::open(engine::ByteSpan archive, const engine::VerifierKey& key,
                                       Verdict& verdict) {
  const auto reader = ZipReader::open(archive);
  if (!reader) {
    verdict.add(wrong(Checked::archive, "", "不是完好的 zip 文件", reader.error().text));
    return std::nullopt;
  }
  Contents contents;
  contents.archive_ = archive;
  for (std::size_t i = 0; i < reader->names().size(); ++i) {
    const std::string& name = reader->names()[i];
    if (!contents.index_.emplace(name, i).second)
      verdict.add(wrong(Checked::archive, name, "同名文件出现两次", "it is there twice"));
  }
  std::array<std::string, 2> texts;
  for (const auto& [name, most, text] :
       {std::tuple(kManifest, kManifestBytesMax, &texts[0]),
        std::tuple(kManifestNote, std::uint64_t{engine::kNoteBytesMax}, &texts[1])}) {
    const auto at = contents.index_.find(name);
    if (at == contents.index_.end()) {
      verdict.add(wrong(Checked::archive, name, "缺少此文件", "it is missing"));
      continue;
    }
    const auto bytes = reader->read(at->second, most);
    if (bytes)
      *text = text_of(*bytes);
    else
      verdict.add(wrong(Checked::files, name, "读不出来", bytes.error().text));
  }
  check_note(texts[1], texts[0], key, verdict);
  auto manifest = parse_manifest(texts[0]);
  if (!manifest) {
    verdict.add(wrong(Checked::manifest, kManifest, "清单不合格式", manifest.error().text));
    return std::nullopt;
  }
  contents.manifest_ = std::move(*manifest);
  if (contents.manifest_.origin != key.name)
    verdict.add(
        wrong(Checked::manifest, kManifest, "不是这个密钥所属的账本",
              fmt::format("it is of {}, and the key of {}", contents.manifest_.origin, key.name)));
  contents.compare_names(*reader, verdict);
  return contents;
}

void Contents::compare_names(const ZipReader& reader, Verdict& verdict) const {
  for (const std::string& name : reader.names())
    if (name != kManifest && name != kManifestNote && manifest_.find(name) == nullptr)
      verdict.add(
          wrong(Checked::archive, name, "清单里没有此文件", "the manifest has no such file"));
  for (const PackedFile& file : manifest_.files)
    if (!index_.contains(file.name))
      verdict.add(wrong(Checked::archive, file.name, "缺少此文件", "it is missing"));
  Check& check = verdict.of(Checked::archive);
  check.made = true;
  check.chinese = fmt::format("清单所列 {} 个文件齐全，没有多出的", manifest_.files.size());
  check.english =
      fmt::format("all {} files of the manifest are there, and no other", manifest_.files.size());
}

Contents::Read Contents::read(const ZipReader& reader, const PackedFile& file) const {
  const auto at = index_.find(file.name);
  if (at == index_.end())
    return {{}, wrong(Checked::archive, file.name, "缺少此文件", "it is missing")};
  auto bytes = reader.read(at->second, file.size);
  if (!bytes) return {{}, wrong(Checked::files, file.name, "读不出来", bytes.error().text)};
  Read read{std::move(*bytes), std::nullopt};
  if (read.bytes.size() != file.size)
    read.wrong =
        wrong(Checked::files, file.name, "长短与清单不符", "its size is not the manifest's");
  else if (engine::sha256(read.bytes) != file.sha256)
    read.wrong = wrong(Checked::files, file.name, "内容被改动", "its contents were changed");
  return read;
}

}  // namespace tools
