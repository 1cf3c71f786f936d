// The attacker who owns the disk (reliability.md section 6, S11): one byte of an event changed
// through RocksDB itself, so that every checksum of the store is right.
#include <doctest/doctest.h>

#include <map>
#include <memory>
#include <random>
#include <set>

#include "engine/log/log.h"
#include "schemas/event.h"
#include "tests/engine/tamper.h"
#include "tests/tools/run.h"

using namespace tools_test;
namespace json = boost::json;

namespace {

constexpr std::uint64_t kRecords = 3000;  // an open looks at the newest; what is edited is older
constexpr std::uint64_t kEditable = 2000;
constexpr std::size_t kRounds = 10, kEditsARound = 100;

struct Edit {
  std::string payload;  // as stored
  std::size_t at = 0;
  std::uint8_t mask = 0;
};
using Edits = std::map<std::uint64_t, Edit>;  // by seq

// A department renamed again and again; each payload is another.
std::map<std::uint64_t, std::string> make_records(const std::string& data) {
  const auto log = engine::Log::open(data, engine::OpenMode::read_write);
  REQUIRE(log.has_value());
  std::vector<engine::NewEvent> events;
  std::map<std::uint64_t, std::string> payloads;
  for (std::uint64_t seq = 1; seq <= kRecords; ++seq) {
    // Two numbers: no change of one byte makes the payload of another event of it.
    const std::string called =
        "office " + std::to_string(seq) + ", room " + std::to_string(seq * 7919 % 10007) + ".";
    engine::NewEvent& event = events.emplace_back();
    event.recorded_at = event.occurred_at = static_cast<engine::Micros>(seq) * 1'000'000;
    event.type = static_cast<std::uint16_t>(seq == 1 ? schemas::EventType::DepartmentCreated
                                                     : schemas::EventType::DepartmentRenamed);
    event.version = static_cast<std::uint32_t>(seq);
    event.kind = "department";
    event.no = "D01";
    event.actor = "lead-1";
    event.role = "office_lead";
    event.id = "rename-" + std::to_string(seq);
    event.payload = seq == 1 ? schemas::pack(schemas::DepartmentCreatedT{{}, called})
                             : schemas::pack(schemas::DepartmentRenamedT{{}, called});
    payloads[seq] = std::string(event.payload.begin(), event.payload.end());
  }
  REQUIRE((*log)->append(events).has_value());
  REQUIRE((*log)->flush().has_value());
  return payloads;
}

// Puts values with these bytes changed under their keys; a second time puts them back.
void edit(const std::string& data, const Edits& edits, bool back) {
  std::size_t changed = 0;
  engine::test::tamper(data, "blocks", [&](rocksdb::DB& db, rocksdb::ColumnFamilyHandle* family) {
    const std::unique_ptr<rocksdb::Iterator> it(db.NewIterator({}, family));
    for (it->SeekToFirst(); it->Valid(); it->Next()) {
      std::string value = it->value().ToString();
      const std::size_t before = changed;
      for (const auto& [seq, one] : edits) {
        std::string stored = one.payload;
        const auto flip = [&](char& byte) { byte = static_cast<char>(byte ^ one.mask); };
        if (back) flip(stored[one.at]);
        const std::size_t found = value.find(stored);
        if (found == std::string::npos) continue;
        flip(value[found + one.at]);
        ++changed;
      }
      if (changed != before) REQUIRE(db.Put({}, family, it->key(), value).ok());
    }
  });
  REQUIRE(changed == edits.size());
}

// The events whose bytes the audit says are not those of their leaf.
std::set<std::uint64_t> named(const Ran& audit) {
  std::set<std::uint64_t> out;
  for (const json::value& wrong : audit.json().at("wrong").as_array()) {
    if (wrong.at("rule") != "leaf") continue;
    const auto to = wrong.at("to").to_number<std::uint64_t>();
    for (auto seq = wrong.at("from").to_number<std::uint64_t>(); seq <= to; ++seq) out.insert(seq);
  }
  return out;
}

}  // namespace

TEST_CASE(
    "1,000 bytes of events changed under right checksums: the audit names each, and no other") {
  const TempDir dir;
  const std::string data = new_ledger(dir);
  const auto payloads = make_records(data);
  REQUIRE(run("audit --format json --data " + data).exit_code == 0);
  std::mt19937 random(11);
  std::size_t fired = 0;
  for (std::size_t round = 0; round < kRounds; ++round) {
    CAPTURE(round);
    Edits edits;
    while (edits.size() < kEditsARound) {
      const std::uint64_t seq = 1 + random() % kEditable;
      const std::string& payload = payloads.at(seq);
      edits[seq] = {payload, random() % payload.size(),
                    static_cast<std::uint8_t>(1 + random() % 255)};
    }
    edit(data, edits, /*back=*/false);
    const Ran audit = run("audit --format json --data " + data);
    CHECK(audit.exit_code == 3);
    std::set<std::uint64_t> edited;
    for (const auto& [seq, one] : edits) edited.insert(seq);
    CHECK(named(audit) == edited);
    fired += edits.size();
    edit(data, edits, /*back=*/true);
  }
  CHECK(fired == 1000);
  CHECK(run("audit --format json --data " + data).exit_code == 0);
}
