#include "products/search/internal/refine.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "analysis/text/normalised_query.h"
#include "products/search/internal/candidates.h"
#include "ranking/query/chips.h"
#include "ranking/query/filter_parser.h"
#include "ranking/query/rewrites.h"

namespace handsel::search {
namespace {

constexpr std::string_view kTaxonomy = "taxonomy";
constexpr std::string_view kPrice = "price";
constexpr std::size_t kChipTaxonomiesMax = 50;
constexpr std::size_t kChipValuesMax = 20;
// In the currency's units; wide enough for yen and forint.
constexpr std::array<double, 18> kPriceBounds = {0,     5,     10,     20,     50,     100,     200,     500,     1'000,
                                                 2'000, 5'000, 10'000, 20'000, 50'000, 100'000, 200'000, 500'000, 1e6};

// Fields that the filter fixes. Below a category there are others to choose from.
void collect_fixed(const index::Filter& filter, std::vector<std::string>& fields) {
  if (filter.op == index::Filter::Op::kNot) return;
  if (!filter.field.empty() && filter.field != kTaxonomy) fields.push_back(filter.field);
  for (const index::Filter& child : filter.children) collect_fixed(child, fields);
}

double number_of(std::string_view text) {
  double value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

index::Filter filter_of(const query::Chip& chip) {
  using Op = index::Filter::Op;
  if (chip.field == kTaxonomy) return {.op = Op::kSubtree, .field = chip.field, .values = {chip.value}};
  if (chip.field != kPrice) return {.op = Op::kIn, .field = chip.field, .values = {chip.value}};
  const std::size_t cut = chip.value.find("..");
  return {.op = Op::kRange,
          .field = chip.field,
          .low = number_of(std::string_view(chip.value).substr(0, cut)),
          .high = number_of(std::string_view(chip.value).substr(cut + 2)),
          .high_open = true};
}

query::ParsedQuery as_searched(const SuggestionSource& source) {
  if (source.plan.corrected_query.empty()) return source.parsed;
  return query::parse_query(source.context.analyzer, source.plan.corrected_query, source.parsed.language);
}

// By the words, under the same filter and rules.
std::uint64_t found_by(const SuggestionSource& source, const std::string& text) {
  const SearchContext& context = source.context;
  const auto parsed = query::parse_query(context.analyzer, text, source.parsed.language);
  const auto plan =
      query::plan_query(parsed, context.query_model, context.analyzer, context.snapshot,
                        {.spell = false, .unknown_words_required = source.request.match == MatchRule::kAll});
  const auto list = find_candidates(
      context.snapshot,
      {.plan = plan, .filter = source.filter, .request = source.request, .top = kSuggestBelow, .with_facets = false});
  return list ? list->answer.total : 0;
}

}  // namespace

std::vector<index::FacetRequest> chip_facets() {
  return {
      {.field = std::string(kTaxonomy), .limit = kChipTaxonomiesMax},
      {.field = "attr.color", .limit = kChipValuesMax},
      {.field = "attr.style", .limit = kChipValuesMax},
      {.field = "material", .limit = kChipValuesMax},
      {.field = std::string(kPrice), .limit = kChipValuesMax, .bounds = {kPriceBounds.begin(), kPriceBounds.end()}}};
}

std::vector<SearchChip> chips_of(const ChipSource& source) {
  std::vector<query::ChipCandidate> values;
  for (const index::Facet& facet : source.facets) {
    for (const index::FacetValue& value : facet.values) {
      values.push_back({.field = facet.field, .value = value.value, .count = value.count, .mass = std::nullopt});
    }
  }
  std::vector<std::string> fixed;
  collect_fixed(source.filter, fixed);
  const std::string query = text::normalised_query(source.wanted);
  std::vector<SearchChip> chips;
  for (query::Chip& chip :
       query::choose_chips({.values = values, .total = source.total, .query = query, .filtered = fixed})) {
    std::string filter = query::filter_to_string(filter_of(chip));
    chips.push_back({std::move(chip.field), std::move(chip.value), chip.count, std::move(filter)});
  }
  return chips;
}

std::vector<SearchSuggestion> suggestions_for(const SuggestionSource& source) {
  const SearchContext& context = source.context;
  std::vector<SearchSuggestion> suggestions;
  for (query::Rewrite& rewrite : query::rewrites(
           as_searched(source),
           {.understanding = context.learned.understanding,
            .listings_with = [&](std::string_view term) { return index::document_frequency(context.snapshot, term); },
            .listings = context.snapshot.live})) {
    if (found_by(source, rewrite.query) > source.found) {
      suggestions.push_back({std::move(rewrite.query), std::move(rewrite.reason)});
    }
  }
  return suggestions;
}

}  // namespace handsel::search
