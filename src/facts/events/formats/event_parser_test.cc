#include "facts/events/formats/event_parser.h"

#include <set>

#include <gtest/gtest.h>

#include "facts/events/formats/event_json.h"

namespace handsel::events {
namespace {

constexpr std::int64_t kNowMs = 1'800'000'000'000;

// What a record became: the JSON of each event without its id, and "field: reason".
struct Outcome {
  std::vector<std::string> events;
  std::vector<std::string> refused;
};

Outcome parse(EventFormat format, std::string_view json) {
  EventParser parser;
  Outcome outcome;
  const ParsedEvents parsed = parser.parse(format, json, kNowMs);
  for (Event event : parsed.events) {
    EXPECT_FALSE(event.id.empty());
    event.id.clear();
    outcome.events.push_back(to_json(event));
  }
  for (const RowError& error : parsed.refused) {
    outcome.refused.push_back(fmt::format("{}: {}", error.field, error.reason));
  }
  return outcome;
}

struct Case {
  std::string_view json;
  std::vector<std::string> events;
  std::vector<std::string> refused;
};

void check(EventFormat format, std::span<const Case> cases) {
  for (const EventFormat as : {format, EventFormat::kRecognise}) {
    for (const Case& c : cases) {
      const Outcome outcome = parse(as, c.json);
      EXPECT_EQ(outcome.events, c.events) << c.json;
      EXPECT_EQ(outcome.refused, c.refused) << c.json;
    }
  }
}

TEST(EventParser, OurOwnShape) {
  const Case cases[] = {
      {R"({"kind":"view","listing_id":"l","time_ms":5})", {R"({"kind":"view","time_ms":5,"listing_id":"l"})"}, {}},
      {R"({"kind":"view","listing_id":7})", {R"({"kind":"view","time_ms":1800000000000,"listing_id":"7"})"}, {}},
      {R"({"kind":"search","query":"leinenschürze","language":"de","time_ms":5})",
       {R"({"kind":"search","time_ms":5,"query":"leinenschürze","language":"de"})"},
       {}},
      {R"({"kind":"search","query":"linen","country":"pt","time_ms":5})",
       {R"({"kind":"search","time_ms":5,"query":"linen","country":"PT"})"},
       {}},
      {R"({"kind":"search","query":"linen","country":"Portugal","time_ms":5})",
       {R"({"kind":"search","time_ms":5,"query":"linen"})"},
       {}},
      {R"({"kind":"search","query":"linen","filter":"price < 20","sort":"price:asc","time_ms":5})",
       {R"({"kind":"search","time_ms":5,"query":"linen","filter":"price < 20","sort":"price:asc"})"},
       {}},
      {R"({"kind":"search","query":"linen","sort":"relevance","time_ms":5})",
       {R"({"kind":"search","time_ms":5,"query":"linen"})"},
       {}},
      {R"({"kind":"view","listing_id":"l","filter":"price < 20","sort":"price","time_ms":5})",
       {R"({"kind":"view","time_ms":5,"listing_id":"l"})"},
       {}},
      {R"({"kind":"search","query":"linen","language":"d e","time_ms":5})",
       {R"({"kind":"search","time_ms":5,"query":"linen"})"},
       {}},
      {R"({"kind":"click","listing_id":"l","language":"de","time_ms":5})",
       {R"({"kind":"click","time_ms":5,"listing_id":"l"})"},
       {}},
      {R"({"kind":"search","query":" linen apron ","shown":["a",2,""],"offset":20,"listing_id":"x","time_ms":5})",
       {R"({"kind":"search","time_ms":5,"query":"linen apron","shown":["a","2"],"offset":20})"},
       {}},
      {R"({"kind":"purchase","listing_id":"l","quantity":2,"price":9.99,"currency":"eur","user_id":"u","session_id":"s",
           "query_id":"q","surface":"home","position":3,"time_ms":5})",
       {R"({"kind":"purchase","time_ms":5,"user_id":"u","session_id":"s","query_id":"q","listing_id":"l",)"
        R"("surface":"home","position":3,"quantity":2,"price":9.99,"currency":"EUR"})"},
       {}},
      {R"({"kind":"dwell","listing_id":"l","dwell_ms":1500,"time_ms":5})",
       {R"({"kind":"dwell","time_ms":5,"listing_id":"l","dwell_ms":1500})"},
       {}},
      {R"([{"kind":"click","listing_id":"a","time_ms":5},{"kind":"click"}])",
       {R"({"kind":"click","time_ms":5,"listing_id":"a"})"},
       {"listing_id: is missing; every kind but search and exposure is about a listing"}},
      {R"({"kind":"purr","listing_id":"l"})",
       {},
       {"kind: is 'purr'; expected search, impression, click, view, favourite, cart, purchase, dwell, report, hide or "
        "exposure"}},
      {R"({"listing_id":"l"})", {}, {"kind: is missing"}},
      {R"({"kind":"exposure","experiment":"rail","variant":"on","unit":7,"session_id":"s","listing_id":"l","time_ms":5})",
       {R"({"kind":"exposure","time_ms":5,"session_id":"s","experiment":"rail","variant":"on","unit":"7"})"},
       {}},
      {R"({"kind":"exposure","experiment":"e","variant":"v","unit":"u","shown":["a"],"time_ms":5})",
       {R"({"kind":"exposure","time_ms":5,"experiment":"e","variant":"v","unit":"u"})"},
       {}},
      {R"([{"kind":"exposure","variant":"v","unit":"u"},{"kind":"exposure","experiment":"e","unit":"u"},
           {"kind":"exposure","experiment":"e","variant":"v","unit":" "}])",
       {},
       {"experiment: is missing; an exposure names experiment, variant and unit",
        "variant: is missing; an exposure names experiment, variant and unit",
        "unit: is missing; an exposure names experiment, variant and unit"}},
      {R"({"kind":"view","listing_id":"l","experiment":"e","variant":"v","unit":"u","time_ms":5})",
       {R"({"kind":"view","time_ms":5,"listing_id":"l"})"},
       {}},
      {R"({"kind":"view","listing_id":"l","time_ms":1800000300001})",
       {},
       {"time_ms: is 300 s in the future; at most 300 s are allowed, for clocks that differ"}},
      {R"({"kind":"view","listing_id":"l","time_ms":1800000300000})",
       {R"({"kind":"view","time_ms":1800000300000,"listing_id":"l"})"},
       {}},
      {R"({"kind":"view","listing_id":"l","time_ms":-1})", {}, {"time_ms: is before 1970"}},
      {R"({"kind":"view","listing_id":"l","position":-1})", {}, {"position: is -1; expected 0 to 10000000"}},
      {R"({"kind":"view","listing_id":"l","quantity":-1})", {}, {"quantity: is -1; it may not be negative"}},
      {R"({"kind":"view","listing_id":"l","dwell_ms":99999999999})",
       {},
       {"dwell_ms: is 99999999999; at most 86400000 is allowed"}},
      {R"({"kind":"view","listing_id":"l\u0000"})", {}, {"listing_id: has control characters"}},
      {R"({"kind":"cart","listing_id":"l","price":"5"})", {}, {"price: expected a number, found a string"}},
      {"5", {}, {": expected an object, found a number"}},
      {"", {}, {": is empty"}},
      {"[1]", {}, {": expected an object, found a number"}},
  };
  check(EventFormat::kHandsel, cases);
}

