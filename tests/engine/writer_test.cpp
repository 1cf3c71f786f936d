// What a client of the writer may rely on: order, durability before any answer, and honesty after a
// failed group.
#include "engine/replay/writer.h"

#include <doctest/doctest.h>

#include <atomic>
#include <future>
#include <set>

#include "tests/engine/ledger.h"

using namespace engine;
using namespace engine::test;

namespace {

enum class Act { record, record_two, refuse, repeat, fail_to_read, go_back_in_time };
struct Order {
  Act act = Act::record;
  std::uint64_t seq = 0;  // of the repeated command
};

// Takes Order for what it says; counts events ahead of the disk, as a true decider does.
class Clerk {
 public:
  Result<Ruling> decide(const Order& order, std::uint64_t next_seq) {
    if (gate.valid()) gate.wait();
    ++decided;
    Ruling ruling;
    switch (order.act) {
      case Act::record_two:
        ruling.events = events(next_seq, next_seq + 1);
        ruling.events[1].flags = kFollows;
        ruling.events[1].id.clear();
        break;
      case Act::record:
        ruling.events = events(next_seq, next_seq);
        break;
      case Act::go_back_in_time:
        ruling.events = events(next_seq, next_seq);
        ruling.events[0].recorded_at = ruling.events[0].occurred_at = kStart - 1;
        break;
      case Act::refuse:
        ruling.refused = "NotNow";
        ruling.text = std::to_string(next_seq - 1);
        break;
      case Act::repeat:
        ruling.repeats = order.seq;
        break;
      case Act::fail_to_read:
        return fail(ErrorCode::corrupt, "the stream cannot be read");
    }
    return ruling;
  }
  void forget() { ++forgotten; }

  std::atomic<int> decided = 0, forgotten = 0;
  std::shared_future<void> gate;
};

using OrderWriter = Writer<Clerk, Order>;

}  // namespace

TEST_CASE(
    "every command is answered once, in the order of submission, with the receipt of its record") {
  const TempDir temp;
  const auto log = new_log(temp);
  Clerk clerk;
  std::vector<Answer> answers;
  {
    OrderWriter writer(*log, clerk, {.group_commands = 16, .group_bytes = 1U << 20U, .waiting = 8});
    for (int i = 0; i < 500; ++i) {
      const Act act = i % 5 == 4 ? Act::refuse : i % 7 == 6 ? Act::record_two : Act::record;
      REQUIRE(writer.submit({act, 0}, [&](const Answer& answer) { answers.push_back(answer); }));
    }
    writer.drain();
    CHECK(answers.size() == 500);
  }
  std::uint64_t next = 1;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    CAPTURE(i);
    const Answer& answer = answers[i];
    CHECK_FALSE(answer.error.has_value());
    if (i % 5 == 4) {
      CHECK(answer.refused == "NotNow");
      CHECK_FALSE(answer.receipt.has_value());
      continue;
    }
    REQUIRE(answer.receipt.has_value());
    CHECK(answer.receipt->seq == next);
    CHECK(answer.receipt->leaf == log->leaf_at(next).value());
    CHECK(answer.receipt->recorded_at == event(next).recorded_at);
    CHECK(answer.receipt->version == event(next).version);  // the second event is of another stream
    CHECK(answer.events == (i % 7 == 6 ? 2 : 1));
    next += answer.events;
  }
  CHECK(log->size() == next - 1);
}

TEST_CASE(
    "clients that wait do the work themselves, beside others that submit, and nothing is lost") {
  const TempDir temp;
  const auto log = new_log(temp);
  Clerk clerk;
  OrderWriter writer(*log, clerk, {.group_commands = 16, .group_bytes = 1U << 20U, .waiting = 8});
  constexpr std::uint64_t kClients = 6, kEach = 60;
  std::atomic<std::uint64_t> submitted = 0, early = 0;
  std::vector<std::vector<std::uint64_t>> seqs(kClients);
  {
    std::vector<std::jthread> clients;
    for (std::uint64_t client = 0; client < kClients; ++client) {
      clients.emplace_back([&, client] {
        for (std::uint64_t i = 0; i < kEach; ++i) {
          if (client == 0) {
            writer.submit({Act::record, 0}, [&](const Answer&) { ++submitted; });
            continue;
          }
          const auto answer = writer.execute({Act::record, 0});
          early += log->size() < answer->receipt->seq ? 1U : 0U;
          seqs[client].push_back(answer->receipt->seq);
        }
      });
    }
  }
  writer.drain();
  CHECK(early == 0);
  CHECK(submitted == kEach);
  CHECK(log->size() == kClients * kEach);
  std::set<std::uint64_t> all;
  for (const auto& of_client : seqs) {
    CHECK(std::ranges::is_sorted(of_client));
    all.insert(of_client.begin(), of_client.end());
  }
  CHECK(all.size() == (kClients - 1) * kEach);
  CHECK(writer.execute({Act::refuse, 0})->refused == "NotNow");
  writer.close();
  CHECK_FALSE(writer.execute({Act::record, 0}).has_value());
}

