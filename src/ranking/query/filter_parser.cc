#include "ranking/query/filter_parser.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <vector>

#include "analysis/text/fold.h"
#include "ranking/query/dates.h"
#include "ranking/query/internal/filter_lexer.h"

namespace handsel::query {
namespace {

using index::ColumnKind;
using index::Filter;
using Kind = FilterToken::Kind;

constexpr std::string_view kAttributePrefix = "attr.";

// What a number or date stands for: a day is a span, a number a point.
struct Bound {
  double low = 0;
  double high = 0;
  bool high_open = false;  // `high` itself is not part of it
};

bool is_date_column(std::string_view field) {
  return field == "created" || field == "updated";
}

std::optional<double> parse_number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  return value + 0.0;  // -0 is 0
}

// "Home&Living>Kitchen" -> "home&living > kitchen"; empty where a name is missing.
std::string fold_path(std::string_view path) {
  std::string out;
  for (std::size_t begin = 0; begin <= path.size();) {
    const std::size_t end = std::min(path.find('>', begin), path.size());
    const std::string name = text::fold_keyword(path.substr(begin, end - begin));
    if (name.empty()) return {};
    out += (out.empty() ? "" : " > ") + name;
    begin = end + 1;
  }
  return out;
}

// By recursive descent; `here_` is the token that comes next.
class Parser {
 public:
  explicit Parser(std::string_view text) : lexer_(text) {}

  Result<Filter> parse() {
    HANDSEL_TRY(advance());
    if (here_.kind == Kind::kEnd) return Filter{};
    HANDSEL_ASSIGN(Filter filter, disjunction());
    if (here_.kind != Kind::kEnd) return lexer_.expected("'and', 'or' or the end", here_);
    return filter;
  }

 private:
  Result<void> advance() {
    HANDSEL_ASSIGN(here_, lexer_.next());
    return {};
  }

  bool at_symbol(std::string_view symbol) const { return here_.kind == Kind::kSymbol && here_.text == symbol; }
  bool at_keyword(std::string_view word) const {
    return here_.kind == Kind::kWord && is_filter_keyword(here_.text) && text::fold_keyword(here_.text) == word;
  }
  bool at_value() const {
    return here_.kind == Kind::kString || (here_.kind == Kind::kWord && !is_filter_keyword(here_.text));
  }

  Result<void> take_symbol(std::string_view symbol) {
    if (!at_symbol(symbol)) return lexer_.expected(fmt::format("'{}'", symbol), here_);
    return advance();
  }

  Result<void> count_one() {
    if (++values_ <= kFilterValuesMax) return {};
    return lexer_.wrong(here_.begin, fmt::format("more than {} conditions and values", kFilterValuesMax));
  }

  Result<Filter> disjunction() { return chain("or", Filter::Op::kOr, &Parser::conjunction); }
  Result<Filter> conjunction() { return chain("and", Filter::Op::kAnd, &Parser::unary); }

  Result<Filter> chain(std::string_view word, Filter::Op op, Result<Filter> (Parser::*part)()) {
    HANDSEL_ASSIGN(Filter first, (this->*part)());
    if (!at_keyword(word)) return first;
    Filter all{.op = op};
    all.children.push_back(std::move(first));
    while (at_keyword(word)) {
      HANDSEL_TRY(advance());
      HANDSEL_ASSIGN(Filter next, (this->*part)());
      all.children.push_back(std::move(next));
    }
    return all;
  }

  Result<Filter> unary() {
    if (++depth_ > kFilterDepthMax) {
      return lexer_.wrong(here_.begin, fmt::format("nested more than {} deep", kFilterDepthMax));
    }
    Result<Filter> filter = nested();
    --depth_;
    return filter;
  }

  Result<Filter> nested() {
    if (at_keyword("not")) {
      HANDSEL_TRY(advance());
      HANDSEL_ASSIGN(Filter inner, unary());
      return negated(std::move(inner));
    }
    if (at_symbol("(")) {
      HANDSEL_TRY(advance());
      HANDSEL_ASSIGN(Filter inner, disjunction());
      HANDSEL_TRY(take_symbol(")"));
      return inner;
    }
    return condition();
  }

