// What finds listings beside the words: vectors near the query's, walks from the query
// through what people did.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "analysis/models/text_encoder.h"
#include "base/core/result.h"
#include "products/search/search.h"
#include "views/index/index.h"
#include "views/vectors/vector_index.h"

namespace handsel::search {

// Twice as many vectors or steps find a listing more here and there (the best of the candidates .9812 beside .9802 in
// NDCG@10 on a demo of 200,000 listings, 500 queries of seed 11) and no better pages (.9513 beside .9516), for a third
// more time at a million listings.
inline constexpr std::size_t kVectorHitsMax = 100;
// Vectors of a hard collection want a wide beam for the goal of recall (at a million listings of the benchmark 1,500
// nodes find .93 of the nearest 100 of a query, 600 find .85). Pages do not: without 15 % of what vectors find, drawn
// by chance, NDCG@10 in truth is .9508 instead of .9512, and a beam of 600 saves a seventh of a search.
inline constexpr std::size_t kVectorEffortMax = 600;
inline constexpr std::size_t kWalkHitsMax = 300;
inline constexpr std::size_t kWordVectorsMax = 8;  // of the first words that carry meaning
// Walks count where they end, corrected by degree. Counting visits instead, with the boost of what several starts
// reach (views/graph/walk.h), was no better on a demo of 20,000 listings and 300,000 events (seed 1, 400 queries of
// seed 11): NDCG@10 in truth of what needs no training .8757 beside .8785, the best of the candidates .9839 beside
// .9838.
inline constexpr std::size_t kWalkSteps = 10'000;

// What encoders are asked.
struct Meant {
  std::string_view text;                // wanted_text()
  std::span<const std::string> things;  // QueryUnderstanding::things
};

// Borrows the context.
class Sources {
 public:
  // Asks those that are there. Sources that fail are left out, and say so in `troubles`.
  static Sources ask(const SearchContext& context, const SearchRequest& request, const index::Filter& filter,
                     const Meant& meant);

  // Documents of the snapshot that the filter lets through, the most promising first (reciprocal
  // rank fusion over the sources: Cormack, Clarke and Buettcher, SIGIR 2009), at most kExtrasMax.
  const std::vector<index::DocRef>& found() const { return found_; }
  const std::string& normalised_query() const { return normalised_query_; }

  // What vectors of listings are compared with; of length 1, empty where there is none.
  std::span<const float> query_vector() const { return query_vector_; }
  std::span<const float> session_vector() const { return session_vector_; }
  // Of each word of the query, one after the other, and of those together that name the thing itself.
  std::span<const float> word_vectors() const { return word_vectors_; }
  std::span<const float> thing_vector() const { return thing_vector_; }
  // One number for each hit, for the features; empty where the walk is not there.
  std::vector<float> walk(std::span<const index::Hit> hits) const;

  // For explain. Which of the sources found a listing; is_near() costs a comparison for each
  // that the vectors found.
  bool is_near(index::DocRef doc) const;
  bool was_walked_to(std::uint64_t id_hash) const { return walk_scores_.contains(id_hash); }
  std::size_t from_vectors = 0;
  std::size_t from_walks = 0;
  double encode_ms = 0;
  double vectors_ms = 0;
  double walk_ms = 0;
  std::vector<ModelTrouble> troubles;

 private:
  void ask_encoder(const SearchContext& context, const SearchRequest& request, const Meant& meant);
  // Of length 1; empty where the encoder fails, which is a trouble, or can read nothing.
  std::vector<float> encode(const models::TextEncoder& encoder, const models::QueryInput& input);
  void ask_words(const SearchContext& context, const SearchRequest& request, const Meant& meant);
  bool means_something(std::span<const vectors::VectorHit> hits, float noise) const;
  void ask_vectors(const SearchContext& context, const index::Filter& filter);
  void ask_graph(const SearchContext& context, const index::Filter& filter);
  void fuse(const SearchContext& context);

  const vectors::VectorSnapshot* vectors_ = nullptr;
  std::string normalised_query_;
  std::vector<float> query_vector_;    // empty: no encoder, or nothing that it can read
  std::vector<float> words_vector_;    // of the query without its session
  std::vector<float> session_vector_;  // empty: no session
  std::vector<float> thing_vector_;    // empty: no word names the thing
  std::vector<float> word_vectors_;    // empty: an encoder that takes long, or a single word
  // Nothing where the filter does not let it through.
  std::vector<std::optional<index::DocRef>> near_;        // nearest first
  std::vector<std::optional<index::DocRef>> walked_;      // most visited first
  bool walks_ = false;                                    // the graph knows the query
  std::unordered_map<std::uint64_t, float> walk_scores_;  // by id hash
  std::vector<index::DocRef> found_;
};

}  // namespace handsel::search
