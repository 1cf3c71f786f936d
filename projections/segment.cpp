// The stored form of the facts: one segment holds the rows that records (from, to] added, column by
// column, as variable-length integers, closed by the SHA-256 of what precedes. Reading is strict: a
// segment that is damaged, out of order or points outside its tables is an error, never a guess.
//
//   segment = from to texts items assignments rounds rows args duties wholes sha256
#include <absl/container/flat_hash_map.h>

#include <algorithm>
#include <cstring>

#include "engine/check.h"
#include "engine/proof/hash.h"
#include "projections/fact_fields.h"
#include "projections/facts.h"
#include "schemas/event.h"

namespace projections {
namespace {

using engine::ErrorCode;
using schemas::EventType;

class Writer {
 public:
  void number(std::uint64_t value) {
    while (value >= 0x80) {
      out_.push_back(static_cast<std::uint8_t>(value | 0x80U));
      value >>= 7U;
    }
    out_.push_back(static_cast<std::uint8_t>(value));
  }
  void integer(std::int64_t value) {
    number((static_cast<std::uint64_t>(value) << 1U) ^ static_cast<std::uint64_t>(value >> 63));
  }
  void bytes(std::span<const std::uint8_t> value) {
    number(value.size());
    out_.insert(out_.end(), value.begin(), value.end());
  }
  // `none` is frequent and large: shift by one so that it is one byte.
  void reference(std::uint32_t value) { number(value == kNone ? 0 : std::uint64_t{value} + 1); }
  [[nodiscard]] std::vector<std::uint8_t> close() && {
    const engine::Hash hash = engine::sha256(out_);
    out_.insert(out_.end(), hash.begin(), hash.end());
    return std::move(out_);
  }