  static Filter negated(Filter inner) {
    Filter filter{.op = Filter::Op::kNot};
    filter.children.push_back(std::move(inner));
    return filter;
  }

  Result<Filter> condition() {
    HANDSEL_TRY(count_one());
    if (at_keyword("true")) {
      HANDSEL_TRY(advance());
      return Filter{};
    }
    if (at_keyword("exists")) return exists();
    if (at_keyword("geo")) return geo();
    HANDSEL_ASSIGN(const std::string field, column());
    if (index::column_kind(field) == ColumnKind::kNumber) return number_condition(field);
    return keyword_condition(field);
  }

  // A column's name, known, folded; attr."ring size" is one name.
  Result<std::string> column() {
    const FilterToken name = here_;
    if (name.kind != Kind::kWord || is_filter_keyword(name.text)) {
      return lexer_.expected("a column, 'not' or '('", name);
    }
    HANDSEL_TRY(advance());
    std::string field = text::fold_keyword(name.text);
    if (field == kAttributePrefix && here_.kind == Kind::kString && here_.begin == name.end) {
      field += text::fold_keyword(here_.text);
      HANDSEL_TRY(advance());
    }
    if (index::column_kind(field) != ColumnKind::kUnknown) return field;
    const std::string nearest = nearest_column(field);
    return lexer_.wrong(
        name.begin, fmt::format("unknown column '{}'{}", field.substr(0, kNameBytesShown),
                                nearest.empty() ? "; attributes are attr.NAME" : "; did you mean " + nearest + "?"));
  }

  Result<Filter> exists() {
    HANDSEL_TRY(advance());
    HANDSEL_TRY(take_symbol("("));
    HANDSEL_ASSIGN(std::string field, column());
    HANDSEL_TRY(take_symbol(")"));
    return Filter{.op = Filter::Op::kExists, .field = std::move(field)};
  }

  // geo(52.52, 13.40) < 50 km
  Result<Filter> geo() {
    HANDSEL_TRY(advance());
    HANDSEL_TRY(take_symbol("("));
    Filter filter{.op = Filter::Op::kGeo};
    HANDSEL_ASSIGN(filter.latitude_deg, number("a latitude from -90 to 90", -90, 90));
    HANDSEL_TRY(take_symbol(","));
    HANDSEL_ASSIGN(filter.longitude_deg, number("a longitude from -180 to 180", -180, 180));
    HANDSEL_TRY(take_symbol(")"));
    if (!at_symbol("<") && !at_symbol("<=")) return lexer_.expected("'<' and a distance", here_);
    HANDSEL_TRY(advance());
    HANDSEL_ASSIGN(filter.radius_m, distance_m());
    return filter;
  }

  Result<double> number(std::string_view what, double low, double high) {
    const std::optional<double> value = here_.kind == Kind::kWord ? parse_number(here_.text) : std::nullopt;
    if (!value || *value < low || *value > high) return lexer_.expected(what, here_);
    HANDSEL_TRY(advance());
    return *value;
  }

  // "50 km", "50km", "800 m", "30 mi".
  Result<double> distance_m() {
    constexpr std::string_view kWhat = "a distance such as 50 km, 800 m or 30 mi";
    const FilterToken start = here_;
    if (start.kind != Kind::kWord) return lexer_.expected(kWhat, start);
    const std::size_t digits = std::min(start.text.find_first_not_of("0123456789.eE+-"), start.text.size());
    const std::optional<double> value = parse_number(std::string_view(start.text).substr(0, digits));
    std::string unit = start.text.substr(digits);
    HANDSEL_TRY(advance());
    if (unit.empty() && here_.kind == Kind::kWord && !is_filter_keyword(here_.text)) {
      unit = here_.text;
      HANDSEL_TRY(advance());
    }
    unit = text::fold_keyword(unit);
    const double scale = unit == "km" ? 1000 : unit == "mi" ? 1609.344 : unit == "m" ? 1 : 0;
    if (!value || *value < 0 || scale == 0 || !std::isfinite(*value * scale)) return lexer_.expected(kWhat, start);
    return *value * scale;
  }

