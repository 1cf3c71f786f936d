// The events of a ledger as the peers' append drivers read them: fixed fields and length-prefixed
// bytes, in order of seq. Written by `bihuan-bench export-peers`, read by `bihuan-peers`.
#pragma once

#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

namespace tools {

struct PeerEvent {
  std::uint64_t seq = 0;
  std::int64_t recorded_at = 0;
  std::uint32_t version = 0;  // place in its stream, from 1
  std::string kind, no, type, actor, id;
  std::string payload;  // as our log holds it
  std::string json;     // the same as JSON
};

inline void put_number(std::string& out, std::uint64_t value) {
  out.append(reinterpret_cast<const char*>(&value), sizeof value);
}

inline void put_event(std::string& out, const PeerEvent& event) {
  put_number(out, event.seq);
  put_number(out, static_cast<std::uint64_t>(event.recorded_at));
  put_number(out, event.version);
  for (const std::string* text : {&event.kind, &event.no, &event.type, &event.actor, &event.id,
                                  &event.payload, &event.json}) {
    put_number(out, text->size());
    out += *text;
  }
}

// False at the end of the file.
inline bool get_number(std::FILE* file, std::uint64_t& value) {
  return std::fread(&value, sizeof value, 1, file) == 1;
}

inline std::vector<PeerEvent> read_events(const std::string& path, std::size_t most) {
  std::vector<PeerEvent> events;
  std::FILE* const file = std::fopen(path.c_str(), "rb");
  if (file == nullptr) return events;
  std::uint64_t number = 0;
  while (events.size() < most && get_number(file, number)) {
    PeerEvent event;
    event.seq = number;
    bool good = get_number(file, number);
    event.recorded_at = static_cast<std::int64_t>(number);
    good = good && get_number(file, number);
    event.version = static_cast<std::uint32_t>(number);
    for (std::string* text : {&event.kind, &event.no, &event.type, &event.actor, &event.id,
                              &event.payload, &event.json}) {
      good = good && get_number(file, number);
      if (!good) break;
      text->resize(number);
      good = std::fread(text->data(), 1, number, file) == number;
    }
    if (!good) break;
    events.push_back(std::move(event));
  }
  std::fclose(file);
  return events;
}

}  // namespace tools
