// The stored form of the facts: one segment holds what records (from, to] added: the tables as
// variable-length integers, the rows as columns of little-endian numbers, which are quick to read;
// closed by the XXH3 hash of what precedes, a guard against accidents and no proof (the audit
// compares what is stored). Reading is strict: a segment that is damaged, out of order or points
// outside its tables is an error, never a guess.
//
//   segment = from to texts items assignments rounds wholes columns xxh3-128
//   columns = at:i64 type:u16 item:u32 part:u32 args:u16 duties:u16 (each to - from times)
//   words:i32
#include <xxhash.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "engine/check.h"
#include "engine/proof/hash.h"
#include "projections/duty_words.h"
#include "projections/fact_fields.h"
#include "projections/facts.h"
#include "schemas/event.h"

namespace projections {
namespace {

using engine::ErrorCode;
using schemas::EventType;

XXH128_canonical_t hash_of(std::span<const std::uint8_t> bytes) {
  XXH128_canonical_t out;
  XXH128_canonicalFromHash(&out, XXH3_128bits(bytes.data(), bytes.size()));
  return out;
}

static_assert(std::endian::native == std::endian::little);

// Where a segment goes to: memory.
class Written {
 public:
  void put(const void* from, std::size_t size) {
    const auto* bytes = static_cast<const std::uint8_t*>(from);
    bytes_.insert(bytes_.end(), bytes, bytes + size);
  }
  [[nodiscard]] std::span<const std::uint8_t> all() const { return bytes_; }
  [[nodiscard]] std::vector<std::uint8_t> take() && { return std::move(bytes_); }

 private:
  std::vector<std::uint8_t> bytes_;
};

// Or nowhere: it is held against one that was stored.
class Compared {
 public:
  explicit Compared(std::span<const std::uint8_t> stored) : stored_(stored) {}
  void put(const void* from, std::size_t size) {
    same_ = same_ && size <= stored_.size() - at_ &&
            (size == 0 || std::memcmp(stored_.data() + at_, from, size) == 0);
    if (same_) at_ += size;
  }
  [[nodiscard]] std::span<const std::uint8_t> all() const { return stored_.first(at_); }
  [[nodiscard]] bool same() const { return same_ && at_ == stored_.size(); }

 private:
  std::span<const std::uint8_t> stored_;
  std::size_t at_ = 0;
  bool same_ = true;
};

template <class To>
class Writer {
 public:
  explicit Writer(To& to) : to_(to) {}
  void number(std::uint64_t value) {
    std::array<std::uint8_t, 10> bytes;
    std::size_t size = 0;
    for (; value >= 0x80; value >>= 7U) bytes[size++] = static_cast<std::uint8_t>(value | 0x80U);
    bytes[size++] = static_cast<std::uint8_t>(value);
    to_.put(bytes.data(), size);
  }
  void integer(std::int64_t value) {
    number((static_cast<std::uint64_t>(value) << 1U) ^ static_cast<std::uint64_t>(value >> 63));
  }
  void bytes(std::span<const std::uint8_t> value) {
    number(value.size());
    to_.put(value.data(), value.size());
  }
  template <class T>
  void column(std::span<const T> values) {
    to_.put(values.data(), values.size_bytes());
  }
  // One field of every row.
  template <class T>
  void column(std::span<const Row> rows, T Row::* field) {
    std::array<T, 1024> values;
    for (; !rows.empty(); rows = rows.subspan(std::min(values.size(), rows.size()))) {
      const auto some = rows.first(std::min(values.size(), rows.size()));
      for (std::size_t i = 0; i < some.size(); ++i) values[i] = some[i].*field;
      column(std::span<const T>(values).first(some.size()));
    }
  }
  void close() {
    const XXH128_canonical_t hash = hash_of(to_.all());
    to_.put(hash.digest, sizeof(hash.digest));
  }

