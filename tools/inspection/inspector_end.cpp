// What the verifier asks when all records were seen.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <exception>

#include "engine/proof/proof_file.h"
#include "engine/proof/tile.h"
#include "projections/parts.h"
#include "tools/inspection/inspector.h"
#include "tools/inspection/losses.h"
#include "tools/inspection/page.h"
#include "tools/inspection/texts.h"

namespace tools {

namespace json = boost::json;

void Inspector::say(Checked check, std::string chinese, std::string english) {
  Check& of = verdict_.of(check);
  of.made = true;
  of.chinese = std::move(chinese);
  of.english = std::move(english);
}

void Inspector::skip(Checked check, std::string chinese, std::string english) {
  Check& of = verdict_.of(check);
  of.made = !of.wrong.empty();
  of.chinese = std::move(chinese);
  of.english = std::move(english);
}

// The contents of a file that every package of this subject has; what is wrong with it is told.
std::optional<std::string> Inspector::text_of(std::string_view file) {
  const PackedFile* const packed = manifest_.find(file);
  if (packed == nullptr) {
    verdict_.add({Checked::complete, std::string(file), 0, "清单里没有此文件",
                  "the manifest has no such file"});
    return std::nullopt;
  }
  auto read = contents_.read(*reader_, *packed);
  if (read.wrong) verdict_.add(*read.wrong);
  return std::string(read.bytes.begin(), read.bytes.end());
}

void Inspector::check_checkpoint() {
  const auto note = text_of(kCheckpoint);
  if (!note) return;
  checkpoint_note_ = *note;
  const std::array<engine::VerifierKey, 1> known{key_};
  const auto opened = engine::open_checkpoint(*note, known);
  if (!opened)
    return verdict_.add({Checked::checkpoint, std::string(kCheckpoint), 0, "检查点的签名不成立",
                         opened.error().text});
  checkpoint_ = opened->checkpoint;
  say(Checked::checkpoint, fmt::format("检查点由账本密钥签署，共 {} 个事件", checkpoint_->size),
      fmt::format("the checkpoint over {} events is signed by the ledger's key",
                  checkpoint_->size));
}

void Inspector::check_root() {
  for (const auto& [bundle, root] : bundle_roots_)
    if (bundle.width == engine::kTileWidth && !is_held(tiles_, {0, bundle.number}, root))
      verdict_.add({Checked::root, bundle.path(), 0,
                    fmt::format("第 {} 至 {} 号事件头不在树里", bundle.first(), bundle.last()),
                    fmt::format("the headers of events {} to {} are not in the tree",
                                bundle.first(), bundle.last())});
  for (const auto& [place, hashes] : tiles_)
    if (hashes.size() == engine::kTileWidth && !is_held(tiles_, place, engine::root_of(hashes)))
      verdict_.add({Checked::root, engine::tile_path(place.first, place.second), 0, "此片不在树里",
                    "this tile is not in the tree"});
  if (!whole_) return skip(Checked::root, "有的事件头读不出来", "some headers could not be read");
  const auto root = root_of_tiles(tiles_, manifest_.seq);
  if (!root || *root != manifest_.root)
    return verdict_.add(
        {Checked::root, std::string(kManifest), 0, "树根与清单所写不符",
         root ? "the tree has another root than the manifest says" : root.error().text});
  say(Checked::root, fmt::format("第 {} 号事件处的树根 {}", manifest_.seq, engine::base64(*root)),
      fmt::format("the root at event {} is {}", manifest_.seq, engine::base64(*root)));
}

// Does this file lead from the first records, with that root, to the package's checkpoint?
bool Inspector::leads_to_checkpoint(Checked check, const std::string& name, std::uint64_t size,
                                    const engine::Hash& root) {
  const auto text = text_of(name);
  if (!text) return false;
  const auto wrong = [&](std::string english) {
    verdict_.add({check, name, 0, "不是该检查点的前段", std::move(english)});
    return false;
  };
  const auto file = engine::parse_consistency_file(*text);
  if (!file) return wrong(file.error().text);
  if (file->checkpoint != checkpoint_note_)
    return wrong("it leads to another checkpoint than the one in the package");
  const std::array<engine::VerifierKey, 1> known{key_};
  const auto newer = engine::verify_consistency_file(*file, {manifest_.origin, size, root}, known);
  return newer.has_value() || wrong(newer.error().text);
}

void Inspector::check_consistency() {
  if (!leads_to_checkpoint(Checked::consistency, std::string(kConsistency), manifest_.seq,
                           manifest_.root))
    return;
  say(Checked::consistency, fmt::format("第 1 至 {} 号事件是该检查点的前段", manifest_.seq),
      fmt::format("events 1 to {} are the beginning of that checkpoint", manifest_.seq));
}

// Each statement must stand by itself: signed by the two that it names, neither of them the ledger.
void Inspector::check_losses() {
  const std::size_t count = losses_in(manifest_);
  std::string chinese, english;
  for (std::size_t number = 1; number <= count; ++number) {
    const std::string name = loss_path(number);
    const auto note = text_of(name);
    auto loss = engine::open_loss(note.value_or(""));
    const auto wrong = [&](std::string why) {
      verdict_.add({Checked::losses, name, 0, "缺失说明没有两人的有效签署", std::move(why)});
    };
    if (!loss) return wrong(loss.error().text);
    if (std::ranges::find(loss->by, key_.public_key, &engine::VerifierKey::public_key) !=
        loss->by.end())
      return wrong("the ledger's own key is no person's");
    const LossTold told = told_of(*loss);
    chinese += (number == 1 ? "" : "；") + told.chinese;
    english += (number == 1 ? "" : "; ") + told.english;
    losses_.push_back(std::move(*loss));
  }
  for (std::size_t at = 0; at < count; ++at) check_kept(at);
  if (count == 0) return say(Checked::losses, "账本没有声明缺失", "the ledger states no loss");
  say(Checked::losses, std::move(chinese), std::move(english));
}

// What a loss kept must be what the ledger went on from.
void Inspector::check_kept(std::size_t at) {
  const engine::Checkpoint& kept = losses_[at].kept;
  const std::string name = loss_proof_path(at + 1);
  if (is_continued(losses_, at)) {
    static_cast<void>(leads_to_checkpoint(Checked::losses, name, kept.size, kept.root));
  } else if (manifest_.find(name) != nullptr) {
    verdict_.add({Checked::complete, name, 0, "这样的文件不属于检查包",
                  "no package has a file of this name"});
  }
}

namespace {

// The bundles that a package of this subject must have, and which of them it has not.
std::vector<BundleName> must_have(const Manifest& manifest) {
  const About& about = manifest.about;
  if (about.subject == Subject::report) return all_bundles(manifest.seq);
  std::vector<BundleName> bundles;
  if (about.subject == Subject::range)
    for (std::uint64_t seq = about.from; seq <= about.to;) {
      bundles.push_back(bundle_of(seq, manifest.seq));
      seq = bundles.back().last() + 1;
    }
  return bundles;
}

std::pair<std::string, std::string> what_is_complete(const Manifest& manifest,
                                                     std::uint32_t version) {
  switch (manifest.about.subject) {
    case Subject::report:
      return {
          fmt::format("第 1 至 {} 号事件头齐全，无遗漏、无添加", manifest.seq),
          fmt::format("the headers of events 1 to {} are all there, and no other", manifest.seq)};
    case Subject::range:
      return {fmt::format("第 {} 至 {} 号事件齐全，无遗漏、无添加", manifest.about.from,
                          manifest.about.to),
              fmt::format("events {} to {} are all there, and no other", manifest.about.from,
                          manifest.about.to)};
    case Subject::stream:
      return {fmt::format("{} 的第 1 至 {} 个事件相连；其后有无事件，须看报表或区间的检查包",
                          manifest.about.stream, version),
              fmt::format("events 1 to {} of {} follow one another; that none came after takes a "
                          "report's or a range's package",
                          version, manifest.about.stream)};
  }
  return {};
}

}  // namespace

void Inspector::say_what_was_seen() {
  for (const BundleName& bundle : must_have(manifest_))
    if (std::ranges::find(bundles_, bundle.number, &BundleName::number) == bundles_.end())
      verdict_.add({Checked::complete, bundle.path(), bundle.first(), "缺少这一段事件头",
                    fmt::format("the headers of events {} to {} are missing", bundle.first(),
                                bundle.last())});
  if (manifest_.about.subject == Subject::stream && stream_version_ == 0)
    verdict_.add(
        {Checked::complete, "", 0, "包里没有该对象的事件", "there is no event of the stream"});
  if (!whole_)
    skip(Checked::complete, "有的事件头读不出来", "some headers could not be read");
  else {
    auto [chinese, english] = what_is_complete(manifest_, stream_version_);
    say(Checked::complete, std::move(chinese), std::move(english));
  }
  say(Checked::files, fmt::format("{} 个文件的长短和摘要与清单相符", manifest_.files.size()),
      fmt::format("size and hash of {} files are the manifest's", manifest_.files.size()));
  say(Checked::headers, fmt::format("{} 个事件头的树叶逐一算过", seen_),
      fmt::format("the leaves of {} headers were computed", seen_));
  const std::string left_out_chinese =
      manifest_.withheld.empty()
          ? ""
          : fmt::format("；{} 个对象的内容未随包提供", manifest_.withheld.size());
  const std::string left_out_english =
      manifest_.withheld.empty()
          ? ""
          : fmt::format("; those of {} streams were left out", manifest_.withheld.size());
  say(Checked::payloads, fmt::format("{} 个事件的内容与事件头相符{}", payloads_, left_out_chinese),
      fmt::format("{} payloads are those that their headers name{}", payloads_, left_out_english));
  if (!manifest_.withheld.empty())
    return say(Checked::rules, fmt::format("{} 个事件的流程合规；内容不全，时限未重算", decided_),
               fmt::format("{} events are admitted by their lifecycles; as payloads were left out, "
                           "deadlines were not decided again",
                           decided_));
  say(Checked::rules,
      fmt::format("{} 个事件的流程、权限和时限重新判定无误{}", decided_,
                  passed_over_ == 0
                      ? ""
                      : fmt::format("；{} 个属区间之前开始的对象，未判定", passed_over_)),
      fmt::format("{} events were decided again: lifecycle, rights, deadlines{}", decided_,
                  passed_over_ == 0
                      ? ""
                      : fmt::format("; {} belong to streams begun before the range and were not",
                                    passed_over_)));
}

void Inspector::compare(Checked check, std::string_view file, std::string_view drawn) {
  const auto text = text_of(file);
  if (text && *text != drawn)
    verdict_.add({check, std::string(file), 0, "与由事件重新绘出的不同",
                  "it is not what the packaged events give"});
}

void Inspector::check_report() {
  const About& about = manifest_.about;
  if (about.subject != Subject::report)
    return skip(Checked::report, "不是报表的检查包", "this is no package of a report");
  const bool left_out = std::ranges::any_of(manifest_.withheld, [&](const std::string& stream) {
    return projections::reads(about.report, std::string_view(stream).substr(0, stream.find('/')));
  });
  if (left_out)
    return skip(Checked::report, "报表所依据的内容未全部随包提供，不能重新绘出",
                "payloads that the report rests on were left out; it cannot be drawn again");
  if (!foldable_ || facts_.seq() != manifest_.seq) {
    if (!verdict_.nothing_wrong())
      return skip(Checked::report, "事件有问题，没有重新绘出",
                  "the events are not sound; it was not drawn again");
    return verdict_.add({Checked::report, std::string(kReport), 0, "报表没有重新绘出",
                         "it could not be drawn again, though nothing else is wrong"});
  }
  if (manifest_.as_of < last_recorded_at_)
    return verdict_.add({Checked::report, std::string(kManifest), 0, "时刻早于最后一个事件",
                         "its moment is before the last event"});
  facts_.settle(projections::kThreads);
  projections::Question question = about.question;
  question.district = manifest_.district;
  question.moment = {manifest_.seq, manifest_.as_of, manifest_.root};
  const auto drawn = projections::draw(about.report, facts_, question);
  if (!drawn)
    return verdict_.add(
        {Checked::report, std::string(kReport), 0, "报表绘不出来", drawn.error().text});
  say(Checked::report, "报表由包内事件重新绘出，逐字节相同",
      "the report drawn again from the packaged events is the same, byte for byte");
  compare(Checked::report, kReport, json_text(*drawn));
}

// The page is drawn from the report of the package, which was compared or could not be.
void Inspector::check_texts() {
  say(Checked::texts, "页面、事件清单、日历和规则集与包内事件一致",
      "page, lists of events, calendars and rule sets are those of the packaged events");
  compare(Checked::texts, kReadme, readme_text());
  if (whole_) compare(Checked::texts, kRules, list_text(rules_list_));
  if (whole_ && manifest_.wants_events()) compare(Checked::texts, kEvents, list_text(events_list_));
  if (!checkpoint_) return;
  if (manifest_.wants_events()) {
    if (whole_)
      compare(Checked::texts, kPage,
              draw_page({manifest_, key_, *checkpoint_, losses_, nullptr, &events_list_}));
    return;
  }
  const auto text = text_of(kReport);
  if (!text) return;
  boost::system::error_code error;
  const json::value report = json::parse(*text, error);
  std::string page;  // of a report that says nothing a page can be drawn of: none
  try {
    if (!error && report.is_object())
      page = draw_page({manifest_, key_, *checkpoint_, losses_, &report.get_object(), nullptr});
  } catch (const std::exception&) {  // Boost.JSON's, of a report without the report's fields
    page.clear();
  }
  compare(Checked::texts, kPage, page);
}

}  // namespace tools
