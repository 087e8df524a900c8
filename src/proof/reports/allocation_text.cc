// What a bandit's allocation says, in text and JSON.
#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "proof/reports/allocation_report.h"
#include "proof/reports/text_table.h"

namespace handsel::experiments {
namespace {

using Json = nlohmann::ordered_json;
using assignment::ArmAllocation;
using assignment::Outcome;
using assignment::Worth;

std::string prior_sentence(const AllocationReport& report) {
  const auto& options = report.request.options;
  if (options.outcome == Outcome::kProportion) {
    return fmt::format("Beta({}, {}) for every arm", options.prior_successes, options.prior_failures);
  }
  return fmt::format("normal for every arm, mean {} and standard deviation {}",
                     number_text(report.allocation.prior_mean), number_text(report.allocation.prior_deviation));
}

// A name as TOML writes it.
std::string toml_string(std::string_view name) {
  return Json(name).dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::vector<std::string> row_of(const std::string& name, const ArmAllocation& arm, bool is_control) {
  return {name,
          fmt::format("{:.0f}", arm.units),
          number_text(arm.worth.estimate),
          number_text(arm.worth.low),
          number_text(arm.worth.high),
          is_control ? "" : signed_text(arm.gain.estimate),
          is_control ? "" : fmt::format("{} to {}", signed_text(arm.gain.low), signed_text(arm.gain.high)),
          fmt::format("{:.1f} %", 100 * arm.best),
          fmt::format("{:.1f} %", 100 * arm.share)};
}

Json worth_json(const Worth& worth) {
  return {{"estimate", worth.estimate}, {"error", worth.error}, {"low", worth.low}, {"high", worth.high}};
}

}  // namespace

std::string headline(const AllocationReport& report) {
  const auto& arms = report.allocation.arms;
  const auto best = std::ranges::max_element(arms, {}, &ArmAllocation::best) - arms.begin();
  return fmt::format("'{}' is the best arm with probability {:.3f}; give it {:.1f} % of the next period.",
                     report.arms[static_cast<std::size_t>(best)], arms[static_cast<std::size_t>(best)].best,
                     100 * arms[static_cast<std::size_t>(best)].share);
}

std::string to_text(const AllocationReport& report) {
  std::string out = headline(report) + "\n\n";
  out += fmt::format("{}: {} rows, {} periods; {} rows incomplete. Prior: {}. Floor: {:g} of each arm\n\n",
                     report.source, report.rows_read, report.periods, report.rows_incomplete, prior_sentence(report),
                     report.request.options.floor);
  std::vector<std::vector<std::string>> rows = {
      {"arm", "units", "worth", "low", "high", "above control", "interval", "best", "next"}};
  for (std::size_t i = 0; i < report.arms.size(); ++i)
    rows.push_back(row_of(report.arms[i], report.allocation.arms[i], i == 0));
  out += aligned(rows) + "\nFor the definitions of the next period:\n\n";
  for (std::size_t i = 0; i < report.arms.size(); ++i) {
    out += fmt::format("[[experiment.variant]]\nname = {}\nweight = {:.6f}\n\n", toml_string(report.arms[i]),
                       report.allocation.arms[i].share);
  }
  return out;
}

std::string to_json(const AllocationReport& report) {
  Json arms = Json::array();
  for (std::size_t i = 0; i < report.arms.size(); ++i) {
    const ArmAllocation& arm = report.allocation.arms[i];
    arms.push_back({{"name", report.arms[i]},
                    {"units", arm.units},
                    {"posterior_mean", arm.posterior_mean},
                    {"posterior_deviation", arm.posterior_deviation},
                    {"best", arm.best},
                    {"weight", arm.share},
                    {"worth", worth_json(arm.worth)},
                    {"gain", worth_json(arm.gain)}});
  }
  const Json out = {{"format", "handsel.allocation.1"},
                    {"source", report.source},
                    {"headline", headline(report)},
                    {"prior", prior_sentence(report)},
                    {"floor", report.request.options.floor},
                    {"periods", report.periods},
                    {"rows_read", report.rows_read},
                    {"rows_incomplete", report.rows_incomplete},
                    {"arms", std::move(arms)}};
  return out.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace handsel::experiments
