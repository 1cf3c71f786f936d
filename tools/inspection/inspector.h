// The verifier at work on one package whose manifest could be read. Bundles are read on all
// threads; rules and facts see them in order.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/proof/checkpoint.h"
#include "engine/proof/loss.h"
#include "engine/source.h"
#include "projections/facts.h"
#include "schemas/district.h"
#include "tools/inspection/contents.h"
#include "tools/inspection/keyless.h"
#include "tools/inspection/piece.h"
#include "tools/inspection/story.h"
#include "tools/inspection/tiles_check.h"
#include "tools/inspection/verdict.h"

namespace tools {

class Inspector {
 public:
  Inspector(const Contents& contents, const engine::VerifierKey& key, Verdict& verdict);

  void run();

 private:
  // inspector.cpp: what goes over all records.
  void cannot_be_read(const engine::Error& error);
  void list_files();
  void read_pieces();
  void check_order(Piece& piece);
  void check_rules(Piece& piece);
  void check_rule(const PieceRecord& record, const std::string& file);
  void keep_lists(const Piece& piece);
  void fold_facts(const Piece& piece);

  // inspector_end.cpp: what is asked when all records were seen.
  void check_checkpoint();
  void check_root();
  void check_consistency();
  bool leads_to_checkpoint(Checked check, const std::string& name, std::uint64_t size,
                           const engine::Hash& root);
  void check_losses();
  void check_kept(std::size_t at);
  void say_what_was_seen();
  void check_report();
  void check_texts();
  void compare(Checked check, std::string_view file, std::string_view drawn);
  [[nodiscard]] std::optional<std::string> text_of(std::string_view file);
  void say(Checked check, std::string chinese, std::string english);
  void skip(Checked check, std::string chinese, std::string english);

  const Contents& contents_;
  const Manifest& manifest_;
  const engine::VerifierKey& key_;
  Verdict& verdict_;
  std::optional<ZipReader> reader_;  // of the thread that called

  std::vector<BundleName> bundles_;
  HashTiles tiles_;
  std::vector<std::pair<BundleName, engine::Hash>> bundle_roots_;
  std::string checkpoint_note_;
  std::optional<engine::Checkpoint> checkpoint_;
  std::vector<engine::Loss> losses_;  // of those that hold

  // Whoever does the rules has these.
  engine::EmptySource nothing_;
  KeylessSealer sealer_;
  std::optional<schemas::District> district_;
  engine::Micros last_recorded_at_ = 0;
  std::uint64_t seen_ = 0, payloads_ = 0, decided_ = 0, passed_over_ = 0;
  std::uint32_t stream_version_ = 0;  // of the stream that the package is about
  bool whole_ = true;                 // every bundle so far could be taken apart
  Begun begun_;
  boost::json::array rules_list_, events_list_;

  // Whoever does the facts has these.
  projections::Facts facts_;
  bool foldable_ = true;
};

}  // namespace tools
