// Counts of the policies' effect. A push, an application, an eligible pair belongs to one policy
// and item and to one town, industry and size; each is counted in the totals and in those five.
#include "projections/policies_report.h"

#include <absl/container/flat_hash_map.h>

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <vector>

#include "projections/match_table.h"
#include "projections/parts.h"
#include "projections/policy_book.h"
#include "projections/profile_columns.h"

namespace projections {

using boost::json::array;
using boost::json::object;

namespace {

constexpr std::string_view kNotKnown = "未登记";

struct Figures {
  std::int64_t pushed = 0, read = 0, applied = 0, granted = 0, paid = 0, amount = 0, eligible = 0,
               told = 0, never_told = 0, unreachable = 0;
};
struct Count {
  std::string_view name;
  std::int64_t Figures::* figure;
};
constexpr Count kPushed{"pushed", &Figures::pushed}, kRead{"read", &Figures::read},
    kApplied{"applied", &Figures::applied}, kGranted{"granted", &Figures::granted},
    kPaid{"paid", &Figures::paid}, kAmount{"amount", &Figures::amount},
    kEligible{"eligible", &Figures::eligible}, kTold{"told", &Figures::told},
    kNeverTold{"never_told", &Figures::never_told},
    kUnreachable{"unreachable", &Figures::unreachable};
constexpr std::array kCounts{kPushed, kRead,     kApplied, kGranted,   kPaid,
                             kAmount, kEligible, kTold,    kNeverTold, kUnreachable};

// One row of figures and the path of its cells.
struct Line {
  std::string_view group, key;  // {"towns", "…"}; totals have no key
  Figures figures;
};
void put(const Line& line, object& into) {
  for (const Count& one : kCounts) into[one.name] = line.figures.*(one.figure);
  into["coverage"] = rate_json({.n = line.figures.told, .d = line.figures.eligible});
}

using Lines = std::map<std::string, Line, std::less<>>;

// An item and an enterprise as they are counted: the lines that their figures go to.
struct CountedItem {
  const ItemEntry* entry = nullptr;
  Line *policy = nullptr, *item = nullptr;
  std::vector<std::uint32_t> told;  // numbers of enterprises, ascending
};
struct CountedEnterprise {
  std::array<Line*, 3> lines{};  // town, industry, size
  std::uint32_t last_seq = 0;
  bool pushable = false;  // agreed to pushing and subscribed
  std::vector<std::string> topics;
};

class Effect {
 public:
  Effect(const Board& board, const Moment& moment, Trace* trace)
      : facts_(board.facts()),
        moment_(moment),
        today_(schemas::day_of(moment.as_of)),
        trace_(trace),
        book_(facts_, moment.seq) {
    for (const PolicyEntry& policy : book_.policies()) line_of(policies_, "policies", policy.no);
    for (const ItemEntry& item : book_.items()) {
      place_of_item_.emplace(item.no, items_.size());
      CountedItem& counted = items_.emplace_back();
      counted.entry = &item;
      counted.item = line_of(item_lines_, "items", item.no);
      counted.policy = line_of(policies_, "policies", item.state.policy);
    }
  }

  void draw(object& report) {
    count_enterprises();
    count_applications();
    count_coverage();
    object totals{{"enterprises", active_}, {"consenting", consenting_}};
    put(totals_, totals);
    report["totals"] = std::move(totals);
    report["policies"] = policies_json();
    report["items"] = items_json();
    report["towns"] = groups_json(towns_, "town");
    report["industries"] = groups_json(industries_, "industry");
    report["sizes"] = groups_json(sizes_, "size");
  }
  [[nodiscard]] const PolicyBook& book() const { return book_; }

 private:
  static Line* line_of(Lines& lines, std::string_view group, std::string_view key) {
    if (key.empty()) key = kNotKnown;
    auto at = lines.find(key);
    if (at == lines.end()) {
      at = lines.emplace(std::string(key), Line{.group = group, .key = {}, .figures = {}}).first;
      at->second.key = at->first;  // nodes of a map keep their place
    }
    return &at->second;
  }
  CountedItem* find_item(std::string_view no) {
    const auto found = place_of_item_.find(no);
    return found == place_of_item_.end() ? nullptr : &items_[found->second];
  }

  void count_in(const CountedItem& item, const CountedEnterprise& enterprise, const Count& what,
                std::initializer_list<std::uint32_t> seqs, std::int64_t by = 1) {
    for (Line* line : {&totals_, item.policy, item.item, enterprise.lines[0], enterprise.lines[1],
                       enterprise.lines[2]}) {
      line->figures.*(what.figure) += by;
      for (const std::uint32_t seq : seqs)
        if (line->key.empty())
          note(trace_, {line->group, what.name}, seq);
        else
          note(trace_, {line->group, line->key, what.name}, seq);
    }
  }