  // --- keywords ---

  Result<Filter> keyword_condition(const std::string& field) {
    if (at_symbol("=") || at_symbol(":")) {
      HANDSEL_TRY(advance());
      return equals(field);
    }
    if (at_symbol("!=")) {
      HANDSEL_TRY(advance());
      HANDSEL_ASSIGN(Filter filter, equals(field));
      return negated(std::move(filter));
    }
    if (at_keyword("in")) return in_list(field);
    if (at_keyword("not")) {
      HANDSEL_TRY(advance());
      if (!at_keyword("in")) return lexer_.expected("'in'", here_);
      HANDSEL_ASSIGN(Filter filter, in_list(field));
      return negated(std::move(filter));
    }
    if (field == "personalizable") return Filter{.op = Filter::Op::kIn, .field = field, .values = {"true"}};
    return lexer_.expected(fmt::format("'=', ':', '!=' or 'in' ('{}' holds words)", field), here_);
  }

  Result<Filter> equals(const std::string& field) {
    HANDSEL_ASSIGN(std::string value, keyword(field));
    const auto op = field == "taxonomy" ? Filter::Op::kSubtree : Filter::Op::kIn;
    return Filter{.op = op, .field = field, .values = {std::move(value)}};
  }

  Result<Filter> in_list(const std::string& field) {
    Filter filter{.op = Filter::Op::kIn, .field = field};
    HANDSEL_TRY(advance());
    HANDSEL_TRY(list([&]() -> Result<void> {
      HANDSEL_ASSIGN(std::string value, keyword(field));
      filter.values.push_back(std::move(value));
      return {};
    }));
    return filter;
  }

  template <typename TakeValue>
  Result<void> list(TakeValue&& take_value) {
    HANDSEL_TRY(take_symbol("("));
    for (;;) {
      HANDSEL_TRY(count_one());
      HANDSEL_TRY(take_value());
      if (at_symbol(")")) return advance();
      if (!at_symbol(",")) return lexer_.expected("',' or ')'", here_);
      HANDSEL_TRY(advance());
    }
  }

  Result<std::string> keyword(const std::string& field) {
    // "personalizable = true": the one keyword that is also a value.
    if (!at_value() && !at_keyword("true")) {
      return lexer_.expected(
          here_.kind == Kind::kWord ? "a value (in quotes, where it is a word like this)" : "a value", here_);
    }
    std::string value = field == "taxonomy" ? fold_path(here_.text)
                        : field == "id"     ? here_.text  // ids are exact
                                            : text::fold_keyword(here_.text);
    if (value.empty())
      return lexer_.expected(field == "taxonomy" ? "a path such as \"Home > Kitchen\"" : "a value", here_);
    if (field == "personalizable" && value != "true" && value != "false") {
      return lexer_.expected("true or false", here_);
    }
    HANDSEL_TRY(advance());
    return value;
  }

  // --- numbers and dates ---

  Result<Filter> number_condition(const std::string& field) {
    for (const std::string_view op : {"<=", ">=", "<", ">"}) {
      if (!at_symbol(op)) continue;
      HANDSEL_TRY(advance());
      HANDSEL_ASSIGN(const Bound bound, bound_of(field));
      return compared(field, op, bound);
    }
    if (at_symbol("!=")) {
      HANDSEL_TRY(advance());
      HANDSEL_ASSIGN(const Bound bound, bound_of(field));
      return negated(between(field, bound));
    }
    if (at_keyword("in")) {
      HANDSEL_TRY(advance());
      return at_symbol("(") ? one_of(field) : range(field);
    }
    if (at_symbol("=") || at_symbol(":")) {
      HANDSEL_TRY(advance());
      return range(field);
    }
    if (!at_value() && !at_symbol("..") && !at_symbol("..<")) {
      return lexer_.expected(fmt::format("'<', '>', '=' or a range such as 10..50 ('{}' holds {})", field,
                                         is_date_column(field) ? "dates" : "numbers"),
                             here_);
    }
    return range(field);
  }

