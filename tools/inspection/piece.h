// A few neighbouring bundles of a package as the verifier looks at them: read, hashed, held against
// the manifest and each other. All of that needs no other bundle, so any thread may do it; what
// needs the records before (rules, facts) is the verifier's.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/proof/hash.h"
#include "engine/record.h"
#include "projections/fact_batch.h"
#include "tools/inspection/contents.h"
#include "tools/inspection/verdict.h"

namespace tools {

// An entry bundle that the manifest lists.
struct BundleName {
  std::uint64_t number = 0, width = 0;
  [[nodiscard]] std::string path() const;
  [[nodiscard]] std::uint64_t first() const;  // seq
  [[nodiscard]] std::uint64_t last() const { return first() + width - 1; }
};

struct PieceRecord {
  engine::RecordView view;
  bool present = false;      // its payload is in the package
  bool well_shaped = false;  // and may be shown to rules and facts
};

class Piece {
 public:
  // `facts`: also reduce the records to a batch.
  void read(const Contents& contents, const ZipReader& reader, std::span<const BundleName> bundles,
            bool facts);

  // Those in front of the first bundle that could not be taken apart.
  [[nodiscard]] const std::vector<PieceRecord>& records() const { return records_; }
  // The leaves of each bundle; fewer bundles than asked for if one could not be taken apart.
  [[nodiscard]] const std::vector<std::vector<engine::Hash>>& leaves() const { return leaves_; }
  [[nodiscard]] const std::vector<engine::Hash>& roots() const { return roots_; }
  [[nodiscard]] std::span<const BundleName> bundles() const { return bundles_; }
  [[nodiscard]] const projections::FactBatch& batch() const { return batch_; }
  [[nodiscard]] std::vector<Wrong>& wrong() { return wrong_; }
  [[nodiscard]] std::uint64_t payloads() const { return payloads_; }
  // Said by the stage of the rules to that of the facts: all records so far may be folded.
  void set_sound(bool sound) { sound_ = sound; }
  [[nodiscard]] bool sound() const { return sound_; }

 private:
  struct Files;
  void read_bundle(const Contents& contents, const ZipReader& reader, const BundleName& bundle,
                   bool facts);
  bool take_headers(const BundleName& bundle, const Files& files);
  void take_payload(const Manifest& manifest, PieceRecord& record, const Files& files,
                    std::size_t place);
  void add(Checked check, std::string_view file, std::uint64_t seq, std::string chinese,
           std::string english);

  std::span<const BundleName> bundles_;
  std::vector<engine::Bytes> held_;  // what the records borrow
  std::vector<PieceRecord> records_;
  std::vector<std::vector<engine::Hash>> leaves_;
  std::vector<engine::Hash> roots_;
  projections::FactBatch batch_;
  std::vector<Wrong> wrong_;
  std::uint64_t payloads_ = 0;
  bool sound_ = false;
};

}  // namespace tools
