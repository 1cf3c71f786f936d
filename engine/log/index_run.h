// What the index knows of the newest records, in memory: a run that grows with every group until it
// is written as one sorted file. Compact, for a busy ledger holds two: no allocation a record.
#pragma once

#include <absl/container/flat_hash_map.h>
#include <absl/hash/hash.h>
#include <absl/strings/string_view.h>

#include <cstdint>
#include <cstring>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/log/id_filter.h"
#include "engine/log/keys.h"
#include "engine/record.h"

namespace engine {

[[nodiscard]] IdDigest digest_of(std::string_view id);

class IndexRun {
 public:
  // The run begins after this record.
  explicit IndexRun(std::uint64_t after) : first_seq_(after + 1), last_seq_(after) {}

  // The next record, its seq one more than last_seq(). `digest`: of its id, if it has one.
  void add(const RecordView& record, const IdDigest& digest);

  [[nodiscard]] std::uint64_t first_seq() const { return first_seq_; }
  [[nodiscard]] std::uint64_t last_seq() const { return last_seq_; }
  [[nodiscard]] std::uint64_t records() const { return last_seq_ + 1 - first_seq_; }

  [[nodiscard]] std::optional<std::uint64_t> find_id(const IdDigest& digest) const;
  // Appends the seqs of a stream, by its stream_prefix(), in order.
  void find_stream(std::string_view prefix, std::vector<std::uint64_t>& out) const;

  struct First {
    std::uint64_t seq;
    std::string kind, no;
  };
  [[nodiscard]] const std::vector<First>& firsts() const { return firsts_; }

  // Every key of the run with its value, in the order of the keys, the marker among them.
  using Put = std::function<bool(std::string_view key, std::string_view value)>;
  bool write(const Put& put) const;

 private:
  struct HashDigest {  // a digest is random already
    std::size_t operator()(const IdDigest& digest) const {
      std::size_t hash = 0;
      std::memcpy(&hash, digest.data() + sizeof(IdFilter::Fingerprint), sizeof(hash));
      return hash;
    }
  };
  struct HashText {  // of a text as of its view: looking up allocates nothing
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return absl::Hash<absl::string_view>{}({text.data(), text.size()});
    }
  };
  // The seqs of a stream as a chain back from its last one; positions count from 1, 0 ends it.
  struct Posting {
    std::uint32_t offset;  // of the seq from the run's first
    std::uint32_t before;
  };
  bool write_firsts(const Put& put) const;
  bool write_ids(const Put& put) const;
  bool write_streams(const Put& put) const;

  std::uint64_t first_seq_, last_seq_;
  absl::flat_hash_map<IdDigest, std::uint32_t, HashDigest> ids_;  // offset of the seq
  // By stream_prefix(): the last posting.
  absl::flat_hash_map<std::string, std::uint32_t, HashText, std::equal_to<>> streams_;
  std::vector<Posting> postings_;
  std::vector<First> firsts_;
  std::vector<IdFilter::Fingerprint> prints_;
  std::string prefix_;  // kept for its memory
};

// The deltas after a stream's first seq, which is in the key; and back. A run written twice (after
// a crash) repeats what is there: only what is new is taken. False: not of this form.
void encode_seqs(const std::vector<std::uint64_t>& seqs, std::string& out);
[[nodiscard]] bool decode_seqs(std::uint64_t first, std::string_view value,
                               std::vector<std::uint64_t>& out);

}  // namespace engine
