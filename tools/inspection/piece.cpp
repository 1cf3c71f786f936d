#include "tools/inspection/piece.h"

#include <fmt/format.h>

#include "engine/proof/merkle.h"
#include "engine/proof/record.h"
#include "engine/proof/tile.h"
#include "schemas/district.h"
#include "tools/inspection/bundle.h"

namespace tools {

std::string BundleName::path() const { return engine::tile_path(std::nullopt, number, width); }

std::uint64_t BundleName::first() const { return number * engine::kTileWidth + 1; }

struct Piece::Files {
  std::string header_file, payload_file;
  bool header_file_good = false;
  Split<engine::ByteSpan> headers;
  Split<PackedPayload> payloads;
};

void Piece::add(Checked check, std::string_view file, std::uint64_t seq, std::string chinese,
                std::string english) {
  wrong_.push_back({check, std::string(file), seq, std::move(chinese), std::move(english)});
}

void Piece::read(const Contents& contents, const ZipReader& reader,
                 std::span<const BundleName> bundles, bool facts) {
  bundles_ = bundles;
  held_.clear();
  records_.clear();
  leaves_.clear();
  roots_.clear();
  batch_.clear();
  wrong_.clear();
  payloads_ = 0;
  held_.reserve(2 * bundles.size());
  for (const BundleName& bundle : bundles) {
    const std::size_t before = leaves_.size();
    read_bundle(contents, reader, bundle, facts);
    if (leaves_.size() == before) return;
  }
}

void Piece::read_bundle(const Contents& contents, const ZipReader& reader, const BundleName& bundle,
                        bool facts) {
  const Manifest& manifest = contents.manifest();
  Files files;
  files.header_file = bundle.path();
  files.payload_file = payload_path(files.header_file);
  const PackedFile* const header_line = manifest.find(files.header_file);
  const PackedFile* const payload_line = manifest.find(files.payload_file);
  if (payload_line == nullptr)
    return add(Checked::complete, files.payload_file, 0, "清单里没有这个载荷文件",
               "the manifest has no such file of payloads");
  auto headers = contents.read(reader, *header_line);
  auto payloads = contents.read(reader, *payload_line);
  files.header_file_good = !headers.wrong;
  for (auto& wrong : {headers.wrong, payloads.wrong})
    if (wrong) wrong_.push_back(*wrong);
  held_.push_back(std::move(headers.bytes));
  files.headers = split_bundle(held_.back(), bundle.width);
  held_.push_back(std::move(payloads.bytes));
  files.payloads = split_payloads(held_.back(), bundle.width);
  const std::size_t before = records_.size();
  if (!take_headers(bundle, files)) {
    records_.resize(before);
    return;
  }
  for (std::size_t i = 0; i < bundle.width; ++i) {
    PieceRecord& record = records_[before + i];
    take_payload(manifest, record, files, i);
    if (facts && record.well_shaped)
      batch_.add(record.view);
    else if (facts)
      batch_.add_unread(record.view);
  }
}

// Every header against its place and the mark beside its payload; the first that does not fit is
// named, for it moves those after it. True: all fit, and the leaves stand.
bool Piece::take_headers(const BundleName& bundle, const Files& files) {
  std::vector<engine::Hash> leaves;
  leaves.reserve(bundle.width);
  const auto& payloads = files.payloads.parts;
  for (std::size_t i = 0; i < bundle.width; ++i) {
    const std::uint64_t seq = bundle.first() + i;
    PieceRecord& record = records_.emplace_back();
    std::uint32_t length = 0;
    const auto no_header = [&](std::string_view why) {
      add(Checked::headers, files.header_file, seq, "事件头不合格式或不在其位",
          fmt::format("the header is not one, or not in its place: {}", why));
      return false;
    };
    if (i >= files.headers.parts.size()) return no_header("the file ends before it");
    const engine::ByteSpan entry = files.headers.parts[i];
    if (const char* why = engine::read_entry(entry, record.view, length)) return no_header(why);
    if (record.view.seq != seq) return no_header(fmt::format("it says seq {}", record.view.seq));
    leaves.push_back(engine::leaf_hash(entry));
    if (i < payloads.size() && payloads[i].mark == mark_of(leaves.back())) continue;
    if (i >= payloads.size() || files.header_file_good)
      add(Checked::payloads, files.payload_file, seq, "载荷文件里这一条不合格式或被改动",
          "the file of payloads was changed at this record");
    else
      add(Checked::headers, files.header_file, seq, "事件头被改动", "the header was changed");
    return false;
  }
  if (!files.headers.whole || !files.payloads.whole) {
    const bool header = !files.headers.whole;
    add(header ? Checked::headers : Checked::payloads,
        header ? files.header_file : files.payload_file, bundle.last(), "这一条之后还有多余的内容",
        "something comes after this record");
    return false;
  }
  roots_.push_back(engine::root_of(leaves));
  leaves_.push_back(std::move(leaves));
  return true;
}

void Piece::take_payload(const Manifest& manifest, PieceRecord& record, const Files& files,
                         std::size_t place) {
  const PackedPayload& payload = files.payloads.parts[place];
  const std::uint64_t seq = record.view.seq;
  record.present = payload.present;
  if (manifest.carries(record.view) != payload.present)
    add(Checked::complete, files.payload_file, seq,
        payload.present ? "这一条的载荷不该在包里" : "缺少这一条的载荷",
        payload.present ? "its payload should not be here" : "its payload is missing");
  if (!payload.present) return;
  ++payloads_;
  record.view.payload = payload.bytes;
  if (engine::sha256(payload.bytes) != engine::entry_payload_hash(files.headers.parts[place]))
    return add(Checked::payloads, files.payload_file, seq, "载荷与事件头里的摘要不符",
               "the payload is not the one that its header names");
  std::string shape = schemas::District::shape_fault(record.view);
  record.well_shaped = shape.empty();
  if (!shape.empty())
    add(Checked::rules, files.payload_file, seq, "事件不合其表式", std::move(shape));
}

}  // namespace tools
