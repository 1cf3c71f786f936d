// Two messages through SHA-256 at once. Each round of SHA-256 waits for the one before it, and the
// processor's instructions for it (SHA-NI) could begin the next one long before: a second message
// beside the first costs less than half. The rounds are those of FIPS 180-4; processors without the
// instructions hash one message after the other, by OpenSSL.
#include "engine/proof/hash.h"

#if defined(__x86_64__)
#include <immintrin.h>

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstring>
#endif

namespace engine {

#if defined(__x86_64__)
namespace {

constexpr std::size_t kBlock = 64, kLengthBytes = 8;

// A message in blocks: those in its middle where they are, its first (after a mark) and its last
// ones, with the padding of section 5.1.1, here.
class Blocks {
 public:
  explicit Blocks(const Message& message) : mark_(message.mark != Mark::none) {
    const std::size_t size = message.bytes.size() + (mark_ ? 1 : 0);
    whole_ = size / kBlock;
    count_ = (size + 1 + kLengthBytes + kBlock - 1) / kBlock;
    body_ = message.bytes.data();
    const std::size_t rest = size % kBlock;
    last_.fill(0);
    std::uint8_t* to = last_.data();
    std::size_t copied = rest;
    if (mark_) {
      std::uint8_t* const begin = whole_ == 0 ? last_.data() : head_.data();
      begin[0] = static_cast<std::uint8_t>(message.mark);
      if (whole_ != 0) std::memcpy(begin + 1, body_, kBlock - 1);
      if (whole_ == 0) ++to, --copied;
    }
    if (copied != 0) std::memcpy(to, message.bytes.last(copied).data(), copied);
    last_[rest] = 0x80;
    const std::uint64_t bits = std::byteswap(std::uint64_t{size} * 8);
    std::memcpy(last_.data() + (count_ - whole_) * kBlock - kLengthBytes, &bits, kLengthBytes);
  }
  Blocks(const Blocks&) = delete;
  Blocks& operator=(const Blocks&) = delete;

  [[nodiscard]] std::size_t count() const { return count_; }
  [[nodiscard]] const std::uint8_t* at(std::size_t block) const {
    if (block >= whole_) return last_.data() + (block - whole_) * kBlock;
    if (!mark_) return body_ + block * kBlock;
    return block == 0 ? head_.data() : body_ + block * kBlock - 1;
  }

 private:
  const std::uint8_t* body_;
  bool mark_;
  std::size_t whole_, count_;
  std::array<std::uint8_t, kBlock> head_;      // used when there are a mark and whole blocks
  std::array<std::uint8_t, 2 * kBlock> last_;  // used are count_ - whole_ blocks
};

// FIPS 180-4 section 4.2.2.
alignas(16) constexpr std::array<std::uint32_t, 64> kRounds = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};
// The words of section 5.3.3 in the order that the instructions want: f e b a and h g d c.
alignas(16) constexpr std::array<std::uint32_t, 4> kStartFeba = {0x9b05688c, 0x510e527f, 0xbb67ae85,
                                                                 0x6a09e667};
alignas(16) constexpr std::array<std::uint32_t, 4> kStartHgdc = {0x5be0cd19, 0x1f83d9ab, 0xa54ff53a,
                                                                 0x3c6ef372};

#define BIHUAN_SHA __attribute__((target("sha,ssse3,sse4.1")))

struct State {
  __m128i feba, hgdc;
};

BIHUAN_SHA inline __m128i load(const void* from) {
  return _mm_loadu_si128(static_cast<const __m128i*>(from));
}

// The bytes of each of four words the other way round.
BIHUAN_SHA inline __m128i swapped(__m128i words) {
  return _mm_shuffle_epi8(words,
                          _mm_set_epi8(12, 13, 14, 15, 8, 9, 10, 11, 4, 5, 6, 7, 0, 1, 2, 3));
}

// One block of each of N messages, four rounds of one after four of the other.
template <std::size_t N>
BIHUAN_SHA inline void compress(State* states, const std::array<const std::uint8_t*, N>& blocks) {
  constexpr std::size_t kFours = 16;
  __m128i words[N][4], feba[N], hgdc[N];
  for (std::size_t n = 0; n < N; ++n) {
    feba[n] = states[n].feba;
    hgdc[n] = states[n].hgdc;
    for (std::size_t i = 0; i < 4; ++i) words[n][i] = swapped(load(blocks[n] + 16 * i));
  }
#pragma clang loop unroll(full)
  for (std::size_t four = 0; four < kFours; ++four) {
    const __m128i add = load(kRounds.data() + 4 * four);
#pragma clang loop unroll(full)
    for (std::size_t n = 0; n < N; ++n) {
      __m128i(&w)[4] = words[n];
      const __m128i sum = _mm_add_epi32(w[four % 4], add);
      hgdc[n] = _mm_sha256rnds2_epu32(hgdc[n], feba[n], sum);
      if (four + 4 < kFours) {  // the message schedule, section 6.2.2 step 1
        const __m128i between = _mm_alignr_epi8(w[(four + 3) % 4], w[(four + 2) % 4], 4);
        const __m128i part = _mm_sha256msg1_epu32(w[four % 4], w[(four + 1) % 4]);
        w[four % 4] = _mm_sha256msg2_epu32(_mm_add_epi32(part, between), w[(four + 3) % 4]);
      }
      feba[n] = _mm_sha256rnds2_epu32(feba[n], hgdc[n], _mm_shuffle_epi32(sum, 0x0E));
    }
  }
  for (std::size_t n = 0; n < N; ++n) {
    states[n].feba = _mm_add_epi32(states[n].feba, feba[n]);
    states[n].hgdc = _mm_add_epi32(states[n].hgdc, hgdc[n]);
  }
}

BIHUAN_SHA inline Hash hash_of(const State& state) {
  constexpr int kReversed = 0x1B;
  const __m128i abef = _mm_shuffle_epi32(state.feba, kReversed);
  const __m128i cdgh = _mm_shuffle_epi32(state.hgdc, kReversed);
  Hash out;
  auto* const to = reinterpret_cast<__m128i*>(out.data());
  _mm_storeu_si128(to, swapped(_mm_unpacklo_epi64(abef, cdgh)));
  _mm_storeu_si128(to + 1, swapped(_mm_unpackhi_epi64(abef, cdgh)));
  return out;
}

BIHUAN_SHA std::array<Hash, 2> hash_beside(const Message& first, const Message& second) {
  [[clang::uninitialized]] const std::array<Blocks, 2> messages = {Blocks(first), Blocks(second)};
  const State start = {load(kStartFeba.data()), load(kStartHgdc.data())};
  std::array<State, 2> states = {start, start};
  const std::size_t both = std::min(messages[0].count(), messages[1].count());
  for (std::size_t i = 0; i < both; ++i)
    compress<2>(states.data(), {messages[0].at(i), messages[1].at(i)});
  for (std::size_t n = 0; n < 2; ++n)
    for (std::size_t i = both; i < messages[n].count(); ++i)
      compress<1>(&states[n], {messages[n].at(i)});
  return {hash_of(states[0]), hash_of(states[1])};
}

const bool kHasInstructions =
    __builtin_cpu_supports("sha") != 0 && __builtin_cpu_supports("sse4.1") != 0;

}  // namespace
#endif

std::array<Hash, 2> hash_two(const Message& first, const Message& second) {
#if defined(__x86_64__)
  if (kHasInstructions) return hash_beside(first, second);
#endif
  return {hash_one(first), hash_one(second)};
}

}  // namespace engine
