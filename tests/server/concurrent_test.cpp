// R13: many clients at the same streams at once, over HTTP: with the version that they expect, an
// older or a later one, or none; out of order; again under the same key, also several at once; and
// with a key that already stands for something else. There is one order in which every answer is
// right, and nothing is applied twice.
#include <doctest/doctest.h>

#include <array>
#include <atomic>
#include <future>

#include "schemas/event.h"
#include "schemas/json.h"
#include "tests/crash/campaign.h"
#include "tests/engine/numbers.h"
#include "tests/server/chronicle.h"
#include "tests/support/served.h"

using namespace server_test;
using support::HttpClient;
using support::HttpReply;
using support::Served;

namespace {

constexpr unsigned kClients = 8, kStreams = 3, kTurns = 40;

// One client: what it asks follows from the seed and from what it was answered.
class Client {
 public:
  Client(const Served& served, std::uint64_t seed, std::uint64_t round, unsigned number,
         std::atomic<std::uint64_t>& order)
      : http_(served.as("office_lead")),
        random_(seed << 32U ^ round << 8U ^ number),
        round_(std::to_string(seed) + "-" + std::to_string(round)),
        me_(round_ + "-" + std::to_string(number)),
        order_(order) {}

  std::vector<Deed> run() {
    for (unsigned turn = 0; turn < kTurns; ++turn) step(turn);
    return std::move(deeds_);
  }

 private:
  [[nodiscard]] std::string stream() { return "d" + round_ + "-" + std::to_string(at_); }

  Deed fresh(std::string key) {
    Deed deed;
    deed.key = std::move(key);
    deed.no = stream();
    deed.name = deed.key;
    deed.creates = random_.below(8) == 0;
    constexpr unsigned kNone = 3, kOlder = 8, kLater = 9, kAll = 10;
    const std::uint64_t kind = random_.below(kAll);
    if (deed.creates || kind < kNone) return deed;
    deed.expected = seen_[at_];
    if (kind == kOlder && seen_[at_] > 0) deed.expected = seen_[at_] - 1;
    if (kind == kLater) deed.expected = seen_[at_] + 1;
    return deed;
  }

  void step(unsigned turn) {
    at_ = static_cast<unsigned>(random_.below(kStreams));
    const std::string key = me_ + "-" + std::to_string(turn);
    // The same of all clients at about the same time: one records it, to the others it is a repeat.
    if (turn % 8 == 5) return send(twin(turn));
    switch (random_.below(8)) {
      case 0:
        return look();
      case 1:
        return again(false);
      case 2:
        return again(true);
      case 3:
        return out_of_order(key);
      default:
        return send(fresh(key));
    }
  }

  [[nodiscard]] Deed twin(unsigned turn) const {
    Deed deed;
    deed.key = deed.name = "t" + round_ + "-" + std::to_string(turn);
    deed.no = "d" + round_ + "-" + std::to_string(turn % kStreams);
    return deed;
  }

  // What was asked before, under its key; or something else under it.
  void again(bool otherwise) {
    if (deeds_.empty()) return look();
    const Deed& old = deeds_[random_.below(deeds_.size())];
    if (old.name.empty()) return look();
    Deed deed;
    deed.key = old.key;
    deed.no = old.no;
    deed.expected = old.expected;
    deed.creates = old.creates;
    deed.name = otherwise ? old.name + "*" : old.name;
    send(std::move(deed));
  }

  void out_of_order(const std::string& key) {
    Deed one = fresh(key + "a"), two = fresh(key + "b");
    one.creates = two.creates = false;
    one.expected = seen_[at_];
    two.expected = seen_[at_] + 1;
    send(two);
    send(one);
    send(two);
  }

