#include "products/search/internal/sources.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <unordered_map>

#include "analysis/models/text_encoder.h"
#include "analysis/text/normalised_query.h"
#include "base/core/clock.h"
#include "base/core/hash.h"
#include "base/math/vector_kernels.h"
#include "ranking/pipeline/rank.h"
#include "views/graph/starts.h"
#include "views/graph/walk.h"
#include "views/profiles/profiles.h"
#include "views/vectors/vector_index.h"

namespace handsel::search {
namespace {

constexpr double kFusionConstant = 60;  // of the paper

// Listings by id: those of the snapshot that pass the filter.
class Gate {
 public:
  Gate(const index::Snapshot& snapshot, const index::Filter& filter)
      : snapshot_(snapshot), matcher_(index::FilterMatcher::create(snapshot, filter)) {}

  std::vector<std::optional<index::DocRef>> documents(std::span<const index::IdAsked> ids) {
    if (!matcher_) return std::vector<std::optional<index::DocRef>>(ids.size());
    auto docs = index::find_documents(snapshot_, ids);
    for (auto& doc : docs) {
      if (doc && !matcher_->passes(*doc)) doc.reset();
    }
    return docs;
  }

 private:
  const index::Snapshot& snapshot_;
  Result<index::FilterMatcher> matcher_;
};

bool is_zero(std::span<const float> vector) {
  return std::ranges::all_of(vector, [](float x) { return x == 0; });
}

// The mean of what the session acted on, of length 1; empty where none has a vector.
std::vector<float> mean_vector(const vectors::VectorSnapshot& vectors, std::size_t dimensions,
                               const std::vector<std::string>& ids) {
  std::vector<float> sum(dimensions);
  std::vector<float> one(dimensions);
  for (const std::string& id : std::span(ids).first(std::min(ids.size(), models::kSessionVectorListings))) {
    if (!vectors.vector_of(id, one)) continue;
    for (std::size_t i = 0; i < dimensions; ++i) sum[i] += one[i];
  }
  double squares = 0;
  for (const float x : sum) squares += static_cast<double>(x) * x;
  if (squares <= 0) return {};
  for (float& x : sum) x = static_cast<float>(x / std::sqrt(squares));
  return sum;
}

}  // namespace

Sources Sources::ask(const SearchContext& context, const SearchRequest& request, const index::Filter& filter,
                     const Meant& meant) {
  Sources sources;
  sources.normalised_query_ = text::normalised_query(request.query);
  sources.ask_encoder(context, request, meant);
  if (!request.meaning || request.match != MatchRule::kAuto) return sources;
  sources.ask_vectors(context, filter);
  sources.ask_graph(context, filter);
  sources.fuse(context);
  return sources;
}

void Sources::ask_encoder(const SearchContext& context, const SearchRequest& request, const Meant& meant) {
  const Learned& learned = context.learned;
  if (learned.encoder == nullptr || learned.vectors == nullptr) return;
  const Stopwatch watch;
  const std::size_t dimensions = learned.encoder->dimensions();
  vectors_ = learned.vectors;
  if (learned.profile != nullptr) {
    session_vector_ = mean_vector(*vectors_, dimensions, learned.profile->recent_listings);
  }
  models::QueryInput input{.text = meant.text,
                           .language = request.language,
                           .country = request.personalise ? std::string_view(request.country) : "",
                           .session = session_vector_};
  query_vector_ = encode(*learned.encoder, input);
  input.session = {};
  const bool is_same = session_vector_.empty() || query_vector_.empty() || learned.encoder->reads_text_alone();
  words_vector_ = is_same ? query_vector_ : encode(*learned.encoder, input);
  ask_words(context, request, meant);
  encode_ms = watch.elapsed_ms();
}

void Sources::ask_words(const SearchContext& context, const SearchRequest& request, const Meant& meant) {
  const models::TextEncoder& encoder = *context.learned.encoder;
  if (!encoder.is_quick()) return;
  std::vector<std::string> words;
  std::string thing;
  context.analyzer.visit_tokens(meant.text, request.language, [&](const text::TokenView& token) {
    const bool says_something = !context.analyzer.is_stop_word(token.surface, request.language);
    if (!says_something || words.size() == kWordVectorsMax) return;
    words.emplace_back(token.surface);
    if (std::ranges::find(meant.things, token.term) != meant.things.end())
      thing.append(thing.empty() ? "" : " ").append(token.surface);
  });
  if (words.size() < 2) return;
  if (!thing.empty()) thing_vector_ = encode(encoder, {.text = thing, .language = request.language});
  for (const std::string& word : words) {
    const std::vector<float> vector = encode(encoder, {.text = word, .language = request.language});
    word_vectors_.insert(word_vectors_.end(), vector.begin(), vector.end());
  }
}

std::vector<float> Sources::encode(const models::TextEncoder& encoder, const models::QueryInput& input) {
  std::vector<float> vector(encoder.dimensions());
  const auto encoded = encoder.encode_queries({&input, 1}, vector);
  if (!encoded) troubles.push_back({"encoder", encoded.error().message});
  const bool finite = std::ranges::all_of(vector, [](float x) { return std::isfinite(x); });
  if (encoded && !finite) troubles.push_back({"encoder", "it made a vector of what are no numbers"});
  if (!encoded || !finite || is_zero(vector)) vector.clear();
  return vector;
}

void Sources::ask_vectors(const SearchContext& context, const index::Filter& filter) {
  if (query_vector_.empty()) return;
  const Stopwatch watch;
  Gate gate(context.snapshot, filter);
  vectors::VectorQuery query{.vector = query_vector_, .top = kVectorHitsMax, .effort_max = kVectorEffortMax};
  // What is not in this snapshot of the index (too new, or gone) is not shown either.
  std::unordered_map<std::uint64_t, index::DocRef> docs;
  std::vector<index::IdAsked> ids;
  query.accept = [&](std::span<const vectors::VectorHit> asked, std::span<bool> yes) {
    ids.clear();
    for (const vectors::VectorHit& hit : asked) ids.push_back({hit.id, hit.id_hash});
    const auto found = gate.documents(ids);
    for (std::size_t i = 0; i < found.size(); ++i) {
      yes[i] = found[i].has_value();
      if (found[i]) docs[asked[i].id_hash] = *found[i];
    }
  };
  const std::vector<vectors::VectorHit> hits = vectors_->search(query);
  const bool has_meaning = means_something(hits, context.learned.similarity_noise);
  for (const vectors::VectorHit& hit : hits) {
    if (!has_meaning || hit.score < context.learned.similarity_min) break;
    near_.push_back(docs.at(hit.id_hash));
  }
  from_vectors = near_.size();
  vectors_ms = watch.elapsed_ms();
}

// By the words alone: a session lies near to something whatever was asked.
bool Sources::means_something(std::span<const vectors::VectorHit> hits, float noise) const {
  if (words_vector_.empty()) return false;
  return std::ranges::any_of(hits, [&](const vectors::VectorHit& hit) {
    const std::span<const std::uint16_t> own = vectors_->halves_of(hit.id, hit.id_hash);
    return own.size() == words_vector_.size() &&
           vector_kernels().dot_f16(words_vector_.data(), own.data(), own.size()) >= noise;
  });
}

void Sources::ask_graph(const SearchContext& context, const index::Filter& filter) {
  const graph::Graph* graph = context.learned.graph;
  if (graph == nullptr) return;
  const Stopwatch watch;
  const std::vector<graph::WalkStart> starts = graph::starts_for_query(*graph, normalised_query_);
  if (!starts.empty()) {
    // The query's own seed: the same question walks the same ways.
    const auto hits =
        graph::walk(*graph, starts, {.steps = kWalkSteps, .top = kWalkHitsMax}, hash64(normalised_query_));
    std::vector<index::IdAsked> ids;
    for (const graph::WalkHit& hit : hits) {
      const std::string_view id = graph->name(hit.node);
      ids.push_back({id, hash64(id)});
      walk_scores_[ids.back().hash] = static_cast<float>(hit.score);
    }
    walked_ = Gate(context.snapshot, filter).documents(ids);
    walks_ = !hits.empty();
  }
  from_walks = walked_.size();
  walk_ms = watch.elapsed_ms();
}

void Sources::fuse(const SearchContext& context) {
  std::map<index::DocRef, double> shares;
  for (const auto* docs : {&near_, &walked_}) {
    for (std::size_t place = 0; place < docs->size(); ++place) {
      if ((*docs)[place]) shares[*(*docs)[place]] += 1 / (kFusionConstant + static_cast<double>(place));
    }
  }
  std::vector<std::pair<double, index::DocRef>> best;
  for (const auto& [doc, share] : shares) best.emplace_back(share, doc);
  // Ties by id, so that the answer does not depend on segments.
  const auto hash = [&](index::DocRef doc) { return hash64(index::doc_info(context.snapshot, doc).id); };
  std::ranges::sort(best, [&](const auto& a, const auto& b) {
    return a.first != b.first ? a.first > b.first : hash(a.second) < hash(b.second);
  });
  for (const auto& [share, doc] : std::span(best).first(std::min(best.size(), pipeline::kExtrasMax))) {
    found_.push_back(doc);
  }
}

bool Sources::is_near(index::DocRef doc) const {
  return std::ranges::find(near_, doc) != near_.end();
}

std::vector<float> Sources::walk(std::span<const index::Hit> hits) const {
  if (!walks_) return {};
  std::vector<float> out(hits.size());
  for (std::size_t i = 0; i < hits.size(); ++i) {
    const auto found = walk_scores_.find(hits[i].id_hash);
    if (found != walk_scores_.end()) out[i] = found->second;
  }
  return out;
}

}  // namespace handsel::search
