// From events and the catalogue's links to a graph.
//
//   query - listing   sum over events of weight(kind) * exp(-age / tau), age as of the newest event
//   listing - shop, listing - tag   a fixed weight each
//
// Weights by kind are our choice (purchase > cart > favourite > click > view); nothing is
// published. An event belongs to the query of its query_id; else to the words it carries
// itself; else to the query under which its session met the listing; else to the last
// search of its session. What no search led to joins nothing.
//
// A query is in the graph once people_min different people (users, or sessions where no
// user is named) acted on it, or on a search for it: what one person typed stays with them.
//
// One thread. Memory: 23 to 46 bytes a pair, about 60 a query, a listing 20 and 4 a link,
// beside names; all of it bounded by the options. Every build() makes the whole graph; what
// was observed stays, so that the next one costs no replay.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/core/result.h"
#include "facts/events/event.h"

namespace handsel::graph {

inline constexpr std::size_t kListingTagsMax = 16;  // further ones join nothing
inline constexpr std::size_t kPeopleMinMax = 5;

struct GraphOptions {
  double view_weight = 0.5;
  double click_weight = 1;
  double favourite_weight = 3;
  double cart_weight = 5;
  double purchase_weight = 10;
  double shop_weight = 0.25;
  double tag_weight = 0.25;
  double tau_ms = 30.0 * 24 * 60 * 60 * 1000;  // at least a second
  std::size_t people_min = 2;                  // 1 to kPeopleMinMax
  // Above these the weakest quarter of pairs or queries goes; listings, shops, tags and
  // links that come when theirs is reached are left out and counted.
  std::size_t pairs_max = 20'000'000;
  std::size_t queries_max = 2'000'000;
  std::size_t listings_max = 5'000'000;
  std::size_t shops_max = 1'000'000;
  std::size_t tags_max = 1'000'000;
  std::size_t links_max = 40'000'000;
  std::size_t recent_searches_max = 500'000;
  std::int64_t search_remembered_ms = 24ll * 60 * 60 * 1000;
  std::int64_t session_remembered_ms = 30ll * 60 * 1000;
};

// Limits with which a builder and one build() stay within about `bytes`: 120 a pair, 70 a
// link, 150 a name, with the copy that is sorted. What is over them is left out, the weakest first.
GraphOptions options_within(std::size_t bytes);

// What the catalogue says of a listing. Borrowed for the call.
struct ListingLinks {
  std::string_view id;
  std::string_view shop;  // may be empty
  std::span<const std::string> tags;
};

class GraphBuilder {
 public:
  explicit GraphBuilder(GraphOptions options);
  ~GraphBuilder();
  GraphBuilder(GraphBuilder&&) noexcept;
  GraphBuilder& operator=(GraphBuilder&&) noexcept;

  void observe(const events::Event& event);       // in the order of the log
  void add_listing(const ListingLinks& listing);  // again: what was said before is forgotten
  void remove_listing(std::string_view id);       // with what was done to it, until it is added again

  // The same input in the same order gives the same bytes. About three seconds for five million
  // pairs. kTooLarge where options allow more than a file can hold.
  Result<std::string> build() const;

  struct Stats {
    std::uint64_t events = 0;    // that joined a query and a listing
    std::uint64_t left_out = 0;  // events and listings over a limit, or with names or times out of range
    std::size_t queries = 0;     // known, whether or not enough people asked
    std::size_t listings = 0;
    std::size_t pairs = 0;
    std::size_t links = 0;
  };
  Stats stats() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace handsel::graph
