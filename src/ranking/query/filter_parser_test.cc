#include "ranking/query/filter_parser.h"

#include <array>

#include <gtest/gtest.h>

#include "base/core/rng.h"
#include "ranking/query/dates.h"

namespace handsel::query {
namespace {

using index::Filter;

// What is read, written back in the canonical form.
TEST(FilterParser, Reads) {
  struct Row {
    std::string_view text;
    std::string_view canonical;
  };
  constexpr auto kRows = std::to_array<Row>({
      {"", ""},
      {" \t\n", ""},
      {"true", ""},
      {"tag:linen", "tag = linen"},
      {"TAG = Linen", "tag = linen"},
      {"tag = \"Hand  Made\"", "tag = \"hand made\""},
      {"tag = 'Hand Made'", "tag = \"hand made\""},
      {"shop = \"Say \\\"hi\\\" \\\\\"", "shop = \"say \\\"hi\\\" \\\\\""},
      {"shop = Nana's", "shop = \"nana's\""},
      {"shop = ÉTOILE", "shop = \"étoile\""},
      {"tag in (a, \"b c\")", "tag in (a, \"b c\")"},
      {"tag in (a)", "tag = a"},
      {"tag not in (a, b)", "not tag in (a, b)"},
      {"tag != a", "not tag = a"},
      {"tag = \"and\"", "tag = \"and\""},
      {"id = ABC", "id = \"ABC\""},
      {"attr.Color = Ivory", "attr.color = ivory"},
      {"attr.\"Ring Size\" = 7", "attr.\"ring size\" = 7"},
      {"taxonomy : \"Home & Living>Kitchen\"", "taxonomy: \"home & living > kitchen\""},
      {"taxonomy = art", "taxonomy: art"},
      {"taxonomy in (art, toys)", "taxonomy in (art, toys)"},
      {"taxonomy in (art)", "taxonomy in (art)"},
      {"price < 30", "price < 30"},
      {"price<=30.5", "price <= 30.5"},
      {"price > -1e2", "price > -100"},
      {"price = 5", "price = 5"},
      {"price: 5", "price = 5"},
      {"price != 5", "not price = 5"},
      {"price 10..50", "price 10..50"},
      {"price: 10 .. 50", "price 10..50"},
      {"price in 10..50", "price 10..50"},
      {"price 10..<50", "price 10..<50"},
      {"price 10..", "price >= 10"},
      {"price ..50", "price <= 50"},
      {"price ..<50", "price < 50"},
      {"price 1.5..2.5", "price 1.5..2.5"},
      {"price in (1, 2)", "price = 1 or price = 2"},
      {"price 10.. and tag=x", "price >= 10 and tag = x"},
      {"created = 2026-01-31", "created \"2026-01-31T00:00:00Z\"..<\"2026-02-01T00:00:00Z\""},
      {"created <= 2026-01-31", "created < \"2026-02-01T00:00:00Z\""},
      {"created > 2026-01-31", "created >= \"2026-02-01T00:00:00Z\""},
      {"created < 2026-01-31", "created < \"2026-01-31T00:00:00Z\""},
      {"created >= \"2026-01-31T12:00:00.5+02:00\"", "created >= \"2026-01-31T10:00:00.500Z\""},
      {"created 2026-01-01..2026-01-31", "created \"2026-01-01T00:00:00Z\"..<\"2026-02-01T00:00:00Z\""},
      {"updated > 1767225600000", "updated > \"2026-01-01T00:00:00Z\""},
      {"geo(52.52, 13.40) < 50 km", "geo(52.52, 13.4) < 50000 m"},
      {"geo(52.52,13.40)<=50km", "geo(52.52, 13.4) < 50000 m"},
      {"geo(-33, 151) < 2 mi", "geo(-33, 151) < 3218.688 m"},
      {"exists(rating)", "exists(rating)"},
      {"not exists(attr.color)", "not exists(attr.color)"},
      {"personalizable", "personalizable = \"true\""},
      {"not personalizable and tag=x", "not personalizable = \"true\" and tag = x"},
      {"personalizable = false", "personalizable = false"},
      {"personalizable = True", "personalizable = \"true\""},
      {"tag=a and tag=b or tag=c", "(tag = a and tag = b) or tag = c"},
      {"tag=a AND (tag=b Or tag=c)", "tag = a and (tag = b or tag = c)"},
      {"((tag=a))", "tag = a"},
      {"not not tag=a", "not not tag = a"},
      {"not (tag=a and tag=b)", "not (tag = a and tag = b)"},
      {"price < 30 and (tag:linen or tag in (\"hand made\", wool)) and not shop = \"Clay & Co\"",
       "price < 30 and (tag = linen or tag in (\"hand made\", wool)) and not shop = \"clay & co\""},
  });
  for (const Row& row : kRows) {
    const Result<Filter> filter = parse_filter(row.text);
    ASSERT_TRUE(filter.has_value()) << row.text << ": " << filter.error().message;
    EXPECT_EQ(filter_to_string(*filter), row.canonical) << row.text;
    EXPECT_EQ(parse_filter(filter_to_string(*filter)).value(), *filter) << row.text;
  }
}

TEST(FilterParser, SaysWhatIsWrongAndWhere) {
  struct Row {
    std::string_view text;
    std::string_view message;
  };
  constexpr auto kRows = std::to_array<Row>({
      {"prise < 3", "filter: column 1: unknown column 'prise'; did you mean price?"},
      {"tag=x and tags=y", "filter: column 11: unknown column 'tags'; did you mean tag?"},
      {"category: art", "filter: column 1: unknown column 'category'; did you mean taxonomy?"},
      {"colour: red", "filter: column 1: unknown column 'colour'; did you mean attr.color?"},
      {"zzzzzzzz = 1", "filter: column 1: unknown column 'zzzzzzzz'; attributes are attr.NAME"},
      {"price < abc", "filter: column 9: expected a number, found 'abc'"},
      {"price < \"3\"", "filter: column 9: expected a number, found '\"3\"'"},
      {"price < inf", "filter: column 9: expected a number, found 'inf'"},
      {"price < nan", "filter: column 9: expected a number, found 'nan'"},
      {"price <", "filter: column 8: expected a number, found the end"},
      {"price",
       "filter: column 6: expected '<', '>', '=' or a range such as 10..50 ('price' holds numbers), found the end"},
      {"price 50..10", "filter: column 9: the range ends before it begins"},
      {"price ..", "filter: column 9: expected a number, found the end"},
      {"price 30 EUR", "filter: column 10: expected 'and', 'or' or the end, found 'EUR'"},
      {"tag < 3", "filter: column 5: expected '=', ':', '!=' or 'in' ('tag' holds words), found '<'"},
      {"tag =", "filter: column 6: expected a value, found the end"},
      {"tag = and", "filter: column 7: expected a value (in quotes, where it is a word like this), found 'and'"},
      {"tag = \"\"", "filter: column 7: expected a value, found '\"\"'"},
      {"tag = \"x", "filter: column 7: the quotation mark \" is never closed"},
      {"shop = Clay & Co", "filter: column 13: expected 'and', 'or' or the end, found '&'"},
      {"tag in x", "filter: column 8: expected '(', found 'x'"},
      {"tag in (x", "filter: column 10: expected ',' or ')', found the end"},
      {"tag in (x,)", "filter: column 11: expected a value, found ')'"},
      {"tag not x", "filter: column 9: expected 'in', found 'x'"},
      {"(tag=x", "filter: column 7: expected ')', found the end"},
      {"tag=x)", "filter: column 6: expected 'and', 'or' or the end, found ')'"},
      {"tag=x and", "filter: column 10: expected a column, 'not' or '(', found the end"},
      {"and", "filter: column 1: expected a column, 'not' or '(', found 'and'"},
      {"tag=é and €rating", "filter: column 11: unknown column '€rating'; did you mean rating?"},
      {"tag ; x", "filter: column 5: ';' means nothing here; put values in quotes"},
      {"created > yesterday",
       "filter: column 11: expected a date such as 2026-01-31 or \"2026-01-31T18:30:00Z\", found 'yesterday'"},
      {"created > 2026",
       "filter: column 11: expected a date such as 2026-01-31 or \"2026-01-31T18:30:00Z\", found '2026'"},
      {"created > 2026-02-30",
       "filter: column 11: expected a date such as 2026-01-31 or \"2026-01-31T18:30:00Z\", found '2026-02-30'"},
      {"geo(91, 0) < 1 km", "filter: column 5: expected a latitude from -90 to 90, found '91'"},
      {"geo(1, 200) < 1 km", "filter: column 8: expected a longitude from -180 to 180, found '200'"},
      {"geo(1, 2) > 1 km", "filter: column 11: expected '<' and a distance, found '>'"},
      {"geo(1, 2) < 5 parsec", "filter: column 13: expected a distance such as 50 km, 800 m or 30 mi, found '5'"},
      {"geo(1, 2) < 50", "filter: column 13: expected a distance such as 50 km, 800 m or 30 mi, found '50'"},
      {"personalizable = maybe", "filter: column 18: expected true or false, found 'maybe'"},
      {"taxonomy: \"a > > b\"", "filter: column 11: expected a path such as \"Home > Kitchen\", found '\"a > > b\"'"},
      {"exists(prize)", "filter: column 8: unknown column 'prize'; did you mean price?"},
  });
  for (const Row& row : kRows) {
    const Result<Filter> filter = parse_filter(row.text);
    ASSERT_FALSE(filter.has_value()) << row.text;
    EXPECT_EQ(filter.error().code, Code::kInvalidArgument) << row.text;
    EXPECT_EQ(filter.error().message, row.message) << row.text;
  }
}

TEST(FilterParser, HasLimits) {
  EXPECT_EQ(parse_filter(std::string(kFilterBytesMax + 1, ' ')).error().code, Code::kTooLarge);
  std::string deep;
  for (std::size_t i = 0; i <= kFilterDepthMax; ++i) deep += '(';
  EXPECT_EQ(parse_filter(deep).error().message, "filter: column 33: nested more than 32 deep");
  std::string wide = "tag in (a";
  for (std::size_t i = 1; i < kFilterValuesMax; ++i) wide += ",a";
  EXPECT_TRUE(parse_filter(wide + ")").error().message.ends_with("more than 1000 conditions and values"));
}

Filter random_filter(Rng& rng, int depth) {
  static constexpr std::array<std::string_view, 6> kValues = {"linen", "hand made", "and", "\"", "a\\b", "étoile > x"};
  static constexpr std::array<std::string_view, 4> kKeywords = {"tag", "shop", "attr.color", "attr.ring size"};
  static constexpr std::array<std::string_view, 3> kNumbers = {"price", "rating", "updated"};
  Filter filter;
  switch (rng.below(depth > 0 ? 8 : 5)) {
    case 0:
      filter = {.op = Filter::Op::kIn, .field = std::string(kKeywords[rng.below(4)])};
      for (std::uint64_t i = 1 + rng.below(3); i > 0; --i) filter.values.emplace_back(kValues[rng.below(6)]);
      return filter;
    case 1:
      return {.op = Filter::Op::kSubtree, .field = "taxonomy", .values = {"home > kitchen"}};
    case 2: {
      filter = {.op = Filter::Op::kRange, .field = std::string(kNumbers[rng.below(3)])};
      const double low = static_cast<double>(rng.between(-99'999'999, 99'999'999)) / 100;
      const std::uint64_t shape = rng.below(4);
      if (shape != 0) filter.low = low;
      if (shape != 1) filter.high = low + static_cast<double>(rng.below(3));
      filter.low_open = shape == 1 && rng.chance(0.5);
      filter.high_open = shape != 1 && rng.chance(0.5);
      return filter;
    }
    case 3:
      return {.op = Filter::Op::kExists, .field = "attr.ring size"};
    case 4:
      return {.op = Filter::Op::kGeo,
              .latitude_deg = rng.uniform() * 180 - 90,
              .longitude_deg = rng.uniform() * 360 - 180,
              .radius_m = rng.uniform() * 1e6};
    case 5:
      filter.op = Filter::Op::kNot;
      filter.children = {random_filter(rng, depth - 1)};
      return filter;
    default:
      filter.op = rng.chance(0.5) ? Filter::Op::kAnd : Filter::Op::kOr;
      for (std::uint64_t i = 2 + rng.below(3); i > 0; --i) filter.children.push_back(random_filter(rng, depth - 1));
      return filter;
  }
}

TEST(FilterParser, ReadsWhatItWrites) {
  Rng rng(7);
  for (int i = 0; i < 5'000; ++i) {
    const Filter filter = random_filter(rng, 3);
    const std::string text = filter_to_string(filter);
    const Result<Filter> again = parse_filter(text);
    ASSERT_TRUE(again.has_value()) << text << ": " << again.error().message;
    ASSERT_EQ(*again, filter) << text;
  }
}

TEST(Dates, SpanDaysAndPointAtMoments) {
  struct Row {
    std::string_view text;
    std::optional<DateSpan> span;
  };
  constexpr std::int64_t kDay = 86'400'000;
  const auto rows = std::to_array<Row>({
      {"1970-01-01", DateSpan{0, kDay}},
      {"1969-12-31", DateSpan{-kDay, 0}},
      {"2024-02-29", DateSpan{1709164800000, 1709164800000 + kDay}},
      {"2023-02-29", std::nullopt},
      {"1970-01-01T00:00:01Z", DateSpan{1000, 1000}},
      {"1970-01-01 00:00:01z", DateSpan{1000, 1000}},
      {"1970-01-01T00:00:00.1239Z", DateSpan{123, 123}},
      {"1970-01-01T01:00:00+01:00", DateSpan{0, 0}},
      {"1970-01-01T00:00:00", std::nullopt},
      {"1970-01-01T00:00:00.Z", std::nullopt},
      {"1970-01-01T24:00:00Z", std::nullopt},
      {"1970-1-1", std::nullopt},
      {"70-01-01", std::nullopt},
      {"", std::nullopt},
      {"1970-01-01T00:00:00Zz", std::nullopt},
  });
  for (const Row& row : rows) EXPECT_EQ(parse_date(row.text), row.span) << row.text;
  for (const std::int64_t ms : {0LL, -1LL, 999LL, 1709164800123LL, -62135596800000LL, 253402300799999LL}) {
    EXPECT_EQ(parse_date(format_moment(ms).value())->begin_ms, ms);
  }
  EXPECT_EQ(format_moment(253402300800000), std::nullopt);
  EXPECT_EQ(format_moment(INT64_MIN / 2), std::nullopt);
}

}  // namespace
}  // namespace handsel::query
