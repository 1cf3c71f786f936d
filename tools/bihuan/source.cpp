// Two kinds of files behind one door: history lines as they stand, and CSV rows through a profile.
#include "tools/bihuan/source.h"

#include <boost/json.hpp>
#include <utility>

#include "schemas/json.h"
#include "tools/bihuan/lines.h"
#include "tools/bihuan/profile.h"

namespace tools {

namespace {

constexpr std::size_t kBatchItems = 256, kBatchesAhead = 16;

// The id of a line that was refused at the door: so that whoever wrote it finds it again.
std::string id_of(std::string_view line) {
  boost::system::error_code error;
  const boost::json::value value = boost::json::parse(line, error);
  if (error || !value.is_object()) return {};
  const boost::json::value* const id = value.get_object().if_contains("id");
  return id != nullptr && id->is_string() ? std::string(id->get_string()) : std::string();
}

void parse_item(std::string_view text, Item& item) {
  auto parsed = schemas::parse_line(text);
  if (parsed) {
    item.command = std::move(*parsed);
    return;
  }
  item.refusal = std::move(parsed.error());
  item.id = id_of(text);
}

class HistorySource final : public ItemSource {
 public:
  explicit HistorySource(LineReader reader) : reader_(std::move(reader)) {}

  bool next(Item& item) override {
    Line line;
    do {
      if (!reader_.next(line)) return false;
    } while (line.text.empty() && !line.too_long);
    item.line = line.number;
    if (line.too_long)
      item.refusal = {schemas::RefusalCode::LineTooLong, {}};
    else
      parse_item(line.text, item);
    return true;
  }
  bool failed() const override { return reader_.failed(); }
  std::uint64_t bytes_read() const override { return reader_.bytes_read(); }
  std::uint64_t bytes_total() const override { return reader_.bytes_total(); }

 private:
  LineReader reader_;
};

class ProfileSource final : public ItemSource {
 public:
  explicit ProfileSource(std::vector<ProfileLine> lines) : lines_(std::move(lines)) {
    for (const ProfileLine& line : lines_) total_ += line.text.size();
  }

  bool next(Item& item) override {
    if (next_ == lines_.size()) return false;
    const ProfileLine& line = lines_[next_++];
    item.line = line.line;
    parse_item(line.text, item);
    read_ += line.text.size();
    return true;
  }
  bool failed() const override { return false; }
  std::uint64_t bytes_read() const override { return read_; }
  std::uint64_t bytes_total() const override { return total_; }

 private:
  std::vector<ProfileLine> lines_;
  std::size_t next_ = 0;
  std::uint64_t read_ = 0, total_ = 0;
};

}  // namespace

engine::Result<std::unique_ptr<ItemSource>> open_source(const std::string& path,
                                                        const std::string& profile) {
  if (path.ends_with(".csv")) {
    if (profile.empty())
      return engine::fail(engine::ErrorCode::bad_input,
                          path + " is a CSV file: name its profile with --profile.");
    auto lines = expand_profile(profile, path);
    if (!lines) return std::unexpected(lines.error());
    return std::make_unique<ProfileSource>(std::move(*lines));
  }
  auto reader = LineReader::open(path, schemas::kLineBytesMax);
  if (!reader) return std::unexpected(reader.error());
  return std::make_unique<HistorySource>(std::move(*reader));
}

Merger::Merger(std::vector<std::unique_ptr<ItemSource>> sources)
    : sources_(std::move(sources)), heads_(sources_.size()) {
  for (const auto& source : sources_) bytes_total_ += source->bytes_total();
  thread_ = std::thread([this] { work(); });
}

Merger::~Merger() {
  {
    const std::lock_guard lock(mutex_);
    abandoned_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void Merger::advance(std::size_t file) {
  Head& head = heads_[file];
  head.item = Item{};
  head.item.file = static_cast<std::uint32_t>(file);
  head.present = sources_[file]->next(head.item);
  // A line that did not pass the door keeps its place behind the line before it.
  if (head.present && head.item.refusal.code == schemas::RefusalCode::none)
    head.at = head.item.command.at;
}

bool Merger::take(Item& item) {
  std::size_t first = heads_.size();
  for (std::size_t file = 0; file < heads_.size(); ++file)
    if (heads_[file].present && (first == heads_.size() || heads_[file].at < heads_[first].at))
      first = file;
  if (first == heads_.size()) return false;
  item = std::move(heads_[first].item);
  advance(first);
  return true;
}

void Merger::work() {
  for (std::size_t file = 0; file < sources_.size(); ++file) advance(file);
  for (bool more = true; more;) {
    std::vector<Item> batch;
    batch.reserve(kBatchItems);
    for (Item item; batch.size() < kBatchItems && (more = take(item));)
      batch.push_back(std::move(item));
    std::uint64_t read = 0;
    for (const auto& source : sources_) read += source->bytes_read();
    bytes_read_ = read;
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return abandoned_ || batches_.size() < kBatchesAhead; });
    if (abandoned_) return;
    if (!batch.empty()) batches_.push_back(std::move(batch));
    finished_ = !more;
    changed_.notify_all();
  }
}

std::vector<Item> Merger::next() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return finished_ || !batches_.empty(); });
  if (batches_.empty()) return {};
  std::vector<Item> batch = std::move(batches_.front());
  batches_.pop_front();
  changed_.notify_all();
  return batch;
}

std::optional<std::size_t> Merger::failed() const {
  for (std::size_t file = 0; file < sources_.size(); ++file)
    if (sources_[file]->failed()) return file;
  return std::nullopt;
}

}  // namespace tools
