#include "views/index/scorer.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <map>

#include "views/index/filter_bits.h"
#include "views/index/phrase_check.h"

namespace handsel::index {
namespace {

constexpr std::uint32_t kWindow = 4096;
constexpr std::size_t kWindowWords = kWindow / 64;

struct Variant {
  PostingCursor cursor;
  std::int32_t weight;
};

struct Group {
  std::vector<Variant> variants;
  bool required;
  std::uint64_t cost = 0;  // postings
  std::int32_t window_max = 0;
  bool in_window = false;  // has a posting there, as far as block maxima tell

  std::uint32_t next_doc() const {
    std::uint32_t doc = kEndOfPostings;
    for (const Variant& variant : variants) doc = std::min(doc, variant.cursor.doc());
    return doc;
  }

  void look_at_window(std::uint32_t begin, std::uint32_t end) {
    window_max = 0;
    in_window = false;
    for (Variant& variant : variants) {
      const std::uint8_t impact = variant.cursor.max_impact_in(begin, end);
      in_window |= impact > 0;
      window_max = std::max(window_max, impact * variant.weight);
    }
  }

  // The score in `doc`, or -1 where no variant is in it. Documents may not go down.
  std::int32_t score_at(std::uint32_t doc) {
    std::int32_t score = -1;
    for (Variant& variant : variants) {
      variant.cursor.advance(doc);
      if (variant.cursor.doc() == doc) score = std::max(score, variant.cursor.impact() * variant.weight);
    }
    return score;
  }
};

// The scores and the found documents of one window.
struct Window {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  alignas(64) std::array<std::int32_t, kWindow> scores;
  std::array<std::uint64_t, kWindowWords> found;
  alignas(64) std::array<std::int32_t, kWindow> group_scores;  // of a group with several variants
  std::array<std::uint64_t, kWindowWords> group_found;

  void clear() {
    scores.fill(0);
    found.fill(0);
  }

  void add(Group& group) {
    if (group.variants.size() == 1) {
      add_to(group.variants.front(), scores, found, [](std::int32_t a, std::int32_t b) { return a + b; });
      return;
    }
    group_scores.fill(0);
    group_found.fill(0);
    for (Variant& variant : group.variants) {
      add_to(variant, group_scores, group_found, [](std::int32_t a, std::int32_t b) { return std::max(a, b); });
    }
    for (std::size_t i = 0; i < kWindow; ++i) scores[i] += group_scores[i];
    for (std::size_t i = 0; i < kWindowWords; ++i) found[i] |= group_found[i];
  }

 private:
  template <typename Combine>
  void add_to(Variant& variant, std::array<std::int32_t, kWindow>& into, std::array<std::uint64_t, kWindowWords>& bits,
              Combine combine) {
    variant.cursor.advance(begin);
    const std::int32_t weight = variant.weight;
    variant.cursor.visit_before(end, [&](std::uint32_t doc, std::uint8_t impact) {
      const std::uint32_t at = doc - begin;
      into[at] = combine(into[at], impact * weight);
      bits[at / 64] |= std::uint64_t{1} << (at % 64);
    });
  }
};

class SegmentScorer {
 public:
  SegmentScorer(const SegmentView& view, const PreparedQuery& query, const DocBits* allowed, ScoreSink& sink)
      : segment_(*view.segment),
        deletions_(*view.deletions),
        allowed_(allowed),
        sink_(sink),
        match_(query.match),
        phrases_(segment_, query.phrases) {
    for (const PreparedGroup& prepared : query.groups) {
      Group group{.variants = {}, .required = prepared.required};
      for (const PreparedVariant& variant : prepared.variants) {
        const auto ordinal = segment_.find_term(variant.term);
        if (!ordinal) continue;
        group.variants.push_back({segment_.postings(*ordinal), variant.weight});
        group.cost += group.variants.back().cursor.count();
      }
      missing_required_ |= group.required && group.variants.empty();
      if (!group.variants.empty()) groups_.push_back(std::move(group));
    }
  }

