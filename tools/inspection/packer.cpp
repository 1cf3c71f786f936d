#include "tools/inspection/packer.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <set>
#include <utility>

#include "engine/proof/proof_file.h"
#include "engine/proof/record.h"
#include "engine/proof/tile.h"
#include "projections/parts.h"
#include "tools/inspection/bundle.h"
#include "tools/inspection/losses.h"
#include "tools/inspection/page.h"
#include "tools/inspection/piece.h"
#include "tools/inspection/story.h"
#include "tools/inspection/texts.h"
#include "tools/inspection/tiles_check.h"
#include "tools/inspection/verifier.h"
#include "tools/inspection/zip_file.h"

namespace tools {

namespace json = boost::json;
using engine::ErrorCode;
using engine::fail;
using engine::Result;

namespace {

// The two files of a bundle, made together from one reading of its records.
struct BundleFiles {
  engine::Bytes headers, payloads;
  std::uint64_t present = 0;
};

Result<BundleFiles> files_of(const engine::Source& records, const Manifest& manifest,
                             const BundleName& bundle) {
  BundleFiles files;
  engine::Bytes entry;
  std::uint64_t next = bundle.first();
  const auto read =
      records.read(bundle.first(), bundle.last(), [&](const engine::RecordView& record) {
        entry.clear();
        engine::append_entry(entry, record);
        append_entry_to_bundle(files.headers, entry);
        const bool present = manifest.carries(record);
        files.present += present ? 1 : 0;
        append_payload(files.payloads,
                       {mark_of(engine::leaf_hash(entry)), present, record.payload});
        return record.seq == next++;
      });
  if (!read) return std::unexpected(read.error());
  if (next != bundle.last() + 1)
    return fail(ErrorCode::corrupt, "A range of the log was not read whole.", next);
  return files;
}

engine::Bytes bytes_of_text(std::string_view text) { return {text.begin(), text.end()}; }

class Packer {
 public:
  Packer(const PackedLedger& ledger, PackOrder order) : ledger_(ledger) {
    manifest_.origin = ledger.checkpoint.origin;
    manifest_.district = ledger.district;
    manifest_.seq = order.moment.seq;
    manifest_.as_of = order.moment.as_of;
    manifest_.root = order.moment.root;
    manifest_.about = std::move(order.about);
    std::ranges::sort(order.withheld);
    order.withheld.erase(std::ranges::unique(order.withheld).begin(), order.withheld.end());
    manifest_.withheld = std::move(order.withheld);
  }

  Result<Packed> pack(const projections::Facts* facts, const std::string& path);

 private:
  Result<void> check() const;
  Result<void> choose_bundles();
  Result<void> add_texts(const projections::Facts* facts);
  Result<std::string> growth_from(std::uint64_t old_size) const;
  Result<void> read_losses();
  Result<void> add_losses();
  Result<void> add_proofs();
  Result<void> add_bundles();
  Result<json::array> list(const std::set<std::string>& streams) const;
  Result<json::array> events() const;
  void add_text(std::string_view name, std::string text);
  void add_line(std::string_view name, const engine::Bytes& bytes);

