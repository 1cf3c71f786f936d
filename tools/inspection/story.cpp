#include "tools/inspection/story.h"

#include <map>
#include <vector>

#include "schemas/district.h"
#include "tools/inspection/keyless.h"

namespace tools {

using engine::RecordView;
using engine::Result;

Begun::Answer Begun::see(const RecordView& record) {
  if (about_.subject == Subject::report) return Answer::decide;
  if (about_.subject == Subject::range && record.seq > about_.to) return Answer::after;
  std::string name = stream_name(record);
  if (record.version == 1) streams_.insert(name);
  return streams_.contains(name) ? Answer::decide : Answer::began_before;
}

Result<void> read_named(const engine::Source& records, std::string_view stream, std::uint64_t last,
                        const engine::Source::Visit& visit) {
  const std::size_t slash = stream.find('/');
  const auto read = records.read_stream(
      stream.substr(0, slash), stream.substr(slash + 1),
      [&](const RecordView& record) { return record.seq <= last && visit(record); });
  if (!read && read.error().code == engine::ErrorCode::not_found) return {};
  return read;
}

Result<void> add_office_streams(const engine::Source& records, std::uint64_t last,
                                std::set<std::string>& streams) {
  for (const std::string_view kind : {"calendar", "rules"}) {
    const auto read = records.streams(kind, [&](std::string_view no, std::uint64_t first_seq) {
      if (first_seq <= last) streams.insert(std::string(kind) + "/" + std::string(no));
      return true;
    });
    if (!read) return read;
  }
  return {};
}

namespace {

// Knows nothing, and keeps what it was asked for.
class AskedSource final : public engine::Source {
 public:
  [[nodiscard]] std::uint64_t size() const override { return 0; }
  Result<void> read(std::uint64_t, std::uint64_t, const Visit&) const override { return {}; }
  Result<void> read_stream(std::string_view kind, std::string_view no,
                           const Visit&) const override {
    streams_.insert(std::string(kind) + "/" + std::string(no));
    return {};
  }
  Result<void> streams(std::string_view kind, const VisitStream&) const override {
    tasks_ = tasks_ || kind == "task";
    return {};
  }
  [[nodiscard]] Result<std::optional<std::uint64_t>> find_id(std::string_view) const override {
    return std::nullopt;
  }
  [[nodiscard]] const std::set<std::string>& asked() const { return streams_; }
  [[nodiscard]] bool asked_for_tasks() const { return tasks_; }

 private:
  mutable std::set<std::string> streams_;
  mutable bool tasks_ = false;
};

// Decides what the package would have again, on `source`.
Result<void> decide_again(const engine::Source& records, const About& about, std::uint64_t last,
                          const std::set<std::string>& whole, const engine::Source& source) {
  const KeylessSealer sealer;
  schemas::District district(source, sealer);
  Begun begun(about);
  const auto decide = [&](const RecordView& record) {
    if (begun.see(record) == Begun::Answer::decide) static_cast<void>(district.check(record));
  };
  std::set<std::string> named = whole;
  if (about.subject == Subject::stream) named.insert(about.stream);
  if (auto added = add_office_streams(records, last, named); !added) return added;
  std::map<std::uint64_t, engine::NewEvent> few;
  const bool range = about.subject == Subject::range;
  for (const std::string& stream : named) {
    const auto read =
        read_named(records, stream, range ? about.from - 1 : last, [&](const RecordView& record) {
          few.emplace(record.seq, copy_of(record));
          return true;
        });
    if (!read) return read;
  }
  for (const auto& [seq, event] : few) decide(event.view(seq));
  if (!range) return {};
  return records.read(about.from, about.to, [&](const RecordView& record) {
    decide(record);
    return true;
  });
}

// The stream of the command that gave an event which follows: of the nearest record before it that
// follows none.
Result<std::string> lead_of(const engine::Source& records, std::uint64_t seq) {
  constexpr std::uint64_t kLook = 256;
  std::string lead;
  for (std::uint64_t end = seq - 1; lead.empty() && end != 0;) {
    const std::uint64_t from = end > kLook ? end - kLook + 1 : 1;
    const auto read = records.read(from, end, [&](const RecordView& record) {
      if ((record.flags & engine::kFollows) == 0) lead = stream_name(record);
      return true;
    });
    if (!read) return std::unexpected(read.error());
    end = from - 1;
  }
  return lead;
}

// A command that records in several streams is decided on its own: an item's grants are decided
// with the applications.
Result<void> add_leads(const engine::Source& records, const std::string& stream, std::uint64_t last,
                       std::set<std::string>& asked) {
  std::vector<std::uint64_t> followers;
  const auto read = read_named(records, stream, last, [&](const RecordView& record) {
    if ((record.flags & engine::kFollows) != 0) followers.push_back(record.seq);
    return true;
  });
  if (!read) return read;
  for (const std::uint64_t seq : followers) {
    auto lead = lead_of(records, seq);
    if (!lead) return std::unexpected(lead.error());
    asked.insert(std::move(*lead));
  }
  return {};
}

}  // namespace

Result<std::set<std::string>> streams_asked(const engine::Source& records, const About& about,
                                            std::uint64_t last) {
  std::set<std::string> whole;
  for (bool grown = true; grown;) {
    const AskedSource source;
    if (auto decided = decide_again(records, about, last, whole, source); !decided)
      return std::unexpected(decided.error());
    std::set<std::string> asked = source.asked();
    if (source.asked_for_tasks()) {
      const auto read = records.streams("task", [&](std::string_view no, std::uint64_t) {
        asked.insert("task/" + std::string(no));
        return true;
      });
      if (!read) return std::unexpected(read.error());
    }
    std::set<std::string> decided_on = whole;
    if (about.subject == Subject::stream) decided_on.insert(about.stream);
    for (const std::string& stream : decided_on)
      if (auto added = add_leads(records, stream, last, asked); !added)
        return std::unexpected(added.error());
    const std::size_t before = whole.size();
    for (const std::string& stream : asked) {
      if (stream == about.stream || whole.contains(stream)) continue;
      std::uint64_t first = 0;
      const auto read = read_named(records, stream, last, [&](const RecordView& record) {
        first = record.seq;
        return false;
      });
      if (!read) return std::unexpected(read.error());
      const bool in_range = about.subject == Subject::range && first >= about.from;
      if (first != 0 && !in_range) whole.insert(stream);
    }
    grown = whole.size() != before;
  }
  std::erase_if(whole, [](const std::string& stream) {
    return stream.starts_with("calendar/") || stream.starts_with("rules/");  // come anyway
  });
  return whole;
}

}  // namespace tools