  void run() {
    if (match_ == Match::kAll && missing_required_) return;
    for (Group& group : groups_) order_.push_back(&group);
    const std::uint32_t documents = segment_.documents();
    for (std::uint32_t begin = first_doc(); begin < documents; begin = next_window(begin)) {
      window_.begin = begin;
      window_.end = std::min(documents, begin + kWindow);
      std::int64_t most = 0;
      bool possible = match_ == Match::kAll;
      for (Group& group : groups_) {
        group.look_at_window(window_.begin, window_.end);
        most += group.window_max;
        if (match_ == Match::kAll && group.required && !group.in_window) possible = false;
        if (match_ == Match::kAny && group.required && group.in_window) possible = true;
      }
      if (!possible || most < sink_.threshold()) continue;
      window_.clear();
      match_ == Match::kAll ? run_all() : run_any();
    }
  }

 private:
  // Windows begin at multiples of 64, so that words of bits line up.
  std::uint32_t first_doc() const {
    std::uint32_t doc = kEndOfPostings;
    for (const Group& group : groups_) {
      if (group.required) doc = std::min(doc, group.next_doc());
    }
    return doc / 64 * 64;
  }
  static std::uint32_t next_window(std::uint32_t begin) { return begin + kWindow; }

  // The most that groups order_[0..i] can add in this window.
  void bound_prefixes() {
    bounds_.resize(order_.size());
    std::int64_t sum = 0;
    for (std::size_t i = 0; i < order_.size(); ++i) bounds_[i] = sum += order_[i]->window_max;
  }

  void run_any() {
    // Optional groups first: they never bring in a document by themselves.
    std::ranges::sort(order_, [](const Group* a, const Group* b) {
      return a->required != b->required ? !a->required : a->window_max < b->window_max;
    });
    bound_prefixes();
    std::size_t essential = 0;
    const std::int32_t threshold = sink_.threshold();
    while (essential < order_.size() && (!order_[essential]->required || bounds_[essential] < threshold)) ++essential;
    for (std::size_t i = essential; i < order_.size(); ++i) window_.add(*order_[i]);
    finish_candidates(essential);
  }

  void run_all() {
    // Candidates from the rarest required group; the others are looked up, the rarest first.
    std::ranges::sort(order_, [](const Group* a, const Group* b) {
      return a->required != b->required ? !a->required : a->cost > b->cost;
    });
    bound_prefixes();
    window_.add(*order_.back());
    finish_candidates(order_.size() - 1);
  }

  // Adds groups order_[0..rest) to what the window found, from the last to the first.
  void finish_candidates(std::size_t rest) {
    const std::int32_t threshold = sink_.threshold();
    scored_.clear();
    for (std::size_t word = 0; word < kWindowWords; ++word) {
      std::uint64_t bits = window_.found[word];
      if (bits == 0) continue;
      const std::size_t at = window_.begin / 64 + word;
      if (allowed_ != nullptr) bits &= (*allowed_)[at];
      if (!deletions_.bits.empty()) bits &= ~deletions_.bits[at];
      for (; bits != 0; bits &= bits - 1) {
        const auto in_window =
            static_cast<std::uint32_t>(word * 64) + static_cast<std::uint32_t>(std::countr_zero(bits));
        std::int64_t score = window_.scores[in_window];
        const std::uint32_t doc = window_.begin + in_window;
        if (!add_rest(doc, rest, threshold, score)) continue;
        if (!phrases_.empty() && !phrases_.passes(doc)) continue;
        scored_.push_back({doc, static_cast<std::int32_t>(score)});
      }
    }
    if (!scored_.empty()) sink_.offer(scored_);
  }

  // False where the document does not match, or cannot reach the threshold.
  bool add_rest(std::uint32_t doc, std::size_t rest, std::int32_t threshold, std::int64_t& score) {
    for (std::size_t i = rest; i-- > 0;) {
      if (score + bounds_[i] < threshold) return false;
      const std::int32_t part = order_[i]->score_at(doc);
      if (part >= 0) {
        score += part;
      } else if (match_ == Match::kAll && order_[i]->required) {
        return false;
      }
    }
    return score >= threshold;
  }

