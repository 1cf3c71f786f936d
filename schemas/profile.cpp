// Guards of the profile: values of their kinds, tags of a published vocabulary, one qualification
// at a time, and pushes only to who asked for them, agreed, and was not told before (domain.md
// sections 7 and 10).
#include "schemas/profile.h"

#include <algorithm>

#include "engine/check.h"
#include "schemas/application.h"
#include "schemas/command.h"
#include "schemas/directory.h"
#include "schemas/event.h"
#include "schemas/industry.h"
#include "schemas/item.h"
#include "schemas/policy.h"
#include "schemas/profile_fields.h"
#include "schemas/size_class.h"

namespace schemas {
namespace {

using E = EventType;
using R = RefusalCode;

constexpr int kMinutesOfDay = 24 * 60;

Decision update(const CommandView& command, const Context& context) {
  const auto& data = payload_of<ProfileUpdated>(command.data);
  if (data.as_of() > day_of(context.now))
    return refuse(R::OutOfRange, "as_of " + date_text(data.as_of()));
  if (data.values() == nullptr || data.values()->size() == 0)
    return refuse(R::NothingChanged, "values");
  for (const ProfileValue* one : *data.values()) {
    const ProfileFieldInfo& info = info_of(one->field());
    if (info.kind == FieldKind::held || !parse_value(info, view(one->value())))
      return refuse(R::BadProfileValue, std::string(info.name));
  }
  return pass_through(command);
}

Decision grant_qualification(const Profile& profile, const CommandView& command) {
  const auto& data = payload_of<QualificationGranted>(command.data);
  if (data.until() && *data.until() < data.from())
    return refuse(R::OutOfRange, "until " + date_text(*data.until()));
  if (holding_on(profile.qualifications, view(data.qualification()), data.from()) != nullptr)
    return refuse(R::AlreadyHeld, std::string(view(data.qualification())));
  return pass_through(command);
}

Decision end_qualification(const Profile& profile, const CommandView& command) {
  const auto& data = payload_of<QualificationEnded>(command.data);
  if (holding_on(profile.qualifications, view(data.qualification()), data.on()) == nullptr)
    return refuse(R::NotHeld, std::string(view(data.qualification())));
  return pass_through(command);
}

Decision tag(const Profile& profile, const CommandView& command, const Context& context) {
  const auto& data = payload_of<EnterpriseTagged>(command.data);
  const Vocabulary* words = context.neighbours.vocabulary(view(data.vocabulary()));
  if (words == nullptr || !words->has(view(data.tag())))
    return refuse(R::UnknownTag, std::string(view(data.tag())));
  if (holding_on(profile.tags, view(data.tag()), day_of(context.now)) != nullptr)
    return refuse(R::AlreadyHeld, std::string(view(data.tag())));
  return pass_through(command);
}

Decision untag(const Profile& profile, const CommandView& command, const Context& context) {
  const std::string_view name = view(payload_of<EnterpriseUntagged>(command.data).tag());
  if (holding_on(profile.tags, name, day_of(context.now)) == nullptr)
    return refuse(R::NotHeld, std::string(name));
  return pass_through(command);
}

Decision classify(const CommandView& command, const Context& context) {
  const auto& data = payload_of<SizeClassified>(command.data);
  const std::string_view industry = view(data.industry());
  if (!is_industry(industry)) return refuse(R::BadProfileValue, "industry");
  if (data.as_of() > day_of(context.now))
    return refuse(R::OutOfRange, "as_of " + date_text(data.as_of()));
  SizeFigures figures;
  if (data.people()) figures.people = *data.people();
  if (data.revenue()) figures.revenue = *data.revenue();
  if (data.assets()) figures.assets = *data.assets();
  const auto size = size_class(industry, figures);
  if (!size) return refuse(R::FiguresMissing, std::string(industry));
  SizeClassifiedT event;
  data.UnPackTo(&event);
  event.size = *size;
  return std::vector{emit(command.event, pack(event))};
}

Decision consent(const Profile& profile, const CommandView& command) {
  const bool given = command.event == E::ConsentGiven;
  const ConsentPurpose purpose = given ? payload_of<ConsentGiven>(command.data).purpose()
                                       : payload_of<ConsentWithdrawn>(command.data).purpose();
  const bool now = purpose == ConsentPurpose::matching ? profile.may_match : profile.may_push;
  if (now == given) return refuse(R::NothingChanged, EnumNameConsentPurpose(purpose));
  return pass_through(command);
}

Decision subscribe(const CommandView& command) {
  const auto& data = payload_of<SubscriptionSet>(command.data);
  if (data.quiet_from().has_value() != data.quiet_until().has_value())
    return refuse(R::OutOfRange, "quiet_from, quiet_until");
  for (const auto minute : {data.quiet_from(), data.quiet_until()})
    if (minute && (*minute < 0 || *minute >= kMinutesOfDay))
      return refuse(R::OutOfRange, "quiet " + std::to_string(*minute));
  return pass_through(command);
}

bool wants(const Profile& profile, const Policy& policy) {
  return profile.topics.empty() ||
         std::ranges::any_of(profile.topics,
                             [&](const std::string& topic) { return policy.is_tagged(topic); });
}

Decision push(const Profile& profile, const CommandView& command, const Context& context) {
  const auto& data = payload_of<PolicyPushed>(command.data);
  const Item* item = context.neighbours.item(view(data.item()));
  if (item == nullptr || item->status == ItemStatus::withdrawn)
    return refuse(R::UnknownItem, std::string(view(data.item())));
  const Policy* policy = context.neighbours.policy(item->policy);
  if (policy == nullptr || !policy->in_force(day_of(context.now)))
    return refuse(R::PolicyNotInForce, item->policy);
  const Application* match = context.neighbours.application(view(data.application()));
  if (match == nullptr ||
      !match->is_match_of(command.no, view(data.item()), item->conditions_version))
    return refuse(R::NotMatched, std::string(view(data.application())));
  if (!profile.may_push) return refuse(R::NoConsent, "pushing");
  if (!profile.subscribed || !wants(profile, *policy)) return refuse(R::NotSubscribed);
  for (const Push& one : profile.pushes)
    if (one.item == view(data.item()) && one.conditions == item->conditions_version)
      return refuse(R::AlreadyPushed, one.item);
  if (is_quiet(profile, context.now)) return refuse(R::QuietHours);
  PolicyPushedT event;
  data.UnPackTo(&event);
  event.policy = item->policy;
  event.conditions = item->conditions_version;
  return std::vector{emit(command.event, pack(event))};
}

Decision read(const Profile& profile, const CommandView& command) {
  const std::string_view item = view(payload_of<PolicyRead>(command.data).item());
  for (const Push& one : profile.pushes)
    if (one.item == item && !one.read) return pass_through(command);
  return refuse(R::NothingToRead, std::string(item));
}

void keep_value(Profile& profile, ProfileField field, std::string_view value,
                std::string_view source, Day as_of, std::uint32_t version) {
  const auto number = parse_value(info_of(field), value);
  CHECK(number.has_value());  // decided on before
  profile.values.push_back(
      {field, std::string(value), std::string(source), *number, as_of, version});
}

void classify(Profile& profile, const SizeClassified& event, std::uint32_t version) {
  const auto keep = [&](ProfileField field, std::string_view value) {
    keep_value(profile, field, value, view(event.source()), event.as_of(), version);
  };
  keep(ProfileField::industry, view(event.industry()));
  if (event.people()) keep(ProfileField::people, std::to_string(*event.people()));
  if (event.revenue()) keep(ProfileField::revenue, std::to_string(*event.revenue()));
  if (event.assets()) keep(ProfileField::assets, std::to_string(*event.assets()));
  keep(ProfileField::size, EnumNameSizeClass(event.size()));
}

void subscribe(Profile& profile, const SubscriptionSet& event) {
  profile.subscribed = event.subscribed();
  profile.topics.clear();
  if (event.tags() != nullptr)
    for (const flatbuffers::String* topic : *event.tags()) profile.topics.emplace_back(view(topic));
  profile.quiet_from = event.quiet_from().value_or(0);
  profile.quiet_until = event.quiet_until().value_or(0);
}

bool& consent_of(Profile& profile, ConsentPurpose purpose) {
  return purpose == ConsentPurpose::matching ? profile.may_match : profile.may_push;
}

}  // namespace

bool is_quiet(const Profile& profile, Micros now) {
  if (profile.quiet_from == profile.quiet_until) return false;
  const auto minute = static_cast<int>((now - start_of(day_of(now))) / 60'000'000);
  return profile.quiet_from < profile.quiet_until
             ? minute >= profile.quiet_from && minute < profile.quiet_until
             : minute >= profile.quiet_from || minute < profile.quiet_until;
}

const KnownValue* value_on(const Profile& profile, ProfileField field, Day day) {
  const KnownValue* found = nullptr;
  for (const KnownValue& one : profile.values)
    if (one.field == field && one.as_of <= day && (found == nullptr || one.as_of >= found->as_of))
      found = &one;
  return found;
}

const Holding* holding_on(const std::vector<Holding>& holdings, std::string_view name, Day day) {
  for (const Holding& one : holdings)
    if (one.name == name && one.from <= day && day <= one.last) return &one;
  return nullptr;
}

bool is_profile_event(EventType type) { return type >= E::ProfileUpdated && type <= E::PolicyRead; }

void evolve_profile(Profile& profile, const engine::RecordView& record) {
  switch (type_of(record)) {
    case E::ProfileUpdated: {
      const auto& event = payload_of<ProfileUpdated>(record);
      for (const ProfileValue* one : *event.values())
        keep_value(profile, one->field(), view(one->value()), view(event.source()), event.as_of(),
                   record.version);
      break;
    }
    case E::QualificationGranted: {
      const auto& event = payload_of<QualificationGranted>(record);
      profile.qualifications.push_back({std::string(view(event.qualification())),
                                        std::string(view(event.source())), event.from(),
                                        event.until().value_or(kNoLastDay), record.version});
      break;
    }
    case E::QualificationEnded: {
      const auto& event = payload_of<QualificationEnded>(record);
      for (Holding& one : profile.qualifications)
        if (one.name == view(event.qualification()) && one.from <= event.on() &&
            event.on() <= one.last)
          one.last = event.on() - 1;
      break;
    }
    case E::EnterpriseTagged:
      profile.tags.push_back(
          {.name = std::string(view(payload_of<EnterpriseTagged>(record).tag())),
           .source = {},
           .version = record.version,
           .vocabulary = std::string(view(payload_of<EnterpriseTagged>(record).vocabulary()))});
      break;
    case E::EnterpriseUntagged:
      std::erase_if(profile.tags, [&](const Holding& one) {
        return one.name == view(payload_of<EnterpriseUntagged>(record).tag());
      });
      break;
    case E::SizeClassified:
      classify(profile, payload_of<SizeClassified>(record), record.version);
      break;
    case E::ConsentGiven:
      consent_of(profile, payload_of<ConsentGiven>(record).purpose()) = true;
      break;
    case E::ConsentWithdrawn:
      consent_of(profile, payload_of<ConsentWithdrawn>(record).purpose()) = false;
      break;
    case E::SubscriptionSet:
      subscribe(profile, payload_of<SubscriptionSet>(record));
      break;
    case E::PolicyPushed: {
      const auto& event = payload_of<PolicyPushed>(record);
      profile.pushes.push_back({std::string(view(event.item())), event.conditions(), false});
      break;
    }
    case E::PolicyRead:
      for (Push& one : profile.pushes)
        if (one.item == view(payload_of<PolicyRead>(record).item())) one.read = true;
      break;
    default:
      CHECK(false && "not an event of the profile");
  }
}

Decision decide_profile(const Enterprise& state, const CommandView& command,
                        const Context& context) {
  const Profile& profile = state.profile;
  switch (command.event) {
    case E::ProfileUpdated:
      return update(command, context);
    case E::QualificationGranted:
      return grant_qualification(profile, command);
    case E::QualificationEnded:
      return end_qualification(profile, command);
    case E::EnterpriseTagged:
      return tag(profile, command, context);
    case E::EnterpriseUntagged:
      return untag(profile, command, context);
    case E::SizeClassified:
      return classify(command, context);
    case E::ConsentGiven:
    case E::ConsentWithdrawn:
      return consent(profile, command);
    case E::SubscriptionSet:
      return subscribe(command);
    case E::PolicyPushed:
      return push(profile, command, context);
    case E::PolicyRead:
      return read(profile, command);
    default:
      CHECK(false && "not an event of the profile");
      return pass_through(command);
  }
}

}  // namespace schemas