 private:
  To& to_;
};

class Reader {
 public:
  explicit Reader(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}
  std::uint64_t number() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      if (at_ == bytes_.size()) break;
      const std::uint8_t byte = bytes_[at_++];
      if (shift == 63 && byte > 1) break;
      value |= std::uint64_t{byte & 0x7FU} << shift;
      if ((byte & 0x80U) == 0) return value;
    }
    ok_ = false;
    return 0;
  }
  std::int64_t integer() {
    const std::uint64_t value = number();
    return static_cast<std::int64_t>(value >> 1U) ^ -static_cast<std::int64_t>(value & 1U);
  }
  // A number below `limit`.
  std::uint32_t below(std::uint64_t limit) {
    const std::uint64_t value = number();
    if (value < limit) return static_cast<std::uint32_t>(value);
    ok_ = false;
    return 0;
  }
  template <class T>
  std::vector<T> column(std::size_t size) {
    if (size > (bytes_.size() - at_) / sizeof(T)) {
      ok_ = false;
      return {};
    }
    std::vector<T> values(size);
    if (size != 0) std::memcpy(values.data(), bytes_.data() + at_, size * sizeof(T));
    at_ += size * sizeof(T);
    return values;
  }
  [[nodiscard]] std::size_t left() const { return bytes_.size() - at_; }
  // How many elements follow; each takes at least one byte, so a damaged count cannot ask for
  // memory.
  std::size_t count() {
    const std::uint64_t value = number();
    if (value <= bytes_.size() - at_) return static_cast<std::size_t>(value);
    ok_ = false;
    return 0;
  }
  std::span<const std::uint8_t> bytes() {
    const std::size_t size = count();
    const auto part = bytes_.subspan(at_, size);
    at_ += size;
    return part;
  }
  void refuse() { ok_ = false; }
  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] bool at_end() const { return at_ == bytes_.size(); }

 private:
  std::span<const std::uint8_t> bytes_;
  std::size_t at_ = 0;
  bool ok_ = true;
};

// What the records (from, to] added; tables are in order of seq.
template <class T, class Seq>
std::span<const T> added(const std::vector<T>& table, std::uint64_t from, std::uint64_t to,
                         Seq seq_of) {
  const auto after = [&](std::uint64_t seq) {
    return std::ranges::upper_bound(
        table, seq, {}, [&](const T& one) { return static_cast<std::uint64_t>(seq_of(one)); });
  };
  return {after(from), after(to)};
}

bool fits(std::span<const std::int32_t> args, std::string_view form, std::size_t texts) {
  const bool more = form.ends_with('*');
  if (more) form.remove_suffix(1);
  if (args.size() < form.size() || (!more && args.size() != form.size())) return false;
  for (std::size_t i = 0; i < args.size(); ++i) {
    const bool is_text = i >= form.size() || form[i] == 't';
    if (is_text && (args[i] < 0 || static_cast<std::uint64_t>(args[i]) >= texts)) return false;
  }
  return true;
}

}  // namespace

std::vector<std::uint8_t> Facts::save(std::uint64_t from, std::uint64_t to) const {
  Written segment;
  write(segment, from, to);
  return std::move(segment).take();
}

bool Facts::is_saved(std::uint64_t from, std::uint64_t to,
                     std::span<const std::uint8_t> segment) const {
  Compared compared(segment);
  write(compared, from, to);
  return compared.same();
}

template <class To>
void Facts::write(To& segment, std::uint64_t from, std::uint64_t to) const {
  CHECK(from <= to);
  CHECK(to <= seq());
  Writer out(segment);
  out.number(from);
  out.number(to);
  const auto text_after = [&](std::uint64_t seq) {
    const auto after = std::ranges::upper_bound(text_seq_, seq) - text_seq_.begin();
    return std::max(static_cast<std::uint32_t>(after), 1U);
  };
  const std::uint32_t first = text_after(from), end = text_after(to);
  out.number(end - first);
  for (std::uint32_t i = first; i < end; ++i) {
    out.number(text_seq_[i]);
    out.bytes(engine::bytes_of(texts_[i]));
  }
  const auto items = added(items_, from, to, [](const Item& item) { return item.first; });
  out.number(items.size());
  for (const Item& item : items) {
    out.number(static_cast<std::uint64_t>(item.subject));
    out.number(item.no);
    out.number(item.first);
  }
  const auto assignments =
      added(assignments_, from, to, [](const AssignmentKey& key) { return key.seq; });
  out.number(assignments.size());
  for (const AssignmentKey& key : assignments) {
    out.number(key.item);
    out.integer(key.matter);
    out.number(key.department);
    out.number(key.seq);
  }
  const auto rounds = added(rounds_, from, to, [](const RoundKey& key) { return key.seq; });
  out.number(rounds.size());
  for (const RoundKey& key : rounds) {
    out.number(key.item);
    out.number(key.seq);
  }
  const auto wholes = added(wholes_, from, to, [](const Whole& whole) { return whole.seq; });
  out.number(wholes.size());
  for (const Whole& whole : wholes) {
    out.number(whole.seq);
    out.bytes(whole.payload);
  }
  const auto rows = std::span(rows_).subspan(from, to - from);
  out.column(rows, &Row::at);
  out.column(rows, &Row::type);
  out.column(rows, &Row::item);
  out.column(rows, &Row::part);
  out.column(rows, &Row::args);
  out.column(rows, &Row::duties);
  const auto words_before = [&](std::uint64_t seq) {
    return seq == rows_.size() ? words_.size() : std::size_t{rows_[seq].words};
  };
  out.column(std::span<const std::int32_t>(words_).subspan(words_before(from),
                                                           words_before(to) - words_before(from)));
  out.close();
}

