// The district's insides, shared by deciding (district.cpp), loading (district_state.cpp) and the
// audit's re-check (district_check.cpp).
#pragma once

#include <absl/container/flat_hash_map.h>

#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "schemas/district.h"
#include "schemas/streams.h"

namespace schemas {

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
  int tasks_of(std::string_view plan, std::string_view environment) override;

  engine::Result<void> load(engine::Micros last_recorded_at);
  void forget();
  [[nodiscard]] const RuleSet& rules() const;  // the newest that is not retired; else the defaults
  [[nodiscard]] std::uint32_t version_of(std::string_view kind, std::string_view no);
  // Evolves by a record if its lifecycle admits it; false: it does not, and nothing changed.
  bool apply(const engine::RecordView& record);

  engine::Result<Decision> decide_subject(const Command& command);
  engine::Result<void> recompute_all(const Command& command, const Calendar& amended,
                                     std::vector<Emitted>& out);
  [[nodiscard]] std::optional<Refusal> refuse_times(const Command& command) const;
  engine::Result<std::optional<engine::Ruling>> find_repeat(const Command& command);
  engine::Ruling accept(const Command& command, std::vector<Emitted>&& emitted,
                        std::uint64_t next_seq);
  void remember(const engine::NewEvent& first, std::uint64_t seq);
  std::string expect(const engine::RecordView& record);

  // First events of commands that may not be durable yet: the source cannot answer for their ids.
  struct Ahead {
    engine::NewEvent event;
    std::uint64_t seq = 0;
  };
  absl::flat_hash_map<std::string, Ahead> ahead_;
  std::deque<std::pair<std::uint64_t, std::string>> ahead_order_;

  // Tasks by (plan, environment); counted when first asked for.
  absl::flat_hash_map<std::string, int> task_counts_;
  bool tasks_counted_ = false;

  // Audit: what the last command must have recorded and has not yet been seen.
  std::deque<engine::NewEvent> expected_;

 private:
  template <class S>
  const S* neighbour(std::string_view kind, std::string_view no);
  void apply_rules(const engine::RecordView& record);
};

}  // namespace schemas