TEST(EventParser, WrittenEventsReadBack) {
  const Event event{.id = "e",
                    .kind = EventKind::kCart,
                    .time_ms = 5,
                    .user_id = "u",
                    .session_id = "s",
                    .query_id = "q",
                    .listing_id = "l",
                    .surface = "home",
                    .position = 0,
                    .offset = 1,
                    .quantity = 3,
                    .price_cents = 1250,
                    .currency = "EUR",
                    .dwell_ms = 4};
  const Event search{.id = "f", .kind = EventKind::kSearch, .time_ms = 5, .query = "a \"b\"", .shown = {"x", "y"}};
  const Event exposure{
      .id = "g", .kind = EventKind::kExposure, .time_ms = 5, .experiment = "e", .variant = "v", .unit = "u"};
  EventParser parser;
  for (const Event& one : {event, search, exposure}) {
    const ParsedEvents parsed = parser.parse(EventFormat::kHandsel, to_json(one), kNowMs);
    ASSERT_EQ(parsed.events.size(), 1u);
    EXPECT_EQ(parsed.events[0], one);
  }
}

TEST(EventParser, TooManyShownIsTooMany) {
  std::string json = R"({"kind":"search","query":"q","shown":[0)";
  for (std::size_t i = 1; i <= kShownMax; ++i) json += fmt::format(",{}", i);
  const Outcome outcome = parse(EventFormat::kHandsel, json + "]}");
  EXPECT_EQ(outcome.refused, std::vector<std::string>{"shown: has 501 listings; at most 500 are allowed"});
}

