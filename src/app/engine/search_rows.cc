#include "app/engine/search_rows.h"

#include <algorithm>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "app/engine/action_tally.h"
#include "app/engine/understanding_view.h"
#include "base/core/thread_pool.h"
#include "facts/events/event_reader.h"
#include "views/graph/builder.h"

namespace handsel {
namespace {

// Calls `visit` with each event of the log, in order, until it says no; `read` with how many there were.
Result<void> visit_log(const log::Log& log, const std::function<Result<bool>(const events::Event&)>& visit,
                       const std::function<void(std::uint64_t)>& read, const std::stop_token& stop) {
  events::EventReader reader(log);
  for (std::uint64_t done = 0;;) {
    HANDSEL_ASSIGN(const std::vector<events::Event> piece, reader.read());
    if (piece.empty()) return {};
    for (const events::Event& event : piece) {
      HANDSEL_ASSIGN(const bool goes_on, visit(event));
      if (!goes_on) return {};
    }
    read(done += piece.size());
    if (stop.stop_requested()) return fail(Code::kCancelled, "training was stopped");
  }
}

}  // namespace

// What the early part of the log teaches, as the engine would have had it at its end.
class SearchRows::EarlyViews {
 public:
  explicit EarlyViews(const Trainer::Parts& parts) : parts_(parts), understanding_builder_(parts.analyzer) {}

  Result<void> read_listings() {
    std::size_t listings = 0;
    return parts_.visit_listings([&](const catalog::Listing& listing) {
      graph_builder_.add_listing({.id = listing.id, .shop = listing.shop_id, .tags = listing.tags});
      if (++listings <= UnderstandingView::kListingsMax) tell_listing(listing, understanding_builder_);
      return true;
    });
  }
  void observe(const events::Event& event) {
    graph_builder_.observe(event);
    actions_.observe(event);
  }
  Result<void> finish() {
    HANDSEL_ASSIGN(std::string bytes, graph_builder_.build());
    HANDSEL_ASSIGN(graph_, graph::open_graph(std::make_shared<HeapBytes>(std::move(bytes)), graph::Check::kStructure));
    tell_actions(actions_, parts_.load_listing, understanding_builder_, nullptr);
    understanding_ = understanding_builder_.build();
    return {};
  }

  const graph::Graph* graph() const { return graph_.get(); }
  const query::Understanding* understanding() const { return understanding_.get(); }

 private:
  const Trainer::Parts& parts_;
  graph::GraphBuilder graph_builder_{graph::GraphOptions{}};
  ActionTally actions_;
  query::UnderstandingBuilder understanding_builder_;
  std::shared_ptr<const graph::Graph> graph_;
  std::shared_ptr<const query::Understanding> understanding_;
};

SearchRows::SearchRows(const Trainer::Parts& parts, const Labelled& labelled, Options options)
    : parts_(parts), labelled_(labelled), options_(options) {}
SearchRows::~SearchRows() = default;

Result<std::uint64_t> SearchRows::add_to(RankingData& data, const Progressed& progressed, const std::stop_token& stop) {
  HANDSEL_TRY(learn_early(progressed, stop));
  std::vector<Result<RankingData>> parts(std::max<std::size_t>(parts_.threads, 1));
  ThreadPool pool(parts.size() - 1);
  pool.parallel_for(parts.size(), [&](std::size_t part) { parts[part] = compute(part, progressed, stop); });
  std::vector<RankingData> computed;
  for (auto& part : parts) {
    if (!part) return std::unexpected(std::move(part).error());
    computed.push_back(std::move(*part));
  }
  return data.add_in_turns(computed);
}

Result<void> SearchRows::learn_early(const Progressed& progressed, const std::stop_token& stop) {
  early_ = std::make_unique<EarlyViews>(parts_);
  HANDSEL_TRY(early_->read_listings());
  std::uint64_t seen = 0;
  const auto observe = [&](const events::Event& event) -> Result<bool> {
    if (++seen > options_.early_events) return false;
    early_->observe(event);
    return true;
  };
  const auto read = [&](std::uint64_t events) { progressed("learning what came before", events); };
  HANDSEL_TRY(visit_log(parts_.log, observe, read, stop));
  return early_->finish();
}

Result<RankingData> SearchRows::compute(std::size_t part, const Progressed& progressed,
                                        const std::stop_token& stop) const {
  const auto counters = profiles::Counters::create({});
  const auto profiles = profiles::ProfileStore::create({});
  SessionObserver observer(*profiles, *counters, parts_.load_listing);
  RankingData data;
  std::unordered_set<std::string_view> met;  // query ids: a search counts once
  const std::size_t threads = std::max<std::size_t>(parts_.threads, 1);
  std::uint64_t seen = 0;
  const auto visit = [&](const events::Event& event) -> Result<bool> {
    const bool is_late = ++seen > options_.early_events;
    const auto search =
        is_late && event.kind == events::EventKind::kSearch ? labelled_.find(event.query_id) : labelled_.end();
    if (search != labelled_.end() && met.insert(search->first).second) {
      if (met.size() > options_.searches_max) return false;
      if ((met.size() - 1) % threads == part) {
        const auto profile = profiles->find(event.session_id, event.user_id, event.time_ms);
        const AsOf as_of{.counters = counters.get(),
                         .profile = profile.get(),
                         .graph = early_->graph(),
                         .understanding = early_->understanding(),
                         .now_ms = event.time_ms};
        HANDSEL_TRY(add(event, search->second, as_of, data));
      }
    }
    observer.observe(event);
    return true;
  };
  const auto read = [&](std::uint64_t events) {
    if (part == 0) progressed("computing features", events);
  };
  HANDSEL_TRY(visit_log(parts_.log, visit, read, stop));
  return data;
}

Result<void> SearchRows::add(const events::Event& event, const learning::LabelledSearch& labels, const AsOf& as_of,
                             RankingData& data) const {
  std::vector<std::string> also;
  for (const learning::LabelledRow& row : labels.rows) also.push_back(row.listing_id);
  const search::SearchRequest asked{.query = event.query,
                                    .language = event.language,
                                    .filter = event.filter,
                                    .session_id = event.session_id,
                                    .country = event.country};
  const auto rows = parts_.candidate_rows(asked, also, &as_of);
  // Its filter cannot be read: what it kept away is not known.
  if (!rows && rows.error().code == Code::kInvalidArgument) return {};
  if (!rows) return std::unexpected(rows.error());
  data.add_search(*rows, labels);
  return {};
}

}  // namespace handsel
