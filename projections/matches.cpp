// Matching told to a person: rows of one enterprise or of one item, and who is to be told.
#include "projections/matches.h"

#include <algorithm>
#include <tuple>

#include "projections/match_table.h"
#include "schemas/event.h"

namespace projections {

using boost::json::array;
using boost::json::object;
using boost::json::value;
using engine::ErrorCode;
using engine::fail;
using engine::Result;

namespace {

object leaf_json(const ItemEntry& item, const KnownEnterprise& one,
                 const schemas::LeafFinding& finding) {
  const auto place = static_cast<std::size_t>(finding.node - 1);
  const schemas::ConditionNode& leaf = item.state.conditions[place];
  const schemas::Condition& written =
      *item.conditions->Get(static_cast<flatbuffers::uoffset_t>(place));
  std::uint32_t version = 0;
  object row{{"node", finding.node},
             {"verdict", schemas::EnumNameVerdict(finding.verdict)},
             {"field", schemas::EnumNameProfileField(leaf.field)},
             {"comparison", schemas::EnumNameComparison(leaf.comparison)},
             {"values", boost::json::value_from(leaf.values)},
             {"text", condition_text(leaf)},
             {"clause", text_json(schemas::view(written.clause()))},
             {"value", nullptr},
             {"source", nullptr},
             {"as_of", nullptr},
             {"seq", nullptr},
             {"stale", finding.stale}};
  if (finding.value != nullptr) {
    row["value"] = finding.value->value;
    row["source"] = text_json(finding.value->source);
    row["as_of"] = day_json(finding.value->as_of);
    version = finding.value->version;
  } else if (finding.holding != nullptr) {
    row["value"] = finding.holding->name;
    row["source"] = text_json(finding.holding->source);
    version = finding.holding->version;
  }
  if (version > 0 && version <= one.seqs.size()) row["seq"] = one.seqs[version - 1];
  return row;
}

value push_json(const KnownEnterprise& one, const ItemEntry& item) {
  for (auto push = one.pushes.rbegin(); push != one.pushes.rend(); ++push)
    if (push->item == item.no)
      return object{{"seq", push->seq},
                    {"reason", push->reason},
                    {"current", push->conditions == item.state.conditions_version},
                    {"read", push->read_seq != 0}};
  return nullptr;
}

struct OwnApplication {
  std::string_view item, no;
  schemas::EventType last{};
};

// The applications of one enterprise, the newest of an item last.
std::vector<OwnApplication> applications_of(const Facts& facts, std::string_view enterprise,
                                            std::uint64_t seq) {
  std::vector<OwnApplication> own;
  for (const std::uint32_t item : facts.items_of(Subject::application)) {
    if (facts.items()[item].first > seq) break;
    const ApplicationMarks marks = application_at(facts, item, seq);
    if (marks.enterprise == enterprise) own.push_back({marks.item, marks.no, marks.last});
  }
  return own;
}

value application_json(const std::vector<OwnApplication>& own, std::string_view item) {
  for (auto one = own.rbegin(); one != own.rend(); ++one)
    if (one->item == item)
      return object{{"application", one->no}, {"last", schemas::EnumNameEventType(one->last)}};
  return nullptr;
}

object item_json(const ItemEntry& item) {
  const bool open = item.state.status == schemas::ItemStatus::open;
  return {{"item", item.no},
          {"title", item.title},
          {"policy", item.state.policy},
          {"policy_title", item.policy == nullptr ? value(nullptr) : text_json(item.policy->title)},
          {"department", item.state.department},
          {"standard", item.standard},
          {"mode", schemas::EnumNameItemMode(item.state.mode)},
          {"window", open ? value(object{{"from", day_json(item.state.from)},
                                         {"until", day_json(item.state.last)}})
                          : value(nullptr)}};
}

struct Asked {
  std::size_t place = 0;
  const ItemEntry* item = nullptr;
  schemas::Matching matching;
};

// What is met first, then what lacks least, then where least data is missing; then by place.
using Rank = std::tuple<int, int, std::size_t>;

object row_json(const Asked& asked, const KnownEnterprise& one,
                const std::vector<OwnApplication>& own) {
  const schemas::Matching& matching = asked.matching;
  object row = item_json(*asked.item);
  row["verdict"] = schemas::EnumNameVerdict(matching.verdict());
  row["text"] = verdict_text(matching.lacking, matching.missing);
  row["lacking"] = matching.lacking;
  row["missing"] = matching.missing;
  row["reason"] = matching.verdict() == schemas::Verdict::met
                      ? value(match_reason(*asked.item, matching))
                      : value(nullptr);
  array leaves;
  for (const schemas::LeafFinding& finding : matching.leaves)
    leaves.emplace_back(leaf_json(*asked.item, one, finding));
  row["leaves"] = std::move(leaves);
  row["push"] = push_json(one, *asked.item);
  row["application"] = application_json(own, asked.item->no);
  return row;
}

// How many of each verdict.
struct Tally {
  std::int64_t met = 0, lacking = 0, lacking_one = 0, unknown = 0;
  void add(const schemas::Matching& matching) {
    ++(matching.lacking > 0 ? lacking : matching.missing > 0 ? unknown : met);
    if (matching.lacking == 1) ++lacking_one;
  }
  void put(object& into) const {
    into["met"] = met;
    into["lacking"] = lacking;
    into["lacking_one"] = lacking_one;
    into["unknown"] = unknown;
  }
};

}  // namespace

Result<object> enterprise_matches(const Facts& facts, const Moment& moment,
                                  std::string_view enterprise, bool own) {
  const std::uint32_t number = facts.find_item(Subject::enterprise, enterprise);
  if (number == kNone || facts.items()[number].first > moment.seq)
    return fail(ErrorCode::not_found, "There is no such enterprise: " + std::string(enterprise));
  const KnownEnterprise one = enterprise_at(facts, number, moment.seq);
  const PolicyBook book(facts, moment.seq);
  const schemas::Day today = schemas::day_of(moment.as_of);
  std::vector<Asked> asked;
  Tally tally;
  if (one.active && (own || one.profile.may_match))
    for (const ItemEntry& item : book.items()) {
      if (!in_use(item, today)) continue;
      asked.push_back(
          {asked.size(), &item,
           schemas::match(item.state.conditions, one.profile, today, window_last(item, today))});
      tally.add(asked.back().matching);
    }
  std::ranges::sort(asked, {}, [](const Asked& one) {
    return Rank(one.matching.lacking, one.matching.missing, one.place);
  });
  object body{{"enterprise", one.no},
              {"name", one.name},
              {"active", one.active},
              {"consent", {{"matching", one.profile.may_match}, {"pushing", one.profile.may_push}}},
              {"subscribed", one.profile.subscribed}};
  tally.put(body);
  const auto applications = applications_of(facts, one.no, moment.seq);
  array rows;
  for (const Asked& row : asked) rows.emplace_back(row_json(row, one, applications));
  body["rows"] = std::move(rows);
  return body;
}

Result<object> item_matches(const Facts& facts, const Moment& moment,
                            const ItemQuestion& question) {
  const PolicyBook book(facts, moment.seq);
  const ItemEntry* const item = book.find_item(question.item);
  const schemas::Day today = schemas::day_of(moment.as_of);
  if (item == nullptr || !in_use(*item, today))
    return fail(ErrorCode::not_found, "There is no such item in use: " + question.item);
  struct Found {
    Rank rank;
    object row;
  };
  std::vector<Found> found;
  Tally tally;
  for (const std::uint32_t number : facts.items_of(Subject::enterprise)) {
    if (facts.items()[number].first > moment.seq) break;
    const KnownEnterprise one = enterprise_at(facts, number, moment.seq);
    if (!one.active || !one.profile.may_match) continue;
    const schemas::Matching matching =
        schemas::match(item->state.conditions, one.profile, today, window_last(*item, today));
    tally.add(matching);
    const std::string_view verdict = schemas::EnumNameVerdict(matching.verdict());
    if (!question.verdict.empty() && question.verdict != verdict) continue;
    object row{{"enterprise", one.no},
               {"name", one.name},
               {"town", text_json(town_on(one, today))},
               {"industry", text_json(industry_on(one, today))},
               {"size", text_json(size_on(one, today))},
               {"verdict", verdict},
               {"text", verdict_text(matching.lacking, matching.missing)},
               {"lacking", matching.lacking},
               {"missing", matching.missing},
               {"push", push_json(one, *item)}};
    found.push_back({Rank(matching.lacking, matching.missing, found.size()), std::move(row)});
  }
  std::ranges::sort(found, {}, &Found::rank);
  object body = item_json(*item);
  tally.put(body);
  body["found"] = found.size();
  array rows;
  const std::size_t first = std::min(question.offset, found.size());
  const std::size_t left = found.size() - first;
  const std::size_t count = question.limit == 0 ? left : std::min(question.limit, left);
  for (std::size_t i = first; i < first + count; ++i) rows.emplace_back(std::move(found[i].row));
  body["rows"] = std::move(rows);
  return body;
}

namespace {

bool was_told(const KnownEnterprise& one, const ItemEntry& item) {
  return std::ranges::any_of(one.pushes, [&](const PushMark& push) {
    return push.item == item.no && push.conditions == item.state.conditions_version;
  });
}

}  // namespace

DuePushes due_pushes(const Facts& facts, const Moment& moment, std::string_view item,
                     std::string_view enterprise) {
  const PolicyBook book(facts, moment.seq);
  const schemas::Day today = schemas::day_of(moment.as_of);
  std::vector<const ItemEntry*> asked;
  std::vector<MatchItem> columns;
  for (const ItemEntry& one : book.items()) {
    const bool open = one.state.status == schemas::ItemStatus::open && today <= one.state.last;
    if (!open || !in_use(one, today) || (!item.empty() && one.no != item)) continue;
    asked.push_back(&one);
    columns.push_back({std::string(one.no), one.state.conditions, window_last(one, today)});
  }
  const MatchTable table(std::move(columns), today);
  DuePushes due;
  for (const std::uint32_t number : facts.items_of(Subject::enterprise)) {
    if (facts.items()[number].first > moment.seq) break;
    const std::string_view no = facts.text(facts.items()[number].no);
    if (!enterprise.empty() && no != enterprise) continue;
    const KnownEnterprise one = enterprise_at(facts, number, moment.seq);
    if (!one.active || !one.profile.may_match || !one.profile.may_push) continue;
    const bool quiet = schemas::is_quiet(one.profile, moment.as_of);
    const auto outcomes = table.match(one.profile);
    for (std::size_t i = 0; i < asked.size(); ++i) {
      if (outcomes[i] != MatchOutcome{} || !reachable(one, *asked[i]->policy)) continue;
      if (was_told(one, *asked[i])) {
        ++due.told;
      } else if (quiet) {
        ++due.quiet;
      } else {
        const schemas::Matching matching = schemas::match(asked[i]->state.conditions, one.profile,
                                                          today, window_last(*asked[i], today));
        due.pushes.push_back({std::string(no), std::string(asked[i]->no),
                              match_reason(*asked[i], matching),
                              asked[i]->state.conditions_version});
      }
    }
  }
  return due;
}

}  // namespace projections