TEST(EventParser, Ga4InItsThreeShapes) {
  const Case cases[] = {
      // Measurement Protocol.
      {R"({"client_id":"c","timestamp_micros":1700000000000000,"events":[
            {"name":"view_item","params":{"session_id":"s","currency":"EUR","items":[{"item_id":"l","price":9.5}]}},
            {"name":"scroll","params":{}},
            {"name":"view_item_list","params":{"item_list_id":"home","items":[{"item_id":"a","index":0},{"item_id":"b","index":1},{"x":1}]}}]})",
       {R"({"kind":"view","time_ms":1700000000000,"user_id":"c","session_id":"s","listing_id":"l","price":9.5,"currency":"EUR"})",
        R"({"kind":"impression","time_ms":1700000000000,"user_id":"c","session_id":"c","listing_id":"a","surface":"home","position":0})",
        R"({"kind":"impression","time_ms":1700000000000,"user_id":"c","session_id":"c","listing_id":"b","surface":"home","position":1})"},
       {"name: 'scroll' is not an action that is used here",
        "listing_id: is missing; every kind but search and exposure is about a listing"}},
      {R"({"user_id":"u","client_id":"c","timestamp_micros":"1700000000000000","events":[
            {"name":"view_search_results","timestamp_micros":1700000001000000,"params":{"search_term":"mug","items":[{"item_id":"a"},{"item_id":"b"}]}},
            {"name":"search","params":{}},
            {"name":"add_to_cart","params":{}}]})",
       {R"({"kind":"search","time_ms":1700000001000,"user_id":"u","session_id":"u","query":"mug","surface":"search","shown":["a","b"]})"},
       {"search_term: is missing", "items: is missing or empty; without it the event is about no listing"}},
      // Data layer.
      {R"({"event":"add_to_wishlist","client_id":"c","timestamp":1700000000,"ecommerce":{"currency":"USD","items":[{"item_id":"l","price":"3.50","quantity":2,"item_list_name":"Search"}]}})",
       {R"({"kind":"favourite","time_ms":1700000000000,"user_id":"c","session_id":"c","listing_id":"l","surface":"Search","quantity":2,"price":3.5,"currency":"USD"})"},
       {}},
      // BigQuery export: numbers as strings, parameters as a list.
      {R"({"event_name":"select_item","event_timestamp":"1700000000000000","user_pseudo_id":"p","event_params":[
            {"key":"ga_session_id","value":{"int_value":"77"}},{"key":"currency","value":{"string_value":"GBP"}}],
          "items":[{"item_id":"l","item_list_index":"4","price":"2.5"}]})",
       {R"({"kind":"click","time_ms":1700000000000,"user_id":"p","session_id":"77","listing_id":"l","position":4,"price":2.5,"currency":"GBP"})"},
       {}},
      {R"({"event_name":"view_item","event_timestamp":"soon","items":[{"item_id":"l"}]})",
       {},
       {"event_timestamp: 'soon' is not a time; expected 2024-12-31T23:59:59Z or a number since 1970"}},
      {R"({"client_id":"c","events":[]})", {}, {}},
  };
  check(EventFormat::kGa4, cases);
}

