#include "proof/metrics/event_metric.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace handsel::experiments {
namespace {

using events::Event;
using events::EventKind;
using testing::HasSubstr;

MetricsFile parsed(std::string_view toml) {
  auto file = parse_metrics(toml, "metrics.toml");
  EXPECT_TRUE(file) << (file ? "" : file.error().message);
  return file ? std::move(*file) : MetricsFile{};
}

TEST(MetricsFile, TheDefaultsAreAValidFile) {
  const MetricsFile file = parsed(default_metrics_toml());
  for (const char* name : {"search.clicks", "clicks", "carts", "favourites", "orders", "gms", "gms.winsorised",
                           "conversion", "click-through", "sessions", "retention", "gms.capped"}) {
    EXPECT_NE(file.find(name), nullptr) << name;
  }
  EXPECT_EQ(comparison_of(*file.find("conversion")).kind, MetricKind::kProportion);
  EXPECT_EQ(comparison_of(*file.find("gms.winsorised")).kind, MetricKind::kWinsorised);
  const Metric ratio = comparison_of(*file.find("click-through"));
  EXPECT_EQ(ratio.kind, MetricKind::kRatio);
  EXPECT_EQ(ratio.column + "/" + ratio.below, "search.clicks/searches");
  EXPECT_FALSE(file.find("reports")->more_is_better);
}

TEST(MetricsFile, EveryKeyIsRead) {
  const MetricsFile file = parsed(R"(
    currency = "EUR"
    [[metric]]
    name = "top.clicks"
    events = ["click", "view"]
    surface = ["search", "Größe"]
    first_places = 3
    window_hours = 12
    better = "less"
    guard = 0.02
    quantile = 0.9
    [[metric]]
    name = "long.stays"
    events = ["dwell"]
    value = "dwell"
    at_most = 90.5
  )");
  EXPECT_EQ(file.metrics.at(1).at_most, 90.5);
  EXPECT_EQ(file.currency, "EUR");
  const EventMetric& metric = file.metrics.at(0);
  EXPECT_EQ(metric.window_ms, 12 * 3'600'000);
  EXPECT_FALSE(metric.more_is_better);
  EXPECT_EQ(metric.guard, 0.02);
  EXPECT_EQ(comparison_of(metric).kind, MetricKind::kQuantile);
  Event event{.kind = EventKind::kClick, .surface = "Größe", .position = 2};
  EXPECT_TRUE(metric.counts(event));
  event.position = 3;
  EXPECT_FALSE(metric.counts(event));
  event.position.reset();
  EXPECT_FALSE(metric.counts(event)) << "a place that nobody knows is not among the first";
  event = {.kind = EventKind::kCart, .surface = "search", .position = 0};
  EXPECT_FALSE(metric.counts(event));
  event.kind = EventKind::kView;
  EXPECT_TRUE(metric.counts(event));
  event.surface = "home";
  EXPECT_FALSE(metric.counts(event));
}

TEST(MetricsFile, AnExposureIsNeverCounted) {
  EXPECT_FALSE(EventMetric{.name = "sessions"}.counts(Event{.kind = EventKind::kExposure}));
  EXPECT_FALSE(countable_kind("exposure"));
  EXPECT_EQ(countable_kind("purchase"), EventKind::kPurchase);
}

void check_refused(std::string_view toml, std::string_view because) {
  const auto file = parse_metrics(toml, "metrics.toml");
  ASSERT_FALSE(file) << toml;
  EXPECT_THAT(file.error().message, HasSubstr(because)) << toml;
}

TEST(MetricsFile, WhatIsWrongIsRefusedWithItsPlace) {
  check_refused("", "defines no metric");
  check_refused("[[metric]]\nname = 'a'\n", "'a' needs events");
  check_refused("[[metric]]\nname = 'a'\nevents = ['clik']\n", "line 3: events has 'clik'");
  check_refused("[[metric]]\nname = 'a b'\nevents = ['click']\n", "name must be");
  check_refused("[[metric]]\nname = 'a'\nevents = ['click']\n[[metric]]\nname = 'a'\nevents = ['view']\n", "twice");
  check_refused("[[metric]]\nname = 'a'\nratio = ['b', 'c']\n", "'b', which is not defined");
  check_refused("[[metric]]\nname = 'a'\nratio = ['a', 'a']\n", "a ratio itself");
  check_refused("[[metric]]\nname = 'a'\nevents = ['click']\nvalue = 'sum'\n", "value must be one of count");
  check_refused("[[metric]]\nname = 'a'\nvalue = 'retention'\nwindow_days = 1\n", "window_days over 1");
  check_refused("[[metric]]\nname = 'a'\nevents = ['click']\nguard = nan\n", "guard must be a number");
  check_refused("[[metric]]\nname = 'a'\nevents = ['click']\nwindow_days = 1e300\n", "window_days must be a number");
  check_refused("[[metric]]\nname = 'a'\nevents = ['click']\nvalue = 'any'\nquantile = 0.5\n", "share of units");
  check_refused("[[metric]]\nname = 'a'\nevents = ['click']\nat_most = 3\n", "goes with the values revenue");
  check_refused("[[metric]]\nname = 'a'\nevents = ['dwell']\nvalue = 'dwell'\nat_most = -1\n", "at_most must be");
  check_refused("[[metric]]\nname = 'a'\nevents = ['click']\nwindow = 1\n", "window is not known");
  check_refused("metrics = 1", "metrics is not known");
  check_refused("[[metric]]\nname = [[", "line 2");
  check_refused("[[metric]]\n[]\n", "a table needs a name");
  check_refused("\xff", "not UTF-8");
}

TEST(MetricsFile, MetricsAreChosenByNameOrWrittenAboutNames) {
  const MetricsFile file = parsed(default_metrics_toml());
  const std::vector<std::string> words = {"click-through", "gms", "quantile:dwell:0.9", "carts/search.clicks"};
  const auto choice = choose_metrics(file, words);
  ASSERT_TRUE(choice) << choice.error().message;
  EXPECT_EQ(choice->comparisons.size(), 4U);
  std::vector<std::string> collected;
  for (const EventMetric& metric : choice->collected) collected.push_back(metric.name);
  EXPECT_THAT(collected, testing::ElementsAre("search.clicks", "searches", "gms", "dwell", "carts"));
  const auto because = [&](std::vector<std::string> asked) { return choose_metrics(file, asked).error().message; };
  EXPECT_THAT(because({"gsm"}), HasSubstr("there is no metric 'gsm'; did you mean 'gms'?"));
  EXPECT_THAT(because({"gms", "gms"}), HasSubstr("asked for twice"));
  EXPECT_THAT(because({"gms/click-through"}), HasSubstr("'click-through' of single units"));
}

}  // namespace
}  // namespace handsel::experiments