  void look() {
    Deed deed;
    deed.key = "look";
    deed.no = stream();
    deed.asked = ++order_;
    const HttpReply reply = http_.get("/v1/streams/department/" + deed.no);
    deed.answered = ++order_;
    deed.status = reply.status;
    if (reply.status == 200) deed.version = version_in(reply);
    seen_[at_] = deed.version;
    deeds_.push_back(std::move(deed));
  }

  static std::uint32_t version_in(const HttpReply& reply) {
    return reply.json().at("version").to_number<std::uint32_t>();
  }

  void send(Deed deed) {
    boost::json::object body{{"stream", "department/" + deed.no}, {"data", {{"name", deed.name}}}};
    if (deed.expected) body["expected_version"] = *deed.expected;
    const std::string path = deed.creates ? "CreateDepartment" : "RenameDepartment";
    deed.asked = ++order_;
    const HttpReply reply = http_.post("/v1/commands/" + path, boost::json::serialize(body),
                                       {{"Idempotency-Key", deed.key}});
    deed.answered = ++order_;
    deed.status = reply.status;
    if (reply.status == 201 || reply.status == 200) {
      deed.receipt = reply.body;
      deed.seq = reply.json().at("seq").to_number<std::uint64_t>();
      deed.version = version_in(reply);
      if (deed.no == stream()) seen_[at_] = std::max(seen_[at_], deed.version);
    } else {
      deed.code = reply.text("code");
    }
    deeds_.push_back(std::move(deed));
  }

  HttpClient http_;
  engine::test::Numbers random_;
  std::string round_, me_;
  std::atomic<std::uint64_t>& order_;
  unsigned at_ = 0;
  std::array<std::uint32_t, kStreams> seen_{};
  std::vector<Deed> deeds_;
};

std::vector<Deed> play(const Served& served, std::uint64_t seed, std::uint64_t round) {
  std::atomic<std::uint64_t> order = 0;
  std::vector<std::future<std::vector<Deed>>> clients;
  for (unsigned number = 0; number < kClients; ++number)
    clients.push_back(std::async(std::launch::async, [&, number] {
      return Client(served, seed, round, number, order).run();
    }));
  std::vector<Deed> deeds;
  for (auto& client : clients)
    for (Deed& deed : client.get()) deeds.push_back(std::move(deed));
  return deeds;
}

std::vector<Kept> kept_after(const engine::Log& log, std::uint64_t seq) {
  std::vector<Kept> all;
  REQUIRE(log.read(seq + 1, 0,
                   [&](const engine::RecordView& record) {
                     const boost::json::object event = schemas::event_json(record);
                     all.push_back({record.seq, std::string(record.no), std::string(record.id),
                                    std::string(event.at("data").at("name").as_string()),
                                    record.version});
                     return true;
                   })
              .has_value());
  return all;
}

// After a restart each key gives its first receipt.
std::size_t asked_again(Served& served, const std::vector<Deed>& deeds) {
  served.stop();
  served.start();
  HttpClient http = served.as("office_lead");
  std::size_t count = 0;
  for (const Deed& deed : deeds) {
    if (deed.status != 201) continue;
    boost::json::object body{{"stream", "department/" + deed.no}, {"data", {{"name", deed.name}}}};
    if (deed.expected) body["expected_version"] = *deed.expected;
    const std::string path = deed.creates ? "CreateDepartment" : "RenameDepartment";
    const HttpReply reply = http.post("/v1/commands/" + path, boost::json::serialize(body),
                                      {{"Idempotency-Key", deed.key}});
    CHECK(reply.status == 200);
    CHECK(reply.body == deed.receipt);
    ++count;
  }
  return count;
}

server::Options without_rates() {
  server::Options options;
  options.of_person = options.of_address = {0, 0};
  return options;
}

// A history of two streams that is right, to be spoiled.
struct Tale {
  std::vector<Deed> deeds;
  std::vector<Kept> log;
};
Tale a_tale() {
  const auto accepted = [](std::string key, std::optional<std::uint32_t> expected, bool creates,
                           std::uint64_t asked, std::uint64_t seq, std::uint32_t version) {
    return Deed{key,       "a", expected, key,       creates, asked,
                asked + 2, 201, "",       "r" + key, seq,     version};
  };
  Tale made{{accepted("k1", {}, true, 1, 1, 1), accepted("k2", 1, false, 11, 2, 2),
             accepted("k3", 2, false, 21, 3, 3)},
            {{1, "a", "k1", "k1", 1}, {2, "a", "k2", "k2", 2}, {3, "a", "k3", "k3", 3}}};
  made.deeds.push_back({"k2", "a", 1, "k2", false, 31, 32, 200, "", "rk2", 2, 2});
  made.deeds.push_back({"k4", "a", 2, "k4", false, 33, 34, 409, "VersionConflict", "", 0, 0});
  made.deeds.push_back({"k1", "a", {}, "k5", false, 35, 36, 422, "IdReused", "", 0, 0});
  made.deeds.push_back({"look", "a", {}, "", false, 14, 20, 200, "", "", 0, 2});
  return made;
}

}  // namespace

