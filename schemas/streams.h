// The states of a district's streams: a cache over a Source, one shelf a subject. A state that is
// not on its shelf is folded from the stream. States decided ahead of the disk live only here, so a
// state may be dropped only when its last event is durable. States with a running clock stay as
// long as there are not too many: a calendar may move them at any time, and should not have to look
// for them among all that was ever recorded.
#pragma once

#include <absl/container/flat_hash_map.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "engine/check.h"
#include "engine/result.h"
#include "engine/source.h"
#include "schemas/appeal.h"
#include "schemas/application.h"
#include "schemas/calendar.h"
#include "schemas/directory.h"
#include "schemas/event.h"
#include "schemas/item.h"
#include "schemas/plan.h"
#include "schemas/policy.h"
#include "schemas/rules.h"
#include "schemas/supervisor.h"
#include "schemas/supervisor_report.h"
#include "schemas/task.h"

namespace schemas {

template <class S>
struct Shelved {
  S state;
  std::uint64_t first_seq = 0, last_seq = 0;  // 0: nothing recorded yet

  // Evolves the state by the next record of its stream; the caller has asked admits().
  void put(const engine::RecordView& record) {
    if (first_seq == 0) first_seq = record.seq;
    last_seq = record.seq;
    evolve(state, record);
  }
};

// The name lies beside the pointer: to find a state no other line of memory is looked at than its
// place on the shelf.
template <class S>
using States = absl::flat_hash_map<std::string, std::unique_ptr<Shelved<S>>>;

class Streams {
 public:
  explicit Streams(const engine::Source& source) : source_(source) { clear(); }

  // The state of kind/no as it stands now; nullptr: no such stream. The pointer lasts until
  // shrink().
  template <class S>
  engine::Result<Shelved<S>*> find(std::string_view kind, std::string_view no) {
    States<S>& states = states_of<S>();
    const auto at = states.find(absl::string_view(no.data(), no.size()));
    if (at != states.end()) return at->second.get();
    Shelved<S> read;
    if (auto folded = fold(kind, no, read); !folded) return std::unexpected(folded.error());
    if (read.last_seq == 0) return nullptr;
    return (states[std::string(no)] = std::make_unique<Shelved<S>>(std::move(read))).get();
  }

  // Fetches into the processor's cache what find() of the stream of record `seq` will look at: far
  // ahead its place on the shelf, near ahead (by less than kNearMost records) its state.
  void prefetch_far(std::string_view no) const {
    shelf<Appeal>().prefetch(absl::string_view(no.data(), no.size()));
  }
  void prefetch_near(std::string_view no, std::uint64_t seq) {
    States<Appeal>& states = states_of<Appeal>();
    const auto at = states.find(absl::string_view(no.data(), no.size()));
    if (at == states.end()) return;
    near_[seq % kNearMost] = {seq, no.data(), at->second.get()};
    constexpr std::size_t kLine = 64;
    const auto* bytes = reinterpret_cast<const char*>(at->second.get());
    for (std::size_t line = 0; line < sizeof(Shelved<Appeal>); line += kLine)
      __builtin_prefetch(bytes + line);
  }
  // What prefetch_near() found for this record; nullptr: find() has to look.
  [[nodiscard]] Shelved<Appeal>* found_near(std::string_view no, std::uint64_t seq) const {
    const Near& near = near_[seq % kNearMost];
    return near.seq == seq && near.no == no.data() ? near.found : nullptr;
  }

  // A place for a stream that find() did not know.
  template <class S>
  Shelved<S>* add(std::string_view no) {
    const auto [at, fresh] =
        states_of<S>().try_emplace(std::string(no), std::make_unique<Shelved<S>>());
    CHECK(fresh);
    return at->second.get();
  }

  template <class S>
  [[nodiscard]] const States<S>& shelf() const {
    return std::get<States<S>>(shelves_);
  }

  void clear() {
    shelves_ = {};
    near_ = {};
    running_known_ = source_.size() == 0;
  }

  // When a shelf has more than `most`, drops what can be read back: states without a running clock,
  // and the others too if more than half of `most` would be left (then little room would be won).
  void shrink(std::size_t most) {
    near_ = {};
    std::apply([&](auto&... shelf) { (shrink_one(shelf, most), ...); }, shelves_);
  }

  // Every stream with a running clock is on its shelf afterwards. That stays so until shrink()
  // finds too many: mostly the history is read for it once, by the first who asks after a start.
  engine::Result<void> find_running() {
    if (running_known_) return {};
    if (auto found = find_running<Appeal>("appeal"); !found) return found;
    if (auto found = find_running<SupervisorReport>("supervisor-report"); !found) return found;
    running_known_ = true;
    return {};
  }

 private:
  static constexpr std::size_t kNearMost = 8;
  struct Near {
    std::uint64_t seq = 0;
    const char* no = nullptr;  // where the record has it
    Shelved<Appeal>* found = nullptr;
  };
  // Our choice: some 100 MB of states.
  static constexpr std::size_t kFoldedAtOnce = 65'536;

