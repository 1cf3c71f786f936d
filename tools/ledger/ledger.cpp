// Opening a ledger, and finding the moment that was asked for.
#include "tools/ledger/ledger.h"

#include <fmt/format.h>

#include "engine/log/key_file.h"
#include "schemas/calendar.h"
#include "tools/ledger/access.h"

namespace tools {

using engine::ErrorCode;
using engine::fail;
using engine::Result;

namespace {

std::string without_trailing_slash(std::string path) {
  while (path.size() > 1 && path.ends_with('/')) path.pop_back();
  return path;
}

}  // namespace

std::string keys_of(const std::string& data) { return without_trailing_slash(data) + ".keys"; }

Result<std::unique_ptr<engine::Log>> Ledger::open_log(const std::string& data,
                                                      engine::OpenMode mode) {
  if (data.empty()) return fail(ErrorCode::bad_input, "Name the ledger's directory with --data.");
  auto log = engine::Log::open(without_trailing_slash(data), mode);
  if (!log || mode == engine::OpenMode::read_only) return log;
  if (auto told = record_damage(data, **log); !told) return std::unexpected(told.error());
  return log;
}

Result<Ledger> Ledger::open(const std::string& data, engine::OpenMode mode) {
  auto log = open_log(data, mode);
  if (!log) return std::unexpected(log.error());
  auto keys = engine::read_key_file(keys_of(data) + "/keystore");
  if (!keys) return std::unexpected(keys.error());
  return Ledger{std::move(*log), std::move(*keys)};
}

Result<engine::Micros> time_of(const std::string& text) {
  if (const auto time = schemas::parse_time(text)) return *time;
  return fail(ErrorCode::bad_input,
              fmt::format("{} is not an RFC 3339 time such as 2021-09-26T18:00:00+08:00.", text));
}

Result<projections::Moment> moment_of(const AskedMoment& asked, const engine::Log& log) {
  projections::Moment moment;
  if (!asked.as_of.empty()) {
    const auto time = time_of(asked.as_of);
    if (!time) return std::unexpected(time.error());
    const auto seq = log.seq_at(*time);
    if (!seq) return std::unexpected(seq.error());
    moment.as_of = *time;
    moment.seq = *seq;
  } else {
    moment.seq = asked.seq.value_or(log.size());
    if (moment.seq > log.size())
      return fail(ErrorCode::not_found,
                  fmt::format("The ledger has {} events, not {}.", log.size(), moment.seq));
    if (moment.seq > 0) {
      const auto read = log.read(moment.seq, moment.seq, [&](const engine::RecordView& record) {
        moment.as_of = record.recorded_at;
        return true;
      });
      if (!read) return std::unexpected(read.error());
    }
  }
  const auto root = log.root_at(moment.seq);
  if (!root) return std::unexpected(root.error());
  moment.root = *root;
  return moment;
}

}  // namespace tools