  void count_enterprises();
  void count_pushes(const KnownEnterprise& known, const CountedEnterprise& enterprise,
                    std::uint32_t number);
  void count_applications();
  void count_coverage();
  void count_pair(const CountedItem& item, std::uint32_t number);
  [[nodiscard]] array policies_json() const;
  [[nodiscard]] array items_json() const;
  [[nodiscard]] static array groups_json(const Lines& lines, std::string_view name);

  const Facts& facts_;
  Moment moment_;
  schemas::Day today_;
  Trace* trace_;
  PolicyBook book_;
  Line totals_{.group = "totals", .key = {}, .figures = {}};
  Lines policies_, item_lines_, towns_, industries_, sizes_;
  std::vector<CountedItem> items_;
  absl::flat_hash_map<std::string_view, std::size_t> place_of_item_;
  std::vector<CountedEnterprise> enterprises_;  // in order of their first seq
  ProfileColumns profiles_;                     // of those who agreed to being matched
  std::vector<std::uint32_t> profile_of_;       // the enterprise of each
  std::int64_t active_ = 0, consenting_ = 0;
};

void Effect::count_enterprises() {
  for (const std::uint32_t item : facts_.items_of(Subject::enterprise)) {
    if (facts_.items()[item].first > moment_.seq) break;
    const KnownEnterprise known = enterprise_at(facts_, item, moment_.seq);
    const auto number = static_cast<std::uint32_t>(enterprises_.size());
    CountedEnterprise& one = enterprises_.emplace_back();
    one.lines = {line_of(towns_, "towns", town_on(known, today_)),
                 // 门类: the letter of the code
                 line_of(industries_, "industries", industry_on(known, today_).substr(0, 1)),
                 line_of(sizes_, "sizes", size_on(known, today_))};
    one.last_seq = known.last_seq;
    one.pushable = known.profile.may_push && known.profile.subscribed;
    one.topics = known.profile.topics;
    count_pushes(known, one, number);
    if (!known.active) continue;
    count(active_, trace_, {"totals", "enterprises"}, known.seqs.front());
    if (!known.profile.may_match) continue;
    count(consenting_, trace_, {"totals", "consenting"}, known.last_seq);
    profiles_.add(known.profile);
    profile_of_.push_back(number);
  }
}

void Effect::count_pushes(const KnownEnterprise& known, const CountedEnterprise& enterprise,
                          std::uint32_t number) {
  for (const PushMark& push : known.pushes) {
    CountedItem* const item = find_item(push.item);
    if (item == nullptr) continue;
    count_in(*item, enterprise, kPushed, {push.seq});
    if (push.read_seq != 0) count_in(*item, enterprise, kRead, {push.read_seq});
    item->told.push_back(number);
  }
}

void Effect::count_applications() {
  for (const std::uint32_t no : facts_.items_of(Subject::application)) {
    if (facts_.items()[no].first > moment_.seq) break;
    const ApplicationMarks marks = application_at(facts_, no, moment_.seq);
    const std::uint32_t whose = facts_.find_item(Subject::enterprise, marks.enterprise);
    CountedItem* const item = find_item(marks.item);
    if (marks.applied == 0 || whose == kNone || item == nullptr) continue;
    const CountedEnterprise& enterprise = enterprises_.at(facts_.items()[whose].ordinal);
    count_in(*item, enterprise, kApplied, {marks.applied});
    if (marks.granted == 0) continue;
    count_in(*item, enterprise, kGranted, {marks.granted});
    count_in(*item, enterprise, kAmount, {marks.granted}, marks.amount);
    if (marks.paid != 0) count_in(*item, enterprise, kPaid, {marks.paid});
  }
}

void Effect::count_pair(const CountedItem& item, std::uint32_t number) {
  const CountedEnterprise& enterprise = enterprises_[number];
  const std::initializer_list<std::uint32_t> seqs = {item.entry->conditions_seq,
                                                     enterprise.last_seq};
  count_in(item, enterprise, kEligible, seqs);
  if (std::ranges::binary_search(item.told, number)) return count_in(item, enterprise, kTold, seqs);
  count_in(item, enterprise, kNeverTold, seqs);
  if (!enterprise.pushable || !is_wanted(enterprise.topics, *item.entry->policy))
    count_in(item, enterprise, kUnreachable, seqs);
}

// Everyone who agreed against every item in use.
void Effect::count_coverage() {
  std::vector<MatchItem> asked;
  std::vector<const CountedItem*> counted;
  for (const CountedItem& item : items_) {
    if (!in_use(*item.entry, today_)) continue;
    asked.push_back({std::string(item.entry->no), item.entry->state.conditions,
                     window_last(*item.entry, today_)});
    counted.push_back(&item);
  }
  const MatchTable table(std::move(asked), today_);
  const auto matches = table.match_all(profiles_, kThreads);
  for (std::size_t i = 0; i < counted.size(); ++i)
    for (const std::uint32_t profile : matches[i].met)
      count_pair(*counted[i], profile_of_[profile]);
}

array Effect::policies_json() const {
  array rows;
  for (const auto& [no, line] : policies_) {
    const PolicyEntry* const policy = book_.find_policy(no);
    object row{{"policy", no}, {"title", text_json(policy == nullptr ? "" : policy->title)}};
    put(line, row);
    rows.emplace_back(std::move(row));
  }
  return rows;
}

array Effect::items_json() const {
  array rows;
  for (const auto& [no, line] : item_lines_) {
    const ItemEntry& item = *book_.find_item(no);
    object row{{"item", no},
               {"policy", item.state.policy},
               {"title", item.title},
               {"in_use", in_use(item, today_)}};
    put(line, row);
    rows.emplace_back(std::move(row));
  }
  return rows;
}

array Effect::groups_json(const Lines& lines, std::string_view name) {
  array rows;
  for (const auto& [key, line] : lines) {
    object row{{name, key}};
    put(line, row);
    rows.emplace_back(std::move(row));
  }
  return rows;
}

// How good the suggestions were. A suggestion that nobody has decided on yet is in no rate.
struct TagFigures {
  std::int64_t suggested = 0, confirmed = 0, rejected = 0, pending = 0;
  Rate precision, recall;
};

void put(const TagFigures& figures, object& into) {
  into["suggested"] = figures.suggested;
  into["confirmed"] = figures.confirmed;
  into["rejected"] = figures.rejected;
  into["pending"] = figures.pending;
  into["precision"] = rate_json(figures.precision);
  into["recall"] = rate_json(figures.recall);
}

class Tagging {
 public:
  Tagging(const PolicyBook& book, Trace* trace) : trace_(trace) {
    for (const PolicyEntry& policy : book.policies()) {
      for (const TagSuggestion& one : policy.suggestions) add(policy, one);
      for (const TagState& one : policy.tags) add(one);
    }
  }
  void draw(object& report) const {
    object all;
    put(all_, all);
    report["tagging"] = std::move(all);
    array rows;
    for (const auto& [tag, figures] : tags_) {
      object row{{"tag", tag}};
      put(figures, row);
      rows.emplace_back(std::move(row));
    }
    report["tags"] = std::move(rows);
  }

