#include "views/graph/builder.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "analysis/text/normalised_query.h"
#include "base/core/hash.h"
#include "facts/events/person.h"
#include "views/graph/internal/catalogue_links.h"
#include "views/graph/internal/graph_writer.h"
#include "views/graph/internal/interactions.h"
#include "views/graph/internal/recent_queries.h"

namespace handsel::graph {
namespace {

using events::Event;
using events::EventKind;

constexpr std::int64_t kTimeMsMax = 253'402'300'799'999;  // the end of the year 9999
constexpr double kEventWeightMax = 1e12;
// What one listing has of its own says little about others; so does a shop of one listing.
constexpr std::uint32_t kListingsOfLinkMin = 2;

double weight_of(const GraphOptions& options, EventKind kind) {
  switch (kind) {
    case EventKind::kView:
      return options.view_weight;
    case EventKind::kClick:
      return options.click_weight;
    case EventKind::kFavourite:
      return options.favourite_weight;
    case EventKind::kCart:
      return options.cart_weight;
    case EventKind::kPurchase:
      return options.purchase_weight;
    default:
      return 0;
  }
}

// Seeds keep the three kinds of key apart.
std::uint64_t key_of_search(const Event& event) {
  return hash64(event.query_id, 1);
}
std::uint64_t key_of_session(const Event& event) {
  return hash64(event.session_id, 2);
}
std::uint64_t key_of_meeting(const Event& event) {
  return hash64(event.listing_id, hash64(event.session_id, 3));
}

}  // namespace

class GraphBuilder::Impl {
 public:
  explicit Impl(const GraphOptions& options)
      : options_(options),
        interactions_(options),
        links_(options),
        searches_(options.recent_searches_max, options.search_remembered_ms),
        sessions_(options.recent_searches_max, options.session_remembered_ms),
        meetings_(options.recent_searches_max, options.search_remembered_ms) {}

  void observe(const Event& event) {
    if (event.time_ms < 0 || event.time_ms > kTimeMsMax) {
      ++stats_.left_out;
    } else if (event.kind == EventKind::kSearch) {
      observe_search(event);
    } else {
      observe_action(event);
    }
  }

  void add_listing(const ListingLinks& listing) {
    const auto number = number_of_listing(listing.id);
    if (!number || !links_.set(*number, listing)) ++stats_.left_out;
    if (number) removed_[*number] = false;
  }

  void remove_listing(std::string_view id) {
    const auto number = listings_.find(id);
    if (!number) return;
    links_.clear(*number);
    removed_[*number] = true;
  }

  Result<std::string> build() const;

  Stats stats() const {
    Stats stats = stats_;
    stats.queries = interactions_.queries();
    stats.listings = listings_.size();
    stats.pairs = interactions_.pairs();
    stats.links = links_.links();
    return stats;
  }

 private:
  void observe_search(const Event& event) {
    const std::string name = text::normalised_query(event.query);
    if (name.empty()) return;
    if (!event.query_id.empty()) searches_.remember(key_of_search(event), name, event.time_ms);
    if (!event.session_id.empty()) sessions_.remember(key_of_session(event), name, event.time_ms);
    interactions_.note_person(name, static_cast<std::uint32_t>(events::person_of(event)));
  }

  void observe_action(const Event& event) {
    const double weight = std::min(weight_of(options_, event.kind), kEventWeightMax);
    if (!(weight > 0) || event.listing_id.empty()) return;
    const std::string name = query_of(event);
    if (name.empty()) return;
    const auto listing = number_of_listing(event.listing_id);
    if (!listing) {
      ++stats_.left_out;
      return;
    }
    ++stats_.events;
    if (!event.session_id.empty()) meetings_.remember(key_of_meeting(event), name, event.time_ms);
    interactions_.add({name, *listing, weight, event.time_ms, static_cast<std::uint32_t>(events::person_of(event))});
  }

  std::string query_of(const Event& event) const {
    if (!event.query_id.empty()) {
      const std::string_view name = searches_.find(key_of_search(event), event.time_ms);
      if (!name.empty()) return std::string(name);
    }
    if (std::string name = text::normalised_query(event.query); !name.empty()) return name;
    if (event.session_id.empty()) return {};
    const std::string_view met = meetings_.find(key_of_meeting(event), event.time_ms);
    return std::string(met.empty() ? sessions_.find(key_of_session(event), event.time_ms) : met);
  }

  std::optional<std::uint32_t> number_of_listing(std::string_view id) {
    if (id.empty() || id.size() > internal::kNameBytesMax) return std::nullopt;
    if (listings_.size() >= options_.listings_max) return listings_.find(id);
    const std::uint32_t number = listings_.insert(id);
    if (number == removed_.size()) removed_.push_back(false);
    return number;
  }

