#include "products/search/search.h"

#include <algorithm>
#include <unordered_map>

#include "analysis/text/fold.h"
#include "analysis/text/highlight.h"
#include "base/core/bytes.h"
#include "base/core/clock.h"
#include "base/core/hash.h"
#include "products/search/internal/candidates.h"
#include "products/search/internal/cursor.h"
#include "products/search/internal/explain.h"
#include "products/search/internal/order.h"
#include "products/search/internal/refine.h"
#include "products/search/internal/understand.h"
#include "products/search/search_parameters.h"
#include "ranking/pipeline/page_rules.h"
#include "ranking/query/filter_parser.h"
#include "ranking/query/query_parser.h"
#include "ranking/query/query_plan.h"

namespace handsel::search {
namespace {

static_assert(kQueryBytesMax == query::kQueryBytesMax && kFilterBytesMax == query::kFilterBytesMax);

Result<void> check(const SearchRequest& request) {
  if (request.limit > kLimitMax) {
    return fail(Code::kInvalidArgument, "limit: {} is more than {}", request.limit, kLimitMax);
  }
  if (request.offset > kDepthMax || request.offset + request.limit > kDepthMax) {
    return fail(Code::kInvalidArgument, "offset: {} and limit reach beyond {}; narrow the search, or go on by cursor",
                request.offset, kDepthMax);
  }
  if (!request.cursor.empty() && request.offset > 0) {
    return fail(Code::kInvalidArgument, "offset: with a cursor it must be 0");
  }
  if (request.facets.size() > kFacetsMax) {
    return fail(Code::kInvalidArgument, "facets: {} are more than {}", request.facets.size(), kFacetsMax);
  }
  if (!request.group_by.empty() && index::column_kind(request.group_by) != index::ColumnKind::kKeyword) {
    return fail(Code::kInvalidArgument, "group_by: '{}' is not a column of keywords", request.group_by);
  }
  return {};
}

Result<index::Filter> parse_key_filter(const std::string& text) {
  auto filter = query::parse_filter(text);
  if (!filter) return fail(filter.error().code, "the filter of the API key cannot be read: {}", filter.error().message);
  return filter;
}

index::Filter both(index::Filter a, index::Filter b) {
  if (a.op == index::Filter::Op::kTrue) return b;
  if (b.op == index::Filter::Op::kTrue) return a;
  index::Filter filter{.op = index::Filter::Op::kAnd};
  filter.children.push_back(std::move(a));
  filter.children.push_back(std::move(b));
  return filter;
}

bool names_state(const index::Filter& filter) {
  return filter.field == "state" || std::ranges::any_of(filter.children, names_state);
}

// Only what is for sale, unless the request itself says which states it wants.
index::Filter shown_states(const index::Filter& own) {
  if (names_state(own)) return {};
  return {.op = index::Filter::Op::kIn, .field = "state", .values = {"active"}};
}

// Column names as the index has them: "attr.Color" is attr.color.
SearchRequest with_folded_columns(SearchRequest request) {
  request.group_by = text::fold_keyword(request.group_by);
  request.sort.column = text::fold_keyword(request.sort.column);
  for (index::FacetRequest& facet : request.facets) facet.field = text::fold_keyword(facet.field);
  return request;
}

bool wants_chips(const SearchRequest& request) {
  return request.chips && request.cursor.empty() && request.sort.column.empty();
}

// Whose order it may be; 0: nothing of a person is read for it.
std::uint64_t person_of(const SearchRequest& request) {
  if (!request.personalise || (request.session_id.empty() && request.user_id.empty() && request.country.empty()))
    return 0;
  std::string bytes;
  for (const std::string* part : {&request.session_id, &request.user_id, &request.country}) put_string(bytes, *part);
  return hash64(bytes) | 1;
}

// Equal strings, equal numbers; 0 for none.
class Numbers {
 public:
  std::uint32_t of(const std::vector<std::string>& values) {
    std::string joined;
    for (const std::string& value : values) joined += value + '\0';
    if (joined.empty()) return 0;
    return numbers_.try_emplace(std::move(joined), static_cast<std::uint32_t>(numbers_.size() + 1)).first->second;
  }

