// Numbers that a running program tells about itself: counters, gauges, latency
// histograms, each with labels; rendered in the text format that Prometheus reads
// (exposition format 0.0.4).
//
// A Registry is made by whoever runs the program and passed to those who count.
// counter(), gauge() and histogram() look their metric up under a lock and return a
// reference that lives as long as the registry: take it once, keep it. Counting is
// then one relaxed atomic addition (two for a histogram, after a search among its
// bounds): any thread, nanoseconds, no lock.
//
// Labels must come from closed lists (an endpoint, a stage, a status class), never
// from a request: each combination is kept for ever.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace handsel::metrics {

using Labels = std::vector<std::pair<std::string, std::string>>;

class Counter {
 public:
  void add(std::uint64_t count = 1) { value_.fetch_add(count, std::memory_order_relaxed); }
  std::uint64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

class Gauge {
 public:
  void set(double value) { value_.store(value, std::memory_order_relaxed); }
  void add(double delta) { value_.fetch_add(delta, std::memory_order_relaxed); }
  double value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<double> value_{0};  // whole numbers are exact up to 2^53
};

// Upper bounds in seconds, about 2.5 apart: 100 microseconds to 10 seconds.
inline constexpr double kLatencyBounds[] = {0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025,
                                            0.05,   0.1,     0.25,   0.5,   1.0,    2.5,   5.0,  10.0};

// Durations in seconds. A reader sees each observation once; sum and buckets may
// be apart by those that arrive while it reads.
class Histogram {
 public:
  explicit Histogram(std::span<const double> bounds);
  // Negative and not-a-number count as 0.
  void observe(double seconds);
  void observe_ms(double ms) { observe(ms / 1000); }

  std::span<const double> bounds() const { return bounds_; }
  // At or under bounds()[i]; the last is the number of all observations.
  std::vector<std::uint64_t> cumulative() const;
  double sum() const;

 private:
  const std::vector<double> bounds_;  // growing
  std::vector<std::atomic<std::uint64_t>> counts_;
  std::atomic<std::uint64_t> sum_ns_{0};
};

class Registry {
 public:
  // `name` and label names are ours and well-formed; one name is one kind of metric
  // with one help text, whatever the labels.
  Counter& counter(std::string_view name, std::string_view help, Labels labels = {});
  Gauge& gauge(std::string_view name, std::string_view help, Labels labels = {});
  Histogram& histogram(std::string_view name, std::string_view help, Labels labels = {},
                       std::span<const double> bounds = kLatencyBounds);

  // Families by name, series by labels.
  std::string render() const;

 private:
  using Metric = std::variant<std::unique_ptr<Counter>, std::unique_ptr<Gauge>, std::unique_ptr<Histogram>>;
  struct Family {
    std::string help;
    std::map<Labels, Metric> series;
  };

  template <typename T, typename... Args>
  T& find_or_make(std::string_view name, std::string_view help, Labels labels, Args&&... args);

  mutable std::mutex mutex_;
  std::map<std::string, Family, std::less<>> families_;
};

inline constexpr std::string_view kMetricsContentType = "text/plain; version=0.0.4; charset=utf-8";

}  // namespace handsel::metrics
