// Released schemas never change under the records that were written with them. flatc --conform says
// whether old bytes can still be read; what it lets pass (a renamed field, a field that old
// histories lack) is found by comparing the reflections.
#include <doctest/doctest.h>
#include <flatbuffers/reflection.h>
#include <sys/wait.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "schemas/event.h"
#include "tests/support/temp_dir.h"

namespace conform_test {

namespace {

namespace fs = std::filesystem;

const std::string kReleased = TESTS_DIR "/golden/schemas/v1";
const std::string kPresent = PROJECT_DIR "/schemas";

bool run(const std::string& arguments) {
  const std::string line = std::string(FLATC) + " " + arguments + " >/dev/null 2>&1";
  const int status = std::system(line.c_str());
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

bool conforms(const fs::path& next, const std::string& stem) {
  return run("--conform " + kReleased + "/" + stem + ".fbs --conform-includes " + kReleased +
             " -I " + next.string() + " " + (next / (stem + ".fbs")).string());
}

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string reflection_of(const fs::path& folder) {
  const support::TempDir out;
  REQUIRE(run("--schema --binary --bfbs-builtins -I " + folder.string() + " -o " + out.path() +
              " " + (folder / "event.fbs").string()));
  return read(out / "event.bfbs");
}

const char* const kMeanings[] = {"pinned", "optional", "sealed", "time", "date", "off", "digest"};

std::string attribute(const reflection::Field& field, const char* key) {
  if (field.attributes() == nullptr) return "-";
  const auto* found = field.attributes()->LookupByKey(key);
  if (found == nullptr) return "-";
  return found->value() == nullptr ? "" : found->value()->str();
}

std::string type_name(const reflection::Schema& schema, const reflection::Type& type) {
  std::string name = std::to_string(type.base_type()) + "/" + std::to_string(type.element());
  const auto index = static_cast<unsigned>(type.index());
  const bool object = type.base_type() == reflection::Obj || type.element() == reflection::Obj;
  if (type.index() >= 0 && object) name += schema.objects()->Get(index)->name()->str();
  if (type.index() >= 0 && !object) name += schema.enums()->Get(index)->name()->str();
  return name;
}

using Breaches = std::vector<std::string>;

void compare_field(const reflection::Schema& old_schema, const reflection::Schema& new_schema,
                   const reflection::Field& was, const reflection::Field* is,
                   const std::string& name, Breaches& breaches) {
  if (is == nullptr) {
    breaches.push_back(name + " is gone or renamed");
    return;
  }
  if (was.id() != is->id()) breaches.push_back(name + " has another id");
  if (type_name(old_schema, *was.type()) != type_name(new_schema, *is->type()))
    breaches.push_back(name + " has another type");
  if (was.default_integer() != is->default_integer() || was.optional() != is->optional())
    breaches.push_back(name + " has another default");
  if (was.required() != is->required()) breaches.push_back(name + " changed `required`");
  for (const char* meaning : kMeanings)
    if (attribute(was, meaning) != attribute(*is, meaning))
      breaches.push_back(name + " changed its meaning: " + meaning);
}

void compare_object(const reflection::Schema& old_schema, const reflection::Schema& new_schema,
                    const reflection::Object& was, Breaches& breaches) {
  const std::string name = was.name()->str();
  const auto* is = new_schema.objects()->LookupByKey(name.c_str());
  if (is == nullptr) {
    breaches.push_back(name + " is gone");
    return;
  }
  for (const reflection::Field* field : *was.fields())
    compare_field(old_schema, new_schema, *field, is->fields()->LookupByKey(field->name()->c_str()),
                  name + "." + field->name()->str(), breaches);
  for (const reflection::Field* field : *is->fields()) {
    if (was.fields()->LookupByKey(field->name()->c_str()) != nullptr) continue;
    const std::string added = name + "." + field->name()->str();
    if (was.is_struct()) breaches.push_back(added + " changes the layout of a struct");
    if (attribute(*field, "optional") == "-" && attribute(*field, "pinned") == "-")
      breaches.push_back(added + " is needed, but released histories lack it");
  }
}

// What the new schemas break of the old ones.
Breaches compare(const std::string& old_bytes, const std::string& new_bytes) {
  const auto& old_schema = *reflection::GetSchema(old_bytes.data());
  const auto& new_schema = *reflection::GetSchema(new_bytes.data());
  Breaches breaches;
  for (const reflection::Object* object : *old_schema.objects())
    compare_object(old_schema, new_schema, *object, breaches);
  for (const reflection::Enum* was : *old_schema.enums()) {
    const auto* is = new_schema.enums()->LookupByKey(was->name()->c_str());
    for (const reflection::EnumVal* value : *was->values()) {
      const auto* now = is == nullptr ? nullptr : is->values()->LookupByKey(value->value());
      if (now == nullptr || now->name()->str() != value->name()->str())
        breaches.push_back(was->name()->str() + "." + value->name()->str() + " is gone or moved");
    }
  }
  return breaches;
}

// The released schemas with one text in one file replaced.
struct Edited {
  const support::TempDir folder;
  Edited(const std::string& file, const std::string& from, const std::string& to) {
    fs::copy(kReleased, folder.path(), fs::copy_options::recursive);
    std::string text = read(folder / file);
    const std::size_t at = text.find(from);
    REQUIRE_MESSAGE(at != std::string::npos, from);
    text.replace(at, from.size(), to);
    std::ofstream(folder / file, std::ios::binary | std::ios::trunc) << text;
  }
};

}  // namespace

TEST_CASE("conform: the present schemas are an evolution of the released ones") {
  for (const auto& entry : fs::directory_iterator(kReleased)) {
    const std::string stem = entry.path().stem().string();
    CAPTURE(stem);
    CHECK(conforms(kPresent, stem));
  }
  for (const std::string& breach : compare(reflection_of(kReleased), reflection_of(kPresent)))
    FAIL_CHECK(breach);
}

TEST_CASE("conform: a changed type or a moved field is found by flatc") {
  const Edited type("appeal.fbs", "level: ubyte;", "level: int;");
  CHECK_FALSE(conforms(type.folder.path(), "appeal"));
  const Edited moved("appeal.fbs", "{ text: string; attachments: [string] (optional); }",
                     "{ attachments: [string] (optional); text: string; }");
  CHECK_FALSE(conforms(moved.folder.path(), "appeal"));
}

TEST_CASE("conform: what flatc lets pass is found by the reflections") {
  const std::string released = reflection_of(kReleased);
  CHECK(compare(released, released).empty());
  const auto breaches = [&](const char* from, const char* to) {
    const Edited edited("appeal.fbs", from, to);
    return compare(released, reflection_of(edited.folder.path())).size();
  };
  CHECK(breaches("title: string;", "heading: string;") == 2);  // gone, and a needed one came
  CHECK(breaches("title: string;", "title: string (optional);") == 1);
  CHECK(breaches("person: [ubyte] (optional, sealed);", "person: [ubyte] (optional);") == 1);
  CHECK(breaches("calendar: uint (pinned);", "calendar: uint (pinned);\n  urgent: bool;") == 1);
  CHECK(breaches("calendar: uint (pinned);",
                 "calendar: uint (pinned);\n  urgent: bool (optional);") == 0);
  CHECK(breaches("{ app, web, phone, visit, import }", "{ app, web, phone, call, import }") == 1);
  CHECK(breaches("table AppealExcluded ", "table AppealLeftOut ") >= 1);
}

TEST_CASE("conform: the embedded reflection is the one of the schemas") {
  const std::string present = reflection_of(kPresent);
  CHECK(reflection::GetSchema(present.data())->objects()->size() ==
        schemas::schema().objects()->size());
}

}  // namespace conform_test
