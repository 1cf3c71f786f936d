#include "tools/bihuan/policy_source.h"

#include <fmt/format.h>

#include <array>
#include <boost/json.hpp>
#include <boost/process.hpp>
#include <fstream>
#include <iterator>
#include <optional>
#include <regex>
#include <utility>
#include <vector>

#include "engine/proof/hash.h"
#include "schemas/calendar.h"
#include "schemas/json.h"
#include "tools/bihuan/lines.h"

namespace tools {

namespace json = boost::json;
namespace process = boost::process;
using engine::ErrorCode;
using engine::Result;

namespace {

constexpr std::size_t kIdBytes =
    40;  // of the hash's 64 characters: the id has room for them and its prefix

struct Document {
  std::string title, number, issuer, text, from, source;
};

std::string id_of(const Document& document) {
  const std::string all = document.number + '\n' + document.text;
  const engine::Hash hash =
      engine::sha256({reinterpret_cast<const std::uint8_t*>(all.data()), all.size()});
  return "policy-" + engine::hex(hash).substr(0, kIdBytes);
}

std::string line_of(const Document& document, const PolicyFacts& facts) {
  json::object data{{"title", document.title},
                    {"number", document.number},
                    {"issuer", document.issuer},
                    {"text", document.text},
                    {"from", document.from}};
  if (!document.source.empty()) data["source"] = document.source;
  return json::serialize(json::object{{"at", schemas::time_text(facts.at)},
                                      {"actor", {{"id", facts.actor}, {"role", "office_lead"}}},
                                      {"command", "PublishPolicy"},
                                      {"stream", "policy/" + document.number},
                                      {"id", id_of(document)},
                                      {"data", std::move(data)}});
}

void parse_into(const std::string& line, Item& item) {
  auto parsed = schemas::parse_line(line);
  if (parsed)
    item.command = std::move(*parsed);
  else
    item.refusal = std::move(parsed.error());
}

// One document a line.
class LinesSource final : public ItemSource {
 public:
  LinesSource(LineReader reader, PolicyFacts facts)
      : reader_(std::move(reader)), facts_(std::move(facts)) {}

  bool next(Item& item) override {
    Line line;
    do {
      if (!reader_.next(line)) return false;
    } while (line.text.empty() && !line.too_long);
    item.line = line.number;
    boost::system::error_code error;
    const json::value value = json::parse(line.text, error);
    if (line.too_long)
      item.refusal = {schemas::RefusalCode::LineTooLong, {}};
    else if (error || !value.is_object())
      item.refusal = {schemas::RefusalCode::BadJson,
                      error ? error.message() : "a line is one object"};
    else
      parse_into(line_of(document_of(value.get_object()), facts_), item);
    return true;
  }
  bool failed() const override { return reader_.failed(); }
  std::uint64_t bytes_read() const override { return reader_.bytes_read(); }
  std::uint64_t bytes_total() const override { return reader_.bytes_total(); }

 private:
  // What a line lacks, the door names.
  Document document_of(const json::object& line) const {
    const auto text = [&](const char* key) {
      const json::value* const value = line.if_contains(key);
      return value != nullptr && value->is_string() ? std::string(value->get_string())
                                                    : std::string();
    };
    Document document{text("title"), text("number"),   text("office"),
                      text("text"),  text("url_date"), text("source_url")};
    if (document.issuer.empty()) document.issuer = facts_.issuer;
    if (document.from.empty()) document.from = facts_.from;
    return document;
  }

  LineReader reader_;
  PolicyFacts facts_;
};

class OneSource final : public ItemSource {
 public:
  OneSource(std::string line, std::uint64_t bytes) : line_(std::move(line)), bytes_(bytes) {}
  bool next(Item& item) override {
    if (read_) return false;
    read_ = true;
    item.line = 1;
    parse_into(line_, item);
    return true;
  }
  bool failed() const override { return false; }
  std::uint64_t bytes_read() const override { return read_ ? bytes_ : 0; }
  std::uint64_t bytes_total() const override { return bytes_; }

