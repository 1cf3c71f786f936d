// Reads the tree and holds it to the house rules (docs/ARCHITECTURE.md): who may include whom,
// where RocksDB and clocks may stand, how long things may get, which names and words stay out. A
// rule that no test reads is a wish.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kFunctionLinesMax = 70, kFileLinesMax = 500, kColumnsMax = 100;
constexpr std::size_t kCommentColumnsMax = 120;  // our choice: a comment may reach further

// What may stay longer. The aim is that both are empty; nothing may be added.
const std::set<std::string> kLongFiles = {};
const std::set<std::string> kLongFunctions = {};  // "path name"

struct File {
  std::string path;  // from the root, with slashes
  std::vector<std::string> lines;
};

bool is_skipped(const std::string& name) {
  static const std::set<std::string> kSkipped = {".git", "build", "var", "node_modules",
                                                 "__pycache__"};
  return kSkipped.contains(name);
}

bool has_ending(std::string_view path, std::initializer_list<std::string_view> endings) {
  return std::ranges::any_of(endings,
                             [&](std::string_view ending) { return path.ends_with(ending); });
}

// Every text file that is ours, by path.
const std::vector<File>& tree() {
  static const std::vector<File> files = [] {
    std::vector<File> found;
    const fs::path root = PROJECT_DIR;
    for (auto entry = fs::recursive_directory_iterator(root); entry != fs::end(entry); ++entry) {
      const std::string name = entry->path().filename().string();
      if (is_skipped(name)) {
        entry.disable_recursion_pending();
        continue;
      }
      if (!entry->is_regular_file() || name == ".git") continue;
      File file{.path = fs::relative(entry->path(), root).generic_string(), .lines = {}};
      std::ifstream in(entry->path(), std::ios::binary);
      const std::string text{std::istreambuf_iterator<char>(in), {}};
      if (text.find('\0') != std::string::npos) continue;  // not a text
      for (std::size_t from = 0; from < text.size();) {
        const std::size_t end = std::min(text.find('\n', from), text.size());
        file.lines.push_back(text.substr(from, end - from));
        from = end + 1;
      }
      found.push_back(std::move(file));
    }
    std::ranges::sort(found, {}, &File::path);
    return found;
  }();
  return files;
}

bool is_code(const File& file) { return has_ending(file.path, {".h", ".cpp"}); }

// "path:line: what is wrong", one a line; the tests print all of them at once.
class Findings {
 public:
  void add(const File& file, std::size_t line, std::string_view what) {
    text_ += fmt::format("{}:{}: {}\n", file.path, line + 1, what);
  }
  void add(const std::string& path, std::string_view what) {
    text_ += fmt::format("{}: {}\n", path, what);
  }
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  std::string text_;
};

