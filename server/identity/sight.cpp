#include "server/identity/sight.h"

#include <algorithm>
#include <optional>
#include <set>

#include "schemas/event.h"
#include "schemas/json.h"

namespace server {
namespace {

using E = schemas::EventType;
using engine::RecordView;
using engine::Result;
using schemas::payload_of;
using schemas::view;

// Streams that are about nobody: everyone whose right reaches streams at all may read them.
bool is_public(std::string_view kind) {
  return kind == "calendar" || kind == "rules" || kind == "plan" || kind == "department" ||
         kind == "policy" || kind == "vocabulary" || kind == "item";
}

// Looks at one stream for one acting; the records come in order.
class Looker {
 public:
  Looker(const Acting& acting, Scope scope, const engine::Sealer& sealer)
      : acting_(acting.actor), scope_(scope), sealer_(sealer) {}

  void look(const RecordView& record) {
    if (scope_ == Scope::own) look_for_own(record);
    if (scope_ == Scope::department) look_for_department(record);
  }
  [[nodiscard]] Sight sight() const {
    if (scope_ == Scope::own) return own_ ? Sight::whole : Sight::nothing;
    if (holds_report_) return Sight::masked;
    return matters_.empty() && !owns_task_ && !owns_application_ ? Sight::nothing : Sight::whole;
  }

 private:
  void look_for_own(const RecordView& record) {
    const std::string_view me = acting_.id;
    if (record.kind == "enterprise" || record.kind == "supervisor") own_ = record.no == me;
    if (schemas::type_of(record) == E::AppealSubmitted)
      own_ = view(payload_of<schemas::AppealSubmitted>(record).enterprise()) == me;
    if (schemas::type_of(record) == E::MatchComputed)
      own_ = view(payload_of<schemas::MatchComputed>(record).enterprise()) == me;
    if (schemas::type_of(record) == E::ApplicationStarted)
      own_ = view(payload_of<schemas::ApplicationStarted>(record).enterprise()) == me;
    if (schemas::type_of(record) == E::ReportFiled) {
      const auto& filed = payload_of<schemas::ReportFiled>(record);
      own_ = view(filed.supervisor()) == me || reporter(record, filed) == me;
    }
  }

  [[nodiscard]] std::string reporter(const RecordView& record,
                                     const schemas::ReportFiled& filed) const {
    if (filed.reporter() == nullptr) return {};
    const std::span<const std::uint8_t> sealed(filed.reporter()->data(), filed.reporter()->size());
    return sealer_.unseal({record.kind, record.no, record.version, "reporter"}, sealed)
        .value_or(std::string());
  }

  void look_for_department(const RecordView& record) {
    const std::string_view mine = acting_.department;
    switch (schemas::type_of(record)) {
      case E::AssignmentDispatched: {
        const auto& event = payload_of<schemas::AssignmentDispatched>(record);
        if (view(event.department()) == mine) matters_.insert(event.matter());
        break;
      }
      case E::ReturnApproved:
        end(payload_of<schemas::ReturnApproved>(record), mine);
        break;
      case E::AssignmentRedispatched:
        end(payload_of<schemas::AssignmentRedispatched>(record), mine);
        break;
      case E::AssignmentCancelled:
        end(payload_of<schemas::AssignmentCancelled>(record), mine);
        break;
      case E::ReportDispatched:
        holds_report_ = view(payload_of<schemas::ReportDispatched>(record).department()) == mine;
        break;
      case E::MatchComputed:
        owns_application_ = view(payload_of<schemas::MatchComputed>(record).department()) == mine;
        break;
      case E::ApplicationStarted:
        owns_application_ =
            view(payload_of<schemas::ApplicationStarted>(record).department()) == mine;
        break;
      case E::TaskOwnerSet: {
        const auto& event = payload_of<schemas::TaskOwnerSet>(record);
        owns_task_ = view(event.lead()) == mine;
        if (event.co() != nullptr)
          for (const auto* one : *event.co()) owns_task_ = owns_task_ || view(one) == mine;
        break;
      }
      default:
        break;
    }
  }

  template <class Event>
  void end(const Event& event, std::string_view mine) {
    if (view(event.department()) == mine) matters_.erase(event.matter());
  }

  const schemas::Actor& acting_;
  const Scope scope_;
  const engine::Sealer& sealer_;
  bool own_ = false, holds_report_ = false, owns_task_ = false, owns_application_ = false;
  std::set<int> matters_;  // of the department, not given back
};

}  // namespace

Result<Sight> sight_of(const std::vector<Acting>& actings, Action action, std::string_view kind,
                       std::string_view no, const engine::Source& source,
                       const engine::Sealer& sealer) {
  std::vector<Looker> lookers;
  for (const Acting& acting : actings) {
    const Scope scope = scope_of(action, acting.column);
    if (scope == Scope::all) return Sight::whole;
    if (scope == Scope::none) continue;
    if (is_public(kind)) return Sight::whole;
    lookers.emplace_back(acting, scope, sealer);
  }
  const auto read = source.read_stream(kind, no, [&](const RecordView& record) {
    for (Looker& looker : lookers) looker.look(record);
    return true;
  });
  if (!read && read.error().code != engine::ErrorCode::not_found)
    return std::unexpected(read.error());
  Sight best = Sight::nothing;
  for (const Looker& looker : lookers) best = std::max(best, looker.sight());
  return best;
}

void mask(boost::json::object& event) {
  if (auto* data = event.if_contains("data"); data != nullptr && data->is_object()) {
    data->get_object().erase("supervisor");
    data->get_object().erase("reporter");
  }
  auto* actor = event.if_contains("actor");
  if (actor == nullptr || !actor->is_object()) return;
  const auto* role = actor->get_object().if_contains("role");
  if (role != nullptr && *role == "supervisor") actor->get_object()["id"] = nullptr;
}

}  // namespace server