 private:
  std::vector<std::uint8_t> out_;
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
  std::uint32_t reference(std::uint64_t limit) {
    const std::uint32_t value = below(limit + 1);
    return value == 0 ? kNone : value - 1;
  }
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

// The first element that a record after `from` added; tables are in order of seq.
template <class T, class Seq>
std::span<const T> added(const std::vector<T>& table, std::uint64_t from, Seq seq_of) {
  const auto begin = std::ranges::upper_bound(table, from, {}, [&](const T& element) {
    return static_cast<std::uint64_t>(seq_of(element));
  });
  return {begin, table.end()};
}

constexpr unsigned kAll = 1, kProvisional = 2, kSameDay = 4, kNewTerms = 8;

unsigned flags_of(const DutyFact& duty) {
  return (duty.all ? kAll : 0U) | (duty.provisional ? kProvisional : 0U) |
         (duty.same_day ? kSameDay : 0U) | (duty.new_terms ? kNewTerms : 0U);
}

void write_duties(Writer& out, std::span<const DutyFact> duties) {
  out.number(duties.size());
  for (const DutyFact& duty : duties) {
    out.number(duty.seq);
    out.number(static_cast<std::uint64_t>(duty.op));
    out.number(static_cast<std::uint64_t>(duty.obligation));
    out.number(static_cast<std::uint64_t>(duty.scope));
    out.number(flags_of(duty));
    out.reference(duty.part);
    out.integer(duty.value);
  }
}

bool fits(std::span<const std::int64_t> args, std::string_view form, std::size_t texts) {
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

std::vector<std::uint8_t> Facts::save(std::uint64_t from) const {
  CHECK(from <= seq());
  Writer out;
  out.number(from);
  out.number(seq());
  const auto first_text =
      static_cast<std::uint32_t>(std::ranges::upper_bound(text_seq_, from) - text_seq_.begin());
  const std::uint32_t first = std::max(first_text, 1U);
  out.number(texts_.size() - first);
  for (std::uint32_t i = first; i < texts_.size(); ++i) {
    out.number(text_seq_[i]);
    out.bytes(engine::bytes_of(texts_[i]));
  }
  const auto items = added(items_, from, [](const Item& item) { return item.first; });
  out.number(items.size());
  for (const Item& item : items) {
    out.number(static_cast<std::uint64_t>(item.subject));
    out.number(item.no);
    out.number(item.first);
  }
  const auto assignments =
      added(assignments_, from, [](const AssignmentKey& key) { return key.seq; });
  out.number(assignments.size());
  for (const AssignmentKey& key : assignments) {
    out.number(key.item);
    out.integer(key.matter);
    out.number(key.department);
    out.number(key.seq);
  }
  const auto rounds = added(rounds_, from, [](const RoundKey& key) { return key.seq; });
  out.number(rounds.size());
  for (const RoundKey& key : rounds) {
    out.number(key.item);
    out.number(key.seq);
  }
  Micros before = from == 0 ? 0 : time_[from - 1];
  for (std::size_t row = from; row < type_.size(); ++row) {
    out.number(type_[row]);
    out.integer(time_[row] - before);
    before = time_[row];
    out.number(item_[row]);
    out.reference(part_[row]);
    const auto args = args_of(row + 1);
    out.number(args.size());
    for (const std::int64_t arg : args) out.integer(arg);
  }
  write_duties(out, added(duties_, from, [](const DutyFact& duty) { return duty.seq; }));
  const auto wholes = added(wholes_, from, [](const Whole& whole) { return whole.seq; });
  out.number(wholes.size());
  for (const Whole& whole : wholes) {
    out.number(whole.seq);
    out.bytes(whole.payload);
  }
  return std::move(out).close();
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
    if (in_.ok()) read_rows();
    if (in_.ok()) read_duties();
    if (in_.ok()) read_wholes();
    if (!in_.ok() || !in_.at_end()) return damaged();
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
  void read_rows() {
    Micros at = from_ == 0 ? 0 : facts_.time_[from_ - 1];
    for (std::uint64_t row = from_; row < to_ && in_.ok(); ++row) {
      const std::uint64_t type = in_.number();
      const std::int64_t step = in_.integer();
      if (type > 0xFFFF || schemas::find_event(static_cast<std::uint16_t>(type)) == nullptr ||
          (row != 0 && step < 0))
        return in_.refuse();
      at += step;
      const std::uint32_t item = in_.below(facts_.items_.size());
      if (!in_.ok() || !belongs(static_cast<EventType>(type), facts_.items_[item].subject))
        return in_.refuse();
      const std::uint32_t part =
          in_.reference(is_round_event(static_cast<EventType>(type)) ? facts_.rounds_.size()
                                                                     : facts_.assignments_.size());
      if (!in_.ok() || !fits_part(static_cast<EventType>(type), item, part, row + 1))
        return in_.refuse();
      const std::size_t before = facts_.args_.size();
      for (std::size_t left = in_.count(); left > 0; --left) facts_.args_.push_back(in_.integer());
      const std::span<const std::int64_t> args(facts_.args_.data() + before,
                                               facts_.args_.size() - before);
      if (!in_.ok() || !fits(args, form_of(static_cast<EventType>(type)), facts_.texts_.size()))
        return in_.refuse();
      facts_.type_.push_back(static_cast<std::uint16_t>(type));
      facts_.time_.push_back(at);
      facts_.item_.push_back(item);
      facts_.part_.push_back(part);
      facts_.args_end_.push_back(static_cast<std::uint32_t>(facts_.args_.size()));
    }
    if (in_.ok()) check_firsts();
  }
  // An event names a part of its own item that exists by then; a dispatch and a conclusion bring
  // theirs.
  bool fits_part(EventType type, std::uint32_t item, std::uint32_t part, std::uint64_t seq) {
    const bool brings =
        type == EventType::AssignmentDispatched || type == EventType::AppealConcluded;
    if (part == kNone) return !brings;
    const bool of_round = is_round_event(type);
    const std::uint32_t part_item =
        of_round ? facts_.rounds_[part].item : facts_.assignments_[part].item;
    const std::uint32_t first = of_round ? facts_.rounds_[part].seq : facts_.assignments_[part].seq;
    if (brings) ++brought_;
    return part_item == item && (brings ? first == seq : first <= seq);
  }
  // Every item, assignment and round is brought by the row that it names.
  void check_firsts() {
    if (brought_ != keys_) return in_.refuse();
    for (std::size_t item = first_item_; item < facts_.items_.size(); ++item)
      if (facts_.item_[facts_.items_[item].first - 1] != item) return in_.refuse();
    for (std::uint64_t row = from_; row < to_; ++row)
      if (facts_.items_[facts_.item_[row]].first > row + 1) return in_.refuse();
  }
  void read_duties() {
    std::uint32_t last = 0;
    for (std::size_t left = in_.count(); left > 0 && in_.ok(); --left) {
      DutyFact duty;
      duty.seq = seq(last);
      duty.op = static_cast<schemas::DutyOp>(
          in_.below(static_cast<std::uint64_t>(schemas::DutyOp::restore) + 1));
      duty.obligation = static_cast<schemas::Obligation>(
          in_.below(static_cast<std::uint64_t>(schemas::Obligation::milestone) + 1));
      duty.scope = static_cast<schemas::DutyScope>(in_.below(3));
      const std::uint32_t flags = in_.below(16);
      duty.all = (flags & kAll) != 0;
      duty.provisional = (flags & kProvisional) != 0;
      duty.same_day = (flags & kSameDay) != 0;
      duty.new_terms = (flags & kNewTerms) != 0;
      const bool whole = duty.scope == schemas::DutyScope::stream;
      const bool of_round = duty.scope == schemas::DutyScope::round;
      duty.part = in_.reference(of_round ? facts_.rounds_.size() : facts_.assignments_.size());
      duty.value = in_.integer();
      if (whole != (duty.part == kNone)) in_.refuse();
      if (in_.ok() && !whole)
        if ((of_round ? facts_.rounds_[duty.part].seq : facts_.assignments_[duty.part].seq) >
            duty.seq)
          in_.refuse();
      if (in_.ok()) facts_.duties_.push_back(duty);
    }
  }
  void read_wholes() {
    std::uint32_t last = 0;
    for (std::size_t left = in_.count(); left > 0 && in_.ok(); --left) {
      const std::uint32_t at = seq(last);
      const auto stored = in_.bytes();
      std::vector<std::uint8_t> payload(stored.begin(), stored.end());  // aligned, as it must be
      if (!in_.ok() || !keeps_whole(facts_.type_of(at)) ||
          !schemas::verify(facts_.type_of(at), payload))
        return in_.refuse();
      facts_.wholes_.push_back({at, std::move(payload)});
    }
  }

  Facts& facts_;
  Reader in_;
  std::uint64_t from_ = 0, to_ = 0;
  std::size_t first_item_ = 0, keys_ = 0, brought_ = 0;
};

engine::Result<void> Facts::load(std::span<const std::uint8_t> segment) {
  constexpr std::size_t kHashBytes = 32;
  engine::Hash stored{};
  if (segment.size() >= kHashBytes) {
    std::memcpy(stored.data(), segment.data() + segment.size() - kHashBytes, kHashBytes);
    const auto body = segment.first(segment.size() - kHashBytes);
    if (engine::sha256(body) == stored) return SegmentReader(*this, body).read();
  }
  return engine::fail(ErrorCode::corrupt, "A stored segment of the facts is damaged", seq() + 1);
}

}  // namespace projections