TEST_CASE(
    "no answer leaves before all that it rests on is durable, not even a refusal or a repeat") {
  const TempDir temp;
  const auto log = new_log(temp);
  Clerk clerk;
  std::atomic<int> early = 0, refusals = 0, repeats = 0;
  OrderWriter writer(*log, clerk, {.group_commands = 10, .group_bytes = 1U << 20U, .waiting = 100});
  for (std::uint64_t i = 1; i <= 200; ++i) {
    writer.submit({Act::record, 0},
                  [&](const Answer& a) { early += log->size() < a.receipt->seq; });
    writer.submit({Act::refuse, 0}, [&](const Answer& a) {
      ++refusals;
      early += log->size() < std::stoull(a.text);  // the text names the last seq it was decided on
    });
    writer.submit({Act::repeat, i}, [&, i](const Answer& a) {
      ++repeats;
      early += log->size() < i || !a.repeated || a.receipt->seq != i ||
               a.receipt->leaf != log->leaf_at(i).value();
    });
  }
  writer.drain();
  CHECK(refusals == 200);
  CHECK(repeats == 200);
  CHECK(early == 0);
}

TEST_CASE("a repeat gets the first receipt, with the version that its command left") {
  const TempDir temp;
  const auto log = new_log(temp);
  auto group = events(1, 4);
  for (NewEvent& e : group) e.no = "one";
  group[1].flags = kFollows;
  group[1].id.clear();
  group[1].version = 2;
  REQUIRE(log->append(group).has_value());
  const auto receipt = read_receipt(*log, 1);
  REQUIRE(receipt.has_value());
  CHECK(receipt->version == 2);
  CHECK(receipt->recorded_at == group[0].recorded_at);
  CHECK(receipt->leaf == log->leaf_at(1).value());
}

TEST_CASE("a read that fails while deciding concerns its own command only") {
  const TempDir temp;
  const auto log = new_log(temp);
  Clerk clerk;
  OrderWriter writer(*log, clerk);
  std::vector<Answer> answers;
  const auto keep = [&](const Answer& answer) { answers.push_back(answer); };
  writer.submit({Act::fail_to_read, 0}, keep);
  writer.submit({Act::record, 0}, keep);
  writer.drain();
  REQUIRE(answers.size() == 2);
  CHECK(answers[0].error->code == ErrorCode::corrupt);
  CHECK(answers[1].receipt->seq == 1);
}

TEST_CASE(
    "after a failed group all that wait are told so, the decider forgets, and writing stops") {
  const TempDir temp;
  const auto log = new_log(temp);
  Clerk clerk;
  OrderWriter writer(*log, clerk, {.group_commands = 4, .group_bytes = 1U << 20U, .waiting = 100});
  std::vector<Answer> answers;
  const auto keep = [&](const Answer& answer) { answers.push_back(answer); };
  for (int i = 0; i < 5; ++i) writer.submit({Act::record, 0}, keep);
  writer.drain();
  writer.submit({Act::go_back_in_time, 0}, keep);
  for (int i = 0; i < 30; ++i) writer.submit({i % 2 == 0 ? Act::refuse : Act::record, 0}, keep);
  writer.drain();
  REQUIRE(answers.size() == 36);
  for (std::size_t i = 0; i < 5; ++i) CHECK(answers[i].receipt.has_value());
  for (std::size_t i = 5; i < answers.size(); ++i) {
    CAPTURE(i);
    CHECK_FALSE(answers[i].receipt.has_value());
    CHECK(answers[i].refused.empty());  // a refusal that rested on what was lost is not an answer
    REQUIRE(answers[i].error.has_value());
  }
  CHECK(answers[5].error->text.find("unknown") != std::string::npos);
  CHECK(answers.back().error->text.find("not recorded") != std::string::npos);
  CHECK(clerk.forgotten == 1);
  CHECK(writer.stopped().has_value());
  CHECK(log->size() == 5);
}

