// What a ranker learns from searches of the past: rows of features as they were at the moment of
// each, computed by the path that serves.
//
// Every thread replays the log with counters and profiles of its own and computes every n-th
// search: the same rows in the same order with however many threads, for one more replay (a
// minute for 2,000,000 events) each.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <unordered_map>

#include "app/engine/ranking_data.h"
#include "app/engine/trainer.h"
#include "base/core/result.h"
#include "ranking/learning/training_rows.h"

namespace handsel {

class SearchRows {
 public:
  struct Options {
    std::uint64_t early_events = 0;  // that graph and understanding learn from; searches come behind them
    std::uint64_t searches_max = 0;
  };
  using Labelled = std::unordered_map<std::string, learning::LabelledSearch>;  // by query id
  SearchRows(const Trainer::Parts& parts, const Labelled& labelled, Options options);
  ~SearchRows();

  // How many events of the log are done, and of what; from one thread at a time.
  using Progressed = std::function<void(std::string_view stage, std::uint64_t events)>;
  // How many searches there were. kCancelled where `stop` says so.
  Result<std::uint64_t> add_to(RankingData& data, const Progressed& progressed, const std::stop_token& stop);

 private:
  class EarlyViews;
  // Of the searches number `part`, `part` + threads, ...
  Result<RankingData> compute(std::size_t part, const Progressed& progressed, const std::stop_token& stop) const;
  Result<void> add(const events::Event& event, const learning::LabelledSearch& labels, const AsOf& as_of,
                   RankingData& data) const;
  Result<void> learn_early(const Progressed& progressed, const std::stop_token& stop);

  const Trainer::Parts& parts_;
  const Labelled& labelled_;
  const Options options_;
  std::unique_ptr<EarlyViews> early_;
};

}  // namespace handsel
