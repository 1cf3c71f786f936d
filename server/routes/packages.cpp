// Inspection packages: drawn as `bihuan pack` draws them. Who was given what is recorded before the
// first byte leaves, and what cannot be recorded is not given.
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <filesystem>
#include <memory>

#include "engine/log/file.h"
#include "engine/proof/hash.h"
#include "schemas/event.h"
#include "server/app.h"
#include "server/http/problem.h"
#include "server/routes/asking.h"
#include "tools/inspection/asked.h"
#include "tools/inspection/packer.h"
#include "tools/inspection/page.h"
#include "tools/ledger/checkpoints.h"
#include "tools/ledger/loss.h"
#include "tools/ledger/question.h"

namespace server::packages {
namespace {

using engine::ErrorCode;
using engine::fail;
using engine::Result;

constexpr std::size_t kPieceBytes = 256U << 10U;
constexpr BodyForm kForm{
    .needed = "",
    .texts = "report stream range as_of week section from to department light status",
    .numbers = "seq limit offset",
    .lists = "by without"};

std::vector<std::string> list_in(const boost::json::object& body, std::string_view name) {
  std::vector<std::string> list;
  if (const auto* const member = body.if_contains(name))
    for (const auto& one : member->as_array()) list.emplace_back(one.as_string());
  return list;
}

std::uint64_t number_in(const boost::json::object& body, std::string_view name) {
  const auto* const member = body.if_contains(name);
  return member == nullptr ? 0 : member->to_number<std::uint64_t>();
}

// What a request came to: the order, and its answer's size in pieces to read.
struct Drawn {
  engine::File file;  // has no name any more
  std::uint64_t size = 0, read = 0;

