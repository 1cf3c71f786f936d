// The district's insides, shared by deciding (district.cpp), loading (district_state.cpp), moving
// deadlines (district_calendar.cpp) and the audit's re-check (district_check.cpp).
#pragma once

#include <absl/container/flat_hash_map.h>

#include <optional>
#include <string>
#include <vector>

#include "schemas/ahead.h"
#include "schemas/district.h"
#include "schemas/streams.h"

namespace schemas {

[[nodiscard]] bool is_calendar(EventType type);

struct District::State final : Neighbours {
  State(const engine::Source& from, const engine::Sealer& with)
      : source(from), sealer(with), streams(from) {}

  const engine::Source& source;
  const engine::Sealer& sealer;
  Streams streams;
  Calendar calendar;
  struct Published {
    std::string id;
    RuleSet set;
    bool retired = false;
  };
  std::vector<Published> rule_sets;  // in order of publication
  engine::Micros last_at = 0;
  std::optional<engine::Error> read_error;  // of a neighbour's stream, told after decide()

  // Neighbours: the other streams, as they stand now.
  const Department* department(std::string_view id) override;
  const Enterprise* enterprise(std::string_view uscc) override;
  const Appeal* appeal(std::string_view no) override;
  const Supervisor* supervisor(std::string_view id) override;
  const Plan* plan(std::string_view id) override;
  const Policy* policy(std::string_view no) override;
  const Vocabulary* vocabulary(std::string_view id) override;
  const Item* item(std::string_view no) override;
  const Application* application(std::string_view no) override;
  int tasks_of(std::string_view plan, std::string_view environment) override;

  engine::Result<void> load(engine::Micros last_recorded_at);
  void forget();
  [[nodiscard]] const RuleSet& rules() const;  // the newest that is not retired; else the defaults

  // The state of a stream, nullptr: nothing is recorded in it.
  template <class S>
  [[nodiscard]] static const S& state_of(const Shelved<S>* shelved) {
    static const S kNothing{};
    return shelved == nullptr ? kNothing : shelved->state;
  }
  // Evolves by a record if its lifecycle admits it; false: it does not, and nothing changed.
  // `shelved` is the record's stream; it is given a place if it had none.
  template <class S>
  bool apply(Shelved<S>*& shelved, const engine::RecordView& record) {
    if (!admits(state_of(shelved), record)) return false;
    if (shelved == nullptr) shelved = streams.add<S>(record.no);
    shelved->put(record);
    note(record);
    return true;
  }

  // Decides on the state of the command's stream.
  template <class S>
  engine::Result<Decision> decide_on(const S& state, const CommandView& command) {
    if (command.expected_version && *command.expected_version != state.version)
      return Decision(
          refuse(RefusalCode::VersionConflict, "version " + std::to_string(state.version)));
    const Context context{command.at, state.version + 1, calendar, rules(), *this, sealer};
    Decision decision = schemas::decide(state, command, context);
    if (read_error) return std::unexpected(*std::exchange(read_error, std::nullopt));
    return decision;
  }

  // Adds to a calendar's decision the clocks that it moves; `first`: the calendar's own event.
  engine::Result<void> recompute_all(const CommandView& command, const engine::RecordView& first,
                                     std::vector<Emitted>& out);
  [[nodiscard]] std::optional<Refusal> refuse_times(const CommandView& command) const;
  engine::Result<std::optional<engine::Ruling>> find_repeat(const Command& command);

  // district.cpp: one command on the stream of a subject.
  template <class S>
  engine::Result<engine::Ruling> rule(Command& command, std::uint64_t next_seq);
  template <class S>
  engine::Ruling accept(Command& command, Shelved<S>* shelved, std::vector<Emitted>& emitted,
                        std::uint64_t next_seq);
  void accept_elsewhere(const Command& command, Emitted& emitted, std::uint64_t seq,
                        engine::Ruling& ruling);

  // district_check.cpp: one recorded event. `version`: of its stream; `expect` decides its command
  // again, `apply` evolves by it.
  template <class Expect, class Apply>
  std::string check(const engine::RecordView& record, std::uint32_t version, Expect&& expect,
                    Apply&& apply);
  template <class S>
  std::string expect(const S& state, const engine::RecordView& record);

  Ahead ahead;

  void count_tasks();

  // Tasks by (plan, environment); counted when first asked for.
  absl::flat_hash_map<std::string, int> task_counts_;
  bool tasks_counted_ = false;

  // Audit: what the last command must have recorded and has not yet been seen, newest first.
  struct Expected {
    EventType type = EventType::none;
    std::string kind, no, actor;
    std::vector<std::uint8_t> payload;
  };
  std::vector<Expected> expected_;

 private:
  template <class S>
  const S* neighbour(std::string_view kind, std::string_view no);
  void apply_rules(const engine::RecordView& record);
  void note(const engine::RecordView& record);  // what an event changes beside its own stream
};

}  // namespace schemas
