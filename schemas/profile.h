// What an enterprise is known to be 企业画像: a part of its state. Values are kept with the day as
// of which they hold, so that a late correction changes what was known from then on and nothing
// before.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/record.h"
#include "event_generated.h"
#include "schemas/calendar.h"
#include "schemas/decision.h"

namespace schemas {

struct CommandView;
struct Enterprise;

inline constexpr Day kNoLastDay = std::numeric_limits<Day>::max();

struct KnownValue {
  ProfileField field{};
  std::string value, source;
  std::int64_t number = 0;  // parse_value() of it
  Day as_of = 0;
  std::uint32_t version = 0;  // of the enterprise's stream: the event that brought it
};

struct Holding {  // a qualification from day to day, or a tag
  std::string name, source;
  Day from = std::numeric_limits<Day>::min(), last = kNoLastDay;
  std::uint32_t version = 0;
  std::string vocabulary = {};  // of a tag: what it means is written there
};

struct Push {
  std::string item;
  std::uint32_t conditions = 0;  // version of the item's stream
  bool read = false;
};

struct Profile {
  std::vector<KnownValue> values;  // in order of recording
  std::vector<Holding> qualifications, tags;
  bool may_match = false, may_push = false;  // consent
  bool subscribed = false;
  std::vector<std::string> topics;      // tags; none: everything
  int quiet_from = 0, quiet_until = 0;  // minutes of the day; equal: never quiet
  std::vector<Push> pushes;
};

// The value of a field as of a day: of those that hold up to it the latest, of equal ones the one
// recorded last. nullptr: none is known.
[[nodiscard]] const KnownValue* value_on(const Profile& profile, ProfileField field, Day day);
// A qualification or tag of that name that holds on the day; nullptr: none.
[[nodiscard]] const Holding* holding_on(const std::vector<Holding>& holdings, std::string_view name,
                                        Day day);

// Is it one of the enterprise's quiet hours, in which nothing is pushed to it?
[[nodiscard]] bool is_quiet(const Profile& profile, Micros now);

[[nodiscard]] bool is_profile_event(EventType type);
void evolve_profile(Profile& profile,
                    const engine::RecordView& record);  // needs is_profile_event()
[[nodiscard]] Decision decide_profile(const Enterprise& state, const CommandView& command,
                                      const Context& context);

}  // namespace schemas