// Reads one segment behind what the facts hold already. Facts may be half filled when it fails, so
// load() leaves them for dropping: an error means "rebuild from zero".
class SegmentReader {
 public:
  SegmentReader(Facts& facts, std::span<const std::uint8_t> bytes) : facts_(facts), in_(bytes) {}

  engine::Result<void> read() {
    from_ = in_.number();
    to_ = in_.number();
    if (from_ != facts_.seq() || to_ < from_ || to_ >= kNone) return damaged();
    read_texts();
    read_items();
    if (in_.ok()) read_keys();
    if (in_.ok()) read_wholes();
    if (in_.ok()) read_columns();
    if (in_.ok()) read_rows();
    if (!in_.ok()) return damaged();
    return {};
  }

 private:
  [[nodiscard]] engine::Result<void> damaged() const {
    return engine::fail(ErrorCode::corrupt,
                        "A stored segment of the facts is damaged or out of order", from_ + 1);
  }
  // A seq of this segment, not before the last one read of the same table.
  std::uint32_t seq(std::uint32_t& last) {
    const std::uint64_t value = in_.number();
    if (value <= from_ || value > to_ || value < last) in_.refuse();
    last = static_cast<std::uint32_t>(value);
    return last;
  }
  void read_texts() {
    std::uint32_t last = 0;
    for (std::size_t left = in_.count(); left > 0 && in_.ok(); --left) {
      const std::uint32_t at = seq(last);
      const auto text = in_.bytes();
      const std::uint32_t expected = facts_.texts_.size();
      const std::uint32_t got =
          facts_.intern({reinterpret_cast<const char*>(text.data()), text.size()}, at);
      if (got != expected) in_.refuse();
    }
  }
  void read_items() {
    std::uint32_t last = 0;
    first_item_ = facts_.items_.size();
    for (std::size_t left = in_.count(); left > 0 && in_.ok(); --left) {
      Item item;
      item.subject = static_cast<Subject>(in_.below(kSubjects));
      item.no = in_.below(facts_.texts_.size());
      item.first = seq(last);
      item.ordinal = static_cast<std::uint32_t>(facts_.items_of(item.subject).size());
      if (facts_.find_item(item.subject, facts_.text(item.no)) != kNone) in_.refuse();
      if (in_.ok()) facts_.add_item(item);
    }
  }
  void read_keys() {
    std::uint32_t last = 0;
    for (std::size_t left = in_.count(); left > 0 && in_.ok(); --left) {
      AssignmentKey key;
      key.item = in_.below(facts_.items_.size());
      key.matter = static_cast<std::int32_t>(in_.integer());
      key.department = in_.below(facts_.texts_.size());
      key.seq = seq(last);
      if (!in_.ok()) return;
      key.previous = facts_.last_assignment_[key.item];
      if (facts_.items_[key.item].subject != Subject::appeal) in_.refuse();
      facts_.add_assignment(key);
      ++keys_;
    }
    last = 0;
    for (std::size_t left = in_.count(); left > 0 && in_.ok(); --left) {
      RoundKey key;
      key.item = in_.below(facts_.items_.size());
      key.seq = seq(last);
      if (!in_.ok()) return;
      if (facts_.items_[key.item].subject != Subject::appeal) in_.refuse();
      key.previous = facts_.last_round_[key.item];
      key.number = key.previous == kNone ? 1 : facts_.rounds_[key.previous].number + 1;
      facts_.add_round(key);
      ++keys_;
    }
  }
  void read_wholes() {
    std::uint32_t last = 0;
    for (std::size_t left = in_.count(); left > 0 && in_.ok(); --left) {
      const std::uint32_t at = seq(last);
      const auto stored = in_.bytes();  // copied, so that it is aligned as it must be
      wholes_.push_back({at, {stored.begin(), stored.end()}});
    }
  }

  void read_columns() {
    const std::uint64_t rows = to_ - from_;
    if (rows > in_.left()) return in_.refuse();
    at_ = in_.column<Micros>(rows);
    type_ = in_.column<std::uint16_t>(rows);
    item_ = in_.column<std::uint32_t>(rows);
    part_ = in_.column<std::uint32_t>(rows);
    args_ = in_.column<std::uint16_t>(rows);
    duties_ = in_.column<std::uint16_t>(rows);
    if (!in_.ok() || in_.left() % sizeof(std::int32_t) != 0) return in_.refuse();
    words_ = in_.column<std::int32_t>(in_.left() / sizeof(std::int32_t));
  }

