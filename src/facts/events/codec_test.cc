#include "facts/events/codec.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace handsel::events {
namespace {

using testing::HasSubstr;

std::string to_hex(std::string_view bytes) {
  std::string hex;
  for (const char byte : bytes) hex += fmt::format("{:02x}", static_cast<unsigned char>(byte));
  return hex;
}

std::string from_hex(std::string_view hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes.push_back(static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16)));
  }
  return bytes;
}

// Every member holds something that is not its default.
const Event kEvent{.id = "E1",
                   .kind = EventKind::kPurchase,
                   .time_ms = 1'700'000'000'000,
                   .user_id = "U1",
                   .session_id = "V1",
                   .query_id = "Q1",
                   .query = "linen apron",
                   .listing_id = "L1",
                   .surface = "search",
                   .position = 2,
                   .shown = {"L1", "L2"},
                   .offset = 20,
                   .quantity = 3,
                   .price_cents = 4250,
                   .currency = "EUR",
                   .dwell_ms = 1500};

// These bytes are in the logs of people who run the program: they are read for ever.
TEST(EventCodec, ReadsWhatVersionOneWrote) {
  const std::string_view hex =
      "010a02453110061880d095ffbc31220255312a025631320251313a0b6c696e656e206170726f6e42024c314a0673656172636850025a024c"
      "315a024c3260146803709a217a034555528001dc0b";
  const auto payload = encode(kEvent);
  ASSERT_TRUE(payload) << payload.error().message;
  EXPECT_EQ(to_hex(*payload), hex);
  const auto event = decode(from_hex(hex));
  ASSERT_TRUE(event) << event.error().message;
  EXPECT_EQ(*event, kEvent);
}

TEST(EventCodec, SearchesSayHowTheyWereAsked) {
  const Event search{.id = "E1",
                     .kind = EventKind::kSearch,
                     .time_ms = 5,
                     .query = "mug",
                     .language = "pt",
                     .country = "PT",
                     .filter = "price < 20",
                     .sort = "price:asc"};
  EXPECT_EQ(*decode(*encode(search)), search);
  EXPECT_THAT(encode({.id = "E1", .country = std::string(200, 'P')}).error().message, HasSubstr("country"));
  EXPECT_THAT(encode({.id = "E1", .filter = std::string(kFilterBytesMax + 1, 'a')}).error().message,
              HasSubstr("filter"));
}

TEST(EventCodec, ReadsTheExposureThatVersionOneWrote) {
  const Event exposure{.id = "E1",
                       .kind = EventKind::kExposure,
                       .time_ms = 5,
                       .session_id = "V1",
                       .experiment = "rail",
                       .variant = "on",
                       .unit = "V1"};
  const std::string_view hex = "010a024531100a18052a02563168018a01047261696c9201026f6e9a01025631";
  EXPECT_EQ(to_hex(*encode(exposure)), hex);
  EXPECT_EQ(*decode(from_hex(hex)), exposure);
}

TEST(EventCodec, EveryKindHasANameAndComesBack) {
  std::string names;
  for (int kind = 0; kind <= static_cast<int>(kEventKindLast); ++kind) {
    Event event = kEvent;
    event.kind = static_cast<EventKind>(kind);
    EXPECT_EQ(decode(*encode(event))->kind, event.kind);
    names += std::string(event_kind_name(event.kind)) + " ";
  }
  EXPECT_EQ(names, "search impression click view favourite cart purchase dwell report hide exposure ");
  EXPECT_STREQ(event_kind_name(static_cast<EventKind>(200)), "unknown");
}

TEST(EventCodec, NothingIsNotZero) {
  Event event{.id = "E"};
  const auto bare = decode(*encode(event));
  EXPECT_EQ(*bare, event);
  event.position = 0;
  event.price_cents = 0;
  event.quantity = 0;
  EXPECT_EQ(*decode(*encode(event)), event);
  EXPECT_NE(event, *bare);
}

TEST(EventCodec, OneVisitStaysInOnePartition) {
  struct Row {
    std::string session_id;
    std::string user_id;
    std::string key;
  };
  for (const Row& row : {Row{"V", "U", "V"}, Row{"", "U", "U"}, Row{"", "", "E1"}}) {
    Event event = kEvent;
    event.session_id = row.session_id;
    event.user_id = row.user_id;
    const auto record = to_record(event);
    ASSERT_TRUE(record);
    EXPECT_EQ(record->key, row.key);
    EXPECT_EQ(record->idempotency_key, "E1");
    EXPECT_EQ(*decode(record->payload), event);
  }
}

TEST(EventCodec, RefusesWhatIsOverTheLimits) {
  struct Row {
    std::function<void(Event&)> spoil;
    Code code;
    std::string words;
  };
  const Row rows[] = {
      {[](Event& e) { e.id.clear(); }, Code::kInvalidArgument, "event: id is missing"},
      {[](Event& e) { e.id.assign(129, 'i'); }, Code::kTooLarge, "event: id has 129 bytes; at most 128"},
      {[](Event& e) { e.listing_id.assign(129, 'i'); }, Code::kTooLarge, "event: listing_id has 129 bytes"},
      {[](Event& e) { e.shown.assign(501, "L"); }, Code::kTooLarge, "event: shown has 501 listings; at most 500"},
      {[](Event& e) { e.shown.assign(1, std::string(129, 'i')); }, Code::kTooLarge, "event: shown has 129 bytes"},
      {[](Event& e) { e.experiment.assign(129, 'i'); }, Code::kTooLarge, "event: experiment has 129 bytes"},
      {[](Event& e) { e.variant.assign(129, 'i'); }, Code::kTooLarge, "event: variant has 129 bytes"},
      {[](Event& e) { e.unit.assign(129, 'i'); }, Code::kTooLarge, "event: unit has 129 bytes"},
      {[](Event& e) { e.query.assign(70'000, 'q'); }, Code::kTooLarge, "at most 65536 are allowed"},
  };
  for (const Row& row : rows) {
    Event event = kEvent;
    row.spoil(event);
    const auto payload = encode(event);
    ASSERT_FALSE(payload) << row.words;
    EXPECT_EQ(payload.error().code, row.code);
    EXPECT_THAT(payload.error().message, HasSubstr(row.words));
  }
}

TEST(EventCodec, DecodingSaysWhatIsWrong) {
  const std::string good = *encode(kEvent);
  struct Row {
    std::string payload;
    Code code;
    std::string words;
  };
  const Row rows[] = {
      {"", Code::kCorrupt, "the stored event is empty"},
      {"\x02" + good.substr(1), Code::kUnsupported, "the stored event has version 2; this program knows 1"},
      {good.substr(0, good.size() - 1), Code::kCorrupt, "the stored event does not parse"},
      {good + "\x10\x63", Code::kUnsupported, "the stored event has a kind of a newer version (99)"},
      {"\x01", Code::kCorrupt, "stored event: id is missing"},
      {std::string(kEventBytesMax + 1, '\x01'), Code::kCorrupt, "the stored event is too large"},
  };
  for (const Row& row : rows) {
    const auto event = decode(row.payload);
    ASSERT_FALSE(event) << row.words;
    EXPECT_EQ(event.error().code, row.code);
    EXPECT_EQ(event.error().message, row.words);
  }
  // An unknown field 200 of three bytes.
  EXPECT_EQ(*decode(good + std::string("\xc2\x0c\x03new", 6)), kEvent);
}

}  // namespace
}  // namespace handsel::events
