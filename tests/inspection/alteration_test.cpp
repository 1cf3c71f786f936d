// Packages that were tampered with: by bytes, by files, by records, by keys, and by somebody who
// can sign. Each is rejected, and what was changed is named.
#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <set>

#include "engine/proof/proof_file.h"
#include "tests/inspection/sample.h"
#include "tests/support/counts.h"
#include "tests/support/sample_history.h"
#include "tools/inspection/bundle.h"

using namespace inspection_test;
using tools::Checked;

namespace {

support::History foundation() {
  support::History history;
  history.tell(support::History::kFoundation);
  return history;
}

// The foundation alone: six records of calendars, departments and enterprises, and their plan. What
// once came after the third was lost, and two people accepted that.
struct Small : Sample {
  Small() : Sample(foundation()) { accept(loss(3, 5)); }
};
const Sample& small() {
  static const Small made;
  return made;
}

const Sample& whole() {
  static const Sample made(support::sample_history());
  return made;
}

const engine::Bytes& archive_of(const Sample& sample) {
  static std::map<const Sample*, engine::Bytes> made;
  engine::Bytes& archive = made[&sample];
  if (archive.empty()) archive = *sample.pack(report("weekly", "2021-W38"));
  return archive;
}

bool holds_records(std::string_view file) {
  return file.starts_with("tile/entries/") || file.starts_with("payloads/");
}

// The manifest brought up to date with the files and signed again, as the office itself could.
Files signed_again(Files files, const engine::Signer& signer) {
  const auto text_of = [&](std::string_view name) {
    const engine::Bytes& bytes = files.find(name)->second;
    return std::string(bytes.begin(), bytes.end());
  };
  auto manifest = tools::parse_manifest(text_of("MANIFEST.json"));
  REQUIRE(manifest.has_value());
  manifest->files.clear();
  for (const auto& [name, bytes] : files)
    if (!name.starts_with("MANIFEST"))
      manifest->files.push_back({name, bytes.size(), engine::sha256(bytes)});
  const std::string text = manifest->text();
  const std::vector<engine::Signer> signers{signer};
  const std::string note =
      engine::sign_note(tools::manifest_note_text(manifest->origin, text), signers);
  files["MANIFEST.json"] = {text.begin(), text.end()};
  files["MANIFEST.note"] = {note.begin(), note.end()};
  return files;
}

std::string only(const Files& files, std::string_view prefix) {
  for (const auto& [name, bytes] : files)
    if (name.starts_with(prefix)) return name;
  return {};
}

// Changes every fourth byte from `first` on in every file, one at a time.
void change_bytes(std::size_t first) {
  const std::size_t step = 4 * support::one_in();
  const Files files = unpacked(archive_of(small()));
  std::mt19937 random(1);
  std::size_t changed = 0;
  for (const auto& [name, bytes] : files)
    for (std::size_t at = first; at < bytes.size(); at += step) {
      Files altered = files;
      std::uint8_t& byte = altered[name][at];
      byte = static_cast<std::uint8_t>(byte ^ (1U + random() % 255U));
      const tools::Verdict verdict = tools::verify_package(packed(altered), small().key());
      const bool named = names(verdict, name);
      const bool record = !holds_records(name) ||
                          std::ranges::any_of(verdict.checks, [&](const tools::Check& check) {
                            return std::ranges::any_of(check.wrong, [&](const tools::Wrong& wrong) {
                              return wrong.file == name && wrong.seq != 0;
                            });
                          });
      if (verdict.sound() || !named || !record)
        FAIL(name << " byte " << at << "\n" << told(verdict));
      ++changed;
    }
  CHECK(changed > 1000 / support::one_in());
}

}  // namespace

// Every byte of one package, in four parts so that they run side by side.
TEST_CASE("every changed byte is named, first part") { change_bytes(0); }
TEST_CASE("every changed byte is named, second part") { change_bytes(1); }
TEST_CASE("every changed byte is named, third part") { change_bytes(2); }
TEST_CASE("every changed byte is named, fourth part") { change_bytes(3); }