  const PackedLedger& ledger_;
  Manifest manifest_;
  std::vector<engine::Loss> losses_;
  std::vector<BundleName> bundles_;
  std::vector<ZipEntry> entries_;
  Packed packed_;
};

Result<void> Packer::check() const {
  const About& about = manifest_.about;
  if (manifest_.seq == 0) return fail(ErrorCode::not_found, "There is no event by that moment.");
  if (manifest_.seq > kPackedSeqMax)
    return fail(ErrorCode::bad_input, "A package holds no more than 4,294,967,294 events.");
  if (manifest_.seq > ledger_.checkpoint.size)
    return fail(ErrorCode::not_found, fmt::format("The newest checkpoint covers {} events, not {}.",
                                                  ledger_.checkpoint.size, manifest_.seq));
  if (about.subject == Subject::range &&
      (about.from == 0 || about.from > about.to || about.to > manifest_.seq))
    return fail(ErrorCode::bad_input, fmt::format("There is no range {}..{} in events 1..{}.",
                                                  about.from, about.to, manifest_.seq));
  for (const std::string& stream : manifest_.withheld)
    if (stream.starts_with("calendar/") || stream.starts_with("rules/"))
      return fail(ErrorCode::bad_input, "Calendars and rule sets always come with a package.");
  return {};
}

// A report needs every header; anything else the bundles in which its records lie, whole.
Result<void> Packer::choose_bundles() {
  const About& about = manifest_.about;
  if (about.subject == Subject::report) {
    bundles_ = all_bundles(manifest_.seq);
    return {};
  }
  auto whole = streams_asked(ledger_.records, about, manifest_.seq);
  if (!whole) return std::unexpected(whole.error());
  manifest_.whole.assign(whole->begin(), whole->end());
  std::set<std::uint64_t> numbers;
  const auto take = [&](std::uint64_t seq) { numbers.insert((seq - 1) / engine::kTileWidth); };
  std::set<std::string> named = std::move(*whole);
  if (about.subject == Subject::stream) named.insert(about.stream);
  if (auto added = add_office_streams(ledger_.records, manifest_.seq, named); !added) return added;
  std::uint64_t of_stream = 0;
  for (const std::string& stream : named) {
    const auto read =
        read_named(ledger_.records, stream, manifest_.seq, [&](const engine::RecordView& record) {
          take(record.seq);
          of_stream += stream == about.stream ? 1 : 0;
          return true;
        });
    if (!read) return read;
  }
  if (about.subject == Subject::stream && of_stream == 0)
    return fail(ErrorCode::not_found,
                fmt::format("There is no event of {} by that moment.", about.stream));
  if (about.subject == Subject::range)
    for (std::uint64_t seq = about.from; seq <= about.to; ++seq) take(seq);
  for (const std::uint64_t number : numbers)
    bundles_.push_back(bundle_of(number * engine::kTileWidth + 1, manifest_.seq));
  return {};
}

void Packer::add_line(std::string_view name, const engine::Bytes& bytes) {
  manifest_.files.push_back({std::string(name), bytes.size(), engine::sha256(bytes)});
}

void Packer::add_text(std::string_view name, std::string text) {
  const auto bytes = std::make_shared<engine::Bytes>(bytes_of_text(text));
  add_line(name, *bytes);
  entries_.push_back(
      {std::string(name), bytes->size(), [bytes]() -> Result<engine::Bytes> { return *bytes; }});
}

// Events of some streams, in order of seq, as a list for a reader.
Result<json::array> Packer::list(const std::set<std::string>& streams) const {
  std::map<std::uint64_t, json::object> events;
  for (const std::string& stream : streams) {
    const auto read =
        read_named(ledger_.records, stream, manifest_.seq, [&](const engine::RecordView& record) {
          const engine::Hash leaf = engine::leaf_of(record);
          events.emplace(record.seq, listed_event(record, leaf, manifest_.carries(record)));
          return true;
        });
    if (!read) return std::unexpected(read.error());
  }
  json::array listed;
  for (auto& [seq, event] : events) listed.push_back(std::move(event));
  return listed;
}

Result<json::array> Packer::events() const {
  const About& about = manifest_.about;
  if (about.subject == Subject::stream) return list({about.stream});
  json::array listed;
  const auto read =
      ledger_.records.read(about.from, about.to, [&](const engine::RecordView& record) {
        const engine::Hash leaf = engine::leaf_of(record);
        listed.push_back(listed_event(record, leaf, manifest_.carries(record)));
        return true;
      });
  if (!read) return std::unexpected(read.error());
  return listed;
}

Result<void> Packer::add_texts(const projections::Facts* facts) {
  std::set<std::string> office;
  if (auto added = add_office_streams(ledger_.records, manifest_.seq, office); !added) return added;
  const auto rules = list(office);
  if (!rules) return std::unexpected(rules.error());
  const engine::VerifierKey& key = ledger_.signer.key();
  std::string page;
  if (facts != nullptr) {
    projections::Question question = manifest_.about.question;
    question.district = manifest_.district;
    question.moment = {manifest_.seq, manifest_.as_of, manifest_.root};
    const auto report = projections::draw(manifest_.about.report, *facts, question);
    if (!report) return std::unexpected(report.error());
    page = draw_page({manifest_, key, ledger_.checkpoint, losses_, &*report, nullptr});
    add_text(kReport, json_text(*report));
  } else {
    const auto listed = events();
    if (!listed) return std::unexpected(listed.error());
    page = draw_page({manifest_, key, ledger_.checkpoint, losses_, nullptr, &*listed});
    add_text(kEvents, list_text(*listed));
  }
  add_text(kReadme, std::string(readme_text()));
  add_text(kPage, std::move(page));
  add_text(kRules, list_text(*rules));
  return {};
}

// The consistency file from the first `old_size` records to the checkpoint.
Result<std::string> Packer::growth_from(std::uint64_t old_size) const {
  engine::ConsistencyFile growth;
  growth.old_size = old_size;
  growth.checkpoint = ledger_.checkpoint_note;
  auto path = engine::consistency_proof(old_size, ledger_.checkpoint.size, ledger_.nodes);
  if (!path) return std::unexpected(path.error());
  growth.path = std::move(*path);
  return growth.text();
}

Result<void> Packer::read_losses() {
  for (const std::string& note : ledger_.losses) {
    auto loss = engine::open_loss(note);
    if (!loss) return std::unexpected(loss.error());
    if (loss->kept.size > ledger_.checkpoint.size)
      return fail(ErrorCode::not_found, "The newest checkpoint is older than an accepted loss.");
    losses_.push_back(std::move(*loss));
  }
  return {};
}

Result<void> Packer::add_losses() {
  for (std::size_t i = 0; i < losses_.size(); ++i) {
    add_text(loss_path(i + 1), ledger_.losses[i]);
    if (!is_continued(losses_, i)) continue;
    auto growth = growth_from(losses_[i].kept.size);
    if (!growth) return std::unexpected(growth.error());
    add_text(loss_proof_path(i + 1), std::move(*growth));
  }
  return {};
}

Result<void> Packer::add_proofs() {
  auto growth = growth_from(manifest_.seq);
  if (!growth) return std::unexpected(growth.error());
  add_text(kCheckpoint, ledger_.checkpoint_note);
  add_text(kConsistency, std::move(*growth));
  for (const TilePlaceKey place : tiles_needed(bundles_, manifest_.seq)) {
    const auto& [level, tile] = place;
    const std::uint64_t width = tile_width(place, manifest_.seq);
    const auto bytes = std::make_shared<engine::Bytes>();
    for (std::uint64_t i = 0; i < width; ++i) {
      const auto hash = ledger_.nodes(level * engine::kTileHeight, tile * engine::kTileWidth + i);
      if (!hash) return std::unexpected(hash.error());
      bytes->insert(bytes->end(), hash->begin(), hash->end());
    }
    const std::string name = engine::tile_path(level, tile, width);
    add_line(name, *bytes);
    entries_.push_back({name, bytes->size(), [bytes]() -> Result<engine::Bytes> { return *bytes; },
                        /*stored=*/true});
  }
  return {};
}

// Sizes and hashes first, on both cores; the bytes are made again when they are written, so that no
// more than a bundle is in memory.
Result<void> Packer::add_bundles() {
  struct Lines {
    PackedFile headers, payloads;
    std::uint64_t present = 0;
  };
  std::vector<Lines> lines(bundles_.size());
  const auto parts = projections::in_parts<Result<void>>(
      bundles_.size(), projections::kThreads, [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) {
          const auto files = files_of(ledger_.records, manifest_, bundles_[i]);
          if (!files) return Result<void>(std::unexpected(files.error()));
          const std::string name = bundles_[i].path();
          lines[i] = {{name, files->headers.size(), engine::sha256(files->headers)},
                      {payload_path(name), files->payloads.size(), engine::sha256(files->payloads)},
                      files->present};
        }
        return Result<void>();
      });
  for (const Result<void>& part : parts)
    if (!part) return part;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const auto payloads = std::make_shared<engine::Bytes>();  // from one entry to the next
    entries_.push_back({lines[i].headers.name, lines[i].headers.size,
                        [this, i, payloads]() -> Result<engine::Bytes> {
                          auto files = files_of(ledger_.records, manifest_, bundles_[i]);
                          if (!files) return std::unexpected(files.error());
                          *payloads = std::move(files->payloads);
                          return std::move(files->headers);
                        }});
    entries_.push_back({lines[i].payloads.name, lines[i].payloads.size,
                        [payloads]() -> Result<engine::Bytes> { return std::move(*payloads); }});
    packed_.payloads += lines[i].present;
    packed_.records += bundles_[i].width;
    manifest_.files.push_back(std::move(lines[i].headers));
    manifest_.files.push_back(std::move(lines[i].payloads));
  }
  return {};
}

