#include "facts/decisions/experiment_decision.h"

#include <algorithm>
#include <array>

#include "base/core/bytes.h"
#include "base/core/utf8.h"

namespace handsel::decisions {
namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::string_view kKeyPrefix = "x/";
constexpr std::array<std::string_view, 5> kVerdicts = {"ship", "stop", "keep-running", "stopped-by-guard-rail",
                                                       "resume"};

Result<void> check_text(std::string_view what, const std::string& text, std::size_t most) {
  if (text.empty() || text.size() > most) {
    return fail(Code::kInvalidArgument, "decision: {} has to have 1 to {} bytes", what, most);
  }
  if (!is_valid_utf8(text)) return fail(Code::kInvalidArgument, "decision: {} is not UTF-8 text", what);
  return {};
}

}  // namespace

std::string_view verdict_name(Verdict verdict) {
  return kVerdicts.at(static_cast<std::size_t>(verdict) - 1);
}

std::optional<Verdict> verdict_of(std::string_view name) {
  const auto found = std::ranges::find(kVerdicts, name);
  if (found == kVerdicts.end()) return std::nullopt;
  return static_cast<Verdict>(found - kVerdicts.begin() + 1);
}

Result<log::NewRecord> to_record(const ExperimentDecision& decision) {
  HANDSEL_TRY(check_text("the experiment's name", decision.experiment, kDecidedNameBytesMax));
  HANDSEL_TRY(check_text("who decided", decision.by, kDecidedNameBytesMax));
  HANDSEL_TRY(check_text("why", decision.why, kWhyBytesMax));
  if (decision.numbers.size() > kHeadlinesMax) {
    return fail(Code::kInvalidArgument, "decision: {} numbers are more than {}", decision.numbers.size(),
                kHeadlinesMax);
  }
  log::NewRecord record;
  record.key = fmt::format("{}{}", kKeyPrefix, decision.experiment);
  put_fixed(record.payload, kVersion);
  put_fixed(record.payload, decision.verdict);
  put_fixed(record.payload, decision.time_ms);
  put_string(record.payload, decision.by);
  put_string(record.payload, decision.why);
  put_varint(record.payload, decision.numbers.size());
  for (const HeadlineNumber& number : decision.numbers) {
    put_string(record.payload, number.metric);
    put_string(record.payload, number.arm);
    put_fixed(record.payload, number.units);
    for (const double value :
         {number.control, number.treated, number.lift, number.lift_low, number.lift_high, number.p}) {
      put_fixed(record.payload, value);
    }
  }
  return record;
}

Result<ExperimentDecision> parse_experiment_decision(const log::Record& record) {
  if (!record.key.starts_with(kKeyPrefix))
    return fail(Code::kUnsupported, "the record is no decision on an experiment");
  ByteReader reader(record.payload);
  if (reader.fixed<std::uint8_t>() != kVersion) return fail(Code::kUnsupported, "a decision of another version");
  ExperimentDecision decision{.experiment = record.key.substr(kKeyPrefix.size()), .by = {}, .why = {}, .numbers = {}};
  const auto verdict = reader.fixed<std::uint8_t>();
  decision.time_ms = reader.fixed<std::int64_t>();
  decision.by = std::string(reader.string());
  decision.why = std::string(reader.string());
  const std::uint64_t count = reader.varint();
  bool known = verdict >= 1 && verdict <= kVerdicts.size() && count <= kHeadlinesMax;
  if (known) decision.verdict = static_cast<Verdict>(verdict);
  for (std::uint64_t i = 0; known && reader.ok() && i < count; ++i) {
    HeadlineNumber number{.metric = std::string(reader.string()), .arm = {}};
    number.arm = std::string(reader.string());
    number.units = reader.fixed<std::uint64_t>();
    for (double* value :
         {&number.control, &number.treated, &number.lift, &number.lift_low, &number.lift_high, &number.p}) {
      *value = reader.fixed<double>();
    }
    decision.numbers.push_back(std::move(number));
  }
  if (!known || !reader.ok() || !reader.empty()) return fail(Code::kCorrupt, "a decision that cannot be read");
  return decision;
}

Result<void> put_experiment_decision(log::Log& log, const ExperimentDecision& decision) {
  HANDSEL_ASSIGN(const log::NewRecord record, to_record(decision));
  HANDSEL_TRY(log.append(log::Topic::kDecisions, std::span(&record, 1)));
  return {};
}

Result<std::vector<ExperimentDecision>> read_experiment_decisions(const log::Log& log) {
  std::vector<ExperimentDecision> decisions;
  Result<void> outcome;
  for (std::uint32_t p = 0; p < log.partitions(log::Topic::kDecisions); ++p) {
    HANDSEL_TRY(log.read(log::Topic::kDecisions, p, 0, [&](const log::Record& record) {
      auto decision = parse_experiment_decision(record);
      if (decision) {
        decisions.push_back(std::move(*decision));
      } else if (decision.error().code == Code::kCorrupt) {
        outcome = std::unexpected(decision.error());
      }
      return outcome.has_value();
    }));
    HANDSEL_TRY(outcome);
  }
  // Of one experiment they are in one partition, so the order of equal times is that of the log.
  std::ranges::stable_sort(decisions, {}, [](const ExperimentDecision& decision) {
    return std::pair(decision.time_ms, std::string_view(decision.experiment));
  });
  return decisions;
}

void apply(Standings& standings, const ExperimentDecision& decision) {
  Standing& standing = standings[decision.experiment];
  standing.newest = decision;
  standing.newest.numbers.clear();
  const bool stops = decision.verdict == Verdict::kStop || decision.verdict == Verdict::kStoppedByGuardRail;
  const bool allows = decision.verdict == Verdict::kKeepRunning || decision.verdict == Verdict::kResume;
  if (stops == standing.is_stopped || (!stops && !allows)) return;
  if (stops) standing.stop = standing.newest;
  standing.is_stopped = stops;
  standing.since_ms = decision.time_ms;
}

Standings standings_of(std::span<const ExperimentDecision> decisions) {
  Standings standings;
  for (const ExperimentDecision& decision : decisions) apply(standings, decision);
  return standings;
}

std::set<std::string> stopped_experiments(std::span<const ExperimentDecision> decisions) {
  std::set<std::string> stopped;
  for (const auto& [name, standing] : standings_of(decisions)) {
    if (standing.is_stopped) stopped.insert(name);
  }
  return stopped;
}

}  // namespace handsel::decisions
