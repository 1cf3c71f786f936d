#include "engine/proof/proof_file.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <random>

#include "engine/proof/merkle.h"
#include "tests/engine/notes.h"

using namespace engine;

namespace {

std::vector<Hash> leaves_to(std::uint64_t n) {
  std::vector<Hash> out;
  for (std::uint64_t i = 0; i < n; ++i) out.push_back(leaf_hash(bytes_of(std::to_string(i))));
  return out;
}

struct Tree {
  std::vector<Hash> leaves;
  Signer signer = notes::signer("ledger.example/one");
  std::array<VerifierKey, 1> known{signer.key()};

  explicit Tree(std::uint64_t size) : leaves(leaves_to(size)) {}
  [[nodiscard]] ReadNode nodes() const {
    return [this](unsigned level, std::uint64_t index) -> Result<Hash> {
      const std::uint64_t width = std::uint64_t{1} << level;
      return root_of(std::span(leaves).subspan(index * width, width));
    };
  }
  [[nodiscard]] Checkpoint at(std::uint64_t size) const {
    return {signer.key().name, size, root_of(std::span(leaves).first(size))};
  }
  [[nodiscard]] std::string note() const {
    return sign_note(at(leaves.size()).text(), std::span(&signer, 1));
  }
  [[nodiscard]] InclusionFile inclusion(std::uint64_t index) const {
    return {index, std::nullopt, *inclusion_proof(index, leaves.size(), nodes()), note()};
  }
  [[nodiscard]] ConsistencyFile consistency(std::uint64_t old_size) const {
    return {old_size, *consistency_proof(old_size, leaves.size(), nodes()), note()};
  }
};

bool holds(std::string_view text, const Hash& leaf, std::span<const VerifierKey> known) {
  const auto file = parse_inclusion_file(text);
  return file && verify_inclusion_file(*file, leaf, known);
}

bool holds(std::string_view text, const Checkpoint& old, std::span<const VerifierKey> known) {
  const auto file = parse_consistency_file(text);
  return file && verify_consistency_file(*file, old, known);
}

}  // namespace

TEST_CASE("a proof file is the text of C2SP's tlog-proof page") {
  InclusionFile file{73894, Bytes{1, 2, 3}, leaves_to(2), Tree(1).note()};
  CHECK(file.text() == "c2sp.org/tlog-proof@v1\nextra AQID\nindex 73894\n" + base64(file.path[0]) +
                           "\n" + base64(file.path[1]) + "\n\n" + file.checkpoint);
  CHECK(parse_inclusion_file(file.text())->text() == file.text());
  file.extra.reset();
  CHECK(file.text().starts_with("c2sp.org/tlog-proof@v1\nindex 73894\n"));
}

TEST_CASE("every leaf of trees to 40 is proved, and only where it stands") {
  for (std::uint64_t size = 1; size <= 40; ++size) {
    const Tree tree(size);
    for (std::uint64_t index = 0; index < size; ++index) {
      const std::string text = tree.inclusion(index).text();
      CHECK(holds(text, tree.leaves[index], tree.known));
      CHECK_FALSE(holds(text, leaf_hash({}), tree.known));
      if (index > 0) CHECK_FALSE(holds(text, tree.leaves[index - 1], tree.known));
    }
    for (std::uint64_t old_size = 1; old_size <= size; ++old_size) {
      const std::string text = tree.consistency(old_size).text();
      CHECK(holds(text, tree.at(old_size), tree.known));
      Checkpoint forged = tree.at(old_size);
      forged.root[31] ^= 1U;
      CHECK_FALSE(holds(text, forged, tree.known));
      forged = tree.at(old_size);
      forged.origin = "ledger.example/two";
      CHECK_FALSE(holds(text, forged, tree.known));
      if (old_size > 1) CHECK_FALSE(holds(text, tree.at(old_size - 1), tree.known));
    }
  }
}

TEST_CASE("a proof changed or cut at any byte proves nothing") {
  const Tree tree(23);
  const std::string inclusion = tree.inclusion(11).text();
  const std::string consistency = tree.consistency(11).text();
  for (std::size_t at = 0; at < inclusion.size(); ++at) {
    std::string changed = inclusion;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    CHECK_MESSAGE(!holds(changed, tree.leaves[11], tree.known), at);
    CHECK_FALSE(holds(inclusion.substr(0, at), tree.leaves[11], tree.known));
  }
  for (std::size_t at = 0; at < consistency.size(); ++at) {
    std::string changed = consistency;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    CHECK_MESSAGE(!holds(changed, tree.at(11), tree.known), at);
    CHECK_FALSE(holds(consistency.substr(0, at), tree.at(11), tree.known));
  }
}

TEST_CASE("another key, another view and an old proof are refused") {
  const Tree tree(23), other_view(22);
  const std::string text = tree.inclusion(11).text();
  const std::array stranger{notes::signer("ledger.example/one", kEd25519, notes::kOtherPem).key()};
  CHECK_FALSE(holds(text, tree.leaves[11], stranger));
  // The path of one tree under the checkpoint of another.
  InclusionFile mixed = tree.inclusion(11);
  mixed.checkpoint = other_view.note();
  CHECK_FALSE(holds(mixed.text(), tree.leaves[11], tree.known));
  // An old tree's proof says nothing of a leaf that came later.
  CHECK_FALSE(holds(other_view.inclusion(21).text(), tree.leaves[22], tree.known));
  InclusionFile longer = tree.inclusion(11);
  longer.path.push_back(tree.leaves[0]);
  CHECK_FALSE(holds(longer.text(), tree.leaves[11], tree.known));
  longer.path.assign(64, tree.leaves[0]);
  CHECK_FALSE(parse_inclusion_file(longer.text()));
}

// reliability.md section 6, S10.
TEST_CASE("of 100,000 proofs altered at random none holds") {
  constexpr std::uint64_t kSeed = 20211125;
  std::mt19937_64 random(kSeed);
  const auto below = [&](std::size_t bound) { return static_cast<std::size_t>(random() % bound); };
  const Tree tree(23);
  const std::string inclusion = tree.inclusion(11).text();
  const std::string consistency = tree.consistency(11).text();
  const std::string other = tree.inclusion(12).text();
  int held = 0;
  for (int i = 0; i < 100'000; ++i) {
    const bool of_leaf = i % 2 == 0;
    const std::string& whole = of_leaf ? inclusion : consistency;
    std::string changed = whole;
    const std::size_t at = below(whole.size()), length = 1 + below(whole.size() - at);
    switch (below(5)) {
      case 0:  // another byte
        changed[at] = static_cast<char>(random());
        break;
      case 1:  // cut out
        changed.erase(at, length);
        break;
      case 2:  // said twice
        changed.insert(at, whole.substr(at, length));
        break;
      case 3:  // spliced with another proof
        changed = whole.substr(0, at) + other.substr(std::min(at, other.size()));
        break;
      default:  // two places swapped
        std::swap(changed[at], changed[below(whole.size())]);
    }
    // A signature line said twice is the same word (C2SP: repeats are passed over).
    const std::string twice = whole + whole.substr(whole.rfind("\u2014"));
    if (changed == whole || changed == twice || (of_leaf && changed == other)) continue;
    held += of_leaf ? holds(changed, tree.leaves[11], tree.known)
                    : holds(changed, tree.at(11), tree.known);
  }
  CHECK(held == 0);
}
