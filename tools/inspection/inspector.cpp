#include "tools/inspection/inspector.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <thread>

#include "engine/proof/tile.h"
#include "tools/inspection/bundle.h"
#include "tools/inspection/losses.h"
#include "tools/inspection/relay.h"
#include "tools/inspection/texts.h"

namespace tools {
namespace {

constexpr std::size_t kBundlesEach = 16;  // 4,096 records a piece
constexpr unsigned kThreadsMax = 8;       // more only wait for the rules

bool is_own_text(std::string_view name, const Manifest& manifest) {
  if (is_of_losses(name, losses_in(manifest))) return true;
  constexpr std::string_view kTexts[] = {kReadme, kCheckpoint, kConsistency, kPage, kRules};
  return name == (manifest.wants_events() ? kEvents : kReport) ||
         std::ranges::find(kTexts, name) != std::end(kTexts);
}

std::vector<engine::Hash> hashes_of(const engine::Bytes& bytes) {
  std::vector<engine::Hash> hashes(bytes.size() / sizeof(engine::Hash));
  std::memcpy(hashes.data(), bytes.data(), hashes.size() * sizeof(engine::Hash));
  return hashes;
}

}  // namespace

Inspector::Inspector(const Contents& contents, const engine::VerifierKey& key, Verdict& verdict)
    : contents_(contents),
      manifest_(contents.manifest()),
      key_(key),
      verdict_(verdict),
      begun_(manifest_.about) {}

void Inspector::run() {
  auto reader = contents_.reader();
  if (!reader) return cannot_be_read(reader.error());
  reader_.emplace(std::move(*reader));
  list_files();
  check_checkpoint();
  read_pieces();
  check_root();
  check_consistency();
  check_losses();
  say_what_was_seen();
  check_report();
  check_texts();
}

// It could be opened a moment ago; what is not looked at must not pass for sound.
void Inspector::cannot_be_read(const engine::Error& error) {
  whole_ = foldable_ = false;
  verdict_.add({Checked::archive, "", 0, "检查包打不开了", error.text});
}

// Which bundles and tiles there are; a file whose name says nothing, or another tree, is one too
// many.
void Inspector::list_files() {
  const std::uint64_t size = manifest_.seq;
  const auto foreign = [&](const PackedFile& file) {
    verdict_.add({Checked::complete, file.name, 0, "这样的文件不属于检查包",
                  "no package has a file of this name"});
  };
  for (const PackedFile& file : manifest_.files) {
    const auto name = engine::parse_tile_path(file.name);
    if (!name) {
      constexpr std::string_view kPayloads = "payloads/";
      const bool payloads =
          file.name.starts_with(kPayloads) &&
          manifest_.find("tile/entries/" + file.name.substr(kPayloads.size())) != nullptr;
      if (!payloads && !is_own_text(file.name, manifest_)) foreign(file);
      continue;
    }
    const unsigned level = name->tile_level.value_or(0);
    if (name->width != tile_width({level, name->tile}, size)) {
      foreign(file);
      continue;
    }
    if (!name->tile_level) {
      bundles_.push_back({name->tile, name->width});
      continue;
    }
    auto read = contents_.read(*reader_, file);
    if (read.wrong) verdict_.add(*read.wrong);
    if (read.bytes.size() == name->width * sizeof(engine::Hash))
      tiles_.emplace(TilePlaceKey{level, name->tile}, hashes_of(read.bytes));
    else
      verdict_.add({Checked::root, file.name, 0, "长短不合", "its size is not that of its width"});
  }
  std::ranges::sort(bundles_, {}, &BundleName::number);
}

void Inspector::read_pieces() {
  const bool facts = manifest_.about.subject == Subject::report;
  const unsigned threads = std::clamp(std::thread::hardware_concurrency(), 1U, kThreadsMax);
  std::vector<ZipReader> readers;
  for (unsigned i = 0; i < threads; ++i) {
    auto reader = contents_.reader();
    if (!reader) return cannot_be_read(reader.error());
    readers.push_back(std::move(*reader));
  }
  district_.emplace(nothing_, sealer_);
  const std::span<const BundleName> all(bundles_);
  Relay<Piece, 2> relay((bundles_.size() + kBundlesEach - 1) / kBundlesEach,
                        [&](unsigned worker, std::size_t number, Piece& piece) {
                          const std::size_t from = number * kBundlesEach;
                          piece.read(contents_, readers[worker],
                                     all.subspan(from, std::min(kBundlesEach, all.size() - from)),
                                     facts);
                        },
                        {[this](Piece& piece) { check_rules(piece); },
                         [this, facts](Piece& piece) {
                           if (facts) fold_facts(piece);
                         }});
  relay.run(threads);
}

// What a bundle's records are to each other: times do not go back; and the leaves as the tree needs
// them.
void Inspector::check_order(Piece& piece) {
  const auto& names = piece.bundles();
  for (std::size_t i = 0; i < piece.roots().size(); ++i) {
    bundle_roots_.emplace_back(names[i], piece.roots()[i]);
    if (names[i].width < engine::kTileWidth)
      tiles_.emplace(TilePlaceKey{0, names[i].number}, piece.leaves()[i]);
  }
  whole_ = whole_ && piece.roots().size() == names.size();
  payloads_ += piece.payloads();
  for (const PieceRecord& record : piece.records()) {
    ++seen_;
    if (record.view.recorded_at < last_recorded_at_)
      verdict_.add({Checked::complete, bundle_of(record.view.seq, manifest_.seq).path(),
                    record.view.seq, "记录时间倒退", "recorded_at goes back"});
    last_recorded_at_ = record.view.recorded_at;
    if (manifest_.about.subject != Subject::stream ||
        stream_name(record.view) != manifest_.about.stream)
      continue;
    if (record.view.version != ++stream_version_)
      verdict_.add({Checked::complete, bundle_of(record.view.seq, manifest_.seq).path(),
                    record.view.seq, "该对象的事件有缺漏",
                    fmt::format("an event of the stream is missing before version {}",
                                record.view.version)});
  }
}

void Inspector::check_rules(Piece& piece) {
  for (Wrong& wrong : piece.wrong()) verdict_.add(std::move(wrong));
  check_order(piece);
  for (const PieceRecord& record : piece.records())
    if (record.well_shaped)
      check_rule(record, payload_path(bundle_of(record.view.seq, manifest_.seq).path()));
  keep_lists(piece);
  piece.set_sound(whole_ && verdict_.sound(Checked::headers) && verdict_.sound(Checked::payloads) &&
                  verdict_.sound(Checked::complete) && verdict_.sound(Checked::rules));
}

// A decision can be made again where the package has the whole story: streams from their beginning,
// and no payload left out on purpose. Otherwise the lifecycle alone is looked at.
void Inspector::check_rule(const PieceRecord& record, const std::string& file) {
  const engine::RecordView& view = record.view;
  const Begun::Answer answer = begun_.see(view);
  passed_over_ += answer == Begun::Answer::began_before ? 1 : 0;
  if (answer != Begun::Answer::decide) return;
  ++decided_;
  std::string wrong =
      manifest_.withheld.empty() ? district_->check_rules(view) : district_->check_lifecycle(view);
  if (wrong.empty()) return;
  verdict_.add({Checked::rules, file, view.seq, "不合规则", std::move(wrong)});
}

void Inspector::keep_lists(const Piece& piece) {
  const About& about = manifest_.about;
  std::size_t at = 0;
  for (const auto& leaves : piece.leaves())
    for (const engine::Hash& leaf : leaves) {
      const PieceRecord& record = piece.records()[at++];
      const engine::RecordView& view = record.view;
      if (record.present && !record.well_shaped) continue;  // named already
      if ((view.kind == "calendar" || view.kind == "rules") && record.present)
        rules_list_.push_back(listed_event(view, leaf, true));
      const bool listed =
          about.subject == Subject::range
              ? view.seq >= about.from && view.seq <= about.to
              : about.subject == Subject::stream && stream_name(view) == about.stream;
      if (listed) events_list_.push_back(listed_event(view, leaf, record.present));
    }
}

// Only what proved sound so far is folded: facts rely on it.
void Inspector::fold_facts(const Piece& piece) {
  foldable_ = foldable_ && piece.sound() && piece.bundles().front().first() == facts_.seq() + 1;
  for (std::size_t i = 1; foldable_ && i < piece.bundles().size(); ++i)
    foldable_ = piece.bundles()[i].first() == piece.bundles()[i - 1].last() + 1;
  if (foldable_) facts_.absorb(piece.batch());
}

}  // namespace tools
