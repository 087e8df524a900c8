#include <algorithm>

#include "app/cli/commands.h"
#include "app/cli/table.h"
#include "app/http/search_answer.h"

namespace handsel::cli {
namespace {

using search::SearchRequest;
using search::SearchResponse;

constexpr std::array<std::string_view, 3> kMatchNames = {"auto", "all", "any"};  // in the order of MatchRule

struct Options {
  std::vector<std::string> words;
  std::string filter;
  std::string language;
  std::string sort;
  std::string match = "auto";
  std::string cursor;
  std::string group_by;
  std::vector<std::string> facets;
  std::int64_t limit = 10;
  std::int64_t offset = 0;
  std::int64_t per_shop = 0;
  bool explain = false;
};

// "price:asc" or "price:desc"; "price" alone is ascending, as people expect of a price.
Result<index::SortKey> parse_sort(const std::string& text) {
  const std::size_t colon = text.find(':');
  const std::string direction = colon == std::string::npos ? "asc" : text.substr(colon + 1);
  if (direction != "asc" && direction != "desc") {
    return fail(Code::kInvalidArgument, "--sort: expected relevance, COLUMN:asc or COLUMN:desc, found '{}'", text);
  }
  return index::SortKey{.column = text.substr(0, colon), .descending = direction == "desc"};
}

Result<SearchRequest> to_request(const Options& options) {
  SearchRequest request{.language = options.language,
                        .filter = options.filter,
                        .limit = static_cast<std::size_t>(options.limit),
                        .offset = static_cast<std::size_t>(options.offset),
                        .cursor = options.cursor,
                        .per_shop_max = static_cast<std::size_t>(options.per_shop),
                        .group_by = options.group_by,
                        .exact_total = true,
                        .explain = options.explain,
                        .experiments = false};
  for (const std::string& word : options.words) request.query += (request.query.empty() ? "" : " ") + word;
  for (const std::string& facet : options.facets) request.facets.push_back({.field = facet});
  const auto match = std::ranges::find(kMatchNames, options.match);
  request.match = static_cast<search::MatchRule>(match - kMatchNames.begin());
  if (!options.sort.empty() && options.sort != "relevance") {
    HANDSEL_ASSIGN(request.sort, parse_sort(options.sort));
  }
  return request;
}

std::string hits_table(const SearchResponse& response, std::size_t offset) {
  Table table({{.title = "#", .right = true},
               {.title = "score", .right = true},
               {.title = "price", .right = true},
               {.title = "title"},
               {.title = "shop", .width_max = 24},
               {.title = "id", .width_max = 24}});
  for (std::size_t i = 0; i < response.hits.size(); ++i) {
    const auto& hit = response.hits[i];
    const catalog::Listing& listing = hit.listing;
    table.row({std::to_string(offset + i + 1), fmt::format("{:.2f}", hit.score),
               listing.price_cents ? price_text(*listing.price_cents, listing.currency) : "", listing.title,
               listing.shop_name.empty() ? listing.shop_id : listing.shop_name, listing.id});
  }
  return table.empty() ? "" : table.text();
}

std::string facets_text(const SearchResponse& response) {
  std::string text;
  for (const index::Facet& facet : response.facets) {
    text += fmt::format("\n{} ({} values)\n", facet.field, facet.distinct);
    for (const index::FacetValue& value : facet.values) text += fmt::format("  {:>8}  {}\n", value.count, value.value);
  }
  return text;
}

std::string summary_line(const SearchResponse& response) {
  std::string text = fmt::format("{}{} listing{}", response.total_exact ? "" : "at least ", response.total,
                                 response.total == 1 ? "" : "s");
  if (response.by_meaning > 0) text += fmt::format(", {} of them by meaning,", response.by_meaning);
  text += fmt::format(" in {:.1f} ms", response.took_ms);
  if (response.relaxed) text += "; not all words were required";
  return text + "\n";
}

std::string for_people(const SearchRequest& request, const SearchResponse& response) {
  std::string text;
  for (const std::string& complaint : response.complaints) text += fmt::format("note: {}\n", complaint);
  if (!response.corrected_query.empty()) text += fmt::format("searched for '{}'\n", response.corrected_query);
  text += hits_table(response, request.offset) + summary_line(response) + facets_text(response);
  if (!response.next_cursor.empty()) text += fmt::format("next page: --cursor {}\n", response.next_cursor);
  for (const search::ExplainStep& step : response.explain) {
    text += fmt::format("\n{} ({:.2f} ms)\n  {}\n", step.stage, step.ms, step.json);
  }
  return text;
}

Result<int> run(const Options& options, Context& context) {
  HANDSEL_ASSIGN(const SearchRequest request, to_request(options));
  HANDSEL_ASSIGN(const auto engine, open_engine(context, Folder::kMustExist, "GET /v1/search"));
  HANDSEL_TRY(engine->catch_up_learned());
  HANDSEL_ASSIGN(const SearchResponse response, engine->search(request));
  tell_degraded(*engine, context);
  if (context.json) {
    std::string json;
    http::append_search_answer(json, request, response);
    context.print(json + "\n");
  } else {
    context.print(for_people(request, response));
  }
  return 0;
}

}  // namespace

Command search_command() {
  return {.name = "search",
          .summary = "Search a folder that nothing serves, and print the best listings",
          .example = "handsel search \"linen apron\" --data shop --filter 'price <= 40' --facets taxonomy,attr.color",
          .declare = [](Flags& flags) -> Action {
            auto options = std::make_shared<Options>();
            flags.optional_words(options->words, "QUERY", "Words; none: every listing");
            flags.text(options->filter, "--filter", "What a listing must satisfy (docs/reference/filter-language.md)");
            flags.texts(options->facets, "--facets", "Columns whose values are counted, separated by commas");
            flags.text(options->sort, "--sort", "COLUMN:asc or COLUMN:desc; relevance where absent");
            flags.number(options->limit, "-n,--limit", "How many listings",
                         {0, static_cast<std::int64_t>(search::kLimitMax)});
            flags.number(options->offset, "--offset", "How many to pass over",
                         {0, static_cast<std::int64_t>(search::kDepthMax)});
            flags.text(options->cursor, "--cursor", "The page after, as the page before names it");
            flags.choice(options->match, "--match", "How many of the words are required", kMatchNames);
            flags.text(options->language, "--query-language", "Language of the words; the catalogue's where absent");
            flags.number(options->per_shop, "--per-shop", "At most so many of a shop; 0 is any number",
                         {0, static_cast<std::int64_t>(search::kLimitMax)});
            flags.text(options->group_by, "--group-by", "Only the best of each value of this column");
            flags.boolean(options->explain, "--explain", "Print each step from the query to the page");
            return [options](Context& context) { return run(*options, context); };
          }};
}

}  // namespace handsel::cli
