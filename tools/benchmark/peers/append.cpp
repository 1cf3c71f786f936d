// Appends to one peer: 1, 8 and 64 clients that wait for each acknowledgement, and batches of
// 1,000. A client takes the streams that fall to it and keeps their order, so that versions can be
// checked.
#include "tools/benchmark/peers/append.h"

#include <unistd.h>

#include <atomic>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>

#include "tools/benchmark/limits.h"
#include "tools/benchmark/on_processor.h"
#include "tools/benchmark/peers/peer.h"
#include "tools/benchmark/stopwatch.h"

namespace tools {

namespace json = boost::json;

namespace {

constexpr std::size_t kBatch = 1000;

// What one client appends, in order; `next` goes on from run to run.
struct Share {
  std::vector<PeerEvent> events;
  std::size_t next = 0;
};

std::vector<Share> shares_of(const std::vector<PeerEvent>& events, std::size_t clients) {
  std::vector<Share> shares(clients);
  for (const PeerEvent& event : events)
    shares[std::hash<std::string>()(event.kind + event.no) % clients].events.push_back(event);
  return shares;
}

struct Series {
  std::vector<double> rates;  // acknowledged events a second, one a run
  std::vector<double> syncs;  // of the bare loop before it
  std::uint64_t appended = 0;
};

// One run: until the time is up or every client has used its part of the events. Returns how many
// were appended.
std::uint64_t run_once(std::vector<Share>& shares, std::vector<std::unique_ptr<Session>>& sessions,
                       std::size_t batch, std::size_t runs, const AppendOptions& options) {
  std::atomic<std::uint64_t> appended = 0;
  std::mutex mutex;
  std::string failed;
  const Stopwatch watch;
  std::vector<std::thread> threads;
  for (std::size_t client = 0; client < shares.size(); ++client)
    threads.emplace_back([&, client] {
      Share& share = shares[client];
      const std::size_t most = share.next + share.events.size() / (runs + 1);
      try {
        while (watch.seconds() < options.seconds && share.next + batch <= most) {
          sessions[client]->append({share.events.data() + share.next, batch});
          share.next += batch;
          appended += batch;
        }
      } catch (const PeerFailed& failure) {
        const std::lock_guard lock(mutex);
        failed = failure.text;
      }
    });
  for (std::thread& thread : threads) thread.join();
  if (!failed.empty()) throw PeerFailed{failed};
  return appended;
}

Series run_series(Peer& peer, const std::vector<PeerEvent>& events, std::size_t clients,
                  std::size_t batch, const AppendOptions& options) {
  peer.begin();
  ::sync();  // what the series before left to be written is not of this one
  std::vector<Share> shares = shares_of(events, clients);
  std::vector<std::unique_ptr<Session>> sessions;
  for (std::size_t client = 0; client < clients; ++client) sessions.push_back(peer.connect());
  Series series;
  const bool lone = clients == 1 && batch == 1;
  const std::size_t runs = lone ? runs_in_turn(options.runs) : options.runs;
  for (std::size_t run = 0; run <= runs; ++run) {
    std::optional<OnProcessor> bound;
    if (lone) bound.emplace(run);
    const auto bare = fdatasync_rate(options.scratch, options.seconds / 4);
    if (!bare) throw PeerFailed{bare.error().text};
    const Stopwatch watch;
    const std::uint64_t appended = run_once(shares, sessions, batch, runs, options);
    series.appended += appended;
    if (run == 0 || appended == 0) continue;  // warm-up
    series.rates.push_back(static_cast<double>(appended) / watch.seconds());
    series.syncs.push_back(*bare);
  }
  return series;
}

json::object summary_of(const std::vector<double>& runs) {
  return {{"median", median(runs)},
          {"min", percentile(runs, 0)},
          {"max", percentile(runs, 1)},
          {"runs", runs.size()}};
}

}  // namespace

engine::Result<json::array> append_to(Peer& peer, const AppendOptions& options) {
  const std::vector<PeerEvent> events = read_events(options.events, options.most);
  if (events.empty())
    return engine::fail(engine::ErrorCode::not_found, options.events + " holds no events.");
  json::array list;
  struct Way {
    std::size_t clients, batch;
  };
  for (const Way way : {Way{1, 1}, Way{8, 1}, Way{64, 1}, Way{1, kBatch}, Way{4, kBatch}}) {
    if (way.clients > 1 && !peer.takes_clients()) continue;
    if (way.clients > 1 && way.batch > 1 && !peer.takes_parallel_batches()) continue;
    try {
      const Series series = run_series(peer, events, way.clients, way.batch, options);
      if (series.rates.empty()) continue;
      const double bytes = peer.bytes() / static_cast<double>(series.appended);
      list.push_back({{"clients", way.clients},
                      {"batch", way.batch},
                      {"rate", summary_of(series.rates)},
                      {"fdatasync", summary_of(series.syncs)},
                      {"bytes_on_disk_per_event", bytes}});
    } catch (const PeerFailed& failure) {
      return engine::fail(engine::ErrorCode::io, failure.text);
    }
  }
  return list;
}

}  // namespace tools
