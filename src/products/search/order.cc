#include "products/search/internal/order.h"

#include <algorithm>
#include <iterator>

#include "base/core/clock.h"
#include "base/core/hash.h"
#include "products/search/internal/interleave.h"
#include "products/search/internal/rerank.h"
#include "ranking/features/tag_lexicon.h"

namespace handsel::search {
namespace {

using index::DocRef;

bool is_ranked(const OrderRequest& request) {
  return request.request.sort.column.empty() && !request.plan.groups.empty();
}

// Whether other sources than the words have a say.
bool by_meaning(const OrderRequest& request) {
  return is_ranked(request) && request.request.meaning && request.request.match == MatchRule::kAuto &&
         request.plan.phrases.empty();
}

bool contains(const std::vector<DocRef>& sorted, DocRef doc) {
  return std::ranges::binary_search(sorted, doc);
}

CandidateQuery candidate_query(const OrderRequest& request, std::size_t top, std::vector<DocRef> also) {
  return {.plan = request.plan,
          .filter = request.filter,
          .request = request.request,
          .top = top,
          .after = std::nullopt,
          .relaxation = request.relaxation,
          .with_facets = request.with_facets,
          .also = std::move(also)};
}

// What other sources found or a rule pins, and no excluded word forbids; in the order of
// the snapshot.
std::vector<DocRef> extras_of(const OrderRequest& request, const std::optional<Sources>& sources,
                              const pipeline::HeldRules& rules) {
  std::vector<DocRef> docs = rules.pinned();
  if (sources) docs.insert(docs.end(), sources->found().begin(), sources->found().end());
  std::ranges::sort(docs);
  docs.erase(std::ranges::unique(docs).begin(), docs.end());
  if (request.plan.excluded.empty() || docs.empty()) return docs;
  const auto scores =
      index::score_documents(request.context.snapshot, index_query(candidate_query(request, 0, {}), {}), docs);
  std::vector<DocRef> kept;
  for (std::size_t i = 0; i < docs.size(); ++i) {
    if (!scores[i].has_excluded) kept.push_back(docs[i]);
  }
  return kept;
}

std::uint64_t count_beside_words(const OrderRequest& request, const Relaxation& relaxation,
                                 const std::vector<DocRef>& docs) {
  const index::IndexQuery query = index_query(candidate_query(request, 0, {}), relaxation);
  const auto scores = index::score_documents(request.context.snapshot, query, docs);
  return static_cast<std::uint64_t>(std::ranges::count_if(scores, [](const auto& score) { return !score.matches; }));
}

// Reads one order from its first place.
class Reader {
 public:
  Reader(const OrderRequest& request, std::size_t count)
      : request_(request),
        snapshot_(request.context.snapshot),
        ranked_(is_ranked(request)),
        top_(ranked_ ? std::max(pipeline::kRankedMax, count) : count) {}

  Result<Order> read() {
    if (ranked_ && request_.head == nullptr) {
      order_.sources =
          Sources::ask(request_.context, asked(), request_.filter, {request_.wanted, request_.understood.things});
      order_.rules = held_rules(request_);
    }
    also_ = docs_beside_words();
    const Stopwatch watch;
    HANDSEL_ASSIGN(order_.candidates, find_candidates(snapshot_, candidate_query(request_, top_, also_)));
    order_.candidates_ms = watch.elapsed_ms();
    order_.complete = hits().size() < top_;
    if (request_.head != nullptr) {
      take_head();
    } else {
      rank();
    }
    append_rest();
    order_.rank_ms = watch.elapsed_ms() - order_.candidates_ms;
    return std::move(order_);
  }

 private:
  std::span<const index::Hit> hits() const { return order_.candidates.answer.hits; }

  SearchRequest asked() const {
    SearchRequest asked = request_.request;
    asked.meaning = by_meaning(request_);
    return asked;
  }

  std::vector<DocRef> docs_beside_words() const {
    std::vector<DocRef> docs;
    if (request_.head != nullptr) {
      for (const RankedHead::Item& item : request_.head->items) docs.push_back(item.doc);
    } else if (order_.sources) {
      docs = extras_of(request_, order_.sources, order_.rules);
    }
    docs.insert(docs.end(), request_.forced.begin(), request_.forced.end());
    std::ranges::sort(docs);
    docs.erase(std::ranges::unique(docs).begin(), docs.end());
    return docs;
  }

