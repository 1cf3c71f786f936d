// `bihuan policy` as a clerk meets it: the State Council's documents come in with number, issuer
// and full text, once; a document that does not say what it must is refused in one sentence;
// phrases are found.
#include <doctest/doctest.h>

#include <fstream>
#include <string>

#include "tests/tools/run.h"

using namespace tools_test;
namespace json = boost::json;

namespace {

const std::string kDocuments =
    std::string(PROJECT_DIR) + "/tools/demo/data/statecouncil-docs.jsonl";

std::string made(const TempDir& dir, const std::string& name, const std::string& text) {
  write_file(dir / name, text);
  return dir / name;
}

}  // namespace

TEST_CASE("forty documents come in with number, issuer and full text, and once") {
  const TempDir dir;
  const std::string data = new_ledger(dir, "ledger");
  const Ran first = run("policy import --format json --data " + data + " " + kDocuments);
  REQUIRE_MESSAGE(first.exit_code == 0, first.err);
  CHECK(first.json().at("accepted") == 40);
  const Ran again = run("policy import --format json --data " + data + " " + kDocuments);
  CHECK(again.json().at("repeated") == 40);
  CHECK(again.json().at("events") == 0);
  std::ifstream documents(kDocuments);
  std::size_t compared = 0;
  for (std::string line; std::getline(documents, line); ++compared) {
    const json::value document = json::parse(line);
    const std::string number(document.at("number").as_string());
    const Ran history = run("history policy/" + number + " --data " + data);
    const json::value recorded = history.json().at("events").as_array().at(0).at("data");
    CHECK(recorded.at("text") == document.at("text"));
    CHECK(recorded.at("title") == document.at("title"));
    CHECK(recorded.at("issuer") == document.at("office"));
    CHECK(recorded.at("number") == document.at("number"));
  }
  CHECK(compared == 40);
}

TEST_CASE("a phrase is found in title and text, with the words around it, as of the moment") {
  const TempDir dir;
  const std::string data = new_ledger(dir, "ledger");
  REQUIRE(run("policy import --data " + data + " " + kDocuments).exit_code == 0);
  const json::value found = run("policy search 双随机 --format json --data " + data).json();
  REQUIRE(found.at("rows").as_array().size() >= 1);
  CHECK(found.at("policies") == 40);
  const json::value row = found.at("rows").as_array().at(0);
  CHECK(std::string(row.at("words").as_string()).find("双随机") != std::string::npos);
  CHECK(run("policy search 双随机 --seq 0 --format json --data " + data).json().at("found") == 0);
  CHECK(run("policy search 此语无处可寻 --format json --data " + data).json().at("found") == 0);
}

namespace {

// Twelve characters, all Chinese, from the middle of a text; a document has such a run.
std::string phrase_of(const std::string& text) {
  constexpr std::size_t kBytes = std::size_t{12} * 3;
  std::size_t run = 0;
  const std::size_t middle = text.size() / 2;
  for (std::size_t at = middle - middle % 3; at + 2 < text.size();) {
    const auto lead = static_cast<unsigned char>(text[at]);
    if (lead >= 0xE4 && lead <= 0xE9) {  // U+4000 to U+9FFF: ideographs alone
      run += 3;
      at += 3;
      if (run == kBytes) return text.substr(at - kBytes, kBytes);
    } else {
      run = 0;
      ++at;
    }
  }
  return {};
}

}  // namespace

TEST_CASE("a phrase of any of the forty documents finds that document") {
  const TempDir dir;
  const std::string data = new_ledger(dir, "ledger");
  REQUIRE(run("policy import --data " + data + " " + kDocuments).exit_code == 0);
  std::ifstream documents(kDocuments);
  int found = 0;
  for (std::string line; std::getline(documents, line);) {
    const json::value document = json::parse(line);
    const std::string phrase = phrase_of(std::string(document.at("text").as_string()));
    CAPTURE(phrase);
    REQUIRE(!phrase.empty());
    const Ran search = run("policy search " + phrase + " --format json --data " + data);
    for (const json::value& row : search.json().at("rows").as_array())
      if (row.at("policy") == document.at("number")) ++found;
  }
  CHECK(found == 40);
}

