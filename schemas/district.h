// The rules of a whole district in memory: the states of its streams, and decide() over all
// subjects. It is the Decider of engine/replay/writer.h and the re-checker of the audit. States
// come from its cache or by folding the stream from a Source. No I/O of its own, no clock; one
// thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "engine/result.h"
#include "engine/ruling.h"
#include "engine/sealer.h"
#include "engine/source.h"
#include "schemas/command.h"
#include "schemas/refusal.h"

namespace schemas {

class District {
 public:
  // An import comes by every case of years again and again (our choice; some 1.7 KiB each).
  static constexpr std::size_t kStatesMost = 400'000;

  // `source`: the durable log. `last_recorded_at`: of its newest record; commands may not go back.
  // Of each subject more than `states_most` states are not kept: those that can be read back are
  // dropped and read again when they are asked for. It changes no ruling.
  District(const engine::Source& source, const engine::Sealer& sealer,
           std::size_t states_most = kStatesMost);
  ~District();

  // Reads what every decision may need: calendars, rule sets. Call once before decide().
  engine::Result<void> load(engine::Micros last_recorded_at);

  // Decides one command on top of everything decided before, and evolves the states by its events.
  // The events get seq next_seq, next_seq + 1, ... Errors: only what the source could not read. A
  // command that is moved in gives its texts and bytes to its event.
  engine::Result<engine::Ruling> decide(Command command, std::uint64_t next_seq);

  // Drops every cached state (after a failed append); load() must be called again.
  void forget();

  // Audit: what is wrong with a record's shape, in one sentence; empty: nothing. Only what has no
  // such fault may be shown to check_rules(). Needs no district: any thread may ask.
  [[nodiscard]] static std::string shape_fault(const engine::RecordView& record);
  // Audit: decides the record's command again and compares: lifecycle, rights, guards, and every
  // pinned field byte for byte; then evolves by it. Records must come in order of seq from 1, and
  // the district must stand on an engine::EmptySource, so that it knows only what it has checked
  // itself. Returns what is wrong in one sentence, or an empty string.
  std::string check_rules(const engine::RecordView& record);
  // Tells that the record will be shown to check_rules() some records later (far), or soon (near, at
  // most 7 records): what it needs of memory is fetched meanwhile.
  void expect_far(const engine::RecordView& record) const;
  void expect_near(const engine::RecordView& record);
  // The same of a history with gaps: the record must be next in its stream and its lifecycle must
  // admit it, then it is evolved by; nothing is decided again, for what a decision rests on may be
  // in a stream that is not at hand.
  std::string check_lifecycle(const engine::RecordView& record);
  // Both: a record whose shape is wrong is not decided again.
  std::string check(const engine::RecordView& record);

 private:
  struct State;
  std::unique_ptr<State> state_;
  std::size_t states_most_;
};

}  // namespace schemas
