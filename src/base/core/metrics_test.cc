#include "base/core/metrics.h"

#include <cmath>
#include <limits>
#include <thread>

#include <gtest/gtest.h>

namespace handsel::metrics {
namespace {

TEST(Metrics, RendersTheTextFormat) {
  Registry registry;
  registry.counter("handsel_requests_total", "Requests.", {{"endpoint", "search"}, {"status", "2xx"}}).add(3);
  registry.counter("handsel_requests_total", "Requests.", {{"endpoint", "events"}, {"status", "2xx"}}).add();
  registry.gauge("handsel_connections", "Open connections.").set(-2);
  registry.gauge("handsel_bytes", "On disk.").set(123'456'789'012);
  registry.gauge("handsel_recall", "Of the nearest.").set(0.975);
  constexpr double kBounds[] = {0.001, 0.5};
  Histogram& histogram = registry.histogram("handsel_seconds", "Time\nspent.", {}, kBounds);
  histogram.observe(0.001);  // a bound belongs to its bucket
  histogram.observe_ms(250);
  histogram.observe(7);
  EXPECT_EQ(registry.render(),
            "# HELP handsel_bytes On disk.\n"
            "# TYPE handsel_bytes gauge\n"
            "handsel_bytes 123456789012\n"
            "# HELP handsel_connections Open connections.\n"
            "# TYPE handsel_connections gauge\n"
            "handsel_connections -2\n"
            "# HELP handsel_recall Of the nearest.\n"
            "# TYPE handsel_recall gauge\n"
            "handsel_recall 0.975\n"
            "# HELP handsel_requests_total Requests.\n"
            "# TYPE handsel_requests_total counter\n"
            "handsel_requests_total{endpoint=\"events\",status=\"2xx\"} 1\n"
            "handsel_requests_total{endpoint=\"search\",status=\"2xx\"} 3\n"
            "# HELP handsel_seconds Time\\nspent.\n"
            "# TYPE handsel_seconds histogram\n"
            "handsel_seconds_bucket{le=\"0.001\"} 1\n"
            "handsel_seconds_bucket{le=\"0.5\"} 2\n"
            "handsel_seconds_bucket{le=\"+Inf\"} 3\n"
            "handsel_seconds_sum 7.251\n"
            "handsel_seconds_count 3\n");
}

TEST(Metrics, EscapesLabelValues) {
  Registry registry;
  registry.counter("c", "h", {{"l", "a\"b\\c\nd"}}).add();
  EXPECT_NE(registry.render().find("c{l=\"a\\\"b\\\\c\\nd\"} 1\n"), std::string::npos) << registry.render();
}

TEST(Metrics, SameNameAndLabelsAreTheSameMetric) {
  Registry registry;
  Counter& first = registry.counter("c", "h", {{"l", "1"}});
  EXPECT_EQ(&first, &registry.counter("c", "h", {{"l", "1"}}));
  EXPECT_NE(&first, &registry.counter("c", "h", {{"l", "2"}}));
}

TEST(Metrics, OneNameIsOneKind) {
  Registry registry;
  registry.counter("c", "h", {{"l", "1"}});
  EXPECT_DEATH(registry.gauge("c", "h", {{"l", "2"}}), "internal check failed");
}

TEST(Metrics, OddDurationsAreCountedAndDoNotSpoilTheSum) {
  Histogram histogram(kLatencyBounds);
  histogram.observe(-1);
  histogram.observe(std::numeric_limits<double>::quiet_NaN());
  histogram.observe(0.25);
  EXPECT_EQ(histogram.cumulative().back(), 3u);
  EXPECT_DOUBLE_EQ(histogram.sum(), 0.25);
  histogram.observe(std::numeric_limits<double>::infinity());
  EXPECT_EQ(histogram.cumulative().back(), 4u);
  EXPECT_TRUE(std::isfinite(histogram.sum()));
}

TEST(Metrics, CountsFromManyThreadsAreAllThere) {
  Registry registry;
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&registry] {
        for (int i = 0; i < 1000; ++i) {
          registry.counter("c", "h").add();
          registry.histogram("s", "h").observe(0.001);
        }
      });
    }
  }
  EXPECT_EQ(registry.counter("c", "h").value(), 4000u);
  EXPECT_EQ(registry.histogram("s", "h").cumulative().back(), 4000u);
}

}  // namespace
}  // namespace handsel::metrics