TEST_CASE("a changed byte in a record names that very record") {
  const Files files = unpacked(archive_of(small()));
  const std::string headers = only(files, "tile/entries/"), payloads = only(files, "payloads/");
  const std::size_t count = small().size();
  const auto split = tools::split_bundle(files.at(headers), count);
  REQUIRE(split.whole);
  for (std::size_t i = 0; i < count; ++i) {
    Files altered = files;
    const auto at = static_cast<std::size_t>(split.parts[i].data() - files.at(headers).data());
    altered[headers][at + 20] ^= 1U;  // in recorded_at
    const tools::Verdict verdict = tools::verify_package(packed(altered), small().key());
    CHECK_MESSAGE(names(verdict, headers, i + 1), told(verdict));
  }
  const auto parts = tools::split_payloads(files.at(payloads), count);
  REQUIRE(parts.whole);
  for (std::size_t i = 0; i < count; ++i) {
    Files altered = files;
    const auto at =
        static_cast<std::size_t>(parts.parts[i].bytes.data() - files.at(payloads).data());
    altered[payloads][at + 1] ^= 1U;
    const tools::Verdict verdict = tools::verify_package(packed(altered), small().key());
    CHECK_MESSAGE(names(verdict, payloads, i + 1), told(verdict));
  }
}

TEST_CASE("2,000 random alterations of a larger package are rejected") {
  const Files files = unpacked(archive_of(whole()));
  std::vector<std::string> all;
  for (const auto& [name, bytes] : files) all.push_back(name);
  std::mt19937 random(7);
  const auto below = [&](std::size_t n) { return static_cast<std::size_t>(random()) % n; };
  std::size_t kinds[5] = {};
  const std::uint64_t rounds = support::times(2000, 200);
  for (std::uint64_t round = 0; round < rounds; ++round) {
    Files altered = files;
    const std::string& name = all[below(all.size())];
    engine::Bytes& bytes = altered[name];
    const std::size_t at = below(bytes.size()),
                      size = 1 + below(std::min<std::size_t>(64, bytes.size() - at));
    const auto from = bytes.begin() + static_cast<std::ptrdiff_t>(at);
    const auto to = from + static_cast<std::ptrdiff_t>(size);
    const std::size_t kind = below(5);
    if (kind == 0)
      std::for_each(from, to,
                    [&](std::uint8_t& byte) { byte = static_cast<std::uint8_t>(random()); });
    if (kind == 1) bytes.erase(from, to);
    if (kind == 2) bytes.insert(from, size, static_cast<std::uint8_t>(random()));
    if (kind == 3) std::reverse(from, to);
    if (kind == 4) altered.erase(name);
    if (altered == files) continue;
    ++kinds[kind];
    const tools::Verdict verdict = tools::verify_package(packed(altered), whole().key());
    if (verdict.sound() || !names(verdict, name))
      FAIL(name << " round " << round << "\n" << told(verdict));
  }
  for (const std::size_t kind : kinds) CHECK(kind > rounds / 10);
}

TEST_CASE(
    "raw bytes of the archive changed: never a crash, and never other contents taken as sound") {
  const engine::Bytes& archive = archive_of(small());
  const Files files = unpacked(archive);
  std::mt19937 random(11);
  std::size_t sound = 0, rejected = 0;
  for (std::size_t at = 0; at < archive.size(); at += 3) {
    engine::Bytes altered = archive;
    altered[at] = static_cast<std::uint8_t>(altered[at] ^ (1U << (random() % 8U)));
    if (!tools::verify_package(altered, small().key()).sound()) {
      ++rejected;
      continue;
    }
    ++sound;  // the zip's own bookkeeping is not evidence
    CHECK(unpacked(altered) == files);
  }
  CHECK(rejected > sound);
  for (std::size_t size = 0; size < archive.size(); size += 97)
    CHECK_FALSE(
        tools::verify_package(engine::ByteSpan(archive).first(size), small().key()).sound());
}