  std::optional<std::string> next() {
    if (read == size) return std::nullopt;
    std::string piece(std::min<std::uint64_t>(kPieceBytes, size - read), '\0');
    const ssize_t got = ::pread(file.get(), piece.data(), piece.size(), static_cast<off_t>(read));
    if (got <= 0) return std::nullopt;  // the client sees that the end is missing
    piece.resize(static_cast<std::size_t>(got));
    read += piece.size();
    return piece;
  }
};

Result<tools::PackOrder> order_of(App& app, const boost::json::object& body,
                                  const engine::Issued& tree) {
  tools::AskedQuestion asked;
  asked.week = text_in(body, "week");
  asked.section = text_in(body, "section");
  asked.from = text_in(body, "from");
  asked.to = text_in(body, "to");
  asked.department = text_in(body, "department");
  asked.light = text_in(body, "light");
  asked.status = text_in(body, "status");
  asked.category = text_in(body, "category");
  asked.by = list_in(body, "by");
  asked.limit = number_in(body, "limit");
  asked.offset = number_in(body, "offset");
  auto question = tools::question_of(asked, app.log().name());
  if (!question) return std::unexpected(question.error());
  const std::vector<std::string> without = list_in(body, "without");
  auto about = tools::about_of(
      {text_in(body, "report"), text_in(body, "stream"), text_in(body, "range"), without},
      std::move(*question));
  if (!about) return std::unexpected(about.error());
  tools::AskedMoment moment{text_in(body, "as_of"), {}};
  if (body.contains("seq")) moment.seq = number_in(body, "seq");
  if (!moment.as_of.empty() && moment.seq)
    return fail(ErrorCode::bad_input, "Give as_of or seq, not both.");
  if (moment.as_of.empty() && !moment.seq) moment.seq = tree.checkpoint.size;
  auto at = tools::moment_of(moment, app.log());
  if (!at) return std::unexpected(at.error());
  if (at->seq > tree.checkpoint.size)
    return fail(ErrorCode::not_found, "No checkpoint covers that moment yet; ask again.");
  return tools::PackOrder{std::move(*about), *at, without};
}

// A name of its own for each.
Result<std::string> new_path(const std::string& data) {
  static std::atomic<std::uint64_t> count = 0;
  const std::string directory = data + "/outgoing";
  if (auto made = engine::make_directories(directory, 0700); !made)
    return std::unexpected(made.error());
  return fmt::format("{}/{}-{}.zip", directory, ::getpid(), ++count);
}

Result<std::shared_ptr<Drawn>> draw(Call& call, const boost::json::object& body,
                                    const engine::Issued& tree) {
  App& app = call.app;
  auto order = order_of(app, body, tree);
  if (!order) return std::unexpected(order.error());
  const auto signer = tools::signer_in_force(tools::keys_of(app.data()));
  if (!signer) return std::unexpected(signer.error());
  schemas::PackageExportedT act;
  act.what = tools::title_of(order->about).english;
  act.seq = order->moment.seq;
  const auto recorded = app.access().record(act_of(
      call.who, call.actings, "export", schemas::EventType::PackageExported, schemas::pack(act)));
  if (!recorded) return std::unexpected(recorded.error());
  const auto path = new_path(app.data());
  if (!path) return std::unexpected(path.error());
  auto losses = tools::loss_notes(app.data());
  if (!losses) return std::unexpected(losses.error());
  const tools::PackedLedger from{app.log(), app.log().nodes(), app.log().name(),  *signer,
                                 tree.note, tree.checkpoint,   *std::move(losses)};
  const bool of_report = order->about.subject == tools::Subject::report;
  const std::uint64_t seq = order->moment.seq;
  Result<tools::Packed> packed = fail(ErrorCode::io, "Nothing was packed.");
  if (of_report) {
    const auto done = app.facts().with(seq, [&](const auto& facts) {
      packed = tools::make_package(from, std::move(*order), &facts, *path);
    });
    if (!done) return std::unexpected(done.error());
  } else {
    packed = tools::make_package(from, std::move(*order), nullptr, *path);
  }
  if (!packed) {
    engine::remove_file(*path);
    return std::unexpected(packed.error());
  }
  auto file = engine::open_file(*path, O_RDONLY | O_CLOEXEC);
  engine::remove_file(*path);  // the open file is all that is needed
  if (!file) return std::unexpected(file.error());
  return std::make_shared<Drawn>(Drawn{std::move(*file), packed->bytes});
}

Task<std::optional<std::string>> next_piece(std::shared_ptr<Drawn> drawn) {
  co_return drawn->next();
}

// A checkpoint over everything there is: signed now if the ledger has grown since the last one.
Result<std::shared_ptr<const engine::Issued>> signed_now(App& app) {
  auto newest = app.signer().newest();
  if (newest == nullptr || newest->checkpoint.size < app.log().size()) {
    if (auto done = app.signer().sign(); !done) return std::unexpected(done.error());
    newest = app.signer().newest();
  }
  return newest;
}

Task<Reply> package(Call& call, Request& request) {
  const auto body = body_asked(request, kForm);
  if (!body) co_return problem(body.error());
  Reply reply = co_await call.app.workers().run(call.loop, [&] {
    const auto newest = signed_now(call.app);
    if (!newest) return problem(newest.error());
    const auto drawn = draw(call, *body, **newest);
    if (!drawn) return problem(drawn.error());
    Reply made;
    made.type = "application/zip";
    made.close = true;
    made.headers.emplace_back(
        "Content-Disposition",
        fmt::format("attachment; filename=\"bihuan-{}.zip\"", (*newest)->checkpoint.size));
    made.headers.emplace_back("Content-Security-Policy", "default-src 'none'; sandbox");
    made.next_piece = [held = *drawn] { return next_piece(held); };
    return made;
  });
  co_return reply;
}

constexpr std::array kRoutes{
    Route{.method = Method::post,
          .path = "/v1/packages",
          .action = Action::draw_package,
          .handler = package,
          .chinese = "取一份检查包（报表、对象或区间），可离线核对。",
          .english = "Draws an inspection package of a report, a stream or a range, to be checked "
                     "without us.",
          .body = R"({"stream":"appeal/SQ2021-000001"})",
          .form = &kForm},
};

}  // namespace
}  // namespace server::packages

namespace server {

std::span<const Route> package_routes() { return packages::kRoutes; }

}  // namespace server
