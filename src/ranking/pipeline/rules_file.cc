#include "ranking/pipeline/rules_file.h"

#include <algorithm>
#include <array>
#include <cmath>

#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>

#include "analysis/text/fold.h"
#include "analysis/text/normalised_query.h"
#include "base/core/ascii_toml.h"
#include "ranking/query/dates.h"
#include "ranking/query/filter_parser.h"
#include "ranking/query/query_parser.h"

namespace handsel::pipeline {
namespace {

constexpr std::array<std::string_view, 11> kKeys = {"name",  "do",     "query",  "words", "every_query", "listing",
                                                    "place", "filter", "factor", "from",  "until"};
constexpr std::size_t kListingBytesMax = 128;

template <typename... Args>
std::unexpected<Error> wrong(std::size_t line, fmt::format_string<Args...> text, Args&&... args) {
  return fail(Code::kInvalidArgument, "line {}: {}", line, fmt::format(text, std::forward<Args>(args)...));
}

std::size_t line_of(const toml::node& node) {
  return node.source().begin.line;
}

// A day or a moment as query::parse_date reads it; one without a zone is in UTC.
std::string date_text(const toml::node& node) {
  const auto day = [](const toml::date& date) {
    return fmt::format("{:04}-{:02}-{:02}", date.year, int(date.month), int(date.day));
  };
  if (const auto* text = node.as_string()) return from_ascii_toml(text->get());
  if (const auto* date = node.as_date()) return day(date->get());
  const auto* moment = node.as_date_time();
  if (moment == nullptr) return "";
  const toml::date_time& at = moment->get();
  std::string out = fmt::format("{}T{:02}:{:02}:{:02}.{:03}", day(at.date), int(at.time.hour), int(at.time.minute),
                                int(at.time.second), at.time.nanosecond / 1'000'000);
  const int minutes = at.offset ? at.offset->minutes : 0;
  return out + fmt::format("{}{:02}:{:02}", minutes < 0 ? '-' : '+', std::abs(minutes) / 60, std::abs(minutes) % 60);
}

// Reads one table.
class RuleReader {
 public:
  RuleReader(const text::Analyzer& analyzer, const toml::table& table, std::size_t number)
      : analyzer_(analyzer), table_(table), line_(line_of(table)) {
    rule_.line = line_;
    rule_.name = fmt::format("rule {}", number);
  }

  Result<Rule> read() {
    HANDSEL_TRY(check_keys());
    HANDSEL_TRY(read_name());
    HANDSEL_TRY(read_action());
    HANDSEL_TRY(read_queries());
    HANDSEL_TRY(read_listings());
    HANDSEL_TRY(read_factor());
    HANDSEL_TRY(read_dates());
    return std::move(rule_);
  }

 private:
  Result<void> check_keys() const {
    for (const auto& [key, node] : table_) {
      if (std::ranges::find(kKeys, key.str()) != kKeys.end()) continue;
      return wrong(line_of(node), "a rule has no '{}'; it may have {}", from_ascii_toml(key.str()).substr(0, 100),
                   fmt::join(kKeys, ", "));
    }
    return {};
  }

  // Nothing where the key is absent.
  Result<std::optional<std::string>> text(std::string_view key) const {
    const toml::node* node = table_.get(key);
    if (node == nullptr) return std::optional<std::string>();
    if (!node->is_string()) return wrong(line_of(*node), "'{}' must be a text in quotes", key);
    return from_ascii_toml(node->as_string()->get());
  }

  // One text or a list of them.
  Result<std::vector<std::string>> texts(std::string_view key) const {
    const toml::node* node = table_.get(key);
    std::vector<std::string> out;
    if (node == nullptr) return out;
    const toml::array* list = node->as_array();
    if (list == nullptr) {
      HANDSEL_ASSIGN(const auto one, text(key));
      out.push_back(*one);
      return out;
    }
    if (list->empty() || list->size() > kRuleQueriesMax) {
      return wrong(line_of(*node), "'{}' lists {} texts; 1 to {} can be", key, list->size(), kRuleQueriesMax);
    }
    for (const toml::node& item : *list) {
      if (!item.is_string()) return wrong(line_of(item), "'{}' must be texts in quotes", key);
      out.push_back(from_ascii_toml(item.as_string()->get()));
    }
    return out;
  }

  Result<void> read_name() {
    HANDSEL_ASSIGN(const auto name, text("name"));
    if (!name) return {};
    if (name->empty() || name->size() > kRuleNameBytesMax) {
      return wrong(line_, "'name' must have 1 to {} bytes", kRuleNameBytesMax);
    }
    rule_.name = *name;
    return {};
  }

  Result<void> read_action() {
    HANDSEL_ASSIGN(const auto name, text("do"));
    for (const RuleAction action : {RuleAction::kPin, RuleAction::kBury, RuleAction::kBoost, RuleAction::kDemote}) {
      rule_.action = action;
      if (name && *name == action_name(action)) return {};
    }
    return wrong(line_, "a rule needs 'do': pin, bury, boost or demote");
  }

  Result<void> read_queries() {
    const toml::node* every = table_.get("every_query");
    if (every != nullptr && !every->is_boolean()) {
      return wrong(line_of(*every), "'every_query' must be true or false");
    }
    rule_.every_query = every != nullptr && every->as_boolean()->get();
    HANDSEL_ASSIGN(const auto queries, texts("query"));
    for (const std::string& query : queries) {
      rule_.queries.push_back(text::normalised_query(query));
      if (rule_.queries.back().empty()) return wrong(line_, "'query' has no words; name what people search for");
    }
    HANDSEL_ASSIGN(const auto words, texts("words"));
    for (const std::string& together : words) HANDSEL_TRY(add_words(together));
    const bool named = !rule_.queries.empty() || !rule_.words.empty();
    if (named == rule_.every_query) {
      return wrong(line_, "say for which queries the rule holds: 'query' or 'words', or else every_query = true");
    }
    return {};
  }