  const Segment& segment_;
  const Deletions& deletions_;
  const DocBits* allowed_;
  ScoreSink& sink_;
  const Match match_;
  PhraseCheck phrases_;
  bool missing_required_ = false;
  std::vector<Group> groups_;
  std::vector<Group*> order_;
  std::vector<std::int64_t> bounds_;
  std::vector<ScoreSink::Scored> scored_;
  Window window_;
};

// No words: every document, at score 0.
void score_all(const SegmentView& view, const PreparedQuery& query, const DocBits* allowed, ScoreSink& sink) {
  PhraseCheck phrases(*view.segment, query.phrases);
  std::vector<ScoreSink::Scored> batch;
  for (std::uint32_t doc = 0; doc < view.segment->documents(); ++doc) {
    if (view.deletions->contains(doc)) continue;
    if (allowed != nullptr && (((*allowed)[doc / 64] >> (doc % 64)) & 1) == 0) continue;
    if (!phrases.empty() && !phrases.passes(doc)) continue;
    batch.push_back({doc, 0});
    if (batch.size() == kWindow) {
      sink.offer(batch);
      batch.clear();
    }
  }
  if (!batch.empty()) sink.offer(batch);
}

}  // namespace

PreparedQuery prepare(const Snapshot& snapshot, const IndexQuery& query) {
  PreparedQuery prepared{.groups = {}, .match = query.match, .phrases = query.phrases, .excluded = query.excluded};
  // The sum of all groups stays below 2^31 whatever the weights.
  const double weight_max = 2147483647.0 / 255 / static_cast<double>(std::max<std::size_t>(1, query.groups.size()));
  for (const TermGroup& group : query.groups) {
    std::uint64_t frequency = 0;
    for (const TermVariant& variant : group.variants) {
      frequency = std::max(frequency, document_frequency(snapshot, variant.term));
    }
    PreparedGroup out{.variants = {}, .required = group.required};
    for (const TermVariant& variant : group.variants) {
      const double weight = 4096 * idf(snapshot.live, frequency) * group.weight * variant.weight;
      const auto rounded = static_cast<std::int32_t>(std::clamp(weight, 1.0, weight_max));
      out.variants.push_back({variant.term, rounded});
    }
    prepared.groups.push_back(std::move(out));
  }
  // A query of nothing but optional words ("the") asks for them.
  const bool any_required = std::ranges::any_of(prepared.groups, &PreparedGroup::required);
  if (!any_required) {
    for (PreparedGroup& group : prepared.groups) group.required = true;
  }
  return prepared;
}

void score_segment(const SegmentView& view, const PreparedQuery& query, const DocBits* allowed, ScoreSink& sink) {
  if (query.groups.empty()) return score_all(view, query, allowed, sink);
  SegmentScorer(view, query, allowed, sink).run();
}

void score_segment_exhaustive(const SegmentView& view, const PreparedQuery& query, const Filter& filter,
                              ScoreSink& sink) {
  const Segment& segment = *view.segment;
  PhraseCheck phrases(segment, query.phrases);
  std::vector<ForwardTerm> forward;
  for (std::uint32_t doc = 0; doc < segment.documents(); ++doc) {
    if (view.deletions->contains(doc) || !passes(segment, doc, filter)) continue;
    segment.forward(doc, forward);
    std::map<std::string, std::int32_t> impacts;
    for (const ForwardTerm& term : forward) impacts[segment.term(term.ordinal)] = term.impact;
    if (std::ranges::any_of(query.excluded, [&](const std::string& term) { return impacts.contains(term); })) continue;
    std::int32_t score = 0;
    std::size_t required = 0;
    std::size_t required_found = 0;
    for (const PreparedGroup& group : query.groups) {
      std::int32_t best = -1;
      for (const PreparedVariant& variant : group.variants) {
        const auto found = impacts.find(variant.term);
        if (found != impacts.end()) best = std::max(best, found->second * variant.weight);
      }
      required += group.required ? 1 : 0;
      required_found += group.required && best >= 0 ? 1 : 0;
      score += std::max(best, 0);
    }
    const bool matches =
        query.groups.empty() || (query.match == Match::kAll ? required_found == required : required_found > 0);
    if (!matches || !phrases.passes(doc)) continue;
    const ScoreSink::Scored scored{doc, score};
    sink.offer({&scored, 1});
  }
}

}  // namespace handsel::index
