// What the commands about experiments share that read DIR's log: the definition, the metrics, the events.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/cli/open_log.h"
#include "proof/reports/analyse_log.h"

namespace handsel::cli {

struct LogFlags {
  std::string experiment;
  std::string from;  // "2026-11-02", or with a time: "2026-11-02T15:00", in UTC
  std::string to;
  std::string currency;
  std::int64_t before_days = 28;
};
void declare_log_flags(Flags& flags, LogFlags& options);

// DIR/metrics.toml, or the built-in metrics; `currency` where not empty is the one that counts.
Result<experiments::MetricsFile> load_metrics(const Context& context, const std::string& currency);
// The metrics that are reported where nobody asks for some: all of DIR/metrics.toml, or some of the built-in ones.
std::vector<std::string> usual_metrics(const Context& context, const experiments::MetricsFile& file);

// Experiments of DIR/experiments.toml; none where there is no such file.
Result<std::vector<assignment::Experiment>> load_definitions(const Context& context);

// The definition of that name; where there is none, what the log says of it: variants by name, "control" or the first
// of them in front, of even weights. kNotFound names what there is.
Result<assignment::Experiment> find_experiment(const Context& context, log::Log& log, const std::string& name);

// Every event of the log, partition by partition.
experiments::EventPass events_of(log::Log& log, const Clock& clock);

// How queries are named as units (event_units.h).
std::function<std::string(std::string_view)> query_unit();

Result<experiments::LogRequest> log_request(const Context& context, log::Log& log, const LogFlags& flags);

// Milliseconds since 1970 of a date or a date with a time in UTC. kInvalidArgument names the flag.
Result<std::int64_t> parse_moment(const std::string& text, std::string_view flag);

}  // namespace handsel::cli