  const GraphOptions options_;
  internal::Interactions interactions_;
  internal::CatalogueLinks links_;
  internal::NameSet listings_;
  std::vector<bool> removed_;
  internal::RecentQueries searches_;
  internal::RecentQueries sessions_;
  internal::RecentQueries meetings_;
  Stats stats_;
};

namespace {

// Numbers nodes as edges first name them; so what has no edge is no node.
class RawBuilder {
 public:
  explicit RawBuilder(internal::RawGraph& graph) : graph_(graph) {}

  struct End {
    NodeKind kind = NodeKind::kQuery;
    std::uint32_t number = 0;  // in its kind
    std::string_view name;
  };
  void join(const End& a, const End& b, double weight) {
    if (!(static_cast<float>(weight) > 0)) return;
    const std::uint32_t from = node_of(a);
    const std::uint32_t to = node_of(b);
    graph_.edges.push_back({from, to, static_cast<float>(weight)});
    graph_.edges.push_back({to, from, static_cast<float>(weight)});
  }

 private:
  static constexpr std::uint32_t kNone = 0xffffffff;
  std::uint32_t node_of(const End& end) {
    std::vector<std::uint32_t>& nodes = nodes_[static_cast<std::size_t>(end.kind)];
    if (end.number >= nodes.size()) nodes.resize(2 * static_cast<std::size_t>(end.number) + 1, kNone);
    if (nodes[end.number] == kNone) {
      nodes[end.number] = static_cast<std::uint32_t>(graph_.nodes.size());
      graph_.nodes.push_back({end.kind, end.name});
    }
    return nodes[end.number];
  }

  internal::RawGraph& graph_;
  std::array<std::vector<std::uint32_t>, kNodeKinds> nodes_;
};

}  // namespace

Result<std::string> GraphBuilder::Impl::build() const {
  internal::RawGraph raw;
  raw.newest_event_ms = interactions_.newest_ms();
  raw.edges.reserve(2 * (interactions_.pairs() + links_.links()));
  RawBuilder builder(raw);
  const auto listing_end = [&](std::uint32_t listing) {
    return RawBuilder::End{NodeKind::kListing, listing, listings_.name(listing)};
  };
  interactions_.visit([&](internal::Pair pair, double weight) {
    if (removed_[pair.listing] || !interactions_.has_enough_people(pair.query)) return;
    builder.join({NodeKind::kQuery, pair.query, interactions_.query_name(pair.query)}, listing_end(pair.listing),
                 weight);
  });
  std::vector<std::uint32_t> of_shop(links_.shops().size());
  std::vector<std::uint32_t> of_tag(links_.tags().size());
  links_.visit([&](std::uint32_t, std::uint32_t shop) { ++of_shop[shop]; },
               [&](std::uint32_t, std::uint32_t tag) { ++of_tag[tag]; });
  links_.visit(
      [&](std::uint32_t listing, std::uint32_t shop) {
        if (of_shop[shop] < kListingsOfLinkMin) return;
        builder.join({NodeKind::kShop, shop, links_.shops().name(shop)}, listing_end(listing), options_.shop_weight);
      },
      [&](std::uint32_t listing, std::uint32_t tag) {
        if (of_tag[tag] < kListingsOfLinkMin) return;
        builder.join({NodeKind::kTag, tag, links_.tags().name(tag)}, listing_end(listing), options_.tag_weight);
      });
  return internal::write_graph(raw);
}

GraphBuilder::GraphBuilder(GraphOptions options) : impl_(std::make_unique<Impl>(options)) {}
GraphBuilder::~GraphBuilder() = default;
GraphBuilder::GraphBuilder(GraphBuilder&&) noexcept = default;
GraphBuilder& GraphBuilder::operator=(GraphBuilder&&) noexcept = default;

void GraphBuilder::observe(const Event& event) {
  impl_->observe(event);
}

void GraphBuilder::add_listing(const ListingLinks& listing) {
  impl_->add_listing(listing);
}

void GraphBuilder::remove_listing(std::string_view id) {
  impl_->remove_listing(id);
}

Result<std::string> GraphBuilder::build() const {
  return impl_->build();
}

GraphBuilder::Stats GraphBuilder::stats() const {
  return impl_->stats();
}

GraphOptions options_within(std::size_t bytes) {
  constexpr std::size_t kPairBytes = 120;
  constexpr std::size_t kLinkBytes = 70;
  constexpr std::size_t kNameBytes = 150;
  GraphOptions options;
  const auto at_most = [&](std::size_t& limit, std::size_t share, std::size_t each) {
    limit = std::clamp<std::size_t>(share / each, 1'000, limit);
  };
  at_most(options.pairs_max, bytes / 4, kPairBytes);
  at_most(options.links_max, bytes / 4, kLinkBytes);
  at_most(options.queries_max, bytes / 8, kNameBytes);
  at_most(options.listings_max, bytes / 8, kNameBytes);
  at_most(options.shops_max, bytes / 16, kNameBytes);
  at_most(options.tags_max, bytes / 16, kNameBytes);
  at_most(options.recent_searches_max, bytes / 8, kNameBytes);
  return options;
}

}  // namespace handsel::graph
