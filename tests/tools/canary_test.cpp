// S12: what is personal is nowhere in the clear, in no file of the ledger, its keys, its copies or
// what is given out; and after an erasure no key is left that opens it.
#include <doctest/doctest.h>

#include <rocksdb/db.h>

#include <memory>
#include <set>
#include <vector>

#include "engine/log/key_file.h"
#include "engine/proof/hash.h"
#include "schemas/directory.h"
#include "tests/tools/run.h"
#include "tools/ledger/sealed_fields.h"

using namespace tools_test;
namespace fs = std::filesystem;

namespace {

constexpr int kSubjects = 200;

std::string company(int number) {
  const std::string code = "91370211MA3" + std::to_string(100'000 + number);
  return code + schemas::uscc_check_digit(code);
}

// No two canaries have much in common, so that a block that is compressed does not hide one.
std::string canary(const char* what, int number) {
  std::uint64_t state = static_cast<std::uint64_t>(number) * 2'654'435'761U + 97;
  std::string text = what;
  for (int i = 0; i < 12; ++i) {
    state = state * 6'364'136'223'846'793'005U + 1'442'695'040'888'963'407U;
    text += static_cast<char>('a' + (state >> 33U) % 26);
  }
  return text;
}

struct Found {
  std::size_t canaries = 0, controls = 0;

  void look_at(std::string_view bytes) {
    for (int number = 0; number < kSubjects; ++number) {
      for (const char* const what : {"name-", "phone-"})
        if (bytes.find(canary(what, number)) != std::string_view::npos) ++canaries;
      if (bytes.find(canary("control-", number)) != std::string_view::npos) ++controls;
    }
  }
};

// Every byte of every file.
Found in_files(const std::string& place) {
  Found found;
  std::size_t files = 0;
  for (const auto& entry : fs::recursive_directory_iterator(place))
    if (entry.is_regular_file()) {
      found.look_at(read_file(entry.path()));
      ++files;
    }
  CHECK(files > 0);
  return found;
}

// Every key and value of the store: in its files they may be compressed.
Found in_store(const std::string& store) {
  std::vector<std::string> names;
  REQUIRE(rocksdb::DB::ListColumnFamilies({}, store, &names).ok());
  std::vector<rocksdb::ColumnFamilyDescriptor> families;
  for (const std::string& name : names) families.emplace_back(name, rocksdb::ColumnFamilyOptions());
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* opened = nullptr;
  REQUIRE(rocksdb::DB::OpenForReadOnly({}, store, families, &handles, &opened).ok());
  const std::unique_ptr<rocksdb::DB> db(opened);
  Found found;
  std::string all;
  for (rocksdb::ColumnFamilyHandle* const family : handles) {
    const std::unique_ptr<rocksdb::Iterator> at(db->NewIterator({}, family));
    for (at->SeekToFirst(); at->Valid(); at->Next())
      all.append(at->key().ToStringView())
          .append("|")
          .append(at->value().ToStringView())
          .append("|");
    CHECK(at->status().ok());
    REQUIRE(db->DestroyColumnFamilyHandle(family).ok());
  }
  found.look_at(all);
  return found;
}

std::string subjects() {
  std::string lines = department("D01");
  for (int number = 0; number < kSubjects; ++number) {
    const std::string of = "enterprise/" + company(number), id = std::to_string(number);
    lines += line("RegisterEnterprise", of,
                  {.id = "r" + id, .data = "{\"name\":\"" + canary("control-", number) + "\"}"});
    lines += line("SetContact", of,
                  {.id = "c" + id,
                   .data = "{\"name\":\"" + canary("name-", number) + "\",\"phone\":\"" +
                           canary("phone-", number) + "\"}"});
  }
  return lines;
}

std::string erasures(int from, int to) {
  std::string lines;
  for (int number = from; number < to; ++number)
    lines += line("ErasePersonalData", "enterprise/" + company(number),
                  {.at = "2021-09-17T09:00:00+08:00",
                   .id = "e" + std::to_string(number),
                   .data = R"({"reason":"企业要求","approver":"b"})"});
  return lines;
}

struct Opened {
  int fields = 0;
  std::set<std::string> subjects = {};
};

Opened opened_by(const engine::KeyRing& keys, const std::string& data) {
  const auto log = engine::Log::open(data, engine::OpenMode::read_only);
  REQUIRE(log.has_value());
  Opened out;
  const auto read = tools::visit_sealed(
      **log, [&](const engine::RecordView& record, std::string_view field, auto sealed) {
        if (!keys.unseal({record.kind, record.no, record.version, field}, sealed)) return;
        ++out.fields;
        out.subjects.insert(std::string(record.no));
      });
  REQUIRE(read.has_value());
  return out;
}

// The same keys without the memory of whom they must not open.
engine::KeyRing forgetful(const std::string& keystore) {
  std::string text, rest = read_file(keystore);
  for (std::size_t end = rest.find('\n'); end != std::string::npos; end = rest.find('\n')) {
    const std::string one = rest.substr(0, end + 1);
    if (!one.starts_with("destroyed ") && !one.starts_with("sum ")) text += one;
    rest.erase(0, end + 1);
  }
  text += "sum " + engine::hex(engine::sha256(engine::bytes_of(text))) + '\n';
  const auto keys = engine::KeyRing::parse(text);
  REQUIRE(keys.has_value());
  return *keys;
}

}  // namespace

TEST_CASE("S12: the names and numbers of 200 people are in no file, sealed or not yet committed") {
  const TempDir dir, outside;
  write_file(outside / "lines", subjects());
  const std::string data = new_ledger(dir);
  const Ran import = run("import --format json --data " + data + " " + (outside / "lines"));
  REQUIRE_MESSAGE(import.exit_code == 0, import.err);
  REQUIRE(import.json().at("accepted") == 1 + 2 * kSubjects);
  const auto make = [&](const std::string& line) {
    const Ran ran = run(line);
    CAPTURE(line);
    REQUIRE_MESSAGE(ran.exit_code == 0, ran.err);
  };
  make("checkpoint --data " + data);
  make("backup --data " + data + " " + (dir / "copy"));
  make("export --data " + data + " --out " + (dir / "history.jsonl"));
  make("pack --range 1..401 --data " + data + " --out " + (dir / "package.zip"));
  make("tiles --data " + data + " " + (dir / "tiles"));
  CHECK(in_files(dir.path()).canaries == 0);
  CHECK(in_files(dir.path()).controls >= kSubjects);  // the search finds: in the export, for one
  for (const std::string& of : {data, dir / "copy"}) {
    CHECK(in_store(of + "/log").canaries == 0);
    CHECK(in_store(of + "/log").controls == kSubjects);
  }
  // And where they came in it would have found them.
  CHECK(in_files(outside.path()).canaries == 2 * kSubjects);
}

TEST_CASE("S12: after an erasure no key opens what was erased, and proofs and others stand") {
  constexpr int kErased = 100;
  const TempDir dir;
  write_file(dir / "lines", subjects());
  write_file(dir / "erasures", erasures(0, kErased));
  const std::string data = new_ledger(dir), keystore = data + ".keys/keystore";
  const auto make = [&](const std::string& line) {
    Ran ran = run(line);
    CAPTURE(line);
    REQUIRE_MESSAGE(ran.exit_code == 0, ran.err);
    return ran;
  };
  make("import --data " + data + " " + (dir / "lines"));
  write_file(dir / "before.txt", make("checkpoint --data " + data).out);
  CHECK(make("erase --format json --data " + data).json().at("destroyed").as_array().empty());
  const std::string old_master =
      read_file(keystore).substr(read_file(keystore).find("master ") + 7, 64);
  make("import --data " + data + " " + (dir / "erasures"));
  CHECK(opened_by(*engine::read_key_file(keystore), data).fields == 2 * kSubjects);

  // Cut off after the keys are gone and before that is recorded: the next run records it.
  fs::rename(data + "/access", dir / "access");
  CHECK(run("erase --data " + data).exit_code != 0);
  fs::rename(dir / "access", data + "/access");
  CHECK(make("erase --format json --data " + data).json().at("destroyed_before") == kErased);
  CHECK(make("history access/erasure --format json --data " + data)
            .json()
            .at("events")
            .as_array()
            .size() == kErased);
  make("erase --data " + data);
  CHECK(make("history access/erasure --format json --data " + data)
            .json()
            .at("events")
            .as_array()
            .size() == kErased);

  for (const auto& keys : {*engine::read_key_file(keystore), forgetful(keystore)}) {
    const Opened opened = opened_by(keys, data);
    CHECK(opened.fields == 2 * (kSubjects - kErased));
    for (int number = 0; number < kSubjects; ++number)
      CHECK(opened.subjects.contains(company(number)) == (number >= kErased));
  }
  for (const auto& entry : fs::recursive_directory_iterator(dir.path()))
    if (entry.is_regular_file())
      CHECK(read_file(entry.path()).find(old_master) == std::string::npos);
  make("audit --data " + data + " --since " + (dir / "before.txt"));
  make("audit --data " + data);
}
