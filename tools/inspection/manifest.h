// What a package says it is: what it is about, at which moment of which ledger, and every file in
// it with its size and hash. The ledger's key signs the manifest's hash in a note of its own.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/proof/hash.h"
#include "engine/record.h"
#include "engine/result.h"
#include "projections/catalog.h"

namespace tools {

inline constexpr std::string_view kManifest = "MANIFEST.json", kManifestNote = "MANIFEST.note",
                                  kReadme = "README.txt", kCheckpoint = "checkpoint",
                                  kConsistency = "consistency", kPage = "page.html",
                                  kReport = "report.json", kEvents = "events.json",
                                  kRules = "rules.json";
// Our choice; the manifest of a ledger with ten million records is a tenth of it.
inline constexpr std::uint64_t kManifestBytesMax = 256U << 20U;
inline constexpr std::uint64_t kPackedSeqMax = 0xFFFF'FFFE;  // as many as the facts can count

enum class Subject : std::uint8_t { report, stream, range };

struct About {
  Subject subject = Subject::report;
  std::string report;              // its name
  projections::Question question;  // without district and moment
  std::string stream;              // "kind/no"
  std::uint64_t from = 0, to = 0;  // seqs, both inclusive
};

struct PackedFile {
  std::string name;
  std::uint64_t size = 0;
  engine::Hash sha256{};
};

struct Manifest {
  std::string origin, district;
  std::uint64_t seq = 0;     // records 1..seq are what the package is drawn from
  engine::Micros as_of = 0;  // the instant at which lights are judged
  engine::Hash root{};       // of the tree over records 1..seq
  About about;
  // Streams that come whole because rules have to be asked about them, and streams whose payloads
  // were left out on purpose; "kind/no", sorted.
  std::vector<std::string> whole, withheld;
  std::vector<PackedFile> files;  // sorted by name

  [[nodiscard]] std::string text() const;
  // Must this record's payload be in the package? If not, it must not be.
  [[nodiscard]] bool carries(const engine::RecordView& record) const;
  [[nodiscard]] bool wants_events() const { return about.subject != Subject::report; }
  [[nodiscard]] const PackedFile* find(std::string_view name) const;
};

// Strict: only texts that text() gives. ErrorCode::bad_input.
[[nodiscard]] engine::Result<Manifest> parse_manifest(std::string_view text);

// The text of the note that the ledger's key signs over a manifest.
[[nodiscard]] std::string manifest_note_text(std::string_view origin,
                                             std::string_view manifest_text);

[[nodiscard]] std::string stream_name(const engine::RecordView& record);

}  // namespace tools
