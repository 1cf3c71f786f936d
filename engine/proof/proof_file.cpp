#include "engine/proof/proof_file.h"

#include "engine/proof/lines.h"
#include "engine/proof/merkle.h"

namespace engine {
namespace {

constexpr std::string_view kFirstLine = "c2sp.org/tlog-proof@v1";
constexpr std::string_view kExtra = "extra ", kIndex = "index ", kOld = "old ";
constexpr std::size_t kHashesMax = 63;  // tlog-witness; no tree is higher

std::unexpected<Error> not_a_proof(std::string_view why) {
  return fail(ErrorCode::bad_input, "This is not a proof file: " + std::string(why) + ".");
}

std::string hash_lines(std::span<const Hash> path) {
  std::string out;
  for (const Hash& hash : path) out += base64(hash) + "\n";
  return out;
}

// Hashes up to the empty line, which is taken too.
Result<std::vector<Hash>> take_hashes(std::string_view& rest) {
  std::vector<Hash> path;
  for (;;) {
    const auto line = take_line(rest);
    if (!line) return not_a_proof("it ends before its checkpoint");
    if (line->empty()) return path;
    const auto hash = hash_from_base64(*line);
    if (!hash) return not_a_proof("a line is not a hash");
    if (path.size() == kHashesMax) return not_a_proof("it has more than 63 hashes");
    path.push_back(*hash);
  }
}

// `key N`, a line of its own.
std::optional<std::uint64_t> number_after(std::string_view key,
                                          std::optional<std::string_view> line) {
  if (!line || !line->starts_with(key)) return std::nullopt;
  return decimal_of(line->substr(key.size()));
}

// Hashes, empty line and checkpoint: the end of both forms.
Result<void> take_end(std::string_view rest, std::vector<Hash>& path, std::string& checkpoint) {
  auto hashes = take_hashes(rest);
  if (!hashes) return std::unexpected(hashes.error());
  path = std::move(*hashes);
  if (const auto note = parse_note(rest); !note) return std::unexpected(note.error());
  checkpoint = rest;
  return {};
}

}  // namespace

std::string InclusionFile::text() const {
  std::string out = std::string(kFirstLine) + "\n";
  if (extra) out += std::string(kExtra) + base64(*extra) + "\n";
  out += std::string(kIndex) + std::to_string(index) + "\n";
  return out + hash_lines(path) + "\n" + checkpoint;
}

std::string ConsistencyFile::text() const {
  return std::string(kOld) + std::to_string(old_size) + "\n" + hash_lines(path) + "\n" + checkpoint;
}

Result<InclusionFile> parse_inclusion_file(std::string_view text) {
  InclusionFile out;
  if (take_line(text) != kFirstLine) {
    return not_a_proof("its first line is not " + std::string(kFirstLine));
  }
  auto line = take_line(text);
  if (line && line->starts_with(kExtra)) {
    out.extra = from_base64(line->substr(kExtra.size()));
    if (!out.extra) return not_a_proof("its extra data is not base64");
    line = take_line(text);
  }
  const auto index = number_after(kIndex, line);
  if (!index) return not_a_proof("it names no index");
  out.index = *index;
  if (auto end = take_end(text, out.path, out.checkpoint); !end)
    return std::unexpected(end.error());
  return out;
}

Result<ConsistencyFile> parse_consistency_file(std::string_view text) {
  ConsistencyFile out;
  const auto old_size = number_after(kOld, take_line(text));
  if (!old_size) return not_a_proof("it names no old size");
  out.old_size = *old_size;
  if (auto end = take_end(text, out.path, out.checkpoint); !end)
    return std::unexpected(end.error());
  return out;
}

Result<SignedCheckpoint> verify_inclusion_file(const InclusionFile& file, const Hash& leaf,
                                               std::span<const VerifierKey> known) {
  auto opened = open_checkpoint(file.checkpoint, known);
  if (!opened) return opened;
  const Checkpoint& tree = opened->checkpoint;
  if (!verify_inclusion(file.index, tree.size, leaf, file.path, tree.root)) {
    return fail(ErrorCode::bad_input, "The proof does not lead from this leaf to the root.");
  }
  return opened;
}

Result<SignedCheckpoint> verify_consistency_file(const ConsistencyFile& file, const Checkpoint& old,
                                                 std::span<const VerifierKey> known) {
  auto opened = open_checkpoint(file.checkpoint, known);
  if (!opened) return opened;
  const Checkpoint& tree = opened->checkpoint;
  if (old.size != file.old_size || old.origin != tree.origin) {
    return fail(ErrorCode::bad_input, "The proof begins at another checkpoint.");
  }
  if (!verify_consistency(old.size, tree.size, old.root, tree.root, file.path)) {
    return fail(ErrorCode::bad_input, "The newer tree does not continue the older one.");
  }
  return opened;
}

}  // namespace engine
