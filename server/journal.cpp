#include "server/journal.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <memory>
#include <string>

namespace server {
namespace {

std::shared_ptr<spdlog::logger>& journal() {
  static std::shared_ptr<spdlog::logger> logger;
  return logger;
}

spdlog::level::level_enum level_of(Grade grade) {
  switch (grade) {
    case Grade::info:
      return spdlog::level::info;
    case Grade::warning:
      return spdlog::level::warn;
    case Grade::error:
      return spdlog::level::err;
  }
  return spdlog::level::err;
}

}  // namespace

void open_journal() {
  auto logger = spdlog::stderr_logger_mt("bihuand");
  // The message is the rest of the object, as Boost.JSON wrote it: control characters are escaped.
  logger->set_pattern(R"({"time":"%Y-%m-%dT%H:%M:%S.%f%z","level":"%l",%v)");
  logger->flush_on(spdlog::level::info);
  journal() = std::move(logger);
}

void note(Grade grade, std::string_view what, boost::json::object more) {
  if (journal() == nullptr) return;
  boost::json::object line{{"what", what}};
  for (auto& member : more) line[member.key()] = std::move(member.value());
  const std::string text = boost::json::serialize(line);
  journal()->log(level_of(grade), "{}", std::string_view(text).substr(1));
}

}  // namespace server
