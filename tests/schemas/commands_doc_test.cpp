// docs/COMMANDS.md is what this build's schemas and lifecycles say, and the lifecycles cover every
// command.
#include "schemas/commands_doc.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "schemas/event.h"
#include "schemas/lifecycle.h"
#include "schemas/obligations.h"

namespace commands_doc_test {

using namespace schemas;

namespace {

std::string read(const std::string& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string commented_in_chinese(const EventInfo& info) {
  const auto* lines = info.table->documentation();
  if (lines == nullptr || lines->size() == 0) return {};
  const std::string text = lines->Get(0)->str();
  const std::size_t from = text.find_first_not_of(' ');
  return text.substr(from, text.find(';') - from);
}

}  // namespace

TEST_CASE("commands: the committed manual is the generated one") {
  CHECK_MESSAGE(read(PROJECT_DIR "/docs/COMMANDS.md") == commands_doc(),
                "docs/COMMANDS.md is old. Write it again: bihuan commands > docs/COMMANDS.md");
}

TEST_CASE("commands: every command stands in a lifecycle, with a role that may give it") {
  for (const EventInfo& info : all_events()) {
    if (info.command.empty()) continue;
    CAPTURE(std::string(info.command));
    bool commanded = false;
    for (const Lifecycle* lifecycle : all_lifecycles())
      for (const Transition& row : lifecycle->rows)
        commanded = commanded || (row.event == info.type && row.roles != 0 && row.from != 0);
    CHECK(commanded);
  }
}

TEST_CASE("commands: lifecycle rows name statuses that exist, and every status can be reached") {
  for (const Lifecycle* lifecycle : all_lifecycles()) {
    CAPTURE(std::string(lifecycle->name));
    REQUIRE(lifecycle->statuses.size() <= 32);
    CHECK(lifecycle->statuses[0] == "none");
    for (const Transition& row : lifecycle->rows) {
      CAPTURE(std::string(EnumNameEventType(row.event)));
      CHECK(row.to < static_cast<int>(lifecycle->statuses.size()));
      CHECK((std::uint64_t{row.from} >> lifecycle->statuses.size()) == 0);
    }
  }
}

TEST_CASE("glossary: every event and obligation has its Chinese word in schemas/README.md") {
  const std::string glossary = read(PROJECT_DIR "/schemas/README.md");
  for (const EventInfo& info : all_events()) {
    CAPTURE(std::string(info.name));
    const std::string chinese = commented_in_chinese(info);
    CHECK_FALSE(chinese.empty());
    CHECK(glossary.find("| " + chinese + " | `" + std::string(info.name) + "`") !=
          std::string::npos);
  }
  for (const ObligationRow& row : obligations()) {
    CAPTURE(std::string(row.name));
    CHECK(glossary.find("| " + std::string(row.chinese) + " | `" + std::string(row.name) + "` |") !=
          std::string::npos);
  }
  for (const Lifecycle* lifecycle : all_lifecycles())
    for (const std::string_view status : lifecycle->statuses)
      if (status != "none") {
        CAPTURE(std::string(status));
        CHECK(glossary.find("`" + std::string(status) + "`") != std::string::npos);
      }
}

}  // namespace commands_doc_test
