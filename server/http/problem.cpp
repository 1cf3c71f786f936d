#include "server/http/problem.h"

#include <fmt/format.h>

#include <utility>

namespace server {
namespace {

constexpr std::string_view kRetrySeconds = "1";

std::string_view chinese_of(engine::ErrorCode code) {
  using enum engine::ErrorCode;
  switch (code) {
    case bad_input:
      return "请求不合要求。";
    case not_found:
      return "没有找到。";
    case locked:
      return "另一个进程正在使用，请稍后再试。";
    case wrong_format:
      return "台账目录的格式不符。";
    case disk_full:
      return "磁盘已满，不能写入；读取不受影响。";
    case io:
      return "读写存储失败，结果不明；请用同一编号重试。";
    case rolled_back:
      return "本台账与已签署的检查点不符。";
    case corrupt:
      return "存储的内容与当初写入的不一致。";
  }
  return "";
}

std::pair<unsigned, std::string_view> status_of(engine::ErrorCode code) {
  using enum engine::ErrorCode;
  switch (code) {
    case bad_input:
      return {400, "BadRequest"};
    case not_found:
      return {404, "NotFound"};
    case disk_full:
      return {507, "DiskFull"};
    case locked:
      return {503, "Busy"};
    case wrong_format:
    case io:
    case rolled_back:
    case corrupt:
      return {503, "StorageFailed"};
  }
  return {503, "StorageFailed"};
}

}  // namespace

Reply problem(unsigned status, std::string_view code, std::string_view chinese,
              std::string_view english, boost::json::object more) {
  boost::json::object body{{"type", fmt::format("urn:bihuan:problem:{}", code)},
                           {"title", english},
                           {"status", status},
                           {"detail", fmt::format("{} {}", chinese, english)},
                           {"code", code},
                           {"zh", chinese},
                           {"en", english}};
  for (auto& member : more) body[member.key()] = std::move(member.value());
  Reply reply;
  reply.status = status;
  reply.type = "application/problem+json";
  reply.body = boost::json::serialize(body);
  if (status == 429 || status == 503) reply.headers.emplace_back("Retry-After", kRetrySeconds);
  return reply;
}

Reply problem(const engine::Error& error) {
  const auto [status, code] = status_of(error.code);
  return problem(status, code, chinese_of(error.code), error.text);
}

Reply json_reply(unsigned status, const boost::json::value& body) {
  Reply reply;
  reply.status = status;
  reply.type = "application/json";
  reply.body = boost::json::serialize(body);
  return reply;
}

}  // namespace server