TEST_CASE("what the judge of concurrent clients must find, it finds") {
  CHECK(faults(a_tale().deeds, a_tale().log) == "");
  const auto found = [](auto spoil) {
    Tale made = a_tale();
    spoil(made);
    return faults(made.deeds, made.log);
  };
  CHECK(found([](Tale& of) { of.log.pop_back(); }).find("not in the log") != std::string::npos);
  CHECK(found([](Tale& of) { of.deeds.erase(of.deeds.begin() + 2); }).find("nobody was told") !=
        std::string::npos);
  CHECK(found([](Tale& of) { of.deeds.push_back(of.deeds[0]); }).find("accepted twice") !=
        std::string::npos);
  CHECK(found([](Tale& of) { of.deeds[3].receipt = "r"; }).find("another receipt") !=
        std::string::npos);
  CHECK(found([](Tale& of) { of.deeds[1].expected = 2; }).find("not what it expected") !=
        std::string::npos);
  CHECK(found([](Tale& of) { of.deeds[4].expected = 3; }).find("without a reason") !=
        std::string::npos);
  CHECK(found([](Tale& of) { of.deeds[5].name = "k1"; }).find("without a reason") !=
        std::string::npos);
  CHECK(found([](Tale& of) { of.deeds[6].version = 1; }).find("at another time") !=
        std::string::npos);
  CHECK(found([](Tale& of) { of.deeds[1].asked = 25; }).find("answered before it was asked") !=
        std::string::npos);
  CHECK(found([](Tale& of) {
          of.deeds[3] = of.deeds[4];
          of.deeds[3].key = "k2";
        }).find("its key was known") != std::string::npos);
}

TEST_CASE("R13: concurrent, repeated and reordered commands have one order, each applied once") {
  crash::Tally tally("R13", "eight clients at three streams, commands by HTTP, with versions");
  Served served(without_rates());
  std::vector<Deed> deeds;
  const std::uint64_t seed = crash::first_seed(), rounds = crash::times(40);
  for (std::uint64_t round = 0; round < rounds; ++round) {
    CAPTURE(round);
    const std::uint64_t before = served.log().size();
    deeds = play(served, seed, round);
    const std::string wrong = faults(deeds, kept_after(served.log(), before));
    CHECK_MESSAGE(wrong.empty(), wrong);
    tally.add(deeds.size(), wrong);
    for (const Deed& deed : deeds)
      tally.count(deed.name.empty()    ? "looks"
                  : deed.status == 201 ? "accepted"
                  : deed.status == 200 ? "repeated"
                                       : deed.code);
  }
  CHECK(asked_again(served, deeds) > 0);
  for (const char* const what : {"looks", "accepted", "repeated", "VersionConflict", "NotFound",
                                 "AlreadyExists", "IdReused"})
    CHECK_MESSAGE(tally.seen(what) > 0, what);
}
