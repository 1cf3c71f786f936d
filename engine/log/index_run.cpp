// The keys and values of a run (docs/FORMAT.md, "Families and keys").
#include "engine/log/index_run.h"

#include <algorithm>
#include <utility>

#include "engine/check.h"
#include "engine/proof/hash.h"

namespace engine {
namespace {

void put_varint(std::string& out, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7U)
    out += static_cast<char>(static_cast<std::uint8_t>(value | 0x80U));
  out += static_cast<char>(static_cast<std::uint8_t>(value));
}

void set_stream_prefix(std::string& out, std::string_view kind, std::string_view no) {
  out = "s";
  put_short_text(out, kind);
  put_short_text(out, no);
}

}  // namespace

IdDigest digest_of(std::string_view id) {
  const Hash hash = sha256(bytes_of(id));
  IdDigest digest;
  std::copy_n(hash.begin(), digest.size(), digest.begin());
  return digest;
}

void encode_seqs(const std::vector<std::uint64_t>& seqs, std::string& out) {
  for (std::size_t i = 1; i < seqs.size(); ++i) put_varint(out, seqs[i] - seqs[i - 1]);
}

bool decode_seqs(std::uint64_t first, std::string_view value, std::vector<std::uint64_t>& out) {
  const auto take = [&](std::uint64_t seq) {
    if (out.empty() || seq > out.back()) out.push_back(seq);
  };
  take(first);
  std::uint64_t seq = first, delta = 0;
  unsigned shift = 0;
  for (const char c : value) {
    const auto byte = static_cast<std::uint8_t>(c);
    if (shift > 56) return false;
    delta |= std::uint64_t{byte & 0x7FU} << shift;
    shift += 7;
    if ((byte & 0x80U) != 0) continue;
    seq += delta;
    take(seq);
    delta = 0;
    shift = 0;
  }
  return shift == 0;
}

void IndexRun::add(const RecordView& record, const IdDigest& digest) {
  CHECK(record.seq == last_seq_ + 1);
  CHECK(record.seq - first_seq_ < UINT32_MAX);
  last_seq_ = record.seq;
  const auto offset = static_cast<std::uint32_t>(record.seq - first_seq_);
  if (!record.id.empty()) {
    ids_.try_emplace(digest, offset);
    prints_.push_back(IdFilter::fingerprint(digest));
  }
  set_stream_prefix(prefix_, record.kind, record.no);
  auto stream = streams_.find(prefix_);
  if (stream == streams_.end()) stream = streams_.emplace(prefix_, 0).first;
  postings_.push_back({offset, stream->second});
  stream->second = static_cast<std::uint32_t>(postings_.size());
  if (record.version == 1)
    firsts_.push_back({record.seq, std::string(record.kind), std::string(record.no)});
}

std::optional<std::uint64_t> IndexRun::find_id(const IdDigest& digest) const {
  const auto it = ids_.find(digest);
  if (it == ids_.end()) return std::nullopt;
  return first_seq_ + it->second;
}

void IndexRun::find_stream(std::string_view prefix, std::vector<std::uint64_t>& out) const {
  const auto it = streams_.find(prefix);
  if (it == streams_.end()) return;
  const std::size_t begin = out.size();
  for (std::uint32_t at = it->second; at != 0; at = postings_[at - 1].before)
    out.push_back(first_seq_ + postings_[at - 1].offset);
  std::reverse(out.begin() + static_cast<std::ptrdiff_t>(begin), out.end());
}

bool IndexRun::write(const Put& put) const {
  // The kinds of keys in the order of their first letters.
  if (!prints_.empty()) {
    const std::string_view prints(reinterpret_cast<const char*>(prints_.data()),
                                  prints_.size() * sizeof(IdFilter::Fingerprint));
    if (!put(prints_key(first_seq_, last_seq_), prints)) return false;
  } else if (!put(prints_key(first_seq_, last_seq_), {})) {
    return false;
  }
  return write_firsts(put) && write_ids(put) && put(marker_key(), seq_key(last_seq_)) &&
         write_streams(put);
}

bool IndexRun::write_firsts(const Put& put) const {
  std::vector<std::pair<std::string, std::string_view>> pairs;
  for (const First& first : firsts_)
    pairs.emplace_back(first_prefix(first.kind) + seq_key(first.seq), first.no);
  std::ranges::sort(pairs);
  return std::ranges::all_of(pairs, [&](const auto& pair) { return put(pair.first, pair.second); });
}

bool IndexRun::write_ids(const Put& put) const {
  std::vector<std::pair<IdDigest, std::uint32_t>> ids(ids_.begin(), ids_.end());
  std::ranges::sort(ids);
  return std::ranges::all_of(
      ids, [&](const auto& id) { return put(id_key(id.first), seq_key(first_seq_ + id.second)); });
}

bool IndexRun::write_streams(const Put& put) const {
  std::vector<std::string_view> prefixes;
  prefixes.reserve(streams_.size());
  for (const auto& [prefix, last] : streams_) prefixes.push_back(prefix);
  std::ranges::sort(prefixes);
  std::vector<std::uint64_t> seqs;
  std::string key, value;
  for (const std::string_view prefix : prefixes) {
    seqs.clear();
    find_stream(prefix, seqs);
    key = prefix;
    put_be(key, seqs.front());
    value.clear();
    encode_seqs(seqs, value);
    if (!put(key, value)) return false;
  }
  return true;
}

}  // namespace engine