 private:
  std::string line_;
  std::uint64_t bytes_;
  bool read_ = false;
};

// Runs a converter on the file; its standard output. Its name is looked up on the PATH, and no
// shell reads the arguments.
Result<std::string> converted(const std::string& program,
                              const std::vector<std::string>& arguments) {
  const auto path = process::search_path(program);
  if (path.empty())
    return engine::fail(ErrorCode::bad_input,
                        fmt::format("{} is needed to read this kind of file (Debian package {}).",
                                    program, program == "pdftotext" ? "poppler-utils" : "pandoc"));
  std::error_code error;
  process::ipstream out;
  process::child child(path, process::args(arguments), process::std_out > out,
                       process::std_in < process::null, error);
  if (error) return engine::fail(ErrorCode::io, program + " could not be run: " + error.message());
  const std::string text{std::istreambuf_iterator<char>(out), {}};
  child.wait(error);
  if (error || child.exit_code() != 0)
    return engine::fail(ErrorCode::bad_input,
                        fmt::format("{} could not read {}.", program, arguments.back()));
  return text;
}

Result<std::string> text_of(const std::string& path) {
  if (path.ends_with(".pdf"))
    return converted("pdftotext", {"-enc", "UTF-8", "-nopgbrk", path, "-"});
  if (path.ends_with(".html") || path.ends_with(".htm"))
    return converted("pandoc", {"--from=html", "--to=plain", "--wrap=none", "--sandbox", path});
  if (path.ends_with(".docx"))
    return converted("pandoc", {"--from=docx", "--to=plain", "--wrap=none", "--sandbox", path});
  if (!path.ends_with(".txt"))
    return engine::fail(ErrorCode::bad_input,
                        path + " is none of .jsonl, .txt, .html, .docx, .pdf.");
  std::ifstream file(path, std::ios::binary);
  if (!file) return engine::fail(ErrorCode::io, path + " cannot be opened.");
  return std::string{std::istreambuf_iterator<char>(file), {}};
}

// Lines without the white space around them, empty ones dropped.
std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    std::string_view line = text.substr(at, end - at);
    constexpr std::string_view kSpace = " \t\r\f";
    const std::size_t first = line.find_first_not_of(kSpace);
    if (first != std::string_view::npos)
      lines.emplace_back(line.substr(first, line.find_last_not_of(kSpace) - first + 1));
    at = end + 1;
  }
  return lines;
}

// The head of an official document: the title, in one line or several, then its number on a line of
// its own (GB/T 9704: 发文机关代字〔年份〕序号). What the options say goes before what the document
// says.
Result<Document> read_head(const std::string& path, const std::vector<std::string>& lines,
                           const PolicyFacts& facts) {
  static const std::regex kNumber("[^ ]{2,40}〔[0-9]{4}〕[0-9]{1,4}号");
  Document document{facts.title, facts.number, facts.issuer, {}, facts.from, {}};
  constexpr std::size_t kHeadLines = 8;
  std::string title;
  for (std::size_t i = 0; i < std::min(lines.size(), kHeadLines); ++i) {
    if (std::regex_match(lines[i], kNumber)) {
      if (document.number.empty()) document.number = lines[i];
      break;
    }
    title += lines[i];
  }
  if (document.title.empty())
    document.title = document.number.empty() && !lines.empty() ? lines.front() : title;
  for (const std::string& line : lines) document.text += line + '\n';
  const auto lacks = [&](std::string_view what, std::string_view option) {
    return engine::fail(
        ErrorCode::bad_input,
        fmt::format("{} does not say its {}: give it with {}.", path, what, option));
  };
  if (lines.empty()) return engine::fail(ErrorCode::bad_input, path + " holds no text.");
  if (document.number.empty()) return lacks("number", "--number");
  if (document.issuer.empty()) return lacks("issuer", "--issuer");
  if (document.from.empty()) return lacks("first day in force", "--from");
  return document;
}

}  // namespace

Result<std::unique_ptr<ItemSource>> open_policies(const std::string& path,
                                                  const PolicyFacts& facts) {
  if (path.ends_with(".jsonl") || path == "-") {
    auto reader = LineReader::open(path, schemas::kLineBytesMax);
    if (!reader) return std::unexpected(reader.error());
    return std::make_unique<LinesSource>(std::move(*reader), facts);
  }
  const auto text = text_of(path);
  if (!text) return std::unexpected(text.error());
  const auto document = read_head(path, lines_of(*text), facts);
  if (!document) return std::unexpected(document.error());
  return std::make_unique<OneSource>(line_of(*document, facts), text->size());
}

}  // namespace tools