TEST(EventParser, SegmentTrackCalls) {
  const Case cases[] = {
      {R"({"type":"track","event":"Product Viewed","messageId":"m","userId":"u","anonymousId":"a","timestamp":"2023-11-14T22:13:20Z",
           "properties":{"product_id":"l","price":12.5,"currency":"usd","position":3}})",
       {R"({"kind":"view","time_ms":1700000000000,"user_id":"u","session_id":"a","listing_id":"l","position":2,"price":12.5,"currency":"USD"})"},
       {}},
      {R"({"batch":[
            {"type":"track","event":"Products Searched","anonymousId":"a","timestamp":"2023-11-14T22:13:20Z","properties":{"query":"mug"}},
            {"type":"identify","userId":"u"},
            {"type":"track","event":"order completed","anonymousId":"a","timestamp":"2023-11-14T22:13:20Z","properties":{"currency":"EUR",
             "products":[{"product_id":"x","quantity":2,"price":3},{"sku":"y"},{"name":"no id"}]}}]})",
       {R"({"kind":"search","time_ms":1700000000000,"user_id":"a","session_id":"a","query":"mug","surface":"search"})",
        R"({"kind":"purchase","time_ms":1700000000000,"user_id":"a","session_id":"a","listing_id":"x","quantity":2,"price":3,"currency":"EUR"})",
        R"({"kind":"purchase","time_ms":1700000000000,"user_id":"a","session_id":"a","listing_id":"y","currency":"EUR"})"},
       {"type: 'identify' calls are not used here; track calls are",
        "listing_id: is missing; every kind but search and exposure is about a listing"}},
      {R"({"type":"track","messageId":"m","event":"Product Removed","properties":{}})",
       {},
       {"event: 'Product Removed' is not an action that is used here"}},
      {R"({"type":"track","messageId":"m","event":"Product Viewed"})", {}, {"properties: is missing"}},
      {R"({"type":"track","messageId":"m","event":"Products Searched","properties":{"a":1}})",
       {},
       {"properties.query: is missing"}},
  };
  check(EventFormat::kSegment, cases);
}

TEST(EventParser, UbiQueriesAndEvents) {
  const Case cases[] = {
      {R"({"query_id":"q","client_id":"c","user_query":"mug","query_response_hit_ids":["a","b"],"timestamp":"2025-01-24T07:31:30.699+0000"})",
       {R"({"kind":"search","time_ms":1737703890699,"user_id":"c","session_id":"c","query_id":"q","query":"mug","surface":"search","shown":["a","b"]})"},
       {}},
      {R"({"action_name":"click","query_id":"q","session_id":"s","client_id":"c","user_id":"","timestamp":1717527762025,
           "event_attributes":{"object":{"object_id":"l","object_id_field":"asin"},"position":{"ordinal":3}}})",
       {R"({"kind":"click","time_ms":1717527762025,"user_id":"c","session_id":"s","query_id":"q","listing_id":"l","surface":"search","position":3})"},
       {}},
      {R"({"action_name":"on_search","query_id":"q","client_id":"c","message":"bag","timestamp":1717527762100,
           "event_attributes":{"session_id":"s","position":{"ordinal":5}}})",
       {R"({"kind":"search","time_ms":1717527762100,"user_id":"c","session_id":"s","query_id":"q","query":"bag","surface":"search"})"},
       {}},
      {R"({"action_name":"brand_filter","timestamp":1})",
       {},
       {"action_name: 'brand_filter' is not an action that is used here"}},
      {R"({"action_name":"purchase","timestamp":1717527762100,"event_attributes":null})",
       {},
       {"event_attributes.object.object_id: is missing, so the event is about no listing"}},
      {R"({"query_id":"q","user_query":"","timestamp":1})",
       {},
       {"user_query: is missing; a search without words cannot be used"}},
      {R"({"user_query":"mug","timestamp":"never"})",
       {},
       {"timestamp: 'never' is not a time; expected 2024-12-31T23:59:59Z or a number since 1970"}},
  };
  check(EventFormat::kUbi, cases);
  EXPECT_EQ(parse(EventFormat::kUbi, "{}").refused,
            std::vector<std::string>{"action_name: is missing, and so is user_query: neither an event nor a query"});
}

