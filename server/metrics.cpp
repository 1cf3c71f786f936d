#include "server/metrics.h"

#include <fmt/format.h>

#include <algorithm>

#include "server/router.h"

namespace server {
namespace {

std::string_view name_of(const Route* route) { return route == nullptr ? "none" : route->path; }
std::string_view method_of(const Route* route) {
  if (route == nullptr) return "none";
  return route->method == Method::post ? "POST" : "GET";
}

void print_head(std::string& text, std::string_view name, std::string_view type,
                std::string_view help) {
  text += fmt::format("# HELP {} {}\n# TYPE {} {}\n", name, help, name, type);
}

void print(std::string& text, std::string_view name, std::string_view type, std::string_view help,
           std::uint64_t value) {
  print_head(text, name, type, help);
  text += fmt::format("{} {}\n", name, value);
}

std::size_t place_of(const auto& bounds, auto value) {
  return static_cast<std::size_t>(std::ranges::lower_bound(bounds, value) - bounds.begin());
}

void print_standing(std::string& text, const projections::Standing& standing) {
  using enum schemas::Light;
  constexpr std::array kLightsShown{green, yellow, red, grey};
  constexpr std::string_view kLights = "bihuan_lights";
  print(text, "bihuan_open_obligations", "gauge", "Duties of appeals that have begun and are open.",
        standing.open);
  print_head(text, kLights, "gauge", "Open duties of appeals by the colour of their light.");
  for (const schemas::Light light : kLightsShown)
    text += fmt::format("{}{{light=\"{}\"}} {}\n", kLights, schemas::light_name(light),
                        standing.lights.at(static_cast<std::size_t>(light)));
}

}  // namespace

Metrics::Metrics() : routes_(all_routes().size() + 1) {}

void Metrics::answered(const Route* route, unsigned status, engine::Micros took) {
  const auto& all = all_routes();
  OfRoute& of = routes_[static_cast<std::size_t>(std::ranges::find(all, route) - all.begin())];
  ++of.replies[std::clamp(status / 100, 1U, 5U) - 1];
  ++of.within[place_of(kBounds, took)];
  of.micros += static_cast<std::uint64_t>(std::max<engine::Micros>(took, 0));
  if (status == 401) ++unauthenticated_;
  if (status == 403) ++forbidden_;
}

void Metrics::decided(std::string_view result) {
  const std::lock_guard lock(mutex_);
  const auto found = decided_.find(result);
  if (found != decided_.end())
    ++found->second;
  else
    decided_.emplace(result, 1);
}

void Metrics::synced(std::size_t commands, engine::Micros took) {
  ++groups_.within[place_of(kGroups, commands)];
  groups_.commands += commands;
  ++groups_.synced[place_of(kBounds, took)];
  groups_.micros += static_cast<std::uint64_t>(std::max<engine::Micros>(took, 0));
}

void Metrics::print_groups(std::string& text) const {
  constexpr std::string_view kCommands = "bihuan_group_commands", kSync = "bihuan_sync_seconds";
  print_head(text, kCommands, "histogram", "Commands that became durable in one sync.");
  std::uint64_t sum = 0;
  for (std::size_t k = 0; k <= kGroups.size(); ++k) {
    sum += groups_.within[k].load();
    text += fmt::format("{}_bucket{{le=\"{}\"}} {}\n", kCommands,
                        k < kGroups.size() ? std::to_string(kGroups[k]) : "+Inf", sum);
  }
  text += fmt::format("{0}_sum {1}\n{0}_count {2}\n", kCommands, groups_.commands.load(), sum);
  print_head(text, kSync, "histogram", "Time for a group to become durable.");
  sum = 0;
  for (std::size_t k = 0; k <= kBounds.size(); ++k) {
    sum += groups_.synced[k].load();
    text += fmt::format("{}_bucket{{le=\"{}\"}} {}\n", kSync,
                        k < kBounds.size() ? kSeconds[k] : "+Inf", sum);
  }
  text += fmt::format("{0}_sum {1:.6f}\n{0}_count {2}\n", kSync,
                      static_cast<double>(groups_.micros.load()) / 1e6, sum);
}

void Metrics::print_replies(std::string& text) const {
  constexpr std::string_view kName = "bihuan_http_replies_total";
  print_head(text, kName, "counter", "Replies by route and class of status.");
  for (std::size_t i = 0; i < routes_.size(); ++i) {
    const Route* const route = i < all_routes().size() ? all_routes()[i] : nullptr;
    for (std::size_t k = 0; k < kClasses.size(); ++k) {
      const std::uint64_t count = routes_[i].replies[k].load();
      if (count != 0)
        text += fmt::format("{}{{method=\"{}\",route=\"{}\",status=\"{}\"}} {}\n", kName,
                            method_of(route), name_of(route), kClasses[k], count);
    }
  }
}

void Metrics::print_times(std::string& text) const {
  constexpr std::string_view kName = "bihuan_http_reply_seconds";
  print_head(text, kName, "histogram", "Time from a whole request to its reply, by route.");
  for (std::size_t i = 0; i < routes_.size(); ++i) {
    const Route* const route = i < all_routes().size() ? all_routes()[i] : nullptr;
    const std::string labels =
        fmt::format("method=\"{}\",route=\"{}\"", method_of(route), name_of(route));
    std::uint64_t sum = 0;
    std::string lines;
    for (std::size_t k = 0; k <= kBounds.size(); ++k) {
      sum += routes_[i].within[k].load();
      lines += fmt::format("{}_bucket{{{},le=\"{}\"}} {}\n", kName, labels,
                           k < kBounds.size() ? kSeconds[k] : "+Inf", sum);
    }
    if (sum == 0) continue;  // nobody asked for it yet
    text += lines;
    text += fmt::format("{}_sum{{{}}} {:.6f}\n{}_count{{{}}} {}\n", kName, labels,
                        static_cast<double>(routes_[i].micros.load()) / 1e6, kName, labels, sum);
  }
}

std::string Metrics::text(const Gauges& gauges) const {
  std::string text;
  print(text, "bihuan_takes_writes", "gauge", "1 while the ledger takes writes.",
        gauges.takes_writes ? 1 : 0);
  print(text, "bihuan_events", "gauge", "Events in the ledger that are durable.", gauges.events);
  print(text, "bihuan_checkpoint_events", "gauge", "Events that the newest checkpoint covers.",
        gauges.checkpoint_events);
  print(text, "bihuan_projection_lag_events", "gauge",
        "Durable events that no report was asked for yet.",
        gauges.events - std::min(gauges.events, gauges.drawn_events));
  print(text, "bihuan_waiting_commands", "gauge", "Commands taken and not yet answered.",
        gauges.waiting_commands);
  print(text, "bihuan_waiting_reads", "gauge", "Reads taken and not yet answered.",
        gauges.waiting_reads);
  print(text, "bihuan_connections", "gauge", "Open connections.", gauges.connections);
  print(text, "bihuan_unauthenticated_total", "counter", "Requests without a token that is known.",
        unauthenticated_.load());
  print(text, "bihuan_forbidden_total", "counter", "Requests that a right was missing for.",
        forbidden_.load());
  constexpr std::string_view kCommands = "bihuan_commands_total";
  print_head(text, kCommands, "counter",
             "Commands by what they came to: accepted, repeated, failed, or the refusal.");
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [result, count] : decided_)
      text += fmt::format("{}{{result=\"{}\"}} {}\n", kCommands, result, count);
  }
  if (gauges.standing) print_standing(text, *gauges.standing);
  print_groups(text);
  print_replies(text);
  print_times(text);
  return text;
}

}  // namespace server
