// Changing files, asking the ledger, putting the files back.
#include "tests/engine/mutate.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <optional>

#include "engine/log/key_file.h"
#include "engine/log/signing.h"
#include "engine/proof/bytes.h"
#include "tests/engine/damage.h"
#include "tests/engine/ledger.h"

namespace engine::test {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kIndexed = 4200, kRecords = 4500;  // a run of the index, and behind it
constexpr std::size_t kPayload = 60;
constexpr std::string_view kDerived = "sums";
constexpr int kTries = 64;  // to find a sector that is not empty

constexpr std::array<std::string_view, kMutations> kMutationNames = {
    "flip", "zero 512 B", "zero 4 KiB", "truncate", "delete", "swap", "duplicate", "misdirect"};
constexpr std::array<std::string_view, kVictims> kVictimNames = {
    "WAL", "SST", "MANIFEST", "CURRENT", "OPTIONS", "HEAD", "ACKED", "keys"};

using Files = std::map<std::string, std::string>;  // bytes by path

std::optional<Victim> victim_of(const fs::path& path) {
  const std::string name = path.filename().string();
  if (path.parent_path().extension() == ".keys") {
    if (name == "LOCK") return std::nullopt;
    return Victim::keys;
  }
  if (name.ends_with(".log")) return Victim::wal;
  if (name.ends_with(".sst")) return Victim::sst;
  if (name.starts_with("MANIFEST-")) return Victim::manifest;
  if (name == "CURRENT") return Victim::current;
  if (name.starts_with("OPTIONS-")) return Victim::options;
  if (name == "HEAD") return Victim::head;
  if (name == "ACKED") return Victim::acked;
  return std::nullopt;
}

bool is_zero(std::string_view bytes, std::size_t sector) {
  return std::ranges::all_of(bytes.substr(sector, 512), [](char c) { return c == '\0'; });
}

// Every byte that a ledger gives back, as one hash; or what it says instead.
Result<Hash> answer_of(const std::string& dir, OpenMode mode) {
  const std::string keys = dir + ".keys";
  std::vector<Known> known;
  if (const auto last = newest_checkpoint(keys)) {
    known.push_back({last->checkpoint.size, last->checkpoint.root, keys + "/signed"});
  }
  const auto log = Log::open(dir, mode, known);
  if (!log) return std::unexpected(log.error());
  Bytes all;
  const auto add = [&](ByteSpan bytes) { all.insert(all.end(), bytes.begin(), bytes.end()); };
  const auto read = (*log)->read(1, 0, [&](const RecordView& record) {
    add(leaf_hash(encode_entry(record)));
    add(sha256(record.payload));
    return true;
  });
  if (!read) return std::unexpected(read.error());
  const auto root = (*log)->root_at((*log)->size());
  if (!root) return std::unexpected(root.error());
  add(*root);
  for (std::uint64_t tile = 0; tile * 256 < (*log)->size(); ++tile) {
    const auto leaves = (*log)->leaves(tile);
    if (!leaves) return std::unexpected(leaves.error());
    for (const Hash& leaf : *leaves) add(leaf);
  }
  for (std::uint64_t n = 1; n <= kRecords; n += 7) {
    const auto seq = (*log)->find_id("k" + std::to_string(n));
    if (!seq) return std::unexpected(seq.error());
    all.push_back(*seq && **seq == n ? 1 : 0);
  }
  const auto streams = (*log)->stream_size("appeal", "SQ-1");
  if (!streams) return std::unexpected(streams.error());
  put_le(all, *streams);
  // Derived data may be gone, and is then made again; it may not be other data.
  const auto derived =
      (*log)->read_derived(kDerived, 1, [&](std::uint64_t /*last*/, ByteSpan segment) {
        if (!std::ranges::equal(segment, bytes_of("one segment"))) add(segment);
        return true;
      });
  if (!derived) return std::unexpected(derived.error());
  if (mode == OpenMode::read_write) {
    const auto issued = Signing(keys).sign(**log);
    if (!issued) return std::unexpected(issued.error());
    add(bytes_of(issued->note));
    const auto ring = read_key_file(keys + "/keystore");
    if (!ring) return std::unexpected(ring.error());
    add(bytes_of(ring->serialize()));
  }
  return sha256(all);
}

// One change: which files it leaves with which bytes; nullopt: the file is gone.
struct Change {
  Mutation mutation = Mutation::flip;
  std::string file;
  std::map<std::string, std::optional<std::string>> left;
  [[nodiscard]] std::string text() const {
    std::string out = std::string(name_of(mutation)) + " in";
    for (const auto& [path, bytes] : left) out += " " + path;
    return out;
  }
};

class Mutator {
 public:
  Mutator(const Files& files, std::uint64_t seed) : files_(files), numbers_(seed) {
    for (const auto& [path, bytes] : files_) {
      const auto victim = victim_of(path);
      if (victim) of_[static_cast<std::size_t>(*victim)].push_back(path);
    }
  }

