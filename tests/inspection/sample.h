// A small signed ledger in memory and packages of it, taken apart and put together again.
#pragma once

#include <doctest/doctest.h>

#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/proof/checkpoint.h"
#include "engine/proof/loss.h"
#include "engine/proof/merkle.h"
#include "engine/proof/note.h"
#include "engine/proof/record.h"
#include "projections/parts.h"
#include "tests/engine/notes.h"
#include "tests/support/history.h"
#include "tests/support/indexed_source.h"
#include "tests/support/temp_dir.h"
#include "tools/inspection/manifest.h"
#include "tools/inspection/packer.h"
#include "tools/inspection/verifier.h"
#include "tools/inspection/zip_file.h"

namespace inspection_test {

using Files = std::map<std::string, engine::Bytes, std::less<>>;

inline engine::Bytes read_bytes(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// The files of an archive.
inline Files unpacked(const engine::Bytes& archive) {
  const auto reader = tools::ZipReader::open(archive);
  REQUIRE(reader.has_value());
  Files files;
  for (std::size_t i = 0; i < reader->names().size(); ++i) {
    auto bytes = reader->read(i, 1U << 24U);
    REQUIRE(bytes.has_value());
    files[reader->names()[i]] = std::move(*bytes);
  }
  return files;
}

// A valid archive of these files.
inline engine::Bytes packed(const Files& files) {
  static const support::TempDir dir;
  std::vector<tools::ZipEntry> entries;
  for (const auto& [name, bytes] : files)
    entries.push_back({name, bytes.size(),
                       [&bytes]() -> engine::Result<engine::Bytes> { return bytes; },
                       /*stored=*/true});
  REQUIRE(tools::write_zip(dir / "packed.zip", entries).has_value());
  return read_bytes(dir / "packed.zip");
}

class Sample {
 public:
  static constexpr std::string_view kOrigin = "example.org/bihuan";

  explicit Sample(const support::History& history, std::string_view origin = kOrigin,
                  std::string_view pem = notes::kPem)
      : facts_(history.prefix(history.events().size())),
        signer_(notes::signer(origin, engine::kEd25519, pem)) {
    facts_.settle(projections::kThreads);
    for (const engine::NewEvent& event : history.events()) append(event);
  }

  void append(const engine::NewEvent& event) {
    source_.append(event);
    leaves_.push_back(engine::leaf_hash(engine::encode_entry(source_.at(source_.size()))));
  }

  // Two people state that what once came after the first `kept` records, up to `lost_to`, is lost.
  [[nodiscard]] engine::Loss loss(std::uint64_t kept, std::uint64_t lost_to) const {
    engine::Loss loss;
    loss.by = {person("person.a").key(), person("person.b").key()};
    loss.lost_to = lost_to;
    loss.damaged = {"log/000004.log, bytes 0..32 are damaged"};
    loss.kept = {signer_.key().name, kept, engine::root_of(std::span(leaves_).first(kept))};
    loss.last = {signer_.key().name, lost_to, engine::Hash{7}};
    return loss;
  }
  [[nodiscard]] static engine::Signer person(std::string_view name) {
    const bool first = name == "person.a";
    return notes::signer(name, engine::kEd25519, first ? notes::kOtherPem : notes::kThirdPem);
  }
  [[nodiscard]] static std::string signed_by_both(const engine::Loss& loss) {
    const std::vector<engine::Signer> both{person("person.a"), person("person.b")};
    return engine::sign_note(loss.text(), both);
  }
  void accept(const engine::Loss& loss) { losses_.push_back(signed_by_both(loss)); }

  [[nodiscard]] const engine::VerifierKey& key() const { return signer_.key(); }
  [[nodiscard]] const engine::Signer& signer() const { return signer_; }
  [[nodiscard]] std::uint64_t size() const { return source_.size(); }
  [[nodiscard]] const support::IndexedSource& source() const { return source_; }
  [[nodiscard]] const projections::Facts& facts() const { return facts_; }

  [[nodiscard]] projections::Moment moment(std::uint64_t seq = 0) const {
    if (seq == 0) seq = size();
    return {seq, source_.at(seq).recorded_at, engine::root_of(std::span(leaves_).first(seq))};
  }

  engine::Result<engine::Bytes> pack(tools::About about, std::uint64_t seq = 0,
                                     std::vector<std::string> withheld = {}) const {
    const support::TempDir dir;
    const engine::Checkpoint checkpoint{signer_.key().name, size(), engine::root_of(leaves_)};
    const std::vector<engine::Signer> signers{signer_};
    const tools::PackedLedger ledger{
        source_,
        [this](unsigned level, std::uint64_t index) -> engine::Result<engine::Hash> {
          return engine::root_of(std::span(leaves_).subspan(index << level, 1UL << level));
        },
        "示例区",
        signer_,
        engine::sign_note(checkpoint.text(), signers),
        checkpoint,
        losses_};
    const bool report = about.subject == tools::Subject::report;
    const auto made =
        tools::make_package(ledger, {std::move(about), moment(seq), std::move(withheld)},
                            report ? &facts_ : nullptr, dir / "p.zip");
    if (!made) return std::unexpected(made.error());
    return read_bytes(dir / "p.zip");
  }

 private:
  support::IndexedSource source_;
  projections::Facts facts_;
  std::vector<engine::Hash> leaves_;
  std::vector<std::string> losses_;
  engine::Signer signer_;
};

inline tools::About report(std::string name, std::string_view week = {}) {
  tools::About about;
  about.report = std::move(name);
  if (!week.empty()) about.question.week = schemas::parse_week(week);
  return about;
}
inline tools::About stream(std::string name) {
  tools::About about;
  about.subject = tools::Subject::stream;
  about.stream = std::move(name);
  return about;
}
inline tools::About range(std::uint64_t from, std::uint64_t to) {
  tools::About about;
  about.subject = tools::Subject::range;
  about.from = from;
  about.to = to;
  return about;
}

// Everything that is wrong, one a line, for a test that fails.
inline std::string told(const tools::Verdict& verdict) {
  std::string text;
  for (std::size_t i = 0; i < tools::kChecks; ++i)
    for (const tools::Wrong& wrong : verdict.checks[i].wrong)
      text += std::string(tools::name_of(static_cast<tools::Checked>(i))) + ": " + wrong.file +
              " seq " + std::to_string(wrong.seq) + ": " + wrong.english + "\n";
  return text;
}
inline bool names(const tools::Verdict& verdict, std::string_view file, std::uint64_t seq = 0) {
  for (const tools::Check& check : verdict.checks)
    for (const tools::Wrong& wrong : check.wrong)
      if (wrong.file == file && (seq == 0 || wrong.seq == seq)) return true;
  return false;
}

}  // namespace inspection_test
