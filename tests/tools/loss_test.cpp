// Acknowledged events are lost, and two people say so: nobody less can, and from then on the ledger
// goes on and tells of it.
#include <doctest/doctest.h>

#include "engine/log/log.h"
#include "tests/engine/damage.h"
#include "tests/support/records.h"
#include "tests/tools/run.h"

using namespace tools_test;
namespace fs = std::filesystem;

namespace {

// A ledger, and two people with a key each.
struct Office {
  Office() {
    for (const char* const who : {"a", "b"}) {
      const std::string command = "umask 077; openssl genpkey -algorithm ed25519 -out " + pem(who);
      REQUIRE(std::system(command.c_str()) == 0);
    }
  }
  [[nodiscard]] std::string pem(std::string_view who) const {
    return dir / (std::string(who) + ".pem");
  }
  [[nodiscard]] std::string by(std::string_view who) const {
    return " --key " + pem(who) + " --name person." + std::string(who);
  }
  [[nodiscard]] std::string vkey(std::string_view who) const {
    std::string text = run("loss key" + by(who)).out;
    REQUIRE(text.ends_with('\n'));
    text.pop_back();
    return text;
  }
  void add(int first, int last) const {
    std::string lines;
    for (int n = first; n <= last; ++n) lines += department("D" + std::to_string(n));
    write_file(dir / "lines.jsonl", lines);
    const Ran imported = run("import --data " + data + " " + (dir / "lines.jsonl"));
    REQUIRE_MESSAGE(imported.exit_code == 0, imported.err);
  }
  [[nodiscard]] Ran state() const {
    return run("loss state --data " + data + " --by " + vkey("a") + " " + vkey("b"));
  }
  // The file of `text` after these have signed, one after the other.
  [[nodiscard]] std::string signed_by(std::string text, std::string_view who) const {
    for (const char one : who) {
      write_file(dir / "text", text);
      const Ran ran = run("loss sign" + by(std::string(1, one)) + " " + (dir / "text"));
      REQUIRE_MESSAGE(ran.exit_code == 0, ran.err);
      text = ran.out;
    }
    write_file(dir / "note", text);
    return dir / "note";
  }
  [[nodiscard]] Ran accept(const std::string& note) const {
    return run("loss accept --data " + data + " " + note);
  }

  const TempDir dir;
  const std::string data = new_ledger(dir);
};

// The events of another ledger, the last of them in a log of RocksDB's whose last bytes are not
// those that were synced: as if the machine had been killed, and a bit of the disk had gone.
void flip_after(const std::string& data, const std::string& from, const std::string& copy) {
  const auto source = engine::Log::open(from, engine::OpenMode::read_only);
  REQUIRE(source.has_value());
  const auto events = support::copies_of(**source);
  {
    const auto log = engine::Log::open(data, engine::OpenMode::read_write);
    REQUIRE(log.has_value());
    for (const auto& event : events) REQUIRE((*log)->append({&event, 1}).has_value());
    engine::test::copy_over(data, copy);
  }
  fs::remove_all(data);
  fs::rename(copy, data);
  const std::string wal = engine::test::newest_wal(data);
  const std::size_t end = engine::test::written_in(wal).size();
  engine::test::overwrite(wal, engine::test::with_flip(engine::test::bytes_in(wal), end - 30));
}

// A ledger of five events that has lost the last two, though a checkpoint names them.
void lose_two(const Office& office) {
  office.add(1, 3);
  REQUIRE(run("checkpoint --data " + office.data).exit_code == 0);
  engine::test::copy_over(office.data + "/log", office.dir / "earlier");
  CHECK(office.state().exit_code == 1);  // nothing is lost
  office.add(4, 5);
  write_file(office.dir / "checkpoint", run("checkpoint --data " + office.data).out);
  engine::test::copy_over(office.dir / "earlier", office.data + "/log");
  CHECK(run("import --data " + office.data + " " + (office.dir / "lines.jsonl")).exit_code == 3);
}

bool contains(const Ran& ran, std::string_view text) {
  return ran.out.find(text) != std::string::npos;
}

}  // namespace

TEST_CASE("one signature, the same person's twice, or another statement accepts no loss") {
  const Office office;
  lose_two(office);
  const Ran stated = office.state();
  REQUIRE_MESSAGE(stated.exit_code == 0, stated.err);
  CHECK(contains(stated, "\nlost 4..5\n"));
  CHECK(contains(stated, "records 4..5 are missing"));
  CHECK(office.accept(office.signed_by(stated.out, "a")).exit_code == 1);
  CHECK(office.accept(office.signed_by(stated.out, "aa")).exit_code == 1);
  const std::string twice = office.vkey("a") + " " + office.vkey("a");
  CHECK(run("loss state --data " + office.data + " --by " + twice).exit_code == 1);
  std::string other = stated.out;
  other.replace(other.find("lost 4..5"), 9, "lost 4..6");
  CHECK(office.accept(office.signed_by(other, "ab")).exit_code == 1);
  std::string forged = read_file(office.signed_by(stated.out, "ab"));
  forged.replace(forged.find("lost 4..5"), 9, "lost 4..6");
  write_file(office.dir / "forged", forged);
  CHECK(office.accept(office.dir / "forged").exit_code == 1);
  // The ledger's own key is no person's.
  const Ran own = run("loss key --key " + office.data + ".keys/sign.pem --name person.a");
  const Ran by_own = run("loss state --data " + office.data + " --by " +
                         own.out.substr(0, own.out.size() - 1) + " " + office.vkey("b"));
  REQUIRE_MESSAGE(by_own.exit_code == 0, by_own.err);
  fs::copy_file(office.data + ".keys/sign.pem", office.pem("a"),
                fs::copy_options::overwrite_existing);
  CHECK(office.accept(office.signed_by(by_own.out, "ab")).exit_code == 1);

  CHECK(run("report plan --data " + office.data).exit_code == 3);
  CHECK_FALSE(fs::exists(office.data + ".damaged"));
}

