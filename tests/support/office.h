// A whole office in memory for tests: history lines in, events or refusals out, restart at will.
#pragma once

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <string_view>

#include "engine/proof/seal.h"
#include "schemas/district.h"
#include "schemas/json.h"
#include "tests/support/memory_source.h"

namespace support {

class Office {
 public:
  explicit Office(const engine::Sealer& sealer,
                  std::size_t states_most = schemas::District::kStatesMost)
      : sealer_(sealer), states_most_(states_most) {
    restart();
  }

  // Executes one history line. "ok", "repeat" or the refusal code.
  std::string line(std::string_view text) {
    const auto command = schemas::parse_line(text);
    if (!command) return std::string(schemas::code_name(command.error().code));
    const auto ruling = district_->decide(*command, source_.size() + 1);
    REQUIRE(ruling.has_value());
    sentence_ = ruling->text;
    if (!ruling->refused.empty()) return ruling->refused;
    if (ruling->repeats != 0) return "repeat";
    source_.add(ruling->events);
    return "ok";
  }

  // The same by parts; `actor` is "role:id" or "role:id@department", time as in "2021-09-16T09:30".
  std::string act(std::string_view time, std::string_view actor, std::string_view command,
                  std::string_view stream, std::string_view data = "{}") {
    const auto colon = actor.find(':'), at = actor.find('@');
    std::string line = R"({"at":")" + std::string(time) + R"(:00+08:00","actor":{"id":")";
    line += actor.substr(colon + 1, at == std::string_view::npos ? at : at - colon - 1);
    line += R"(","role":")" + std::string(actor.substr(0, colon)) + '"';
    if (at != std::string_view::npos)
      line += R"(,"department":")" + std::string(actor.substr(at + 1)) + '"';
    line += R"(},"command":")" + std::string(command) + R"(","stream":")" + std::string(stream);
    line += R"(","id":"k)" + std::to_string(++ids_) + R"(","data":)" + std::string(data) + '}';
    return this->line(line);
  }

  // Forgets every state and folds it from the records again, as a restarted process does.
  void restart() {
    district_ = std::make_unique<schemas::District>(source_, sealer_, states_most_);
    const std::uint64_t size = source_.size();
    REQUIRE(district_->load(size == 0 ? 0 : source_.at(size).recorded_at).has_value());
  }

  [[nodiscard]] MemorySource& source() { return source_; }
  [[nodiscard]] const std::string& sentence() const { return sentence_; }

  // Every finding of the audit's re-check over all records.
  [[nodiscard]] std::vector<std::string> audit() const {
    const engine::EmptySource nothing;
    schemas::District judge(nothing, sealer_);
    std::vector<std::string> found;
    for (std::uint64_t seq = 1; seq <= source_.size(); ++seq)
      if (std::string wrong = judge.check(source_.at(seq)); !wrong.empty())
        found.push_back("seq " + std::to_string(seq) + ": " + wrong);
    return found;
  }

 private:
  const engine::Sealer& sealer_;
  std::size_t states_most_;
  MemorySource source_;
  std::unique_ptr<schemas::District> district_;
  std::string sentence_;
  int ids_ = 0;
};

}  // namespace support
