// The quota race: many clients approve at once, over HTTP, more applications than there are places
// or money. Groups of commands are decided together before any of them is durable, so it is here
// that a place could be given twice.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <future>
#include <numeric>
#include <random>
#include <vector>

#include "engine/proof/seal.h"
#include "schemas/event.h"
#include "tests/support/counts.h"
#include "tests/support/crowd.h"
#include "tests/support/served.h"

using support::HttpClient;
using support::HttpReply;
using support::Served;

namespace quota_race_test {

namespace {

constexpr int kClients = 16, kGranted = 100;

struct Answers {
  int granted = 0, full = 0, unexplained = 0;
};

struct Race {
  std::string quota;    // of the item, for kGranted of the crowd
  std::string refusal;  // whom it does not reach is told so,
  std::string says;     // in a sentence with these figures
  int crowd = static_cast<int>(support::times(10'000, 400));

  [[nodiscard]] std::vector<engine::NewEvent> history() const {
    const engine::KeyRing keys{engine::Hash{7}};
    support::Office office(keys);
    support::open_item(office, quota);
    for (int number = 1; number <= crowd; ++number) support::confirm_intent(office, number);
    std::vector<engine::NewEvent> events;
    for (std::uint64_t seq = 1; seq <= office.source().size(); ++seq)
      events.push_back(office.source().change(seq));
    return events;
  }

  // One client: asks for what is next of all, until nothing is.
  [[nodiscard]] Answers approve(const Served& served, const std::vector<int>& order,
                                std::atomic<std::size_t>& next) const {
    HttpClient http = served.as("office_lead");
    Answers answers;
    for (std::size_t at = next++; at < order.size(); at = next++) {
      const std::string stream = support::application_of(order[at]);
      const HttpReply reply = http.post("/v1/commands/ApproveApplication",
                                        R"({"stream":")" + stream + R"(","data":{"amount":1000}})",
                                        {{"Idempotency-Key", "a" + std::to_string(order[at])}});
      if (reply.status == 201)
        ++answers.granted;
      else if (reply.text("code") == refusal && reply.body.find(says) != std::string::npos)
        ++answers.full;
      else
        ++answers.unexplained;
    }
    return answers;
  }

  [[nodiscard]] Answers run(const Served& served) const {
    std::vector<int> order(static_cast<std::size_t>(crowd));
    std::iota(order.begin(), order.end(), 1);
    std::ranges::shuffle(order, std::mt19937(291));
    std::atomic<std::size_t> next = 0;
    std::array<std::future<Answers>, kClients> clients;
    for (auto& client : clients)
      client = std::async(std::launch::async, [&] { return approve(served, order, next); });
    Answers all;
    for (auto& client : clients) {
      const Answers one = client.get();
      all.granted += one.granted;
      all.full += one.full;
      all.unexplained += one.unexplained;
    }
    return all;
  }

  void check() const {
    server::Options options;
    options.of_person = options.of_address = {0, 0};  // no rates
    Served served(options);
    served.imported(history());
    const Answers all = run(served);
    CHECK(all.granted == kGranted);
    CHECK(all.full == crowd - kGranted);
    CHECK(all.unexplained == 0);
    int grants = 0, exhausted = 0;
    REQUIRE(served.log()
                .read_stream("item", "X1",
                             [&](const engine::RecordView& record) {
                               using enum schemas::EventType;
                               grants += schemas::type_of(record) == ItemGranted ? 1 : 0;
                               exhausted += schemas::type_of(record) == ItemBudgetExhausted ? 1 : 0;
                               return true;
                             })
                .has_value());
    CHECK(grants == kGranted);
    CHECK(exhausted == 1);
  }
};

}  // namespace

TEST_CASE("quota race: of all who are approved at once, as many are granted as there are places") {
  Race{.quota = R"({"places":100})", .refusal = "QuotaExhausted", .says = "100/100"}.check();
}

TEST_CASE("quota race: the budget is never overspent, and who comes too late is told how much") {
  Race{.quota = R"({"budget":100000})",
       .refusal = "BudgetExhausted",
       .says = "100000 + 1000 > 100000"}
      .check();
}

}  // namespace quota_race_test