  void take_head() {
    order_.by_meaning = request_.head->by_meaning;
    order_.learned = request_.head->learned;
    const std::uint64_t challenge = request_.context.learned.challenge.number;
    if (challenge == request_.head->challenge)
      order_.challenge = challenge;  // teams of a trial that ended tell nothing
    for (const RankedHead::Item& item : request_.head->items) {
      const index::Hit hit{.doc = item.doc, .id_hash = hash64(index::doc_info(snapshot_, item.doc).id)};
      order_.items.push_back(
          {.hit = hit, .score = item.score, .ranked = true, .team = order_.challenge == 0 ? '\0' : item.team});
    }
  }

  void rank() {
    std::vector<index::Hit> candidates;
    if (ranked_) {
      const std::size_t head = std::min(hits().size(), pipeline::kRankedMax);
      candidates.assign(hits().begin(), hits().begin() + static_cast<std::ptrdiff_t>(head));
      add_extras(candidates);
    }
    const SearchContext& context = request_.context;
    features::Signals signals{.lexicon = context.tags != nullptr
                                             ? context.tags->current()
                                             : std::make_shared<features::TagLexicon>(context.analyzer)};
    std::vector<float> walk;
    if (order_.sources) {
      const Learned& learned = request_.context.learned;
      walk = order_.sources->walk(candidates);
      signals.vectors = learned.vectors;
      signals.query_vector = order_.sources->query_vector();
      signals.session_vector = order_.sources->session_vector();
      signals.word_vectors = order_.sources->word_vectors();
      signals.thing_vector = order_.sources->thing_vector();
      signals.walk = walk;
      signals.counters = learned.counters;
      signals.normalised_query = order_.sources->normalised_query();
      signals.profile = learned.profile;
      signals.taxonomy_intent = &request_.understood.taxonomies;
      signals.attribute_intent = &request_.understood.attributes;
      signals.named = request_.understood.named;
      signals.understanding = learned.understanding;
      signals.things = request_.understood.things;
      signals.now_ms = request_.context.now_ms;
    }
    order_.drawn = drawn_from(candidates);
    std::vector<DocRef> guests;
    std::ranges::set_union(request_.forced, order_.drawn, std::back_inserter(guests));
    pipeline::RankScope scope{.guests = guests};
    if (by_meaning(request_)) scope.keep = walk.empty() ? pipeline::kFirstPassWithoutWalksMax : pipeline::kFirstPassMax;
    pipeline::RankedList list =
        pipeline::rank(snapshot_, request_.plan, candidates, signals, request_.context.learned.ranker, scope);
    note_troubles(list);
    const Teams teams = ranked_ ? interleave(request_, list, order_.troubles) : Teams{};
    if (ranked_) order_.moves = rerank(request_, order_.rules, list.items);
    for (const pipeline::RankedItem& item : list.items) {
      order_.items.push_back({item.hit, item.score, true, item.candidate, item.row, teams.of(item, order_.moves)});
    }
    if (teams.any()) order_.challenge = request_.context.learned.challenge.number;
    order_.features = std::move(list.features);
  }

  std::vector<DocRef> drawn_from(std::span<const index::Hit> candidates) const {
    if (request_.draw.count == 0) return {};
    std::vector<std::pair<std::uint64_t, DocRef>> lots;
    for (const index::Hit& hit : candidates) lots.emplace_back(mix64(hit.id_hash ^ request_.draw.seed), hit.doc);
    const std::size_t count = std::min(request_.draw.count, lots.size());
    std::ranges::nth_element(lots, lots.begin() + static_cast<std::ptrdiff_t>(count));
    std::vector<DocRef> docs;
    for (const auto& [lot, doc] : std::span(lots).first(count)) docs.push_back(doc);
    std::ranges::sort(docs);
    return docs;
  }

  void note_troubles(const pipeline::RankedList& list) {
    if (order_.sources) order_.troubles = order_.sources->troubles;
    if (list.model_failed) order_.troubles.push_back({"ranker", "it made scores that are no numbers"});
    order_.learned = request_.context.learned.ranker != nullptr && !list.model_failed;
  }

