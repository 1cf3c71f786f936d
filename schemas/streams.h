// The states of a district's streams: a cache over a Source, one shelf a subject. A state that is
// not on its shelf is folded from the stream. States decided ahead of the disk live only here, so a
// state may be dropped only when its last event is durable.
#pragma once

#include <absl/container/node_hash_map.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

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

template <class S>
using Shelf = absl::node_hash_map<std::string, Shelved<S>>;

class Streams {
 public:
  explicit Streams(const engine::Source& source) : source_(source) {}

  // The state of kind/no as it stands now; nullptr: no such stream. The pointer lasts until
  // shrink().
  template <class S>
  engine::Result<Shelved<S>*> find(std::string_view kind, std::string_view no) {
    Shelf<S>& shelf = std::get<Shelf<S>>(shelves_);
    const auto at = shelf.find(absl::string_view(no.data(), no.size()));
    if (at != shelf.end()) return &at->second;
    Shelved<S> read;
    if (auto folded = fold(kind, no, read); !folded) return std::unexpected(folded.error());
    if (read.last_seq == 0) return nullptr;
    return &shelf.emplace(std::string(no), std::move(read)).first->second;
  }

  // Fetches into the processor's cache what find() of a stream will look at: far ahead its place on
  // the shelf, near ahead its state.
  template <class S>
  void prefetch_far(std::string_view no) const {
    std::get<Shelf<S>>(shelves_).prefetch(absl::string_view(no.data(), no.size()));
  }
  template <class S>
  void prefetch_near(std::string_view no) const {
    const Shelf<S>& shelf = std::get<Shelf<S>>(shelves_);
    const auto at = shelf.find(absl::string_view(no.data(), no.size()));
    if (at == shelf.end()) return;
    constexpr std::size_t kLine = 64;
    const auto* bytes = reinterpret_cast<const char*>(&at->second);
    for (std::size_t line = 0; line < sizeof(Shelved<S>); line += kLine)
      __builtin_prefetch(bytes + line);
  }

  // A place for a stream that find() did not know.
  template <class S>
  Shelved<S>* add(std::string_view no) {
    return &std::get<Shelf<S>>(shelves_)[std::string(no)];
  }

  template <class S>
  [[nodiscard]] const Shelf<S>& shelf() const {
    return std::get<Shelf<S>>(shelves_);
  }

  void clear() { shelves_ = {}; }

  // Drops states that can be read back, when a shelf has grown over `most`.
  void shrink(std::size_t most) {
    std::apply([&](auto&... shelf) { (shrink_one(shelf, most), ...); }, shelves_);
  }

 private:
  template <class S>
  engine::Result<void> fold(std::string_view kind, std::string_view no, Shelved<S>& into) {
    engine::Result<void> broken;
    const auto read = source_.read_stream(kind, no, [&](const engine::RecordView& record) {
      if (!verify(type_of(record), record.payload) || !admits(into.state, record)) {
        broken = engine::fail(engine::ErrorCode::corrupt,
                              "seq " + std::to_string(record.seq) + " breaks the lifecycle of " +
                                  std::string(kind) + "/" + std::string(no),
                              record.seq);
        return false;
      }
      into.put(record);
      return true;
    });
    if (!read) return read;
    return broken;
  }

  template <class S>
  void shrink_one(Shelf<S>& shelf, std::size_t most) {
    if (shelf.size() <= most) return;
    const std::uint64_t durable = source_.size();
    absl::erase_if(shelf, [&](const auto& entry) { return entry.second.last_seq <= durable; });
  }

  const engine::Source& source_;
  std::tuple<Shelf<CalendarYear>, Shelf<Rules>, Shelf<Department>, Shelf<Enterprise>, Shelf<Appeal>,
             Shelf<Supervisor>, Shelf<SupervisorReport>, Shelf<Plan>, Shelf<Task>, Shelf<Policy>,
             Shelf<Vocabulary>, Shelf<Item>, Shelf<Application>>
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