 private:
  std::unordered_map<std::string, std::uint32_t> numbers_;
};

class Search {
 public:
  // The fingerprint is that of what was asked: pages go on where parameters change between them.
  Search(const SearchContext& context, const SearchRequest& asked)
      : context_(context),
        request_(with_parameters(asked, context.parameters)),
        fingerprint_(request_fingerprint(asked)) {}

  Result<SearchResponse> run() {
    HANDSEL_TRY(read_cursor());
    parse();
    HANDSEL_TRY(plan());
    understand_query();
    if (!parsed_.has_words() && parsed_.text.find_first_not_of(" \t\r\n") != std::string::npos) {
      response_.total_exact = true;  // nothing was understood, so nothing matches
    } else {
      HANDSEL_TRY(find_page());
      HANDSEL_TRY(load());
      say_what_next();
    }
    response_.complaints = std::move(plan_.complaints);
    response_.corrected_query = plan_.corrected_query;
    response_.took_ms = whole_.elapsed_ms();
    return std::move(response_);
  }

  Result<CandidateRows> rows(std::span<const std::string> also, const Draw& draw) {
    parse();
    HANDSEL_TRY(plan());
    understand_query();
    OrderRequest wanted{.context = context_,
                        .plan = plan_,
                        .filter = filter_,
                        .request = request_,
                        .understood = understood_,
                        .wanted = wanted_,
                        .count = pipeline::kRankedMax,
                        .with_facets = false,
                        .draw = draw,
                        .rerank = false};
    for (const std::string& id : also) {
      if (const auto doc = index::find_document(context_.snapshot, id)) wanted.forced.push_back(*doc);
    }
    std::ranges::sort(wanted.forced);
    HANDSEL_ASSIGN(const Order order, read_order(wanted));
    CandidateRows rows{.ids = {}, .names = order.features.names, .values = {}, .drawn = {}};
    for (const OrderedItem& item : order.items) {
      if (!item.row) continue;
      rows.ids.emplace_back(index::doc_info(context_.snapshot, item.hit.doc).id);
      rows.drawn.push_back(std::ranges::binary_search(order.drawn, item.hit.doc));
      for (const double value : order.features.row(*item.row)) rows.values.push_back(static_cast<float>(value));
    }
    return rows;
  }

 private:
  Result<void> read_cursor() {
    if (request_.cursor.empty()) return {};
    HANDSEL_ASSIGN(cursor_, decode_cursor(request_.cursor));
    if (cursor_->fingerprint != fingerprint_) {
      return fail(Code::kInvalidArgument,
                  "cursor: it belongs to another search; keep query, filter, sort and the other rules as they were");
    }
    find_head();
    return {};
  }

  void parse() {
    const Stopwatch watch;
    parsed_ = query::parse_query(context_.analyzer, request_.query, request_.language);
    explain("parse", watch.elapsed_ms(), [&] { return explain_parse(parsed_); });
  }

  Result<void> plan() {
    const Stopwatch watch;
    HANDSEL_ASSIGN(index::Filter own, query::parse_filter(request_.filter));
    HANDSEL_ASSIGN(index::Filter of_key, parse_key_filter(request_.key_filter));
    plan_ = query::plan_query(parsed_, context_.query_model, context_.analyzer, context_.snapshot,
                              {.spell = request_.spell,
                               .unknown_words_required = request_.match == MatchRule::kAll,
                               .understanding = request_.meaning ? context_.learned.understanding : nullptr});
    explain("plan", watch.elapsed_ms(), [&] { return explain_plan(plan_, own); });
    own_filter_ = own;
    index::Filter states = shown_states(own);
    filter_ = both(both(std::move(of_key), std::move(states)), std::move(own));
    return {};
  }