  Result<void> add_words(const std::string& together) {
    std::vector<RuleWord> words;
    for (query::QueryWord& word : query::parse_query(analyzer_, together, "").words) {
      words.push_back({.surface = std::move(word.surface), .term = std::move(word.term)});
    }
    if (words.empty() || words.size() > kRuleWordsMax) {
      return wrong(line_, "'words' needs 1 to {} words that must come together", kRuleWordsMax);
    }
    rule_.words.push_back(std::move(words));
    return {};
  }

  Result<void> read_listings() {
    HANDSEL_ASSIGN(const auto filter, text("filter"));
    if (filter) {
      auto parsed = query::parse_filter(*filter);
      if (!parsed) return wrong(line_, "'filter': {}", parsed.error().message);
      if (parsed->op != index::Filter::Op::kTrue) rule_.filter = std::move(*parsed);
    }
    HANDSEL_ASSIGN(const auto listing, text("listing"));
    if (rule_.action == RuleAction::kPin) return read_pin(listing.value_or(""));
    if (listing || table_.contains("place")) {
      return wrong(line_, "'listing' and 'place' belong to pins; here a filter says which: filter = 'id = \"4711\"'");
    }
    if (!rule_.filter) return wrong(line_, "say with 'filter' which listings to {}", action_name(rule_.action));
    return {};
  }

  Result<void> read_pin(const std::string& listing) {
    if (listing.empty() || listing.size() > kListingBytesMax) {
      return wrong(line_, "a pin needs 'listing', the id of what it pins, of at most {} bytes", kListingBytesMax);
    }
    rule_.listing = listing;
    const toml::node* place = table_.get("place");
    const std::int64_t number = place != nullptr && place->is_integer() ? place->as_integer()->get() : 0;
    if (number < 1 || number > static_cast<std::int64_t>(kPinPlaceMax)) {
      return wrong(line_, "a pin needs 'place', from 1 to {}", kPinPlaceMax);
    }
    rule_.place = static_cast<std::size_t>(number);
    return {};
  }

  Result<void> read_factor() {
    const toml::node* factor = table_.get("factor");
    const bool wanted = rule_.action == RuleAction::kBoost || rule_.action == RuleAction::kDemote;
    if (!wanted) {
      if (factor == nullptr) return {};
      return wrong(line_, "'factor' belongs to boost and demote");
    }
    if (factor != nullptr) rule_.factor = factor->value<double>().value_or(0);
    const bool up = rule_.action == RuleAction::kBoost;
    const bool fits =
        up ? rule_.factor > 1 && rule_.factor <= kFactorMax : rule_.factor < 1 && rule_.factor >= 1 / kFactorMax;
    if (fits) return {};
    return up ? wrong(line_, "a boost needs 'factor', over 1 and at most {}", kFactorMax)
              : wrong(line_, "a demotion needs 'factor', at least {} and below 1", 1 / kFactorMax);
  }

  Result<query::DateSpan> date(const toml::node& node, std::string_view key) const {
    const auto span = query::parse_date(date_text(node));
    if (span) return *span;
    return wrong(line_of(node), "'{}' must be a day (2026-05-31) or a moment (2026-05-31T18:00:00Z)", key);
  }

  Result<void> read_dates() {
    if (const toml::node* from = table_.get("from")) {
      HANDSEL_ASSIGN(const query::DateSpan span, date(*from, "from"));
      rule_.from_ms = span.begin_ms;
    }
    if (const toml::node* until = table_.get("until")) {
      HANDSEL_ASSIGN(const query::DateSpan span, date(*until, "until"));
      rule_.until_ms = span.end_ms;
    }
    if (rule_.from_ms < rule_.until_ms) return {};
    return wrong(line_, "the rule ends before it begins; 'until' must be later than 'from'");
  }

  const text::Analyzer& analyzer_;
  const toml::table& table_;
  const std::size_t line_;
  Rule rule_;
};

}  // namespace

Result<Rules> parse_rules(const text::Analyzer& analyzer, std::string_view text) {
  if (text.size() > kRulesFileBytesMax) {
    return fail(Code::kInvalidArgument, "larger than {} bytes; remove rules that are over", kRulesFileBytesMax);
  }
  const toml::parse_result parsed = toml::parse(to_ascii_toml(text));
  if (!parsed) {
    return wrong(parsed.error().source().begin.line, "not TOML: {}", parsed.error().description());
  }
  Rules rules;
  for (const auto& [key, node] : parsed.table()) {
    const toml::array* tables = node.as_array();
    if (key.str() != "rule" || tables == nullptr || !tables->is_array_of_tables()) {
      return wrong(line_of(node), "'{}' is no rule; each rule begins with [[rule]]",
                   from_ascii_toml(key.str()).substr(0, 100));
    }
    if (tables->size() > kRulesMax) {
      return fail(Code::kInvalidArgument, "{} rules are more than {}; remove those that are over", tables->size(),
                  kRulesMax);
    }
    for (const toml::node& table : *tables) {
      RuleReader reader(analyzer, *table.as_table(), rules.rules.size() + 1);
      HANDSEL_ASSIGN(Rule rule, reader.read());
      rules.rules.push_back(std::move(rule));
    }
  }
  return rules;
}

}  // namespace handsel::pipeline