  template <class S>
  States<S>& states_of() {
    return std::get<States<S>>(shelves_);
  }

  // Evolves a state by a record of its stream that was read back.
  template <class S>
  static engine::Result<void> put_read(Shelved<S>& into, const engine::RecordView& record) {
    if (!verify(type_of(record), record.payload) || !admits(into.state, record))
      return engine::fail(engine::ErrorCode::corrupt,
                          "seq " + std::to_string(record.seq) + " breaks the lifecycle of " +
                              std::string(record.kind) + "/" + std::string(record.no),
                          record.seq);
    into.put(record);
    return {};
  }

  template <class S>
  engine::Result<void> fold(std::string_view kind, std::string_view no, Shelved<S>& into) {
    engine::Result<void> broken;
    const auto read = source_.read_stream(kind, no, [&](const engine::RecordView& record) {
      broken = put_read(into, record);
      return broken.has_value();
    });
    if (!read) return read;
    return broken;
  }

  // The streams that are on no shelf, folded many together from one reading of the log: one by one
  // each would be looked for in the whole of it.
  template <class S>
  engine::Result<void> find_running(std::string_view kind) {
    struct Unread {
      std::string no;
      std::uint64_t first_seq = 0;
    };
    std::vector<Unread> unread;
    const auto listed = source_.streams(kind, [&](std::string_view no, std::uint64_t first_seq) {
      if (!shelf<S>().contains(absl::string_view(no.data(), no.size())))
        unread.push_back({std::string(no), first_seq});
      return true;
    });
    if (!listed) return listed;
    for (std::size_t from = 0; from < unread.size(); from += kFoldedAtOnce) {
      States<S> part;
      for (std::size_t i = from; i < std::min(from + kFoldedAtOnce, unread.size()); ++i)
        part[std::move(unread[i].no)] = std::make_unique<Shelved<S>>();
      const auto folded = fold_together(kind, unread[from].first_seq, part);
      if (!folded) return folded;
      for (auto& [no, shelved] : part)
        if (has_running_clock(shelved->state)) states_of<S>().try_emplace(no, std::move(shelved));
    }
    return {};
  }

  // Evolves the states of these streams of a kind by their records from seq `from` on.
  template <class S>
  engine::Result<void> fold_together(std::string_view kind, std::uint64_t from, States<S>& into) {
    engine::Result<void> broken;
    const auto read = source_.read(from, source_.size(), [&](const engine::RecordView& record) {
      if (record.kind != kind) return true;
      const auto at = into.find(absl::string_view(record.no.data(), record.no.size()));
      if (at == into.end()) return true;
      broken = put_read(*at->second, record);
      return broken.has_value();
    });
    if (!read) return read;
    return broken;
  }

  template <class S>
  [[nodiscard]] static bool must_stay(const S& state) {
    if constexpr (requires { has_running_clock(state); })
      return has_running_clock(state);
    else
      return false;
  }

  template <class S>
  void shrink_one(States<S>& states, std::size_t most) {
    if (states.size() <= most) return;
    const std::uint64_t durable = source_.size();
    const auto drop = [&](bool running_too) {
      absl::erase_if(states, [&](const auto& entry) {
        const Shelved<S>& shelved = *entry.second;
        return shelved.last_seq <= durable && (running_too || !must_stay(shelved.state));
      });
    };
    drop(/*running_too=*/false);
    if (states.size() <= most / 2) return;
    drop(/*running_too=*/true);
    running_known_ = false;
  }

  const engine::Source& source_;
  bool running_known_ = false;  // every stream with a running clock is on its shelf
  std::array<Near, kNearMost> near_;
  std::tuple<States<CalendarYear>, States<Rules>, States<Department>, States<Enterprise>,
             States<Appeal>, States<Supervisor>, States<SupervisorReport>, States<Plan>,
             States<Task>, States<Policy>, States<Vocabulary>, States<Item>, States<Application>>
      shelves_;
};

// Calls f.operator()<State>() for the subject of a stream kind; false: no such kind.
template <class F>
bool with_subject(std::string_view kind, F&& f) {
  if (kind == "appeal") return f.template operator()<Appeal>(), true;
  if (kind == "enterprise") return f.template operator()<Enterprise>(), true;
  if (kind == "supervisor-report") return f.template operator()<SupervisorReport>(), true;
  if (kind == "task") return f.template operator()<Task>(), true;
  if (kind == "department") return f.template operator()<Department>(), true;
  if (kind == "supervisor") return f.template operator()<Supervisor>(), true;
  if (kind == "calendar") return f.template operator()<CalendarYear>(), true;
  if (kind == "rules") return f.template operator()<Rules>(), true;
  if (kind == "plan") return f.template operator()<Plan>(), true;
  if (kind == "application") return f.template operator()<Application>(), true;
  if (kind == "item") return f.template operator()<Item>(), true;
  if (kind == "policy") return f.template operator()<Policy>(), true;
  if (kind == "vocabulary") return f.template operator()<Vocabulary>(), true;
  return false;
}

}  // namespace schemas