  void read_rows() {
    std::size_t word = 0, whole = 0;
    const std::size_t base = facts_.words_.size();
    facts_.words_.insert(facts_.words_.end(), words_.begin(), words_.end());
    for (std::size_t i = 0; i < type_.size(); ++i) {
      const auto seq = static_cast<std::uint32_t>(from_ + i + 1);
      Row row;
      row.at = at_[i];
      row.type = type_[i];
      row.item = item_[i];
      row.part = part_[i];
      row.args = args_[i];
      row.duties = duties_[i];
      row.words = static_cast<std::uint32_t>(base + word);
      word += std::size_t{row.args} + row.duties;
      if (word > words_.size() || !fits_row(row, seq)) return in_.refuse();
      if (whole < wholes_.size() && wholes_[whole].seq == seq) {
        Whole& kept = wholes_[whole++];
        const auto type = static_cast<EventType>(row.type);
        if (!keeps_whole(type) || !schemas::verify(type, kept.payload)) return in_.refuse();
        facts_.add_whole(seq, std::move(kept.payload));
      } else if (keeps_whole(static_cast<EventType>(row.type))) {
        return in_.refuse();
      }
      facts_.add_row(row);
    }
    if (word != words_.size() || whole != wholes_.size()) return in_.refuse();
    check_firsts();
  }

  bool fits_row(const Row& row, std::uint32_t seq) {
    if (schemas::find_event(row.type) == nullptr) return false;
    const auto type = static_cast<EventType>(row.type);
    if (seq > 1 && row.at < facts_.time_of(seq - 1)) return false;
    if (row.item >= facts_.items_.size() || !belongs(type, facts_.items_[row.item].subject))
      return false;
    if (!fits_part(type, row.item, row.part, seq)) return false;
    if (!fits(facts_.args_of(row), form_of(type), facts_.texts_.size())) return false;
    std::span<const std::int32_t> words = facts_.duties_of(row);
    DutyFact duty;
    while (!words.empty()) {
      if (!take_duty(words, row.part, duty)) return false;
      switch (duty.scope) {
        case schemas::DutyScope::stream:
          if (duty.part != kNone) return false;
          break;
        case schemas::DutyScope::assignment:
          if (!is_part(facts_.assignments_, duty.part, row.item, seq)) return false;
          break;
        case schemas::DutyScope::round:
          if (!is_part(facts_.rounds_, duty.part, row.item, seq)) return false;
          break;
      }
    }
    return true;
  }

  // Is it a part of that item which had begun with record seq?
  template <class Key>
  static bool is_part(const std::vector<Key>& keys, std::uint32_t part, std::uint32_t item,
                      std::uint64_t seq) {
    return part < keys.size() && keys[part].item == item && keys[part].seq <= seq;
  }

  // An event names a part of its own item that exists by then; a dispatch and a conclusion bring
  // theirs.
  bool fits_part(EventType type, std::uint32_t item, std::uint32_t part, std::uint64_t seq) {
    const bool brings =
        type == EventType::AssignmentDispatched || type == EventType::AppealConcluded;
    if (part == kNone) return !brings;
    const bool of_round = is_round_event(type);
    const bool good = of_round ? is_part(facts_.rounds_, part, item, seq)
                               : is_part(facts_.assignments_, part, item, seq);
    if (!good || !brings) return good;
    ++brought_;
    return (of_round ? facts_.rounds_[part].seq : facts_.assignments_[part].seq) == seq;
  }
  // Every item, assignment and round is brought by the row that it names.
  void check_firsts() {
    if (brought_ != keys_) return in_.refuse();
    for (std::size_t item = first_item_; item < facts_.items_.size(); ++item)
      if (facts_.item_of(facts_.items_[item].first) != item) return in_.refuse();
    for (std::uint64_t seq = from_ + 1; seq <= to_; ++seq)
      if (facts_.items_[facts_.item_of(seq)].first > seq) return in_.refuse();
  }

  Facts& facts_;
  Reader in_;
  std::uint64_t from_ = 0, to_ = 0;
  std::size_t first_item_ = 0, keys_ = 0, brought_ = 0;
  std::vector<Whole> wholes_;
  std::vector<Micros> at_;
  std::vector<std::uint16_t> type_, args_, duties_;
  std::vector<std::uint32_t> item_, part_;
  std::vector<std::int32_t> words_;
};

engine::Result<void> Facts::load(std::span<const std::uint8_t> segment) {
  if (segment.size() >= sizeof(XXH128_canonical_t)) {
    const auto body = segment.first(segment.size() - sizeof(XXH128_canonical_t));
    const XXH128_canonical_t stored = hash_of(body);
    if (std::ranges::equal(stored.digest, segment.subspan(body.size())))
      return SegmentReader(*this, body).read();
  }
  return engine::fail(ErrorCode::corrupt, "A stored segment of the facts is damaged", seq() + 1);
}

}  // namespace projections