// What the verifier will not take is not handed out: better no package than a wrong one.
Result<void> hold_against_verifier(const std::string& path, const engine::VerifierKey& key,
                                   Packed& packed) {
  std::ifstream file(path, std::ios::binary);
  const engine::Bytes bytes{std::istreambuf_iterator<char>(file), {}};
  packed.bytes = bytes.size();
  const Verdict verdict = verify_package(bytes, key);
  if (verdict.sound()) return {};
  std::error_code ignored;
  std::filesystem::remove(path, ignored);
  for (const Check& check : verdict.checks)
    for (const Wrong& wrong : check.wrong)
      return fail(ErrorCode::corrupt,
                  fmt::format("The package does not verify: {} {}", wrong.file, wrong.english),
                  wrong.seq);
  return fail(ErrorCode::corrupt, "The package does not verify.");
}

Result<Packed> Packer::pack(const projections::Facts* facts, const std::string& path) {
  if (auto checked = check(); !checked) return std::unexpected(checked.error());
  if (auto chosen = choose_bundles(); !chosen) return std::unexpected(chosen.error());
  if (auto read = read_losses(); !read) return std::unexpected(read.error());
  if (auto added = add_texts(facts); !added) return std::unexpected(added.error());
  if (auto added = add_losses(); !added) return std::unexpected(added.error());
  if (auto added = add_proofs(); !added) return std::unexpected(added.error());
  if (auto added = add_bundles(); !added) return std::unexpected(added.error());
  std::ranges::sort(manifest_.files, {}, &PackedFile::name);
  packed_.files = manifest_.files.size() + 2;
  const std::string text = manifest_.text();
  const std::array<engine::Signer, 1> signers{ledger_.signer};
  const std::string note = engine::sign_note(manifest_note_text(manifest_.origin, text), signers);
  const auto first = [&](std::string_view name, std::string_view content) {
    entries_.insert(entries_.begin(),
                    {std::string(name), content.size(),
                     [content]() -> Result<engine::Bytes> { return bytes_of_text(content); }});
  };
  first(kManifestNote, note);
  first(kManifest, text);
  if (auto written = write_zip(path, entries_); !written) return std::unexpected(written.error());
  if (auto held = hold_against_verifier(path, ledger_.signer.key(), packed_); !held)
    return std::unexpected(held.error());
  return packed_;
}

}  // namespace

Result<Packed> make_package(const PackedLedger& ledger, PackOrder order,
                            const projections::Facts* facts, const std::string& path) {
  return Packer(ledger, std::move(order)).pack(facts, path);
}

}  // namespace tools