  Change next(std::uint64_t round, Mutations& counts) {
    // Every pair of kinds has its turn; the places are left to chance.
    const auto mutation = static_cast<Mutation>(round % kMutations);
    auto victim = static_cast<std::size_t>(round / kMutations % kVictims);
    while (of_[victim].empty()) victim = (victim + 1) % kVictims;
    Change change{mutation, pick(of_[victim]), {}};
    change_file(change);
    bool differs = false;
    for (const auto& [path, bytes] : change.left) differs |= !bytes || *bytes != files_.at(path);
    if (differs) ++counts.fired[static_cast<std::size_t>(mutation)][victim];
    return change;
  }

 private:
  std::size_t below(std::size_t bound) { return bound == 0 ? 0 : numbers_.below(bound); }
  const std::string& pick(const std::vector<std::string>& paths) {
    return paths[below(paths.size())];
  }
  // A file whose bytes go astray into this one: of the same kind, where one differs.
  const std::string& other_than(const std::string& path) {
    const auto& same = of_[static_cast<std::size_t>(*victim_of(path))];
    if (same.size() > 1 && below(4) != 0) {
      for (int tries = 0; tries < kTries; ++tries) {
        if (const std::string& other = pick(same); files_.at(other) != files_.at(path)) {
          return other;
        }
      }
    }
    for (;;) {
      const auto& all = of_[below(kVictims)];
      if (all.empty()) continue;
      if (const std::string& other = pick(all); other != path) return other;
    }
  }

  void change_file(Change& change) {
    std::string bytes = files_.at(change.file);
    const std::size_t size = bytes.size();
    std::size_t at = below(size);
    switch (change.mutation) {
      case Mutation::flip:
        if (size != 0) bytes = with_flip(bytes, at, below(8));
        break;
      case Mutation::zero_sector:
      case Mutation::zero_page: {
        // HEAD is mostly empty: zeros over zeros would be no change.
        for (int tries = 0; tries < kTries && is_zero(bytes, at / 512 * 512); ++tries) {
          at = below(size);
        }
        const std::size_t begin = at / 512 * 512;
        const std::size_t length = change.mutation == Mutation::zero_sector ? 512 : 4096;
        for (std::size_t i = begin; i < std::min(size, begin + length); ++i) bytes[i] = '\0';
        break;
      }
      case Mutation::truncate:
        bytes.resize(at);
        break;
      case Mutation::remove:
        change.left[change.file] = std::nullopt;
        return;
      case Mutation::swap: {
        const std::string& other = other_than(change.file);
        change.left[other] = bytes;
        bytes = files_.at(other);
        break;
      }
      case Mutation::duplicate:
        bytes.insert(at, bytes, at / 2, at - at / 2 + below(size - at));
        break;
      case Mutation::misdirect:
        misdirect(bytes, change.file);
        break;
    }
    change.left[change.file] = std::move(bytes);
  }

  void misdirect(std::string& bytes, const std::string& path) {
    const std::size_t length = below(2) == 0 ? 512 : 4096;
    const std::size_t to = below(bytes.size()) / 512 * 512;
    const std::string& other = below(2) == 0 ? path : other_than(path);
    const std::string& source = files_.at(other);
    const std::size_t from = below(source.size()) / 512 * 512;
    const std::string strayed = source.substr(from, length);
    bytes.replace(to, std::min(strayed.size(), bytes.size() - to), strayed);
  }