  void add_extras(std::vector<index::Hit>& candidates) {
    std::vector<DocRef> known;
    for (const index::Hit& hit : candidates) known.push_back(hit.doc);
    std::ranges::sort(known);
    std::vector<DocRef> extras;
    for (const DocRef& doc : also_) {
      if (!contains(known, doc)) extras.push_back(doc);
    }
    const index::IndexQuery query = index_query(candidate_query(request_, 0, {}), order_.candidates.relaxation);
    const auto scores = index::score_documents(snapshot_, query, extras);
    for (std::size_t i = 0; i < extras.size(); ++i) {
      candidates.push_back({.doc = extras[i],
                            .key = scores[i].score,
                            .score = scores[i].score,
                            .id_hash = hash64(index::doc_info(snapshot_, extras[i]).id)});
      if (!scores[i].matches) order_.beyond_words.push_back(extras[i]);
    }
    order_.by_meaning += order_.beyond_words.size();  // sorted, as the extras are
  }

  // What the index has behind its best, less what stands among the ranked already.
  void append_rest() {
    // A kept head may lack what the index has among its best by now.
    const std::size_t head = ranked_ && request_.head == nullptr ? std::min(hits().size(), pipeline::kRankedMax) : 0;
    for (const index::Hit& hit : hits().subspan(head)) {
      if (!contains(also_, hit.doc)) order_.items.push_back({hit, features::match_score(hit)});
    }
  }

  const OrderRequest& request_;
  const index::Snapshot& snapshot_;
  const bool ranked_;
  const std::size_t top_;
  std::vector<DocRef> also_;
  Order order_;
};

Result<Order> read_behind_ranked(const OrderRequest& request) {
  Order order;
  const Stopwatch watch;
  std::vector<DocRef> passed;
  if (request.head != nullptr) {
    for (const RankedHead::Item& item : request.head->items) passed.push_back(item.doc);
    std::ranges::sort(passed);
    order.by_meaning = request.head->by_meaning;
  } else if (is_ranked(request)) {
    if (by_meaning(request)) {
      order.sources =
          Sources::ask(request.context, request.request, request.filter, {request.wanted, request.understood.things});
      order.troubles = order.sources->troubles;
    }
    passed = extras_of(request, order.sources, held_rules(request));
  }
  CandidateQuery query = candidate_query(request, request.count + passed.size(), passed);
  query.after = request.cursor->after;
  HANDSEL_ASSIGN(order.candidates, find_candidates(request.context.snapshot, query));
  order.candidates_ms = watch.elapsed_ms();
  if (request.head == nullptr) order.by_meaning = count_beside_words(request, order.candidates.relaxation, passed);
  for (const index::Hit& hit : order.candidates.answer.hits) {
    if (!contains(passed, hit.doc)) order.items.push_back({hit, features::match_score(hit)});
  }
  order.complete = order.candidates.answer.hits.size() < query.top;
  return order;
}

}  // namespace

Result<Order> read_order(const OrderRequest& request) {
  if (request.cursor == nullptr) return Reader(request, request.count).read();
  if (!request.cursor->in_ranked) return read_behind_ranked(request);
  // Some of what the index has behind its best stands among the ranked already.
  const std::size_t count = pipeline::kRankedMax + pipeline::kExtrasMax + request.count;
  HANDSEL_ASSIGN(Order order, Reader(request, count).read());
  // Where the head was ranked anew it may have become shorter.
  const auto ranked = static_cast<std::size_t>(std::ranges::count_if(order.items, &OrderedItem::ranked));
  order.begin = std::min<std::size_t>(request.cursor->place, ranked);
  return order;
}

RankedHead head_of(const Order& order, std::uint64_t generation, std::uint64_t fingerprint) {
  RankedHead head{.generation = generation,
                  .fingerprint = fingerprint,
                  .items = {},
                  .by_meaning = order.by_meaning,
                  .challenge = order.challenge,
                  .learned = order.learned};
  for (const OrderedItem& item : order.items) {
    if (item.ranked) head.items.push_back({item.hit.doc, static_cast<float>(item.score), item.team});
  }
  return head;
}

}  // namespace handsel::search