TEST_CASE(
    "with two signatures a ledger goes on from what is kept, and tells of the loss ever after") {
  const Office office;
  lose_two(office);
  const std::string note = office.signed_by(office.state().out, "ab");
  const Ran done = office.accept(note);
  REQUIRE_MESSAGE(done.exit_code == 0, done.err);
  CHECK(contains(run("history access/loss --data " + office.data), "DamageAccepted"));
  CHECK(run("report plan --data " + (office.data + ".damaged")).exit_code == 3);
  office.add(6, 9);
  CHECK(run("checkpoint --data " + office.data).exit_code == 0);
  const Ran audit = run("audit --data " + office.data);
  CAPTURE(audit.out);
  CHECK(audit.exit_code == 0);
  CHECK(contains(audit, "events 4..5, which person.a and person.b accepted"));
  // The checkpoint that was handed out is broken with, and the audit says by what.
  const Ran since = run("audit --data " + office.data + " --since " + (office.dir / "checkpoint"));
  CHECK(since.exit_code == 3);
  CHECK(contains(since, "seq 4-5: lost: "));
  CHECK(office.accept(note).exit_code == 0);  // finished already
  // Who has only a package is told too.
  std::string vkey = run("checkpoint --vkey --data " + office.data).out;
  vkey.pop_back();
  REQUIRE(run("pack --range 1..3 --data " + office.data + " --out " + (office.dir / "p.zip"))
              .exit_code == 0);
  const Ran verified = run((office.dir / "p.zip") + " --key " + vkey, "bihuan-verify");
  CAPTURE(verified.out);
  CHECK(verified.exit_code == 0);
  CHECK(contains(verified, "第 4 至 5 号事件缺失"));
  CHECK(contains(verified, "events 4 to 5 are lost, which person.a (" + office.vkey("a")));
  fs::remove(office.data + ".keys/loss-0001");
  CHECK(contains(run("audit --data " + office.data), "access_loss"));
}

TEST_CASE(
    "of a log with a flipped bit everything before it is kept, and the damaged log as it was") {
  const Office office;
  const std::string source = new_ledger(office.dir, "source");
  std::string lines;
  for (int n = 1; n <= 20; ++n) lines += department("D" + std::to_string(n));
  write_file(office.dir / "lines.jsonl", lines);
  REQUIRE(run("import --data " + source + " " + (office.dir / "lines.jsonl")).exit_code == 0);
  flip_after(office.data, source, office.dir / "copy");
  const std::string wal = engine::test::newest_wal(office.data);
  const std::string damaged = engine::test::bytes_in(wal);
  CHECK(run("checkpoint --data " + office.data).exit_code == 3);
  const Ran stated = office.state();
  REQUIRE_MESSAGE(stated.exit_code == 0, stated.err);
  CHECK(contains(stated, "\nlost 20..20\n"));
  CHECK(contains(stated, ".log, bytes "));
  const Ran done = office.accept(office.signed_by(stated.out, "ba"));
  REQUIRE_MESSAGE(done.exit_code == 0, done.err);
  CHECK(engine::test::bytes_in(engine::test::newest_wal(office.data + ".damaged")) == damaged);
  CHECK(run("audit --data " + office.data).exit_code == 0);
  // The id of the lost event is free again, those of the others are not.
  const Ran again =
      run("import --format json --data " + office.data + " " + (office.dir / "lines.jsonl"));
  CHECK(again.json().at("accepted") == 1);
  CHECK(again.json().at("repeated") == 19);
}

TEST_CASE("after an older copy was restored two people let it be signed again, where it parted") {
  const Office office;
  office.add(1, 2);
  REQUIRE(run("backup --data " + office.data + " " + (office.dir / "backup")).exit_code == 0);
  office.add(3, 5);
  REQUIRE(run("checkpoint --data " + office.data).exit_code == 0);
  fs::rename(office.data, office.dir / "gone");
  REQUIRE(run("restore --from " + (office.dir / "backup") + " --data " + office.data +
              " --damaged " + (office.dir / "gone"))
              .exit_code == 3);
  office.add(11, 19);  // work goes on, unsigned
  CHECK(run("checkpoint --data " + office.data).exit_code == 3);
  const Ran stated = office.state();
  REQUIRE_MESSAGE(stated.exit_code == 0, stated.err);
  CHECK(contains(stated, "\nlost 3..5\n"));
  const Ran done = office.accept(office.signed_by(stated.out, "ab"));
  REQUIRE_MESSAGE(done.exit_code == 0, done.err);
  CHECK_FALSE(fs::exists(office.data + ".damaged"));  // nothing was
  CHECK(run("checkpoint --data " + office.data).exit_code == 0);
  const Ran audit = run("audit --format json --data " + office.data);
  CHECK(audit.exit_code == 0);
  CHECK(audit.json().at("lost").as_array().size() == 1);
  CHECK(audit.json().at("seq") == 11);
  CHECK(office.state().exit_code == 1);
}
