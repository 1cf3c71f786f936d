// Attachments by their SHA-256: kept beside the log for events to name, and given to who may see a
// stream that names them. What kind of file it is, is told from its bytes; it is never shown in a
// page, only saved.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "schemas/event.h"
#include "schemas/json_fields.h"
#include "server/app.h"
#include "server/http/problem.h"
#include "server/identity/sight.h"
#include "server/routes/asking.h"
#include "tools/ledger/attachments.h"

namespace server::attachments {
namespace {

using engine::Hash;
using engine::RecordView;
using engine::Result;

Reply keep(Call& call, const std::string& bytes, const tools::Media& media) {
  const Hash hash = engine::sha256(engine::bytes_of(bytes));
  const auto kept = tools::keep_attachment(call.app.data(), hash, bytes);
  if (!kept) return problem(kept.error());
  // Recorded for a file that is there already too: an upload may have ended in between.
  schemas::AttachmentKeptT act;
  act.sha256.assign(hash.begin(), hash.end());
  act.media = media.type;
  act.size = bytes.size();
  tools::Act recorded = act_of(call.who, call.actings, "attachment",
                               schemas::EventType::AttachmentKept, schemas::pack(act));
  recorded.id = "attachment/" + engine::hex(hash).substr(0, 48);
  if (auto done = call.app.access().record(recorded); !done) return problem(done.error());
  return json_reply(*kept ? 201 : 200,
                    {{"sha256", engine::hex(hash)}, {"type", media.type}, {"bytes", bytes.size()}});
}

Task<Reply> post(Call& call, Request& request) {
  if (request.body.empty() || request.body.size() > tools::kAttachmentBytesMax)
    co_return problem(413, "AttachmentTooLarge", "附件须为 1 字节至 8 MiB。",
                      "An attachment has 1 byte to 8 MiB.");
  const auto media = tools::media_of(request.body);
  if (!media)
    co_return problem(415, "AttachmentNotTaken", "只收 PDF、PNG、JPEG、WebP、docx、xlsx。",
                      "Only PDF, PNG, JPEG, WebP, docx and xlsx are taken.");
  const std::string* const said = request.header("content-type");
  if (said != nullptr && *said != media->type && *said != "application/octet-stream")
    co_return problem(415, "AttachmentIsOther", "附件内容与所称类型不符。",
                      "The file is not of the type that it is said to be.");
  Reply reply =
      co_await call.app.workers().run(call.loop, [&] { return keep(call, request.body, *media); });
  co_return reply;
}

// Does an event of the stream name it, in any field that holds a text or a list of texts?
bool names(const RecordView& record, std::string_view sha256) {
  const auto* const table = flatbuffers::GetRoot<flatbuffers::Table>(record.payload.data());
  for (const schemas::FieldForm& field : schemas::form_of(schemas::type_of(record)).fields) {
    if (field.shape == schemas::Shape::text &&
        schemas::view(table->GetPointer<const flatbuffers::String*>(field.offset)) == sha256)
      return true;
    if (field.shape != schemas::Shape::texts) continue;
    using Texts = flatbuffers::Vector<flatbuffers::Offset<flatbuffers::String>>;
    if (const auto* const texts = table->GetPointer<const Texts*>(field.offset))
      for (const flatbuffers::String* const one : *texts)
        if (schemas::view(one) == sha256) return true;
  }
  return false;
}

Result<bool> is_named_in(const engine::Log& log, const StreamName& stream,
                         const std::string& sha256) {
  bool named = false;
  const auto read = log.read_stream(stream.kind, stream.no, [&](const RecordView& record) {
    named = names(record, sha256);
    return !named;
  });
  if (!read && read.error().code != engine::ErrorCode::not_found)
    return std::unexpected(read.error());
  return named;
}

// Who may not see everything names a stream of its own that the attachment is named in.
Result<bool> may_see(const Call& call, const std::string* stream, const std::string& sha256) {
  const Acting& acting = widest(call, Action::read_stream);
  if (scope_of(Action::read_stream, acting.column) == Scope::all) return true;
  if (stream == nullptr) return false;
  const StreamName asked = stream_named(*stream);
  const auto sight = sight_of(call.actings, Action::read_stream, asked.kind, asked.no,
                              call.app.log(), call.app.sealer());
  if (!sight) return std::unexpected(sight.error());
  if (*sight == Sight::nothing) return false;
  return is_named_in(call.app.log(), asked, sha256);
}

Reply give(Call& call, const Request& request) {
  const std::string& sha256 = request.part("sha256");
  const auto hash = tools::parse_sha256(sha256);
  if (!hash) return problem(404, "NotFound", "没有这个附件。", "There is no such attachment.");
  const auto may = may_see(call, request.parameter("stream"), sha256);
  if (!may) return problem(may.error());
  if (!*may) return problem(403, kNotPermitted, "没有查看它的权限。", "You may not see this.");
  auto bytes = tools::read_attachment(call.app.data(), *hash);
  if (!bytes && bytes.error().code == engine::ErrorCode::not_found)
    return problem(404, "NotFound", "没有这个附件。", "There is no such attachment.");
  if (!bytes) return problem(bytes.error());
  const auto media = tools::media_of(*bytes);
  Reply reply;
  reply.type = media ? media->type : "application/octet-stream";
  reply.headers.emplace_back("Content-Disposition",
                             fmt::format("attachment; filename=\"{}.{}\"", sha256.substr(0, 16),
                                         media ? media->ending : "bin"));
  reply.headers.emplace_back("Content-Security-Policy", "default-src 'none'; sandbox");
  reply.headers.emplace_back("Cross-Origin-Resource-Policy", "same-origin");
  reply.body = std::move(*bytes);
  return reply;
}

Task<Reply> get(Call& call, Request& request) {
  Reply reply = co_await call.app.workers().run(call.loop, [&] { return give(call, request); });
  co_return reply;
}

constexpr std::array kRoutes{
    Route{.method = Method::post,
          .path = "/v1/attachments",
          .action = Action::attach,
          .handler = post,
          .chinese = "保存一个附件，返回其 SHA-256，供命令引用。",
          .english = "Keeps a file and answers its SHA-256, for commands to name.",
          .body = "%PDF-1.4\n"},
    Route{.method = Method::get,
          .path = "/v1/attachments/{sha256}",
          .action = Action::read_stream,
          .handler = get,
          .chinese = "取一个附件；只能看自己部分的，须写明引用它的对象。",
          .english = "A file by its SHA-256; who sees only a part names a stream that names it.",
          .query = "stream min_seq",
          .example = "/v1/attachments/"
                     "e5c62df5dab5c87b6a015ef3d43597074d1eec433b15f51aec63b8582d0e4ab4"},
};

}  // namespace
}  // namespace server::attachments

namespace server {

std::span<const Route> attachment_routes() { return attachments::kRoutes; }

}  // namespace server