  const Files& files_;
  Numbers numbers_;
  std::array<std::vector<std::string>, kVictims> of_;
};

// A refusal is of use only if it says where to look.
bool is_named(const Error& error, const Change& change) {
  if (error.seq != 0) return true;
  return std::ranges::any_of(change.left, [&](const auto& one) {
    const fs::path path = one.first;
    return error.text.find(path.filename().string()) != std::string::npos ||
           // RocksDB names a table by its number.
           (path.extension() == ".sst" &&
            error.text.find(path.stem().string()) != std::string::npos);
  });
}

Files files_of(const std::string& dir) {
  Files out;
  for (const std::string& root : {dir, dir + ".keys"}) {
    for (const auto& entry : fs::recursive_directory_iterator(root)) {
      if (entry.is_regular_file()) out[entry.path().string()] = bytes_in(entry.path().string());
    }
  }
  return out;
}

void put_back(const std::string& dir, const Files& files) {
  fs::remove_all(dir);
  fs::remove_all(dir + ".keys");
  for (const auto& [path, bytes] : files) {
    fs::create_directories(fs::path(path).parent_path());
    overwrite(path, bytes);
    if (path.find(".keys/") != std::string::npos) {
      fs::permissions(path, fs::perms::owner_read | fs::perms::owner_write);
    }
  }
}

}  // namespace

std::string_view name_of(Mutation mutation) {
  return kMutationNames[static_cast<std::size_t>(mutation)];
}
std::string_view name_of(Victim victim) { return kVictimNames[static_cast<std::size_t>(victim)]; }

std::string Mutations::table() const {
  const auto cell = [](std::string text, std::size_t width) {
    if (text.size() < width) text.insert(0, width - text.size(), ' ');
    return text;
  };
  std::string out = cell("", 10);
  for (const std::string_view victim : kVictimNames) out += cell(std::string(victim), 9);
  for (std::size_t m = 0; m < kMutations; ++m) {
    out += "\n" + cell(std::string(kMutationNames[m]), 10);
    for (const std::uint64_t count : fired[m]) out += cell(std::to_string(count), 9);
  }
  return out + "\nrefused " + std::to_string(refused) + ", identical " + std::to_string(identical) +
         ", silent " + std::to_string(silent.size()) + ", unnamed " +
         std::to_string(unnamed.size());
}

void make_mutable_ledger(const std::string& dir) {
  REQUIRE(Log::create(dir, "测试区").has_value());
  const Signing signing(dir + ".keys");
  fs::create_directories(dir + ".keys");
  REQUIRE(signing.create("ledger.example/mutable").has_value());
  REQUIRE(write_key_file(dir + ".keys/keystore", KeyRing(Hash{})).has_value());
  {
    const auto log = open_log(dir);
    append_all(*log, 1, kIndexed, 300, kPayload);
    REQUIRE(log->put_derived(kDerived, 1, kIndexed, bytes_of("one segment")).has_value());
    REQUIRE(log->flush().has_value());
    REQUIRE(signing.sign(*log).has_value());
  }
  for (std::uint64_t n = kIndexed + 1; n <= kRecords; n += 100) {
    const auto log = open_log(dir);
    append_all(*log, n, n + 59, 20, kPayload);
    REQUIRE(log->flush().has_value());
    append_all(*log, n + 60, n + 99, 10, kPayload);
  }
  fs::remove_all(dir + "/quarantine");
}

Mutations mutate(const std::string& dir, std::uint64_t seed, std::uint64_t rounds,
                 std::uint64_t write_every) {
  const Files files = files_of(dir);
  Mutations out;
  const auto reading = answer_of(dir, OpenMode::read_only);
  REQUIRE(reading.has_value());
  const auto writing = answer_of(dir, OpenMode::read_write);
  REQUIRE(writing.has_value());
  put_back(dir, files);
  Mutator mutator(files, seed);
  for (std::uint64_t round = 0; round < rounds; ++round) {
    const Change change = mutator.next(round, out);
    for (const auto& [path, bytes] : change.left) {
      if (bytes) overwrite(path, *bytes);
      if (!bytes) fs::remove(path);
    }
    const bool of_keys = victim_of(change.file) == Victim::keys;
    const bool write = of_keys || Numbers(seed ^ (round * 2 + 1)).below(write_every) == 0;
    const auto answer = answer_of(dir, write ? OpenMode::read_write : OpenMode::read_only);
    const std::string about = "seed " + std::to_string(seed) + ", round " + std::to_string(round) +
                              (write ? ", writing: " : ", reading: ") + change.text();
    if (!answer) {
      ++out.refused;
      if (!is_named(answer.error(), change)) {
        out.unnamed.push_back(about + ": " + answer.error().text);
      }
    } else if (*answer == (write ? *writing : *reading)) {
      ++out.identical;
    } else {
      out.silent.push_back(about);
    }
    if (write) {
      put_back(dir, files);
      continue;
    }
    for (const auto& [path, bytes] : change.left) overwrite(path, files.at(path));
  }
  return out;
}

}  // namespace engine::test