  void understand_query() {
    wanted_ = wanted_text(context_.analyzer, parsed_, plan_);
    if (context_.learned.understanding == nullptr) return;
    const Stopwatch watch;
    understood_ = understand(context_, wanted_, parsed_);
    explain("understand", watch.elapsed_ms(), [&] { return explain_understand(understood_); });
  }

  // --- from candidates to a page ---

  Result<void> find_page() {
    const Stopwatch watch;
    HANDSEL_TRY(rules().any() ? find_page_by_rules() : find_plain_page());
    const Relaxation& given_up = order_.candidates.relaxation;
    response_.relaxed = request_.match == MatchRule::kAuto && given_up.any_word;
    if (given_up.without_phrases) plan_.complaints.push_back("no title has the quoted words next to each other");
    const double sources_ms =
        order_.sources ? order_.sources->encode_ms + order_.sources->vectors_ms + order_.sources->walk_ms : 0;
    const double page_ms = watch.elapsed_ms() - order_.candidates_ms - order_.rank_ms - sources_ms;
    explain("candidates", order_.candidates_ms,
            [&] { return explain_candidates(context_.snapshot, order_.candidates); });
    if (order_.sources) {
      const Sources& sources = *order_.sources;
      explain("sources", sources_ms, [&] { return explain_sources(sources, order_.by_meaning); });
    }
    const bool ranked = !order_.items.empty() && order_.items.front().ranked;
    response_.learned = ranked && order_.learned;
    response_.personalised = ranked && is_personalised();
    if (!order_.features.names.empty()) {
      explain("rank", order_.rank_ms, [&] { return explain_rank(context_.snapshot, order_, page_); });
    }
    if (!order_.rules.rules().empty() || !order_.moves.empty()) {
      explain("rerank", 0, [&] { return explain_rerank(context_.snapshot, order_); });
    }
    if (order_.challenge != 0) {
      explain("interleave", 0, [&] { return explain_interleave(context_.snapshot, order_, page_); });
    }
    explain("page", page_ms, [&] { return explain_page(request_, order_, page_); });
    return {};
  }

  pipeline::PageRules rules() const {
    return {.per_shop_max = request_.per_shop_max, .one_per_group = !request_.group_by.empty()};
  }

  Result<void> read(const Cursor* cursor, std::size_t count) {
    // Totals and facets are those of the first reading; a longer one only adds places.
    const bool first = order_.items.empty();
    std::optional<Relaxation> relaxation;
    if (!first) relaxation = order_.candidates.relaxation;
    if (first && cursor_) relaxation = Relaxation{cursor_->relaxed, cursor_->without_phrases};
    HANDSEL_ASSIGN(order_, read_order({.context = context_,
                                       .plan = plan_,
                                       .filter = filter_,
                                       .request = request_,
                                       .understood = understood_,
                                       .wanted = wanted_,
                                       .cursor = cursor,
                                       .head = head_,
                                       .count = count,
                                       .relaxation = relaxation,
                                       .with_facets = first}));
    if (first) take_facets(std::move(order_.candidates.answer.facets));
    response_.by_meaning = order_.by_meaning;
    response_.model_troubles = order_.troubles;
    if (order_.candidates.answer.total + order_.by_meaning >= response_.total) {
      response_.total = order_.candidates.answer.total + order_.by_meaning;
      response_.total_exact = response_.total_exact || order_.candidates.answer.total_exact;
    }
    return {};
  }

  // Those that chips are made of stand behind those that were asked for.
  void take_facets(std::vector<index::Facet> facets) {
    response_.facets = std::move(facets);
    if (!wants_chips(request_)) return;
    const auto mine = response_.facets.end() - static_cast<std::ptrdiff_t>(chip_facets().size());
    chip_facets_.assign(std::make_move_iterator(mine), std::make_move_iterator(response_.facets.end()));
    response_.facets.erase(mine, response_.facets.end());
  }