TEST_CASE("a text file says title and number in its head, what it does not say is asked for") {
  const TempDir dir;
  const std::string data = new_ledger(dir, "ledger");
  const std::string path =
      made(dir, "one.txt",
           "  市北区支持企业研发的\n若干措施\n北政发〔2021〕7号\n\n一、对研发投入给予补助。\n");
  const Ran bare = run("policy import --data " + data + " " + path);
  CHECK(bare.exit_code != 0);
  CHECK(bare.err.find("--issuer") != std::string::npos);
  const Ran done =
      run("policy import --issuer 市北区政府 --from 2021-09-01 --data " + data + " " + path);
  REQUIRE_MESSAGE(done.exit_code == 0, done.err);
  const json::value recorded = run("history policy/北政发〔2021〕7号 --data " + data)
                                   .json()
                                   .at("events")
                                   .as_array()
                                   .at(0)
                                   .at("data");
  CHECK(recorded.at("title") == "市北区支持企业研发的若干措施");
  CHECK(recorded.at("from") == "2021-09-01");
  const std::string empty = made(dir, "empty.txt", "\n \n");
  CHECK(run("policy import --data " + data + " " + empty).err.find("holds no text") !=
        std::string::npos);
  const std::string other = made(dir, "one.xls", "x");
  CHECK(run("policy import --data " + data + " " + other).err.find(".docx") != std::string::npos);
}

TEST_CASE("a web page, a Word file and a PDF give their text, with what the options say") {
  const TempDir dir;
  const std::string data = new_ledger(dir, "ledger");
  const std::string page =
      made(dir, "one.html",
           "<html><head><meta charset=\"utf-8\"><style>p{}</style></head><body>"
           "<h1>支持企业研发的若干措施</h1><p>北政发〔2021〕8号</p>"
           "<p>对研发投入给予<b>补助</b>。</p></body></html>");
  const std::string word = dir / "one.docx",
                    source = made(dir, "one.md",
                                  "支持人才的若干措施\n\n北政发〔2021〕9号\n\n给予安家补助。\n");
  REQUIRE(std::system(("pandoc --from=markdown -o " + word + " " + source).c_str()) == 0);
  // The smallest PDF with a line of text; readers find its objects without a table of them.
  const std::string pdf =
      made(dir, "one.pdf",
           "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
           "2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
           "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 4 0 R"
           "/Resources<</Font<</F 5 0 R>>>>>>endobj\n"
           "4 0 obj<</Length 47>>stream\nBT /F 12 Tf 20 100 Td (Subsidy for research) Tj ET "
           "\nendstream endobj\n"
           "5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\n"
           "trailer<</Root 1 0 R>>\n");
  const std::string options =
      "policy import --issuer 市北区政府 --from 2021-09-01 --data " + data + " ";
  REQUIRE_MESSAGE(run(options + page + " " + word).exit_code == 0, run(options + page).err);
  REQUIRE(run(options + "--number 北政发〔2021〕10号 " + pdf).exit_code == 0);
  const auto text_of = [&](const std::string& number) {
    const Ran history = run("history policy/" + number + " --data " + data);
    return std::string(
        history.json().at("events").as_array().at(0).at("data").at("text").as_string());
  };
  CHECK(text_of("北政发〔2021〕8号").find("对研发投入给予补助。") != std::string::npos);
  CHECK(text_of("北政发〔2021〕8号").find("p{}") == std::string::npos);
  CHECK(text_of("北政发〔2021〕9号").find("给予安家补助。") != std::string::npos);
  CHECK(text_of("北政发〔2021〕10号").find("Subsidy for research") != std::string::npos);
  const std::string broken = made(dir, "broken.pdf", "no pdf at all");
  CHECK(run(options + "--number 北政发〔2021〕11号 " + broken).err.find("could not read") !=
        std::string::npos);
}