TEST_CASE("files added, left out, exchanged and doubled are named") {
  const Files files = unpacked(archive_of(small()));
  for (const auto& [name, bytes] : files) {
    Files altered = files;
    altered.erase(name);
    CHECK(names(tools::verify_package(packed(altered), small().key()), name));
  }
  Files altered = files;
  altered["report2.json"] = files.at("report.json");
  CHECK(names(tools::verify_package(packed(altered), small().key()), "report2.json"));
  altered = files;
  std::swap(altered["report.json"], altered["rules.json"]);
  const tools::Verdict exchanged = tools::verify_package(packed(altered), small().key());
  CHECK(names(exchanged, "report.json"));
  CHECK(names(exchanged, "rules.json"));
}

TEST_CASE(
    "another key, the same key under another name, and an older ledger's package are rejected") {
  const engine::Bytes& archive = archive_of(small());
  const auto rejected = [&](const engine::Signer& signer) {
    const tools::Verdict verdict = tools::verify_package(archive, signer.key());
    CHECK_FALSE(verdict.sound());
    CHECK(names(verdict, "MANIFEST.note"));
    CHECK(names(verdict, "checkpoint"));
  };
  rejected(notes::signer(Sample::kOrigin, engine::kEd25519, notes::kOtherPem));
  rejected(notes::signer("example.org/older", engine::kEd25519));
}

TEST_CASE("who can sign the manifest still cannot leave out, add, exchange or change a record") {
  const Files files = unpacked(archive_of(small()));
  const std::string headers = only(files, "tile/entries/"), payloads = only(files, "payloads/");
  const std::size_t count = small().size();
  const auto entries = tools::split_bundle(files.at(headers), count).parts;
  const auto parts = tools::split_payloads(files.at(payloads), count).parts;
  const auto verdict_of = [&](const std::vector<std::size_t>& order, bool renamed) {
    engine::Bytes bundle, bodies;
    for (const std::size_t i : order) {
      tools::append_entry_to_bundle(bundle, entries[i]);
      tools::append_payload(bodies, parts[i]);
    }
    Files altered = files;
    const std::string width = std::to_string(order.size());
    if (renamed) {
      altered.erase(headers);
      altered.erase(payloads);
    }
    altered[renamed ? "tile/entries/000.p/" + width : headers] = bundle;
    altered[renamed ? "payloads/000.p/" + width : payloads] = bodies;
    return tools::verify_package(packed(signed_again(altered, small().signer())), small().key());
  };
  std::vector<std::size_t> order(count);
  for (std::size_t i = 0; i < count; ++i) order[i] = i;
  CHECK_MESSAGE(verdict_of(order, false).sound(), told(verdict_of(order, false)));
  for (std::size_t i = 0; i < count; ++i) {
    std::vector<std::size_t> fewer = order, more = order, swapped = order;
    fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
    more.insert(more.begin() + static_cast<std::ptrdiff_t>(i), i);
    std::swap(swapped[i], swapped[(i + 1) % count]);
    for (const bool renamed : {false, true}) {
      CHECK_FALSE(verdict_of(fewer, renamed).sound());
      CHECK_FALSE(verdict_of(more, renamed).sound());
    }
    CHECK_FALSE(verdict_of(swapped, false).sound());
  }
}

TEST_CASE("who can sign the manifest still cannot change a figure, the page or a list") {
  const Files files = unpacked(archive_of(whole()));
  for (const char* name : {"report.json", "page.html", "rules.json", "README.txt"}) {
    Files altered = files;
    engine::Bytes& bytes = altered[name];
    const auto digit = std::find_if(bytes.begin(), bytes.end(),
                                    [](std::uint8_t byte) { return byte >= '1' && byte <= '8'; });
    REQUIRE(digit != bytes.end());
    ++*digit;
    const tools::Verdict verdict =
        tools::verify_package(packed(signed_again(altered, whole().signer())), whole().key());
    CHECK_FALSE(verdict.sound());
    CHECK_MESSAGE(names(verdict, name), told(verdict));
  }
}

