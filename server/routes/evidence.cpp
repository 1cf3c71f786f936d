// Evidence (C2SP): the signed checkpoint, the tree's tiles, entry bundles, and proofs. A tile never
// changes once it is full, so it may be kept for ever.
#include <fmt/format.h>

#include <array>
#include <charconv>

#include "engine/proof/record.h"
#include "engine/proof/tile.h"
#include "server/app.h"
#include "server/http/problem.h"
#include "server/identity/sight.h"
#include "server/routes/asking.h"
#include "tools/ledger/proofs.h"

namespace server::evidence {
namespace {

using engine::Result;

constexpr std::string_view kForEver = "public, max-age=31536000, immutable";

Reply not_signed() {
  return problem(404, "NotSigned", "尚无覆盖它的检查点，请稍后再取。",
                 "No checkpoint covers it yet; ask again in a minute.");
}

Task<Reply> checkpoint(Call& call, Request&) {
  const auto newest = call.app.signer().newest();
  if (newest == nullptr) co_return not_signed();
  Reply reply;
  reply.type = "text/plain; charset=utf-8";
  reply.body = newest->note;
  reply.headers.emplace_back("Cache-Control", "no-cache");
  co_return reply;
}

// Of a tree that is signed as far as the tile goes.
Result<engine::Bytes> tile_bytes(const engine::Log& log, const engine::TileName& name) {
  engine::Bytes bytes;
  const engine::ReadNode nodes = log.nodes();
  for (std::uint64_t i = 0; i < name.width; ++i) {
    const auto hash =
        nodes(*name.tile_level * engine::kTileHeight, name.tile * engine::kTileWidth + i);
    if (!hash) return std::unexpected(hash.error());
    bytes.insert(bytes.end(), hash->begin(), hash->end());
  }
  return bytes;
}

Reply serve_tile(const engine::Log& log, const engine::TileName& name, std::uint64_t size) {
  const unsigned level = name.tile_level.value_or(0);
  const bool full = name.width == engine::kTileWidth;
  const bool there = name.tile < engine::full_tiles(level, size) ||
                     (!full && name.tile == engine::full_tiles(level, size) &&
                      name.width <= engine::partial_width(level, size));
  if (!there) return not_signed();
  const auto bytes =
      name.tile_level ? tile_bytes(log, name) : tools::entry_bundle(log, name.tile, name.width);
  if (!bytes) return problem(bytes.error());
  Reply reply;
  reply.type = "application/octet-stream";
  reply.body.assign(bytes->begin(), bytes->end());
  reply.headers.emplace_back("Cache-Control", name.tile_level ? kForEver : "private, no-cache");
  return reply;
}

Task<Reply> serve_path(Call& call, std::string path) {
  const auto name = engine::parse_tile_path(path);
  if (!name) co_return problem(404, "NoSuchTile", "没有这一片。", "There is no such tile.");
  const auto newest = call.app.signer().newest();
  if (newest == nullptr) co_return not_signed();
  Reply reply = co_await call.app.workers().run(
      call.loop, [&] { return serve_tile(call.app.log(), *name, newest->checkpoint.size); });
  co_return reply;
}

Task<Reply> tile(Call& call, Request& request) {
  Reply reply = co_await serve_path(call, "tile/" + request.part("path"));
  co_return reply;
}

Task<Reply> entries(Call& call, Request& request) {
  Reply reply = co_await serve_path(call, "tile/entries/" + request.part("path"));
  co_return reply;
}

Reply text_reply(const Result<std::string>& text) {
  if (!text) return problem(text.error());
  Reply reply;
  reply.type = "text/plain; charset=utf-8";
  reply.body = *text;
  return reply;
}

Reply draw_proof(Call& call, std::uint64_t seq, const engine::Issued& tree) {
  const engine::Log& log = call.app.log();
  if (seq == 0 || seq > log.size())
    return problem(404, "NotFound", "没有这个事件。", "There is no such event.");
  if (seq > tree.checkpoint.size) return not_signed();
  std::string kind, no;
  const auto read = log.read(seq, seq, [&](const engine::RecordView& record) {
    kind = record.kind;
    no = record.no;
    return true;
  });
  if (!read) return problem(read.error());
  const auto sight = sight_of(call.actings, Action::read_proof, kind, no, log, call.app.sealer());
  if (!sight) return problem(sight.error());
  if (*sight == Sight::nothing)
    return problem(403, kNotPermitted, "没有查看它的权限。", "You may not see this.");
  // With the header, which readers hash themselves, unless it names who must not be known.
  return text_reply(tools::inclusion_text(log, tree, seq, *sight == Sight::whole));
}

// A number of a path; nullopt: it is none.
std::optional<std::uint64_t> number_of(const std::string& text) {
  std::uint64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || rest != end) return std::nullopt;
  return number;
}

Task<Reply> proof(Call& call, Request& request) {
  const auto seq = number_of(request.part("seq"));
  if (!seq) co_return problem(404, "NotFound", "没有这个事件。", "There is no such event.");
  const auto newest = call.app.signer().newest();
  if (newest == nullptr) co_return not_signed();
  Reply reply =
      co_await call.app.workers().run(call.loop, [&] { return draw_proof(call, *seq, *newest); });
  co_return reply;
}

Task<Reply> consistency(Call& call, Request& request) {
  const auto old_size = number_parameter(request, "old");
  if (!old_size) co_return problem(old_size.error());
  if (!*old_size)
    co_return problem(400, "OldNeeded", "请写明原有事件数 old。", "Name the older size, old.");
  const auto newest = call.app.signer().newest();
  if (newest == nullptr) co_return not_signed();
  Reply reply = co_await call.app.workers().run(call.loop, [&] {
    return text_reply(tools::consistency_text(call.app.log(), *newest, **old_size));
  });
  co_return reply;
}

constexpr std::array kRoutes{
    Route{Method::get, "/checkpoint", Action::read_checkpoint, checkpoint, "最新的签名检查点。",
          "The newest signed checkpoint."},
    Route{Method::get, "/tile/entries/{path...}", Action::read_entries, entries,
          "一捆条目（事件头部）。", "A bundle of entries: the headers of events.", "",
          "/tile/entries/000.p/8"},
    Route{Method::get, "/tile/{path...}", Action::read_checkpoint, tile, "哈希树的一片。",
          "A tile of the hash tree.", "", "/tile/0/000.p/8"},
    Route{Method::get, "/v1/proofs/consistency", Action::read_checkpoint, consistency,
          "已签署的台账延续了前若干个事件的证明。",
          "A proof that the signed ledger continues its first events.", "old min_seq",
          "/v1/proofs/consistency?old=1"},
    Route{Method::get, "/v1/proofs/{seq}", Action::read_proof, proof,
          "某一事件在已签署的台账之中的证明。", "A proof that this event is in the signed ledger.",
          "min_seq", "/v1/proofs/8"},
};

}  // namespace
}  // namespace server::evidence

namespace server {

std::span<const Route> evidence_routes() { return evidence::kRoutes; }

}  // namespace server
