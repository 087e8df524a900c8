#include "app/cli/experiment_log.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <map>
#include <set>

#include <fmt/ranges.h>

#include "app/engine/experiments.h"
#include "app/engine/listing_units.h"
#include "facts/events/event_store.h"

namespace handsel::cli {
namespace {

using experiments::MetricsFile;

constexpr std::array<std::string_view, 6> kUsual = {"gms.winsorised", "conversion", "orders",
                                                    "carts",          "clicks",     "search.clicks"};

Result<std::optional<std::string>> read_if_there(const Context& context, const std::string& path) {
  if (!context.process.files.exists(path)) return std::optional<std::string>{};
  HANDSEL_ASSIGN(std::string text, context.process.files.read_file(path));
  return std::optional(std::move(text));
}

// Experiments that somebody was exposed to, with their variants.
Result<std::map<std::string, std::set<std::string>>> exposed_in(log::Log& log, const Clock& clock) {
  constexpr std::size_t kNamesMax = 10'000;
  std::map<std::string, std::set<std::string>> out;
  HANDSEL_TRY(events::EventStore(log, clock).visit([&](const events::Event& event) {
    if (event.kind != events::EventKind::kExposure) return true;
    if (out.size() < kNamesMax || out.contains(event.experiment)) {
      auto& variants = out[event.experiment];
      if (variants.size() < assignment::kVariantsMax) variants.insert(event.variant);
    }
    return true;
  }));
  return out;
}

std::optional<unsigned> digits(std::string_view text, std::size_t at, std::size_t count) {
  if (text.size() < at + count) return std::nullopt;
  unsigned value = 0;
  for (const char c : text.substr(at, count)) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + static_cast<unsigned>(c - '0');
  }
  return value;
}

}  // namespace

void declare_log_flags(Flags& flags, LogFlags& options) {
  flags.text(options.experiment, "--experiment", "The experiment in the log of --data");
  flags.text(options.from, "--from", "Units that met it first from then on: 2026-11-02, or 2026-11-02T15:00 (UTC)");
  flags.text(options.to, "--to", "Nothing from then on counts");
  flags.text(options.currency, "--currency", "Prices in this one count; 'any' adds them up as they are");
  flags.number(options.before_days, "--before-days", "Days before the exposure that say what a unit is like",
               {0, 3660});
}

Result<std::int64_t> parse_moment(const std::string& text, std::string_view flag) {
  using namespace std::chrono;
  const auto year = digits(text, 0, 4), month = digits(text, 5, 2), day = digits(text, 8, 2);
  const bool has_time = text.size() == 16;
  const auto hour = has_time ? digits(text, 11, 2) : 0U, minute = has_time ? digits(text, 14, 2) : 0U;
  const bool is_shaped = (text.size() == 10 || has_time) && year && month && day && hour && minute && text[4] == '-' &&
                         text[7] == '-' && (!has_time || (text[10] == 'T' && text[13] == ':'));
  if (is_shaped && *hour < 24 && *minute < 60) {
    const year_month_day date{std::chrono::year(static_cast<int>(*year)), std::chrono::month(*month),
                              std::chrono::day(*day)};
    if (date.ok()) {
      return (sys_days(date).time_since_epoch().count() * 24LL + *hour) * 3'600'000 + *minute * 60'000LL;
    }
  }
  return fail(Code::kInvalidArgument, "{}: '{}' is no date; expected as in 2026-11-02 or 2026-11-02T15:00", flag, text);
}

Result<MetricsFile> load_metrics(const Context& context, const std::string& currency) {
  const std::string path = context.data + "/metrics.toml";
  HANDSEL_ASSIGN(const auto text, read_if_there(context, path));
  HANDSEL_ASSIGN(MetricsFile file, text ? experiments::parse_metrics(*text, path)
                                        : experiments::parse_metrics(experiments::default_metrics_toml(), "built-in"));
  if (!currency.empty()) file.currency = currency;
  return file;
}

std::vector<std::string> usual_metrics(const Context& context, const MetricsFile& file) {
  if (!context.process.files.exists(context.data + "/metrics.toml")) return {kUsual.begin(), kUsual.end()};
  std::vector<std::string> names;
  for (const experiments::EventMetric& metric : file.metrics) names.push_back(metric.name);
  return names;
}

Result<std::vector<assignment::Experiment>> load_definitions(const Context& context) {
  const std::string path = context.data + "/experiments.toml";
  HANDSEL_ASSIGN(const auto text, read_if_there(context, path));
  if (!text) return std::vector<assignment::Experiment>{};
  HANDSEL_ASSIGN(auto definitions, assignment::parse_definitions(*text, path));
  return std::move(definitions.experiments);
}

Result<assignment::Experiment> find_experiment(const Context& context, log::Log& log, const std::string& name) {
  HANDSEL_ASSIGN(const auto defined, load_definitions(context));
  const auto found = std::ranges::find(defined, name, &assignment::Experiment::name);
  if (found != defined.end()) return *found;
  HANDSEL_ASSIGN(const auto exposed, exposed_in(log, context.process.clock));
  const auto logged = exposed.find(name);
  if (logged == exposed.end()) {
    std::set<std::string> names;
    for (const assignment::Experiment& experiment : defined) names.insert(experiment.name);
    for (const auto& [other, variants] : exposed) names.insert(other);
    constexpr std::size_t kShownMax = 20;
    std::vector<std::string> shown(names.begin(), names.end());
    if (shown.size() > kShownMax) shown.resize(kShownMax);
    return fail(Code::kNotFound, "there is no experiment '{}' in {}; {}{}", name, context.data,
                shown.empty() ? "there are none at all" : "there are: ", fmt::join(shown, ", "));
  }
  assignment::Experiment experiment{.name = name};
  for (const std::string& variant : logged->second) experiment.variants.push_back({.name = variant});
  const auto control = std::ranges::find(experiment.variants, "control", &assignment::Variant::name);
  if (control != experiment.variants.end()) std::rotate(experiment.variants.begin(), control, control + 1);
  return experiment;
}

experiments::EventPass events_of(log::Log& log, const Clock& clock) {
  return [&log, &clock](const experiments::EventVisitor& visit) { return events::EventStore(log, clock).visit(visit); };
}

std::function<std::string(std::string_view)> query_unit() {
  return query_unit_name;
}

Result<experiments::LogRequest> log_request(const Context& context, log::Log& log, const LogFlags& flags) {
  experiments::LogRequest request;
  HANDSEL_ASSIGN(request.experiment, find_experiment(context, log, flags.experiment));
  HANDSEL_ASSIGN(request.metrics_file, load_metrics(context, flags.currency));
  if (!flags.from.empty()) {
    HANDSEL_ASSIGN(request.from_ms, parse_moment(flags.from, "--from"));
  }
  if (!flags.to.empty()) {
    HANDSEL_ASSIGN(request.to_ms, parse_moment(flags.to, "--to"));
  }
  if (request.from_ms >= request.to_ms) return fail(Code::kInvalidArgument, "--from is not before --to");
  request.query_unit = query_unit();
  HANDSEL_ASSIGN(request.listing_unit, listing_units(log, request.experiment.unit));
  request.before_ms = flags.before_days * experiments::kDayMs;
  return request;
}

}  // namespace handsel::cli
