// The audit against ledgers that were tampered with: stored bytes changed through RocksDB itself,
// histories appended below the deciders, and stored facts that say something else than the events.
#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <set>
#include <span>

#include "engine/log/keys.h"
#include "engine/log/log.h"
#include "engine/proof/tile.h"
#include "projections/facts.h"
#include "schemas/calendar.h"
#include "schemas/event.h"
#include "tests/engine/tamper.h"
#include "tests/support/records.h"
#include "tests/tools/run.h"
#include "tools/bihuan/audit_range.h"

using namespace tools_test;
namespace fs = std::filesystem;
namespace json = boost::json;

namespace {

const std::string kHistory = std::string(TESTS_DIR) + "/model/histories/1-ordinary-weeks.jsonl";

std::string worked_ledger(const TempDir& dir, std::string_view name) {
  std::string data = new_ledger(dir, name);
  REQUIRE(run("import --data " + data + " " + kHistory).exit_code == 0);
  return data;
}

// The records of one ledger appended to an empty one without asking any rule; `change` may alter
// them.
std::string forged(const TempDir& dir, const std::string& from,
                   const std::function<void(std::uint64_t seq, engine::NewEvent&)>& change) {
  std::string data = new_ledger(dir, "forged", from + ".keys/keystore");
  const auto source = engine::Log::open(from, engine::OpenMode::read_only);
  const auto target = engine::Log::open(data, engine::OpenMode::read_write);
  REQUIRE(source.has_value());
  REQUIRE(target.has_value());
  auto events = support::copies_of(**source);
  for (std::size_t i = 0; i < events.size(); ++i) change(i + 1, events[i]);
  REQUIRE((*target)->append(events).has_value());
  return data;
}

// A department that is renamed until there are `size` records: more than one stretch of the audit.
// Each name says its seq, and so do the names of the events in `again`, which say the one before.
std::string renamed_often(const TempDir& dir, std::string_view name, std::uint64_t size,
                          const std::set<std::uint64_t>& again = {}) {
  std::string data = new_ledger(dir, name);
  const auto log = engine::Log::open(data, engine::OpenMode::read_write);
  REQUIRE(log.has_value());
  std::vector<engine::NewEvent> events;
  std::string called;
  for (std::uint64_t seq = 1; seq <= size; ++seq) {
    if (!again.contains(seq)) called = "office " + std::to_string(seq) + ".";
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
  }
  // In groups, as a ledger grows: what is sealed is not looked at again by each open.
  constexpr std::size_t kGroup = 1000;
  for (std::span<const engine::NewEvent> left = events; !left.empty();
       left = left.subspan(std::min(kGroup, left.size())))
    REQUIRE((*log)->append(left.first(std::min(kGroup, left.size()))).has_value());
  return data;
}

// Puts a value with one byte changed under its key: RocksDB's own checksums are then right.
bool change_stored_text(const std::string& data, std::string_view text) {
  bool changed = false;
  for (const char* const name : {"tail", "blocks"})
    engine::test::tamper(data, name, [&](rocksdb::DB& db, rocksdb::ColumnFamilyHandle* family) {
      const std::unique_ptr<rocksdb::Iterator> at(db.NewIterator({}, family));
      for (at->SeekToFirst(); at->Valid(); at->Next()) {
        std::string value = at->value().ToString();
        const std::size_t found = value.find(text);
        if (found == std::string::npos) continue;
        value[found] = static_cast<char>(value[found] ^ 1);
        REQUIRE(db.Put({}, family, at->key(), value).ok());
        changed = true;
      }
    });
  return changed;
}

std::uint64_t seq_of(const std::string& data, std::string_view event, std::string_view stream) {
  std::uint64_t seq = 0;
  const auto log = engine::Log::open(data, engine::OpenMode::read_only);
  REQUIRE(log.has_value());
  REQUIRE((*log)->read(1, 0, [&](const engine::RecordView& record) {
    if (schemas::find_event(record.type)->name == event &&
        std::string(record.kind) + "/" + std::string(record.no) == stream)
      seq = record.seq;
    return seq == 0;
  }));
  return seq;
}

struct Wrong {
  std::string rule, text;
  std::uint64_t from = 0, to = 0;
};
std::vector<Wrong> findings(const Ran& audit) {
  std::vector<Wrong> all;
  for (const json::value& wrong : audit.json().at("wrong").as_array())
    all.push_back(
        {std::string(wrong.at("rule").as_string()), std::string(wrong.at("text").as_string()),
         wrong.at("from").to_number<std::uint64_t>(), wrong.at("to").to_number<std::uint64_t>()});
  return all;
}

Ran audit(const std::string& data) { return run("audit --format json --data " + data); }

}  // namespace

