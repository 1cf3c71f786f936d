#include "tools/bihuan/made_source.h"

#include <utility>

#include "schemas/calendar.h"
#include "schemas/json.h"

namespace tools {

namespace json = boost::json;

namespace {

class MadeSource final : public ItemSource {
 public:
  explicit MadeSource(std::vector<json::object> lines) : lines_(std::move(lines)) {}

  bool next(Item& item) override {
    if (next_ == lines_.size()) return false;
    const std::string text = json::serialize(lines_[next_]);
    item.line = ++next_;
    if (auto parsed = schemas::parse_line(text))
      item.command = std::move(*parsed);
    else
      item.refusal = std::move(parsed.error());
    return true;
  }
  [[nodiscard]] bool failed() const override { return false; }
  // For the progress bar: lines stand for bytes.
  [[nodiscard]] std::uint64_t bytes_read() const override { return next_; }
  [[nodiscard]] std::uint64_t bytes_total() const override { return lines_.size(); }

 private:
  std::vector<json::object> lines_;
  std::size_t next_ = 0;
};

}  // namespace

json::object made_line(engine::Micros at, std::string_view actor, std::string_view command,
                       std::string stream, std::string id, json::object data) {
  return {{"at", schemas::time_text(at)}, {"actor", {{"id", actor}, {"role", "system"}}},
          {"command", command},           {"stream", std::move(stream)},
          {"id", std::move(id)},          {"data", std::move(data)}};
}

std::unique_ptr<ItemSource> made_source(std::vector<json::object> lines) {
  return std::make_unique<MadeSource>(std::move(lines));
}

}  // namespace tools