  // The ranked that the page before was cut from, where they are still kept.
  void find_head() {
    if (!cursor_ || context_.heads == nullptr || cursor_->head == 0) return;
    head_ = context_.heads->find(cursor_->head);
    // The cursor's number is a client's word: it may be another search's, or of before a restart.
    const bool is_ours = head_ != nullptr && head_->generation == context_.snapshot.generation &&
                         head_->fingerprint == fingerprint_ && head_->person == person_of(request_);
    if (!is_ours) head_ = nullptr;
  }

  // Keeps the ranked for the page that follows.
  std::uint64_t keep_head() const {
    if (head_ != nullptr) return cursor_->head;
    if (context_.heads == nullptr || order_.items.empty() || !order_.items.front().ranked) return 0;
    RankedHead head = head_of(order_, context_.snapshot.generation, fingerprint_);
    head.person = person_of(request_);
    head.personalised = is_personalised();
    return context_.heads->keep(std::move(head));
  }

  // Whether what is known of the session has a say in the order; in a kept one, whether it had.
  bool is_personalised() const { return head_ != nullptr ? head_->personalised : context_.learned.profile != nullptr; }

  Result<void> find_plain_page() {
    // The page before may have been made by rules that hold no longer: it goes on behind as many.
    const Cursor* cursor = cursor_ && !cursor_->by_rules ? &*cursor_ : nullptr;
    const std::size_t skip = cursor_ && cursor_->by_rules ? cursor_->passed : request_.offset;
    if (skip > kDepthMax - request_.limit) return {};
    HANDSEL_TRY(read(cursor, skip + request_.limit + 1));
    const std::size_t begin = std::min(order_.begin + skip, order_.items.size());
    const std::size_t end = std::min(begin + request_.limit, order_.items.size());
    for (std::size_t i = begin; i < end; ++i) page_.push_back(i);
    if (end == order_.items.size() || page_.empty()) return {};
    Cursor next = next_cursor((cursor != nullptr ? cursor->passed : skip) + page_.size());
    const OrderedItem& last = order_.items[page_.back()];
    next.in_ranked = last.ranked;
    if (last.ranked) next.place = page_.back() + 1;
    next.after = {.key = last.hit.key, .id_hash = last.hit.id_hash};
    response_.next_cursor = encode_cursor(next);
    return {};
  }

  // What a page shows depends on the pages before it, so the walk begins at the first
  // place; the cursor says how far it goes.
  Result<void> find_page_by_rules() {
    const std::size_t offset = cursor_ ? cursor_->passed : request_.offset;
    if (offset > kDepthMax - request_.limit) return {};
    std::optional<pipeline::RuledPage> page;
    for (std::size_t count = std::max(pipeline::kRankedMax, 2 * (offset + request_.limit));; count *= 4) {
      count = std::min(count, kDepthMax);
      HANDSEL_TRY(read(nullptr, count));
      page = pipeline::page_of(ruled_items(), order_.complete || count == kDepthMax, rules(), offset, request_.limit);
      if (page) break;
    }
    page_ = std::move(page->items);
    const std::size_t passed = offset + request_.limit;
    if (!page->more || page_.empty() || passed > kDepthMax - request_.limit) return {};
    Cursor next = next_cursor(passed);
    next.by_rules = true;
    response_.next_cursor = encode_cursor(next);
    return {};
  }

  std::vector<pipeline::RuledItem> ruled_items() const {
    Numbers shops;
    Numbers groups;
    std::vector<pipeline::RuledItem> items;
    for (const OrderedItem& item : order_.items) {
      const auto values = [&](std::string_view column) {
        return index::keyword_values(context_.snapshot, item.hit.doc, column);
      };
      items.push_back({.shop = request_.per_shop_max > 0 ? shops.of(values("shop")) : 0,
                       .group = request_.group_by.empty() ? 0 : groups.of(values(request_.group_by))});
    }
    return items;
  }

