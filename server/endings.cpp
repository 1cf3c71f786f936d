#include "server/endings.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "engine/check.h"
#include "schemas/event.h"
#include "schemas/json.h"
#include "schemas/streams.h"
#include "server/identity/identity.h"

namespace server {

namespace json = boost::json;
using engine::Micros;
using engine::RecordView;
using engine::Result;
using projections::Facts;
using schemas::Command;
using E = schemas::EventType;

namespace {

Command command_of(std::string_view name, std::string_view id, const std::string& stream) {
  const json::object line{{"stream", stream}, {"data", json::object()}};
  auto command = schemas::parse_request(json::serialize(line), {name, id});
  CHECK(command.has_value());
  command->flags |= engine::kDerived;
  return *std::move(command);
}

// Is this the newest round of its appeal, neither rated nor said to have ended?
bool is_waiting(const Facts& facts, std::uint32_t number) {
  const projections::RoundKey& round = facts.rounds()[number];
  if (facts.last_round(round.item) != number) return false;
  for (std::uint32_t seq = round.seq; seq != 0; seq = facts.row(seq).next)
    if (facts.type_of(seq) == E::RatingSubmitted || facts.type_of(seq) == E::RatingWindowClosed)
      return false;
  return true;
}

}  // namespace

// The windows are in the log: facts keep no limit that is no duty.
Result<void> Endings::find_new_windows(Micros live_since) {
  std::vector<std::uint32_t> numbers;
  std::vector<std::uint64_t> seqs;
  const auto looked = facts_.with(log_.size(), [&](const Facts& facts) {
    for (; looked_at_ < facts.rounds().size(); ++looked_at_) {
      if (!is_waiting(facts, looked_at_)) continue;
      numbers.push_back(looked_at_);
      seqs.push_back(facts.rounds()[looked_at_].seq);
    }
  });
  if (!looked) return looked;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    // A conclusion invites in its own batch.
    const auto read = log_.read(seqs[i] + 1, seqs[i] + 1, [&](const RecordView& record) {
      if (schemas::type_of(record) != E::RatingInvited) return true;
      const Micros until = schemas::payload_of<schemas::RatingInvited>(record).until();
      if (until > live_since) unrated_[numbers[i]] = {seqs[i], until};
      return true;
    });
    if (!read) {
      looked_at_ = numbers[i];  // from there again
      return std::unexpected(read.error());
    }
  }
  return {};
}

Result<void> Endings::add_windows(Micros now, std::vector<Command>& out) {
  std::vector<std::pair<Window, std::string>> ended;
  const auto looked = facts_.with(log_.size(), [&](const Facts& facts) {
    std::erase_if(unrated_, [&](const auto& entry) {
      if (!is_waiting(facts, entry.first)) return true;
      const projections::RoundKey& round = facts.rounds()[entry.first];
      if (entry.second.until <= now)
        ended.emplace_back(entry.second, facts.text(facts.items()[round.item].no));
      return false;
    });
  });
  if (!looked) return looked;
  std::ranges::sort(
      ended, {}, [](const auto& one) { return std::pair(one.first.until, one.first.concluded); });
  for (const auto& [window, no] : ended)
    out.push_back(command_of("CloseRatingWindow",
                             fmt::format("{}rating_window/{}", kClockKeys, window.concluded),
                             "appeal/" + no));
  return {};
}

Result<void> Endings::add_terms(Micros now, Micros live_since, std::vector<Command>& out) const {
  struct Ending {
    schemas::Day until;
    std::uint64_t first_seq;
    std::string no;
  };
  std::vector<std::pair<std::string, std::uint64_t>> all;
  auto read = log_.streams("supervisor", [&](std::string_view no, std::uint64_t seq) {
    all.emplace_back(no, seq);
    return true;
  });
  if (!read) return read;
  std::vector<Ending> ending;
  schemas::Streams streams(log_);
  for (const auto& [no, seq] : all) {
    const auto found = streams.find<schemas::Supervisor>("supervisor", no);
    if (!found) return std::unexpected(found.error());
    const schemas::Supervisor& state = (*found)->state;
    const auto* const term = state.last_term();
    const bool serves = state.status == schemas::SupervisorStatus::appointed ||
                        state.status == schemas::SupervisorStatus::suspended;
    if (!serves || term == nullptr || term->end_announced) continue;
    if (schemas::start_of(term->until) <= live_since) continue;
    if (schemas::day_of(now) >= term->until - schemas::kTermNoticeDays)
      ending.push_back({term->until, seq, no});
  }
  std::ranges::sort(ending, {},
                    [](const Ending& one) { return std::pair(one.until, one.first_seq); });
  for (const Ending& one : ending)
    out.push_back(command_of(
        "AnnounceTermEnd",
        fmt::format("{}term_end/{}/{}", kClockKeys, one.first_seq, schemas::date_text(one.until)),
        "supervisor/" + one.no));
  return {};
}

Result<std::vector<Command>> Endings::commands_due(Micros now, Micros live_since) {
  std::vector<Command> commands;
  if (auto done = find_new_windows(live_since); !done) return std::unexpected(done.error());
  if (auto done = add_windows(now, commands); !done) return std::unexpected(done.error());
  if (auto done = add_terms(now, live_since, commands); !done) return std::unexpected(done.error());
  return commands;
}

}  // namespace server
