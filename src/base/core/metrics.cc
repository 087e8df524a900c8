#include "base/core/metrics.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/core/result.h"

namespace handsel::metrics {
namespace {

// Label values and help texts escape differently: only the former are in quotes.
std::string escaped(std::string_view text, bool in_quotes) {
  std::string out;
  for (const char c : text) {
    if (c == '\\') {
      out += "\\\\";
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '"' && in_quotes) {
      out += "\\\"";
    } else {
      out.push_back(c);
    }
  }
  return out;
}

// {a="1",b="2"}, or nothing where there are no labels.
std::string label_text(const Labels& labels, std::string_view bound = {}) {
  std::string out;
  const auto append = [&out](std::string_view name, std::string_view value) {
    out += fmt::format("{}{}=\"{}\"", out.empty() ? "{" : ",", name, escaped(value, true));
  };
  for (const auto& [name, value] : labels) append(name, value);
  if (!bound.empty()) append("le", bound);
  return out.empty() ? out : out + "}";
}

void append_series(std::string& out, std::string_view name, const Labels& labels, const Counter& counter) {
  out += fmt::format("{}{} {}\n", name, label_text(labels), counter.value());
}

void append_series(std::string& out, std::string_view name, const Labels& labels, const Gauge& gauge) {
  out += fmt::format("{}{} {}\n", name, label_text(labels), gauge.value());
}

void append_series(std::string& out, std::string_view name, const Labels& labels, const Histogram& histogram) {
  const std::vector<std::uint64_t> counts = histogram.cumulative();
  const std::span<const double> bounds = histogram.bounds();
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const std::string bound = i < bounds.size() ? fmt::format("{}", bounds[i]) : "+Inf";
    out += fmt::format("{}_bucket{} {}\n", name, label_text(labels, bound), counts[i]);
  }
  out += fmt::format("{}_sum{} {}\n", name, label_text(labels), histogram.sum());
  out += fmt::format("{}_count{} {}\n", name, label_text(labels), counts.back());
}

constexpr std::string_view kKinds[] = {"counter", "gauge", "histogram"};  // in the order of the variant

}  // namespace

Histogram::Histogram(std::span<const double> bounds)
    : bounds_(bounds.begin(), bounds.end()), counts_(bounds.size() + 1) {
  HANDSEL_CHECK(std::ranges::is_sorted(bounds_));
}

void Histogram::observe(double seconds) {
  if (!(seconds > 0)) seconds = 0;
  const auto bucket = std::ranges::lower_bound(bounds_, seconds) - bounds_.begin();
  counts_[static_cast<std::size_t>(bucket)].fetch_add(1, std::memory_order_relaxed);
  constexpr double kSecondsMax = 1e6;  // eleven days: far from overflow of the sum
  sum_ns_.fetch_add(static_cast<std::uint64_t>(std::min(seconds, kSecondsMax) * 1e9), std::memory_order_relaxed);
}

std::vector<std::uint64_t> Histogram::cumulative() const {
  std::vector<std::uint64_t> counts;
  std::uint64_t total = 0;
  for (const auto& count : counts_) counts.push_back(total += count.load(std::memory_order_relaxed));
  return counts;
}

double Histogram::sum() const {
  return static_cast<double>(sum_ns_.load(std::memory_order_relaxed)) * 1e-9;
}

template <typename T, typename... Args>
T& Registry::find_or_make(std::string_view name, std::string_view help, Labels labels, Args&&... args) {
  const std::lock_guard lock(mutex_);
  Family& family = families_.try_emplace(std::string(name), Family{std::string(help), {}}).first->second;
  auto found = family.series.find(labels);
  if (found == family.series.end()) {
    found = family.series.emplace(std::move(labels), std::make_unique<T>(std::forward<Args>(args)...)).first;
  }
  auto* metric = std::get_if<std::unique_ptr<T>>(&found->second);
  HANDSEL_CHECK(metric != nullptr && found->second.index() == family.series.begin()->second.index());
  return **metric;
}

Counter& Registry::counter(std::string_view name, std::string_view help, Labels labels) {
  return find_or_make<Counter>(name, help, std::move(labels));
}

Gauge& Registry::gauge(std::string_view name, std::string_view help, Labels labels) {
  return find_or_make<Gauge>(name, help, std::move(labels));
}

Histogram& Registry::histogram(std::string_view name, std::string_view help, Labels labels,
                               std::span<const double> bounds) {
  return find_or_make<Histogram>(name, help, std::move(labels), bounds);
}

std::string Registry::render() const {
  const std::lock_guard lock(mutex_);
  std::string out;
  for (const auto& [name, family] : families_) {
    out += fmt::format("# HELP {} {}\n", name, escaped(family.help, false));
    out += fmt::format("# TYPE {} {}\n", name, kKinds[family.series.begin()->second.index()]);
    for (const auto& [labels, metric] : family.series) {
      std::visit([&](const auto& one) { append_series(out, name, labels, *one); }, metric);
    }
  }
  return out;
}

}  // namespace handsel::metrics