  Cursor next_cursor(std::size_t passed) const {
    return {.generation = context_.snapshot.generation,
            .fingerprint = fingerprint_,
            .relaxed = order_.candidates.relaxation.any_word,
            .without_phrases = order_.candidates.relaxation.without_phrases,
            .head = keep_head(),
            .passed = passed};
  }

  // --- from a page to hits ---

  Result<void> load() {
    const Stopwatch watch;
    const std::vector<std::string> terms = request_.highlight ? terms_to_highlight() : std::vector<std::string>{};
    for (const std::size_t place : page_) {
      const OrderedItem& item = order_.items[place];
      auto listing = context_.load_listing(index::doc_info(context_.snapshot, item.hit.doc));
      if (!listing && listing.error().code == Code::kNotFound) continue;
      if (!listing) return std::unexpected(std::move(listing).error());
      SearchHit hit{.listing = std::move(*listing), .score = item.score};
      if (item.team != 0) hit.team = item.team;
      if (request_.highlight) {
        const catalog::Listing& shown = hit.listing;
        hit.title_highlighted = text::highlight(context_.analyzer, shown.title, shown.language, terms);
        hit.description_highlighted =
            text::highlight_passage(context_.analyzer, shown.description, shown.language, terms);
      }
      response_.hits.push_back(std::move(hit));
    }
    explain("load", watch.elapsed_ms(), [&] { return explain_load(response_.hits.size(), page_.size()); });
    return {};
  }

  // With the first page: chips, notes, suggestions.
  void say_what_next() {
    if (!request_.cursor.empty()) return;
    if (wants_chips(request_)) {
      response_.chips =
          chips_of({.facets = chip_facets_, .total = response_.total, .wanted = wanted_, .filter = own_filter_});
    }
    if (response_.relaxed) {
      response_.notes.emplace_back("too few listings have all of the words; those with some of them are here too");
    }
    if (request_.offset > 0 || response_.total >= kSuggestBelow || !parsed_.has_words()) return;
    response_.suggestions = suggestions_for({.context = context_,
                                             .request = request_,
                                             .parsed = parsed_,
                                             .plan = plan_,
                                             .filter = filter_,
                                             .found = response_.total});
  }

  // Of the words that carry meaning; of all where none does.
  std::vector<std::string> terms_to_highlight() const {
    std::vector<std::string> terms;
    for (std::size_t group = 0; group < plan_.groups.size(); ++group) {
      const bool means_something = std::ranges::find(plan_.sequence, group) != plan_.sequence.end();
      if (!means_something && !plan_.sequence.empty()) continue;
      for (const index::TermVariant& variant : plan_.groups[group].variants) terms.push_back(variant.term);
    }
    return terms;
  }

  template <typename Describe>
  void explain(std::string_view stage, double ms, Describe&& describe) {
    if (!request_.explain) return;
    response_.explain.push_back({std::string(stage), ms, describe()});
  }

  const Stopwatch whole_;
  const SearchContext& context_;
  const SearchRequest request_;
  const std::uint64_t fingerprint_;
  std::optional<Cursor> cursor_;
  std::shared_ptr<const RankedHead> head_;
  query::ParsedQuery parsed_;
  query::QueryPlan plan_;
  std::string wanted_;
  query::QueryUnderstanding understood_;
  index::Filter own_filter_;
  index::Filter filter_;
  std::vector<index::Facet> chip_facets_;
  Order order_;
  std::vector<std::size_t> page_;  // into order_.items
  SearchResponse response_;
};

}  // namespace

Result<CandidateRows> candidate_rows(const SearchContext& context, const SearchRequest& request,
                                     std::span<const std::string> also, const Draw& draw) {
  return Search(context, with_folded_columns(request)).rows(also, draw);
}

Result<SearchResponse> search(const SearchContext& context, const SearchRequest& request) {
  SearchRequest asked = with_folded_columns(request);
  HANDSEL_TRY(check(asked));
  if (wants_chips(asked)) std::ranges::move(chip_facets(), std::back_inserter(asked.facets));
  return Search(context, asked).run();
}

}  // namespace handsel::search
