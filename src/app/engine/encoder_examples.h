// What the log teaches an encoder: searches with what became of them, each with the listings that its person had acted
// on before, as serving would have known them.
//
// Fed with the events of the log in order, it replays the profiles that serve (views/profiles) and keeps of each search
// at most as many listings as serving makes its session vector of. A search in which nobody acted teaches nothing, nor
// does what stands below the last place where somebody did: it was perhaps never seen.
//
// One thread. Memory: that of profiles, a vector of at most kSessionVectorListings numbers for each open search, the
// data.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "analysis/models/two_tower_training.h"
#include "facts/events/event.h"
#include "ranking/learning/search_collector.h"
#include "views/profiles/profiles.h"

namespace handsel {

class EncoderExamples {
 public:
  using Numbers = std::unordered_map<std::string, std::uint32_t>;  // of listings, by id
  // Adds queries, examples and sessions to `data`, at most so many examples. Borrows both.
  EncoderExamples(models::TrainingData& data, const Numbers& numbers, std::size_t examples_max);

  void observe(const events::Event& event);
  void finish();  // after the last event

 private:
  using Recent = std::vector<std::uint32_t>;  // newest first

  Recent recent_of(const events::Event& search) const;
  void add(const learning::CollectedSearch& search);
  std::uint32_t query_number(const learning::CollectedSearch& search);
  std::uint16_t country_number(const std::string& country);

  models::TrainingData& data_;
  const Numbers& numbers_;
  const std::size_t examples_max_;
  const std::unique_ptr<profiles::ProfileStore> profiles_;
  learning::SearchCollector collector_;
  std::unordered_map<std::string, Recent> recent_;            // of open searches, by query id
  std::unordered_map<std::string, std::uint32_t> queries_;    // by language and normalised text
  std::unordered_map<std::string, std::uint16_t> countries_;  // 1 + its index in the data
};

}  // namespace handsel