TEST_CASE("a full queue is said to be full, and a closed writer takes nothing more") {
  const TempDir temp;
  const auto log = new_log(temp);
  Clerk clerk;
  std::promise<void> open;
  clerk.gate = open.get_future().share();
  OrderWriter writer(*log, clerk, {.group_commands = 1, .group_bytes = 1U << 20U, .waiting = 5});
  std::atomic<int> answered = 0;
  int taken = 0;
  // The clerk holds the first command; the queue behind it fills up.
  while (writer.try_submit({}, [&](const Answer&) { ++answered; })) REQUIRE(++taken < 100);
  CHECK(taken >= 5);
  open.set_value();
  writer.close();
  CHECK(answered == taken);
  CHECK_FALSE(writer.try_submit({}, [](const Answer&) {}));
  CHECK_FALSE(writer.submit({}, [](const Answer&) {}));
}

TEST_CASE("a batch larger than the queue is taken in its order, and a closed writer takes none") {
  const TempDir temp;
  const auto log = new_log(temp);
  Clerk clerk;
  OrderWriter writer(*log, clerk, {.group_commands = 7, .group_bytes = 1U << 20U, .waiting = 5});
  std::vector<std::uint64_t> order;
  std::vector<OrderWriter::Submission> batch;
  for (std::uint64_t i = 1; i <= 300; ++i) {
    batch.push_back({{}, [&order](const Answer& a) { order.push_back(a.receipt->seq); }});
  }
  CHECK(writer.submit_all(batch));
  CHECK(batch.empty());
  writer.drain();
  REQUIRE(order.size() == 300);
  for (std::uint64_t i = 0; i < 300; ++i) CHECK(order[i] == i + 1);
  writer.close();
  batch.push_back({{}, [&order](const Answer&) { order.push_back(0); }});
  CHECK_FALSE(writer.submit_all(batch));
  CHECK(order.size() == 300);
}

TEST_CASE("commands that come one by one, each after the last answer, are all recorded") {
  const TempDir temp;
  const auto log = new_log(temp);
  Clerk clerk;
  OrderWriter writer(*log, clerk);
  for (std::uint64_t i = 1; i <= 300; ++i) {
    std::promise<std::uint64_t> seq;
    REQUIRE(writer.submit({}, [&](const Answer& a) { seq.set_value(a.receipt->seq); }));
    CHECK(seq.get_future().get() == i);
  }
}

TEST_CASE("commands from many threads are each recorded once") {
  const TempDir temp;
  const auto log = new_log(temp);
  Clerk clerk;
  std::mutex mutex;
  std::set<std::uint64_t> seqs;
  {
    OrderWriter writer(*log, clerk,
                       {.group_commands = 64, .group_bytes = 1U << 20U, .waiting = 16});
    std::vector<std::thread> clients;
    for (int client = 0; client < 4; ++client) {
      clients.emplace_back([&] {
        for (int i = 0; i < 200; ++i) {
          writer.submit({}, [&](const Answer& answer) {
            const std::lock_guard lock(mutex);
            seqs.insert(answer.receipt->seq);
          });
        }
      });
    }
    for (auto& client : clients) client.join();
  }
  CHECK(seqs.size() == 800);
  CHECK(*seqs.rbegin() == 800);
  CHECK(holds(*log, 800));
}

TEST_CASE("a writer that is closed while a group is on its way always ends") {
  const TempDir temp;
  const auto log = new_log(temp);
  std::uint64_t answered = 0;
  constexpr std::uint64_t kRounds = 3000;  // one of some thousand hung when a sleeper could miss the last call
  for (std::uint64_t round = 0; round < kRounds; ++round) {
    Clerk clerk;
    OrderWriter writer(*log, clerk);
    for (int i = 0; i < 3; ++i)
      CHECK(writer.submit({Act::refuse}, [&](const Answer&) { ++answered; }));
    writer.close();
  }
  CHECK(answered == 3 * kRounds);
}
