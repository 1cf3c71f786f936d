// Looking at a sealed identity: for a purpose that is given, by who may, and recorded before the
// first name is opened (S9). A supervisor's report records it in its own history too.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "schemas/event.h"
#include "schemas/json.h"
#include "schemas/json_fields.h"
#include "server/app.h"
#include "server/http/problem.h"
#include "server/routes/asking.h"
#include "tools/ledger/secret.h"

namespace server::sealed {
namespace {

namespace json = boost::json;
using engine::RecordView;
using engine::Result;

constexpr BodyForm kForm{.needed = "stream reason", .texts = "stream reason"};

struct SealedField {
  std::uint64_t seq = 0;
  std::uint32_t version = 0;
  std::string_view event, field;
  std::vector<std::uint8_t> bytes;
};

// Every sealed field of a stream, closed.
Result<std::vector<SealedField>> sealed_fields(const engine::Log& log, std::string_view kind,
                                               std::string_view no) {
  std::vector<SealedField> found;
  const auto read = log.read_stream(kind, no, [&](const RecordView& record) {
    const schemas::EventType type = schemas::type_of(record);
    const auto* const table = flatbuffers::GetRoot<flatbuffers::Table>(record.payload.data());
    for (const schemas::FieldForm& field : schemas::form_of(type).fields) {
      if (field.shape != schemas::Shape::sealed) continue;
      const auto* const bytes =
          table->GetPointer<const flatbuffers::Vector<std::uint8_t>*>(field.offset);
      if (bytes == nullptr || bytes->size() == 0 || bytes->Get(0) != engine::kSealed) continue;
      found.push_back({record.seq,
                       record.version,
                       schemas::info_of(type).name,
                       field.name,
                       {bytes->begin(), bytes->end()}});
    }
    return true;
  });
  if (!read && read.error().code != engine::ErrorCode::not_found)
    return std::unexpected(read.error());
  return found;
}

json::array opened(App& app, std::string_view kind, std::string_view no,
                   const std::vector<SealedField>& fields) {
  json::array list;
  for (const SealedField& one : fields) {
    const auto text = app.sealer().unseal({kind, no, one.version, one.field}, one.bytes);
    json::object field{{"seq", one.seq},
                       {"event", one.event},
                       {"field", one.field},
                       {"value", nullptr}};  // its key was destroyed
    if (text) field["value"] = *text;
    list.push_back(std::move(field));
  }
  return list;
}

// In the report's own history; nullopt: it is recorded there.
Task<std::optional<Reply>> record_in_history(Call& call, const std::string& stream,
                                             const std::string& reason) {
  const auto unique = tools::new_token();
  if (!unique) co_return problem(unique.error());
  constexpr std::size_t kDigits = 32;
  const std::string id = "identity/" + unique->substr(0, kDigits);
  const json::object line{{"stream", stream},
                          {"data", {{"person", call.who.person}, {"reason", reason}}}};
  auto command = schemas::parse_request(json::serialize(line), {"AccessIdentity", id});
  if (!command)
    co_return problem(422, schemas::code_name(command.error().code), "",
                      schemas::sentence(command.error()));
  const engine::Answer answer =
      co_await call.app.desk().decide(call.loop, Order{std::move(*command), call.who});
  if (answer.error) co_return problem(*answer.error);
  if (!answer.receipt) co_return problem(422, answer.refused, "", answer.text);
  co_return std::nullopt;
}

Task<Reply> sealed_read(Call& call, Request& request) {
  const auto body = body_asked(request, kForm);
  if (!body) co_return problem(body.error());
  const std::string stream = text_in(*body, "stream"), reason = text_in(*body, "reason");
  const auto [kind, no] = stream_named(stream);
  const auto fields = sealed_fields(call.app.log(), kind, no);
  if (!fields) co_return problem(fields.error());
  if (fields->empty())
    co_return problem(404, "NothingSealed", "其中没有密封的内容。", "Nothing in it is sealed.");
  schemas::SensitiveAccessedT act;
  act.stream = stream;
  act.reason = reason;
  for (const SealedField& one : *fields)
    act.field += fmt::format("{}{}#{}", act.field.empty() ? "" : " ", one.field, one.seq);
  const auto recorded = co_await call.app.access().record(
      call.loop, act_of(call.who, call.actings, "sealed", schemas::EventType::SensitiveAccessed,
                        schemas::pack(act)));
  if (!recorded) co_return problem(recorded.error());
  if (kind == "supervisor-report") {
    std::optional<Reply> refused = co_await record_in_history(call, stream, reason);
    if (refused) co_return std::move(*refused);
  }
  co_return json_reply(200, {{"stream", stream}, {"fields", opened(call.app, kind, no, *fields)}});
}

constexpr std::array kRoutes{
    Route{.method = Method::post,
          .path = "/v1/sealed-reads",
          .action = Action::unmask,
          .handler = sealed_read,
          .chinese = "查阅密封的身份；写明事由，先留痕再显示。",
          .english = "Opens what is sealed in a stream, for the purpose given; recorded first.",
          .body = R"({"stream":"appeal/SQ2021-000001","reason":"核实联系情况"})",
          .form = &kForm},
};

}  // namespace
}  // namespace server::sealed

namespace server {

std::span<const Route> sealed_routes() { return sealed::kRoutes; }

}  // namespace server
