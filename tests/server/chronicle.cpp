#include "tests/server/chronicle.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <set>

namespace server_test {
namespace {

constexpr std::uint64_t kNever = std::numeric_limits<std::uint64_t>::max();

// When a stream got each of its versions: not before `least[v]`, and by `most[v]` at the latest.
struct Span {
  std::vector<std::uint64_t> least{0}, most{0};  // version 0: from the beginning

  // Could the stream have had this version at some moment from `a` to `b`?
  [[nodiscard]] bool could(std::uint32_t version, std::uint64_t a, std::uint64_t b) const {
    if (version >= least.size()) return false;
    const std::uint64_t ended = version + 1U < most.size() ? most[version + 1] : kNever;
    return least[version] < b && a < ended;
  }
  // Had it this version all the time from `a` to `b`?
  [[nodiscard]] bool must(std::uint32_t version, std::uint64_t a, std::uint64_t b) const {
    if (version >= most.size()) return false;
    const std::uint64_t ended = version + 1U < least.size() ? least[version + 1] : kNever;
    return most[version] <= a && b <= ended;
  }
};

class Judge {
 public:
  Judge(const std::vector<Deed>& deeds, const std::vector<Kept>& log) : deeds_(deeds), log_(log) {}

  std::string judge() {
    match_records();
    lay_spans();
    order_in_time();
    for (const Deed& deed : deeds_) {
      if (deed.name.empty())
        look(deed);
      else if (deed.status == 201)
        accepted(deed);
      else if (deed.status == 200)
        repeated(deed);
      else
        refused(deed);
    }
    return text_;
  }

 private:
  void fault(const Deed& deed, std::string_view what) {
    text_ +=
        fmt::format("{} ({}, {}..{}): {}\n", deed.key, deed.no, deed.asked, deed.answered, what);
  }

  // Each record was asked for, once, and its asker was told so.
  void match_records() {
    for (const Deed& deed : deeds_)
      if (deed.status == 201 && !first_.emplace(deed.key, &deed).second)
        fault(deed, "accepted twice");
    std::set<std::string> keys;
    for (const Kept& kept : log_) {
      if (!keys.insert(kept.key).second) text_ += kept.key + ": recorded twice\n";
      const auto first = first_.find(kept.key);
      if (first == first_.end()) text_ += kept.key + ": recorded, and nobody was told\n";
      records_.emplace(kept.seq, &kept);
    }
  }

  void lay_spans() {
    std::map<std::uint64_t, std::uint64_t> told;  // by seq: the first answer that names it
    for (const Deed& deed : deeds_)
      if (deed.seq != 0) {
        const auto [at, fresh] = told.emplace(deed.seq, deed.answered);
        if (!fresh) at->second = std::min(at->second, deed.answered);
      }
    for (const Kept& kept : log_) {
      Span& span = spans_[kept.no];
      if (kept.version != span.least.size()) text_ += kept.key + ": not the next of its stream\n";
      const auto first = first_.find(kept.key);
      const std::uint64_t asked = first == first_.end() ? 0 : first->second->asked;
      span.least.push_back(std::max(asked, span.least.back()));
      span.most.push_back(told.contains(kept.seq) ? told.at(kept.seq) : kNever);
    }
    for (auto& [no, span] : spans_)
      for (std::size_t v = span.most.size() - 1; v > 0; --v)
        span.most[v - 1] = std::min(span.most[v - 1], span.most[v]);
  }

  // What was answered before another was asked for stands before it in the log.
  void order_in_time() {
    std::uint64_t earliest_later = kNever;
    for (auto kept = log_.rbegin(); kept != log_.rend(); ++kept) {
      const auto first = first_.find(kept->key);
      if (first == first_.end()) continue;
      if (earliest_later < first->second->asked)
        fault(*first->second, "stands before one that was answered before it was asked");
      earliest_later = std::min(earliest_later, first->second->answered);
    }
  }

  void accepted(const Deed& deed) {
    const auto record = records_.find(deed.seq);
    if (record == records_.end()) return fault(deed, "accepted, and not in the log");
    const Kept& kept = *record->second;
    if (kept.key != deed.key || kept.no != deed.no || kept.name != deed.name ||
        kept.version != deed.version)
      fault(deed, "another record than was asked for");
    if (deed.expected && *deed.expected + 1 != kept.version) fault(deed, "not what it expected");
    if (deed.creates != (kept.version == 1)) fault(deed, "made what was there, or changed nothing");
  }

  void repeated(const Deed& deed) {
    const auto first = first_.find(deed.key);
    if (first == first_.end() || first->second->asked >= deed.answered)
      return fault(deed, "repeats what nobody had asked");
    if (first->second->name != deed.name) fault(deed, "repeats other content");
    if (first->second->receipt != deed.receipt) fault(deed, "another receipt than the first");
  }

  void refused(const Deed& deed) {
    const auto first = first_.find(deed.key);
    const bool known = first != first_.end();
    if (known && first->second->answered <= deed.asked && deed.code != "IdReused")
      fault(deed, "refused, and its key was known: " + deed.code);
    const Span& span = spans_[deed.no];
    bool right = false;
    if (deed.code == "VersionConflict")
      right = deed.expected && !span.must(*deed.expected, deed.asked, deed.answered);
    else if (deed.code == "NotFound")
      right = !deed.creates && span.could(0, deed.asked, deed.answered);
    else if (deed.code == "AlreadyExists")
      right = deed.creates && !span.must(0, deed.asked, deed.answered);
    else if (deed.code == "IdReused")
      right = known && first->second->name != deed.name && first->second->asked < deed.answered;
    if (!right) fault(deed, fmt::format("refused without a reason: {} {}", deed.status, deed.code));
  }

  void look(const Deed& deed) {
    if (!spans_[deed.no].could(deed.version, deed.asked, deed.answered))
      fault(deed, fmt::format("saw version {} at another time", deed.version));
  }

  const std::vector<Deed>& deeds_;
  const std::vector<Kept>& log_;
  std::map<std::string, const Deed*> first_;  // by key: the one that was accepted
  std::map<std::uint64_t, const Kept*> records_;
  std::map<std::string, Span> spans_;
  std::string text_;
};

}  // namespace

std::string faults(const std::vector<Deed>& deeds, const std::vector<Kept>& log) {
  return Judge(deeds, log).judge();
}

}  // namespace server_test