TEST_CASE("who can sign the manifest cannot leave a payload out without saying so") {
  const Files files = unpacked(archive_of(small()));
  const std::string payloads = only(files, "payloads/");
  const std::size_t count = small().size();
  auto parts = tools::split_payloads(files.at(payloads), count).parts;
  parts[2].present = false;
  engine::Bytes bodies;
  for (const tools::PackedPayload& part : parts) tools::append_payload(bodies, part);
  Files altered = files;
  altered[payloads] = bodies;
  const tools::Verdict verdict =
      tools::verify_package(packed(signed_again(altered, small().signer())), small().key());
  CHECK_FALSE(verdict.sound());
  CHECK(names(verdict, payloads, 3));
}

TEST_CASE("who can sign the manifest still cannot change a loss that two people accepted") {
  const Files files = unpacked(archive_of(small()));
  const auto verdict_of = [&](const std::string& note) {
    Files altered = files;
    altered["loss-0001"] = {note.begin(), note.end()};
    return tools::verify_package(packed(signed_again(altered, small().signer())), small().key());
  };
  const engine::Loss loss = small().loss(3, 5);
  const std::vector<engine::Signer> one{Sample::person("person.a")},
      own{small().signer(), Sample::person("person.b")};
  CHECK(verdict_of(Sample::signed_by_both(loss)).sound());
  engine::Loss other = loss;
  other.lost_to = 6;
  std::string changed = Sample::signed_by_both(loss);
  changed.replace(changed.find("lost 4..5"), 9, "lost 4..6");
  engine::Loss by_ledger = loss;
  by_ledger.by[0] = small().signer().key();
  engine::Loss other_kept = loss;
  other_kept.kept.root = engine::Hash{1};
  for (const std::string& note :
       {engine::sign_note(loss.text(), one), changed, engine::sign_note(by_ledger.text(), own)}) {
    const tools::Verdict verdict = verdict_of(note);
    CHECK_FALSE(verdict.sound());
    CHECK_MESSAGE(names(verdict, "loss-0001"), told(verdict));
  }
  // Both have signed, but the ledger never had what they say was kept; or they say something else.
  CHECK(names(verdict_of(Sample::signed_by_both(other_kept)), "loss-0001.consistency"));
  CHECK(names(verdict_of(Sample::signed_by_both(other)), "page.html"));
  Files altered = files;
  altered.erase("loss-0001.consistency");
  CHECK(names(tools::verify_package(packed(signed_again(altered, small().signer())), small().key()),
              "loss-0001.consistency"));
  altered = files;
  altered["loss-0003"] = files.at("loss-0001");
  CHECK(names(tools::verify_package(packed(signed_again(altered, small().signer())), small().key()),
              "loss-0003"));
}

TEST_CASE("a ledger that shows two histories is found by the consistency proof") {
  // The same beginning, then something else: a package of one, the checkpoint of the other.
  support::History history;
  history.tell(support::History::kFoundation);
  history.tell(
      "2021-03-01 09:00 | clerk | RegisterEnterprise | enterprise/91110000802100433B | "
      "{\"name\":\"甲\"}");
  const Sample one(history);
  support::History other_history;
  other_history.tell(support::History::kFoundation);
  other_history.tell(
      "2021-03-01 09:00 | clerk | RegisterEnterprise | enterprise/91110000802100433B | "
      "{\"name\":\"乙\"}");
  const Sample other(other_history);
  Files files = unpacked(*one.pack(report("plan")));
  const Files others = unpacked(*other.pack(report("plan")));
  files["checkpoint"] = others.at("checkpoint");
  files["consistency"] = others.at("consistency");
  const tools::Verdict verdict =
      tools::verify_package(packed(signed_again(files, one.signer())), one.key());
  CHECK_FALSE(verdict.sound());
  CHECK(names(verdict, "consistency"));
}