std::size_t columns(std::string_view line) {
  return static_cast<std::size_t>(std::ranges::count_if(
      line, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

// ---- directions
// --------------------------------------------------------------------------------------

// The room of a path or of an include: the longest of these that it begins with.
constexpr std::string_view kRooms[] = {
    "engine/proof/",   "engine/log/",   "engine/replay/",    "engine/", "schemas/", "projections/",
    "tools/workload/", "tools/ledger/", "tools/inspection/", "tools/",  "server/",  "tests/"};

std::string_view room_of(std::string_view path) {
  for (const std::string_view room : kRooms)
    if (path.starts_with(room)) return room;
  return {};
}

// What each room may include of ours, beside itself (architecture.md, "The house" and
// "Directions").
const std::map<std::string_view, std::set<std::string_view>> kMayInclude = {
    {"engine/", {}},
    {"engine/proof/", {"engine/"}},
    {"engine/log/", {"engine/", "engine/proof/"}},
    {"engine/replay/", {"engine/", "engine/proof/", "engine/log/"}},
    {"schemas/", {"engine/"}},
    {"projections/", {"engine/", "engine/proof/", "schemas/"}},
    {"tools/workload/", {"engine/", "schemas/"}},
    {"tools/ledger/",
     {"engine/", "engine/proof/", "engine/log/", "engine/replay/", "schemas/", "projections/"}},
    {"tools/inspection/", {"engine/", "engine/proof/", "schemas/", "projections/"}},
    {"tools/",
     {"engine/", "engine/proof/", "engine/log/", "engine/replay/", "schemas/", "projections/",
      "tools/workload/", "tools/ledger/", "tools/inspection/"}},
    {"server/",
     {"engine/", "engine/proof/", "engine/log/", "engine/replay/", "schemas/", "projections/",
      "tools/ledger/", "tools/inspection/"}},
};

void check_directions(const File& file, Findings& findings) {
  static const std::regex kInclude(R"re(^\s*#include "([^"]+)")re");
  const std::string_view room = room_of(file.path);
  const auto may = kMayInclude.find(room);
  if (may == kMayInclude.end()) return;  // tests may include everything
  for (std::size_t i = 0; i < file.lines.size(); ++i) {
    std::smatch match;
    if (!std::regex_search(file.lines[i], match, kInclude)) continue;
    const std::string included = match[1];
    const std::string_view of = room_of(included);
    const bool generated = included.find('/') == std::string::npos;
    if (!generated && of != room && !may->second.contains(of))
      findings.add(file, i, fmt::format("{} may not include {}", room, included));
  }
}

// ---- functions
// ---------------------------------------------------------------------------------------

std::size_t indent_of(std::string_view line) {
  const std::size_t at = line.find_first_not_of(' ');
  return at == std::string_view::npos ? 0 : at;
}

std::ptrdiff_t open_parentheses(std::string_view line) {
  return std::ranges::count(line, '(') - std::ranges::count(line, ')');
}

// Where the statement that opens a block at `opening` begins: up to where its parentheses are
// balanced, over the initialisers of a constructor as well.
std::size_t head_of(const File& file, std::size_t opening) {
  std::size_t head = opening;
  std::ptrdiff_t open = open_parentheses(file.lines[head]);
  const auto goes_on = [&] {
    const std::string& line = file.lines[head];
    const bool initialiser = line.substr(indent_of(line)).starts_with(": ");
    return open < 0 || initialiser || (head > 0 && file.lines[head - 1].ends_with(","));
  };
  while (head > 0 && goes_on()) open += open_parentheses(file.lines[--head]);
  return head;
}

// The code is clang-format's, so a function's last line is the first "}" at the indent of its head.
void check_functions(const File& file, Findings& findings) {
  constexpr std::size_t kMemberIndent =
      4;  // of a class in a class; deeper blocks are inside functions
  static const std::regex kNotFunction(
      R"re(^\s*(\}|namespace|class|struct|enum|union|extern|if|for|while|switch|else|do|try|case|return|#|//)\b)re");
  for (std::size_t i = 0; i < file.lines.size(); ++i) {
    if (!file.lines[i].ends_with("{")) continue;
    const std::size_t head = head_of(file, i);
    const std::string& first = file.lines[head];
    if (indent_of(first) > kMemberIndent || std::regex_search(first, kNotFunction) ||
        first.find('(') == std::string::npos)
      continue;
    const std::string closing = std::string(indent_of(first), ' ') + "}";
    std::size_t end = i + 1;
    while (end < file.lines.size() && !file.lines[end].starts_with(closing)) ++end;
    const std::size_t length = end - head + 1;
    const bool allowed = std::ranges::any_of(kLongFunctions, [&](const std::string& one) {
      const std::size_t space = one.find(' ');
      return file.path == one.substr(0, space) &&
             first.find(one.substr(space)) != std::string::npos;
    });
    if (length > kFunctionLinesMax && !allowed)
      findings.add(file, head, fmt::format("a function of {} lines", length));
    i = end;
  }
}

// Words that this file must be able to name without saying them.
std::string joined(std::string_view one, std::string_view two) {
  return std::string(one) + std::string(two);
}

}  // namespace

TEST_CASE("the tree is found and holds the rooms") {
  CHECK(tree().size() > 100);
  for (const char* room : {"engine/", "schemas/", "projections/", "tools/", "server/", "tests/"})
    CHECK_MESSAGE(
        std::ranges::any_of(tree(), [&](const File& file) { return file.path.starts_with(room); }),
        room);
}

TEST_CASE("rooms include only the rooms below them") {
  Findings findings;
  for (const File& file : tree())
    if (is_code(file)) check_directions(file, findings);
  CHECK_MESSAGE(findings.text().empty(), findings.text());
}

TEST_CASE("RocksDB stays in engine/log: nothing outside reaches its headers, however indirectly") {
  std::map<std::string, std::vector<std::string>> includes;
  std::set<std::string> direct;
  static const std::regex kInclude(R"re(^\s*#include "([^"]+/[^"]+)")re");
  for (const File& file : tree())
    for (const std::string& line : file.lines) {
      std::smatch match;
      if (line.starts_with("#include <rocksdb/")) direct.insert(file.path);
      if (std::regex_search(line, match, kInclude)) includes[file.path].push_back(match[1]);
    }
  CHECK(!direct.empty());
  Findings findings;
  for (const File& file : tree()) {
    if (!is_code(file) || file.path.starts_with("tests/") || file.path.starts_with("engine/log/"))
      continue;
    std::vector<std::string> reached = {file.path};
    for (std::size_t i = 0; i < reached.size(); ++i) {
      if (direct.contains(reached[i]))
        findings.add(file.path, "reaches RocksDB through " + reached[i]);
      for (const std::string& next : includes[reached[i]])
        if (std::ranges::find(reached, next) == reached.end()) reached.push_back(next);
    }
  }
  CHECK_MESSAGE(findings.text().empty(), findings.text());
}

TEST_CASE("engine/log touches files only through its disk, where the fault tests stand") {
  static const std::regex kCall(
      R"((^|[^\w.>])::(open|openat|creat|p?read|p?write|fsync|fdatasync|f?truncate|rename|link|unlink|mkdir|rmdir|f?stat|flock|opendir)\(|(filesystem|fs)::(remove|create|copy|rename|exists|is_|resize|permissions|directory_iterator|file_size|recursive|space)|[io]?fstream\b)");
  Findings findings;
  for (const File& file : tree()) {
    if (!file.path.starts_with("engine/log/") || file.path == "engine/log/disk.cpp") continue;
    for (std::size_t i = 0; i < file.lines.size(); ++i)
      if (std::regex_search(file.lines[i], kCall)) findings.add(file, i, "a file call of its own");
  }
  CHECK_MESSAGE(findings.text().empty(), findings.text());
}

TEST_CASE("proofs, rules and reports read no clock and draw no random number") {
  static const std::regex kClock(
      R"(((system|steady|high_resolution|utc|file)_clock|engine::now\b|[^.>\w](time|clock|rand|srand|random)\s*\((NULL|nullptr|0|)\)|random_device|mt19937|\bgetenv\b|\blocaltime|\bgmtime|std::locale))");
  Findings findings;
  for (const File& file : tree()) {
    const std::string_view room = room_of(file.path);
    const bool pure = room == "engine/proof/" || room == "schemas/" || room == "projections/" ||
                      room == "tools/workload/";
    if (!is_code(file) || !pure) continue;
    for (std::size_t i = 0; i < file.lines.size(); ++i) {
      const std::string code = file.lines[i].substr(0, file.lines[i].find("//"));
      if (std::regex_search(code, kClock)) findings.add(file, i, "a clock, a locale or randomness");
    }
  }
  CHECK_MESSAGE(findings.text().empty(), findings.text());
}

TEST_CASE("functions have at most 70 lines and files at most 500") {
  Findings findings;
  for (const File& file : tree()) {
    if (!is_code(file)) continue;
    check_functions(file, findings);
    if (file.lines.size() > kFileLinesMax && !kLongFiles.contains(file.path))
      findings.add(file.path, fmt::format("{} lines", file.lines.size()));
  }
  CHECK_MESSAGE(findings.text().empty(), findings.text());
}

TEST_CASE("the measure of functions finds one that is too long") {
  File file{.path = "x.cpp", .lines = {"int grow(int one,", "         int two) {"}};
  for (std::size_t i = 0; i < kFunctionLinesMax - 3; ++i) file.lines.emplace_back("  ++one;");
  file.lines.emplace_back("}");
  Findings fits, too_long;
  check_functions(file, fits);
  CHECK(fits.text().empty());
  file.lines.insert(file.lines.end() - 1, "  ++two;");
  check_functions(file, too_long);
  CHECK(too_long.text() == "x.cpp:1: a function of 71 lines\n");
}

TEST_CASE("code has at most 100 columns and comments 120, tables kept by hand excepted") {
  Findings findings;
  for (const File& file : tree()) {
    if (!is_code(file)) continue;
    bool by_hand = false, in_raw = false;
    for (std::size_t i = 0; i < file.lines.size(); ++i) {
      const std::string& line = file.lines[i];
      if (line.find("clang-format off") != std::string::npos) by_hand = true;
      if (line.find("clang-format on") != std::string::npos) by_hand = false;
      // A raw string cannot be broken without changing it.
      const bool raw = in_raw || line.find("R\"") != std::string::npos;
      if (raw)
        in_raw =
            line.rfind(")\"") == std::string::npos && line.rfind(")json\"") == std::string::npos;
      const std::size_t code = columns(std::string_view(line).substr(0, line.find("//")));
      if (!by_hand && !raw && (code > kColumnsMax || columns(line) > kCommentColumnsMax))
        findings.add(file, i, fmt::format("{} columns", columns(line)));
    }
  }
  CHECK_MESSAGE(findings.text().empty(), findings.text());
}

TEST_CASE("file names say what is in them") {
  static const std::regex kEmptyWords(
      R"((^|[_/])(managers?|helpers?|utils?|common|misc|impl)([_./]|$))");
  Findings findings;
  for (const File& file : tree())
    if (std::regex_search(file.path, kEmptyWords))
      findings.add(file.path, "a word that says nothing");
  CHECK_MESSAGE(findings.text().empty(), findings.text());
}

// CMake's list of the cases is split at semicolons: each half of such a name is a ctest of its own
// that finds no case, and passes.
TEST_CASE("no name of a test case holds a semicolon, at which ctest would never run it") {
  Findings findings;
  std::size_t names = 0;
  for (const File& file : tree()) {
    if (!is_code(file)) continue;
    for (std::size_t i = 0; i < file.lines.size(); ++i) {
      if (!file.lines[i].starts_with("TEST_CASE")) continue;
      ++names;
      std::string name;
      for (std::size_t at = i; at < file.lines.size() && name.find(") {") == std::string::npos;
           ++at)
        name += file.lines[at];
      name.resize(std::min(name.find(") {"), name.size()));
      if (name.find(';') != std::string::npos) findings.add(file, i, name);
    }
  }
  CHECK(names > 500);
  CHECK_MESSAGE(findings.text().empty(), findings.text());
}

TEST_CASE("nothing is left for later, and no trace of a developer's machine stays") {
  const std::string words[] = {joined("TO", "DO"), joined("FIX", "ME"), joined("/wo", "rk/"),
                               joined("fa", "rm-"), joined("wt", "-land")};
  Findings findings;
  for (const File& file : tree())
    for (std::size_t i = 0; i < file.lines.size(); ++i)
      for (const std::string& word : words)
        if (file.lines[i].find(word) != std::string::npos) findings.add(file, i, word);
  CHECK_MESSAGE(findings.text().empty(), findings.text());
}

TEST_CASE("every source is listed in the CMakeLists.txt of its room") {
  Findings findings;
  for (const File& file : tree()) {
    if (!file.path.ends_with(".cpp")) continue;
    bool listed = false;
    for (const File& list : tree()) {
      if (!list.path.ends_with("CMakeLists.txt")) continue;
      const std::string folder = list.path.substr(0, list.path.rfind('/') + 1);
      if (list.path == "CMakeLists.txt" || !file.path.starts_with(folder)) continue;
      const std::string inside = file.path.substr(folder.size());
      const std::regex name("(^|[^\\w/.-])" +
                            std::regex_replace(inside, std::regex(R"(\.)"), "\\.") +
                            "([^\\w/.-]|$)");
      listed = listed || std::ranges::any_of(list.lines, [&](const std::string& line) {
                 return std::regex_search(line, name);
               });
    }
    if (!listed) findings.add(file.path, "in no CMakeLists.txt: nothing builds it");
  }
  CHECK_MESSAGE(findings.text().empty(), findings.text());
}

TEST_CASE("every room says at its door what it is") {
  for (const char* room : {"engine", "schemas", "projections", "tools", "server", "tests"})
    CHECK_MESSAGE(fs::exists(fs::path(PROJECT_DIR) / room / "README.md"), std::string(room));
}