TEST(EventParser, EtsyReceiptsBecomePurchasesWithoutThePerson) {
  const Case cases[] = {
      {R"({"count":2,"results":[
            {"receipt_id":1,"status":"Paid","is_paid":true,"buyer_user_id":8,"name":"Jane Doe","buyer_email":"jane@example.com",
             "first_line":"1 Road","gift_message":"For you","created_timestamp":1700000000,"transactions":[
               {"transaction_id":11,"listing_id":5,"quantity":2,"price":{"amount":1999,"divisor":100,"currency_code":"USD"},"paid_timestamp":1700000100},
               {"transaction_id":12,"listing_id":null}]},
            {"receipt_id":2,"status":"Canceled","transactions":[{"listing_id":6}]},
            {"receipt_id":3,"status":"open","is_paid":false,"transactions":[{"listing_id":6}]},
            {"receipt_id":4,"status":"completed","transactions":[]}]})",
       {R"({"kind":"purchase","time_ms":1700000100000,"user_id":"8","listing_id":"5","quantity":2,"price":19.99,"currency":"USD"})"},
       {"listing_id: is missing; every kind but search and exposure is about a listing",
        "status: 'Canceled' is no purchase", "status: 'open' is no purchase", "transactions: is missing or empty"}},
      {R"({"receipt_id":1,"status":"paid","create_timestamp":1700000000,"transactions":[{"transaction_id":11,"listing_id":5}]})",
       {R"({"kind":"purchase","time_ms":1700000000000,"listing_id":"5"})"},
       {}},
  };
  check(EventFormat::kEtsyReceipts, cases);
}

TEST(EventParser, TheSameThingToldTwiceHasTheSameId) {
  const auto id_of = [](std::string_view json, std::size_t at = 0) {
    EventParser parser;
    const ParsedEvents parsed = parser.parse(EventFormat::kRecognise, json, kNowMs);
    return parsed.events.size() > at ? parsed.events[at].id : "";
  };
  EXPECT_EQ(id_of(R"({"id":"mine","kind":"view","listing_id":"l"})"), "mine");
  const std::string view = id_of(R"({"kind":"view","listing_id":"l","time_ms":5})");
  EXPECT_EQ(view.size(), 32u);
  EXPECT_EQ(view, id_of(R"({"time_ms":5,"listing_id":"l","kind":"view","unknown":1})"));
  EXPECT_NE(view, id_of(R"({"kind":"view","listing_id":"l","time_ms":6})"));
  EXPECT_NE(view, id_of(R"({"kind":"click","listing_id":"l","time_ms":5})"));
  EXPECT_NE(id_of(R"({"kind":"search","query":"ab","time_ms":5})"),
            id_of(R"({"kind":"search","query":"a","surface":"b","time_ms":5})"));

  // Of one moment, but not one exposure.
  std::set<std::string> exposures;
  for (const char* names :
       {R"("experiment":"e","variant":"v","unit":"u")", R"("experiment":"f","variant":"v","unit":"u")",
        R"("experiment":"e","variant":"w","unit":"u")", R"("experiment":"e","variant":"v","unit":"x")"}) {
    exposures.insert(id_of(fmt::format(R"({{"kind":"exposure","session_id":"s","time_ms":5,{}}})", names)));
  }
  EXPECT_EQ(exposures.size(), 4u);

  // A search engine and a page tell the same search.
  EXPECT_EQ(id_of(R"({"query_id":"q","user_query":"mug","timestamp":1700000000})"),
            id_of(R"({"action_name":"search","query_id":"q","user_query":"mug","timestamp":1700000001})"));
  // A browser sends an order again.
  constexpr std::string_view order =
      R"({{"client_id":"c","timestamp_micros":{},"events":[{{"name":"purchase","params":{{"transaction_id":"T","items":[{{"item_id":"a"}},{{"item_id":"b"}}]}}}}]}})";
  EXPECT_EQ(id_of(fmt::format(order, 1700000000000000)), id_of(fmt::format(order, 1700000009000000)));
  EXPECT_NE(id_of(fmt::format(order, 1700000000000000)), id_of(fmt::format(order, 1700000000000000), 1));
  // One call about several products.
  constexpr std::string_view call =
      R"({"messageId":"m","type":"track","event":"Order Completed","properties":{"products":[{"product_id":"a"},{"product_id":"a"}]}})";
  EXPECT_EQ(id_of(call, 0), "m/0");
  EXPECT_EQ(id_of(call, 1), "m/1");
}

TEST(EventParser, FormatNamesAreUnderstood) {
  for (const std::string_view name : {"handsel", "ga4", "segment", "ubi", "etsy-receipts"}) {
    const Result<EventFormat> format = parse_event_format(name);
    ASSERT_TRUE(format.has_value());
    EXPECT_EQ(format_name(*format), name);
  }
  EXPECT_EQ(*parse_event_format(""), EventFormat::kRecognise);
  EXPECT_EQ(parse_event_format("ga3").error().code, Code::kInvalidArgument);
}

}  // namespace
}  // namespace handsel::events