 private:
  template <class Field>
  void count_in(std::string_view tag, Field field, Path below, std::uint32_t seq) {
    const std::string_view name = below.begin()[0], part = below.size() > 1 ? below.begin()[1] : "";
    for (TagFigures* figures : {&all_, &tags_[std::string(tag)]}) ++field(*figures);
    if (part.empty()) {
      note(trace_, {"tagging", name}, seq);
      note(trace_, {"tags", tag, name}, seq);
    } else {
      note(trace_, {"tagging", name, part}, seq);
      note(trace_, {"tags", tag, name, part}, seq);
    }
  }
  void add(const PolicyEntry& policy, const TagSuggestion& one) {
    using Status = TagSuggestion::Status;
    count_in(one.tag, [](auto& f) -> auto& { return f.suggested; }, {"suggested"}, one.seq);
    if (one.status == Status::pending)
      return count_in(one.tag, [](auto& f) -> auto& { return f.pending; }, {"pending"}, one.seq);
    if (one.status == Status::rejected)
      count_in(one.tag, [](auto& f) -> auto& { return f.rejected; }, {"rejected"}, one.decided_seq);
    count_in(
        one.tag, [](auto& f) -> auto& { return f.precision.d; }, {"precision", "d"},
        one.decided_seq);
    // What was confirmed and taken away again was no good suggestion.
    if (one.status == Status::confirmed && policy.state.is_tagged(one.tag))
      count_in(
          one.tag, [](auto& f) -> auto& { return f.precision.n; }, {"precision", "n"},
          one.decided_seq);
  }
  void add(const TagState& one) {
    if (!one.standing) return;
    count_in(one.tag, [](auto& f) -> auto& { return f.confirmed; }, {"confirmed"}, one.seq);
    count_in(one.tag, [](auto& f) -> auto& { return f.recall.d; }, {"recall", "d"}, one.seq);
    if (one.suggested)
      count_in(one.tag, [](auto& f) -> auto& { return f.recall.n; }, {"recall", "n"}, one.seq);
  }

  Trace* trace_;
  TagFigures all_;
  std::map<std::string, TagFigures, std::less<>> tags_;
};

}  // namespace

void policies_report(object& report, const Board& board, const Question& question, Trace* trace) {
  Effect effect(board, question.moment, trace);
  effect.draw(report);
  Tagging(effect.book(), trace).draw(report);
}

}  // namespace projections
