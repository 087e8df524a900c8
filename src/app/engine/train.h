// Learns from the log: an encoder, the propensities of places, a ranker, in this order.
//
// Each becomes an artefact (base/storage/artefact_store.h) and is promoted where it is no
// worse than what serves; a process that is killed in between leaves whole artefacts and
// serves the old ones. What a run had made when it was stopped is not made again by the
// next one that is asked for the same, as long as it still fits (unfinished_training.h).
//
// The encoder learns from the first four fifths of the log's events, the ranker from searches
// of the rest, with features as of the moment of each search: the log is replayed through the
// same observers that serve; the encoder, the graph that is walked and what queries are
// understood to mean know the earlier part alone.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/core/result.h"
#include "ranking/learning/objective.h"

namespace handsel {

enum class Trained : std::uint8_t { kEncoder, kPropensities, kRanker };
std::string_view trained_name(Trained kind);

struct TrainRequest {
  std::vector<Trained> kinds;  // in the order of the enum; empty: all
  std::uint64_t seed = 1;
  std::size_t searches_max = 60'000;       // that the ranker learns from
  std::size_t examples_max = 3'000'000;    // of the log, that the encoder learns from
  std::size_t encoder_examples_total = 0;  // steps of its training; 0: by the size of the catalogue
  bool promote = true;
  learning::Objective objective;  // of the ranker
  // The ranker then takes every click at its word, whatever its place: to see what the
  // propensities are worth.
  bool ignore_position_bias = false;
};

struct TrainOutcome {
  Trained kind = Trained::kEncoder;
  std::string id;  // of the artefact; empty: nothing was made
  bool promoted = false;
  std::string note;  // why not, or what is worth knowing; for people
  std::map<std::string, double> metrics;
};

// `stage` for people; 0 of 0: no number. From the calling thread.
using TrainProgressed = std::function<void(std::string_view stage, std::uint64_t done, std::uint64_t total)>;

}  // namespace handsel