TEST_CASE("a ledger that nobody touched passes its audit, and so does a copy of its records") {
  const TempDir dir;
  const std::string data = worked_ledger(dir, "ledger");
  const Ran sound = audit(data);
  CHECK(sound.exit_code == 0);
  CHECK(sound.json().at("ok").as_bool());
  const std::string copy = forged(dir, data, [](std::uint64_t, engine::NewEvent&) {});
  CHECK(audit(copy).exit_code == 0);
}

TEST_CASE("an event changed through RocksDB itself is named by its seq") {
  const TempDir dir;
  const std::string data = worked_ledger(dir, "ledger");
  const std::uint64_t seq = seq_of(data, "DepartmentCreated", "department/D02");
  REQUIRE(change_stored_text(data, "区自然资源局"));
  const Ran ran = run("audit --data " + data);
  CHECK(ran.exit_code == 3);
  CAPTURE(ran.out);
  CAPTURE(ran.err);
  CHECK((ran.out + ran.err).find(std::to_string(seq)) != std::string::npos);
}

TEST_CASE("a history that breaks a lifecycle is named by the rule, though every hash is right") {
  const TempDir dir;
  const std::string data = worked_ledger(dir, "ledger");
  const std::uint64_t seq = seq_of(data, "AppealAccepted", "appeal/SQ2021-000002");
  const std::string bad = forged(dir, data, [&](std::uint64_t at, engine::NewEvent& event) {
    // The office never accepted the appeal: a withdrawal by it stands in its place.
    if (at != seq) return;
    event.type = static_cast<std::uint16_t>(schemas::EventType::AppealWithdrawn);
    event.payload = schemas::pack(schemas::AppealWithdrawnT());
  });
  const Ran ran = audit(bad);
  CHECK(ran.exit_code == 3);
  const auto wrong = findings(ran);
  REQUIRE_FALSE(wrong.empty());
  CHECK(wrong[0].rule == "rules");
  CHECK(wrong[0].from == seq);
  CHECK(wrong[0].text.find("AppealWithdrawn") != std::string::npos);
}

TEST_CASE("a pinned deadline that the calendar does not give is named") {
  const TempDir dir;
  const std::string data = worked_ledger(dir, "ledger");
  const std::uint64_t seq = seq_of(data, "AppealSubmitted", "appeal/SQ2021-000001");
  const std::string bad = forged(dir, data, [&](std::uint64_t at, engine::NewEvent& event) {
    if (at != seq) return;
    schemas::AppealSubmittedT submitted;
    schemas::payload_of<schemas::AppealSubmitted>(event.payload).UnPackTo(&submitted);
    schemas::Due& due = submitted.dues.at(0);
    due = schemas::Due(due.due() + schemas::kDayMicros, due.obligation(), due.provisional(),
                       due.workdays());
    event.payload = schemas::pack(submitted);
  });
  const Ran ran = audit(bad);
  CHECK(ran.exit_code == 3);
  const auto wrong = findings(ran);
  REQUIRE_FALSE(wrong.empty());
  CHECK(wrong[0].from == seq);
  CHECK(wrong[0].text.find("dues") != std::string::npos);
}

TEST_CASE("an unknown event type and a payload that is no such table are named") {
  const TempDir dir;
  const std::string data = worked_ledger(dir, "ledger");
  const std::string bad = forged(dir, data, [&](std::uint64_t at, engine::NewEvent& event) {
    if (at == 4) event.type = 999;
    if (at == 5) event.payload.assign(event.payload.size(), 0xff);
  });
  const Ran ran = audit(bad);
  CAPTURE(ran.err);
  CHECK(ran.exit_code == 3);
  const auto wrong = findings(ran);
  REQUIRE(wrong.size() >= 2);
  CHECK(wrong[0].rule == "event_type");
  CHECK(wrong[0].from == 4);
  CHECK(wrong[1].rule == "payload");
  CHECK(wrong[1].from == 5);
}

TEST_CASE("stored facts that say something else than the events are found") {
  const TempDir dir;
  const std::string data = worked_ledger(dir, "ledger");
  auto log = engine::Log::open(data, engine::OpenMode::read_write);
  REQUIRE(log.has_value());
  projections::Facts facts;
  REQUIRE((*log)->read(1, 0, [&](const engine::RecordView& record) {
    engine::RecordView other = record;
    other.recorded_at -= 1;  // every event a microsecond earlier than it was
    facts.apply(other);
    return true;
  }));
  REQUIRE((*log)->drop_derived(projections::Facts::kName));
  REQUIRE((*log)->put_derived(projections::Facts::kName, projections::Facts::kVersion, facts.seq(),
                              facts.save(0, facts.seq())));
  log->reset();
  const Ran ran = audit(data);
  CHECK(ran.exit_code == 3);
  const auto wrong = findings(ran);
  REQUIRE_FALSE(wrong.empty());
  CHECK(wrong[0].rule == "facts");
}