  static Filter between(const std::string& field, const Bound& bound) {
    return {
        .op = Filter::Op::kRange, .field = field, .low = bound.low, .high = bound.high, .high_open = bound.high_open};
  }

  static Filter compared(const std::string& field, std::string_view op, const Bound& bound) {
    Filter filter{.op = Filter::Op::kRange, .field = field};
    if (op == "<") {
      filter.high = bound.low;
      filter.high_open = true;
    } else if (op == "<=") {
      filter.high = bound.high;
      filter.high_open = bound.high_open;
    } else if (op == ">=") {
      filter.low = bound.low;
    } else {
      filter.low = bound.high;
      filter.low_open = !bound.high_open;  // after a day is from the next day on
    }
    return filter;
  }

  // 10..50, 10..<50, 10.., ..50, 10
  Result<Filter> range(const std::string& field) {
    Filter filter{.op = Filter::Op::kRange, .field = field};
    if (at_value()) {
      HANDSEL_ASSIGN(const Bound low, bound_of(field));
      if (!at_symbol("..") && !at_symbol("..<")) return between(field, low);
      filter.low = low.low;
    }
    const bool open = at_symbol("..<");
    const FilterToken dots = here_;
    if (!open && !at_symbol("..")) return lexer_.expected(value_wanted(field), here_);
    HANDSEL_TRY(advance());
    if (!at_value()) {
      if (open || std::isinf(filter.low)) return lexer_.expected(value_wanted(field), here_);
      return filter;
    }
    HANDSEL_ASSIGN(const Bound high, bound_of(field));
    filter.high = open ? high.low : high.high;
    filter.high_open = open || high.high_open;
    if (filter.high < filter.low) return lexer_.wrong(dots.begin, "the range ends before it begins");
    return filter;
  }

  Result<Filter> one_of(const std::string& field) {
    Filter any{.op = Filter::Op::kOr};
    HANDSEL_TRY(list([&]() -> Result<void> {
      HANDSEL_ASSIGN(const Bound bound, bound_of(field));
      any.children.push_back(between(field, bound));
      return {};
    }));
    if (any.children.size() == 1) {
      Filter only = std::move(any.children.front());
      return only;
    }
    return any;
  }

  static std::string_view value_wanted(std::string_view field) {
    return is_date_column(field) ? "a date such as 2026-01-31 or \"2026-01-31T18:30:00Z\"" : "a number";
  }

  Result<Bound> bound_of(const std::string& field) {
    if (!at_value()) return lexer_.expected(value_wanted(field), here_);
    const FilterToken token = here_;
    HANDSEL_TRY(advance());
    if (is_date_column(field)) {
      if (const auto span = parse_date(token.text)) {
        return Bound{static_cast<double>(span->begin_ms), static_cast<double>(span->end_ms),
                     span->end_ms > span->begin_ms};
      }
      // Milliseconds since 1970; a bare year is more likely meant as a date.
      if (token.text.size() == 4) return lexer_.expected(value_wanted(field), token);
    }
    const std::optional<double> value = token.kind == Kind::kWord ? parse_number(token.text) : std::nullopt;
    if (!value) return lexer_.expected(value_wanted(field), token);
    return Bound{*value, *value, false};
  }

  static constexpr std::size_t kNameBytesShown = 64;

  FilterLexer lexer_;
  FilterToken here_;
  std::size_t depth_ = 0;
  std::size_t values_ = 0;
};

}  // namespace

Result<Filter> parse_filter(std::string_view text) {
  if (text.size() > kFilterBytesMax) {
    return fail(Code::kTooLarge, "filter: {} bytes; at most {} are read", text.size(), kFilterBytesMax);
  }
  return Parser(text).parse();
}

}  // namespace handsel::query