TEST_CASE("an audit from a later event passes over the bytes before it, never over the rules") {
  const TempDir dir;
  const std::string data = worked_ledger(dir, "ledger");
  CHECK(run("audit --from 40 --data " + data).exit_code == 0);
  CHECK(run("audit --from 0 --data " + data).exit_code == 2);
}

TEST_CASE("an audit since a checkpoint goes on from it, and names what does not continue it") {
  const TempDir dir;
  const std::string data = new_ledger(dir);
  const std::string history = tools_test::read_file(kHistory);
  const std::size_t half = history.find('\n', history.size() / 2) + 1;
  write_file(dir / "half.jsonl", history.substr(0, half));
  REQUIRE(run("import --data " + data + " " + (dir / "half.jsonl")).exit_code == 0);
  write_file(dir / "note", run("checkpoint --data " + data).out);
  const std::string vkey = run("checkpoint --vkey --data " + data).out;
  const std::string key = " --key '" + vkey.substr(0, vkey.size() - 1) + "'";
  REQUIRE(run("import --data " + data + " " + kHistory).exit_code == 0);
  const std::string since = "audit --format json --since " + (dir / "note") + " --data ";
  CHECK(run(since + data).json().at("ok").as_bool());
  CHECK(run(since + data + key).json().at("ok").as_bool());
  // Who does not know the key is told nothing of the ledger.
  const std::string other = new_ledger(dir, "other");
  CHECK(run(since + other).exit_code == 1);
  // A ledger that is shorter, and one that began in another way.
  const auto wrong = findings(run(since + other + key));
  REQUIRE(wrong.size() == 1);
  CHECK(wrong[0].rule == "checkpoint");
  CHECK(wrong[0].from == 1);
  const std::string changed = forged(dir, data, [](std::uint64_t seq, engine::NewEvent& event) {
    if (seq == 1) event.actor += "x";
  });
  const Ran ran = run(since + changed + key);
  CHECK(ran.exit_code == 3);
  CHECK(findings(ran).at(0).rule == "checkpoint");
  // Nothing leads over what came after it either.
  const std::string last = "D99";
  write_file(dir / "more.jsonl", tools_test::department(last, "2022-12-30T09:00:00+08:00"));
  REQUIRE(run("import --data " + data + " " + (dir / "more.jsonl")).exit_code == 0);
  const std::uint64_t seq = seq_of(data, "DepartmentCreated", "department/" + last);
  REQUIRE(change_stored_text(data, last));
  const Ran after = run("audit --since " + (dir / "note") + " --data " + data);
  CHECK(after.exit_code == 3);
  CHECK((after.out + after.err).find(std::to_string(seq)) != std::string::npos);
}

TEST_CASE("the access log is audited too, and what it says was signed must still be true") {
  const TempDir dir;
  const std::string data = worked_ledger(dir, "ledger");
  REQUIRE(run("checkpoint --data " + data).exit_code == 0);
  CHECK(audit(data).json().at("ok").as_bool());
  // A record of it, changed with the right checksums.
  fs::copy(data, dir / "kept", fs::copy_options::recursive);
  REQUIRE(change_stored_text(data + "/access", "示例区"));
  Ran ran = run("audit --data " + data);
  CHECK(ran.exit_code == 3);
  CAPTURE(ran.out);
  CHECK(ran.out.find("access") != std::string::npos);
  // Another ledger in the place of the one that was signed, its own history without a fault.
  fs::remove_all(data);
  fs::rename(dir / "kept", data);
  const std::string changed = forged(dir, data, [](std::uint64_t seq, engine::NewEvent& event) {
    if (seq == 1) event.actor += "x";
  });
  fs::remove_all(changed + "/access");
  fs::remove_all(changed + ".keys");
  fs::copy(data + "/access", changed + "/access", fs::copy_options::recursive);
  fs::copy(data + ".keys", changed + ".keys", fs::copy_options::recursive);
  ran = audit(changed);
  const auto wrong = findings(ran);
  REQUIRE(wrong.size() == 1);
  CHECK(wrong[0].rule == "access_checkpoint");
  CHECK(wrong[0].text.find("another root") != std::string::npos);
}

// The audit looks at stretches of records on several threads: where one ends must not show.
constexpr std::uint64_t kStretch = tools::kRangeRecords;

TEST_CASE("events on both sides of every boundary between stretches are named by their own seq") {
  const TempDir dir;
  const std::set<std::uint64_t> again{
      2, kStretch, kStretch + 1, kStretch + 2, 2 * kStretch, 2 * kStretch + 1};
  const Ran ran = audit(renamed_often(dir, "ledger", 2 * kStretch + 10, again));
  CHECK(ran.exit_code == 3);
  std::set<std::uint64_t> named;
  std::uint64_t before = 0;
  for (const Wrong& wrong : findings(ran)) {
    CHECK(wrong.rule == "rules");
    CHECK(wrong.text.find("NothingChanged") != std::string::npos);
    CHECK(wrong.from == wrong.to);
    CHECK(wrong.from > before);  // in order, whatever the threads did
    before = wrong.from;
    named.insert(wrong.from);
  }
  CHECK(named == again);
}

TEST_CASE("ledgers that end just before, at and after a boundary are whole") {
  const TempDir dir;
  for (const std::uint64_t size : {kStretch - 1, kStretch, kStretch + 1}) {
    CAPTURE(size);
    const Ran ran = audit(renamed_often(dir, std::to_string(size), size));
    CHECK(ran.exit_code == 0);
    CHECK(ran.json().at("seq").to_number<std::uint64_t>() == size);
  }
}

TEST_CASE("stored bytes changed on both sides of a boundary are named by their own seq") {
  const TempDir dir;
  const std::string data = renamed_often(dir, "ledger", 2 * kStretch + 300);
  for (const std::uint64_t seq : {kStretch, kStretch + 1, kStretch + 256})
    REQUIRE(change_stored_text(data, "office " + std::to_string(seq) + "."));
  const Ran ran = audit(data);
  CHECK(ran.exit_code == 3);
  const auto wrong = findings(ran);
  REQUIRE(wrong.size() >= 3);
  CHECK(wrong[0].rule == "leaf");
  CHECK(wrong[0].from == kStretch);
  CHECK(wrong[0].to == kStretch + 1);  // neighbours with the same fault are one finding
  CHECK(wrong[1].rule == "leaf");
  CHECK(wrong[1].from == kStretch + 256);
  CHECK(wrong[1].to == kStretch + 256);
  CHECK(wrong[2].rule == "root");
  CHECK(audit(data).out == ran.out);  // and again
}

TEST_CASE("a tile of the tree that is gone, short or changed is named, and only its records are") {
  const TempDir dir;
  // An open looks at the tiles below the tree's edge; those under a full tile above are the
  // audit's.
  constexpr std::uint64_t kAboveAll = engine::kTileWidth * engine::kTileWidth;
  const std::string data = renamed_often(dir, "ledger", kAboveAll + 3000);
  constexpr std::uint64_t kNextStretch = kStretch / engine::kTileWidth;
  constexpr std::uint64_t kGone = 3, kShort = kNextStretch, kChanged = kNextStretch + 2;
  engine::test::tamper(data, "tree", [](rocksdb::DB& db, rocksdb::ColumnFamilyHandle* family) {
    const auto key = [](std::uint64_t tile) { return engine::tile_key(0, tile); };
    std::string value;
    REQUIRE(db.Get({}, family, key(kGone), &value).ok());
    REQUIRE(db.Delete({}, family, key(kGone)).ok());
    REQUIRE(db.Get({}, family, key(kShort), &value).ok());
    REQUIRE(db.Put({}, family, key(kShort), value.substr(1)).ok());
    REQUIRE(db.Get({}, family, key(kChanged), &value).ok());
    value[5 * sizeof(engine::Hash)] = static_cast<char>(value[5 * sizeof(engine::Hash)] ^ 1);
    REQUIRE(db.Put({}, family, key(kChanged), value).ok());
  });
  const Ran ran = audit(data);
  CAPTURE(ran.err);
  REQUIRE(ran.exit_code == 3);
  const auto wrong = findings(ran);
  REQUIRE(wrong.size() == 3);
  const auto is = [](const Wrong& one, std::string_view rule, std::string_view text,
                     std::uint64_t from, std::uint64_t records) {
    CHECK(one.rule == rule);
    CHECK(one.text.find(text) != std::string::npos);
    CHECK(one.from == from);
    CHECK(one.to == from + records - 1);
  };
  is(wrong[0], "tree", "tile 0/3 is missing", kGone * engine::kTileWidth + 1, engine::kTileWidth);
  is(wrong[1], "tree", "tile 0/32 is not 256 hashes", kShort * engine::kTileWidth + 1,
     engine::kTileWidth);
  is(wrong[2], "leaf", "not the one in the tree", kChanged * engine::kTileWidth + 6, 1);
}
