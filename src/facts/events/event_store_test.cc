#include "facts/events/event_store.h"

#include <filesystem>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/storage/faulty_disk.h"
#include "facts/events/codec.h"
#include "facts/log/embedded_log.h"

namespace handsel::events {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::int64_t kNowMs = 1'700'000'000'000;

bool knows_l1(std::string_view id) {
  return id == "L1";
}

TEST(ValidateEvent, NamesTheFieldAndTheReason) {
  struct Row {
    Event event;
    std::string words;  // empty: fine
  };
  const auto click = [](Event event) {
    event.kind = EventKind::kClick;
    return event;
  };
  const Row rows[] = {
      {click({.listing_id = "L1"}), ""},
      {{.kind = EventKind::kSearch, .query = "apron", .shown = {"gone", "L1"}}, ""},
      {click({}), "listing_id is missing"},
      {click({.listing_id = "L2"}), "listing_id 'L2' is not in the catalogue"},
      {click({.id = std::string(129, 'i'), .listing_id = "L1"}), "id has 129 bytes"},
      {click({.time_ms = kNowMs + kFutureToleranceMs, .listing_id = "L1"}), ""},
      {click({.time_ms = kNowMs + kFutureToleranceMs + 1, .listing_id = "L1"}), "time_ms is 300 s in the future"},
      {click({.time_ms = -1, .listing_id = "L1"}), "time_ms is before 1970"},
      {{.kind = EventKind::kSearch, .shown = std::vector<std::string>(501, "L1")}, "shown has 501 listings"},
      {click({.listing_id = "L1", .quantity = -1}), "quantity is -1"},
  };
  for (const Row& row : rows) {
    Event event = row.event;
    const auto valid = validate_event(event, kNowMs, knows_l1);
    EXPECT_EQ(valid.has_value(), row.words.empty()) << row.words;
    if (valid) {
      EXPECT_FALSE(event.id.empty());
      EXPECT_GT(event.time_ms, 0);
    } else {
      EXPECT_EQ(valid.error().code, Code::kInvalidData);
      EXPECT_THAT(valid.error().message, HasSubstr(row.words));
    }
  }
}

class EventStoreTest : public testing::Test {
 protected:
  EventStoreTest() : folder_(testing::TempDir() + "handsel_event_store_test") {
    std::filesystem::remove_all(folder_);
    auto log = log::open_embedded_log({.folder = folder_, .partitions = 2, .disk = &disk_}, clock_);
    EXPECT_TRUE(log) << log.error().message;
    log_ = std::move(*log);
    store_.emplace(*log_, clock_);
  }
  ~EventStoreTest() override {
    log_.reset();
    std::filesystem::remove_all(folder_);
  }

  std::vector<PutStatus> put(std::vector<Event> events) {
    auto statuses = store_->put(events, knows_l1);
    EXPECT_TRUE(statuses) << statuses.error().message;
    return statuses.value_or(std::vector<PutStatus>());
  }
  std::vector<Event> all() const {
    std::vector<Event> events;
    const auto visited = store_->visit([&](const Event& event) {
      events.push_back(event);
      return true;
    });
    EXPECT_TRUE(visited) << visited.error().message;
    return events;
  }

  const std::string folder_;
  storage::FaultyDisk disk_;
  ManualClock clock_{kNowMs};
  std::unique_ptr<log::Log> log_;
  std::optional<EventStore> store_;
};

TEST_F(EventStoreTest, KeepsTheGoodOnesAndSaysWhatIsWrongWithTheOthers) {
  const auto statuses = put({{.id = "1", .listing_id = "L1"},
                             {.id = "2", .listing_id = "nobody's"},
                             {.id = "1", .listing_id = "L1"},
                             {.kind = EventKind::kSearch, .query = "apron"}});
  ASSERT_EQ(statuses.size(), 4u);
  EXPECT_FALSE(statuses[0].refused);
  EXPECT_FALSE(statuses[0].duplicate);
  ASSERT_TRUE(statuses[1].refused);
  EXPECT_EQ(statuses[1].id, "2");
  EXPECT_THAT(statuses[1].refused->message, HasSubstr("listing_id 'nobody's'"));
  EXPECT_TRUE(statuses[2].duplicate);
  EXPECT_FALSE(statuses[3].refused);
  EXPECT_EQ(statuses[3].id.size(), 32u);  // made from the content
  EXPECT_EQ(store_->count(), 2u);
  EXPECT_EQ(all().size(), 2u);
}

TEST_F(EventStoreTest, TheSameEventWithoutAnIdIsOneEvent) {
  const Event event{.kind = EventKind::kClick, .time_ms = kNowMs - 5, .session_id = "V", .listing_id = "L1"};
  Event later = event;
  later.time_ms += 1;
  EXPECT_FALSE(put({event})[0].duplicate);
  EXPECT_TRUE(put({event})[0].duplicate);
  EXPECT_FALSE(put({later})[0].duplicate);
  EXPECT_EQ(store_->count(), 2u);
}

TEST_F(EventStoreTest, AVisitIsReadInItsOrder) {
  for (int i = 0; i < 20; ++i) {
    put({{.id = fmt::format("a{:02}", i), .session_id = "a", .listing_id = "L1"},
         {.id = fmt::format("b{:02}", i), .session_id = "b", .listing_id = "L1"}});
  }
  std::vector<std::string> of_a;
  for (const Event& event : all()) {
    if (event.session_id == "a") of_a.push_back(event.id);
  }
  EXPECT_EQ(of_a.size(), 20u);
  EXPECT_TRUE(std::ranges::is_sorted(of_a));
  std::size_t visited = 0;
  ASSERT_TRUE(store_->visit([&](const Event&) { return ++visited < 3; }));
  EXPECT_EQ(visited, 3u);
}

TEST_F(EventStoreTest, PassesOverEventsOfTheFuture) {
  Event event{.id = "known", .listing_id = "L1"};
  const std::string newer = *encode(event) + "\x10\x63";  // kind 99
  ASSERT_TRUE(log_->append(log::Topic::kEvents, std::vector<log::NewRecord>{{"k", newer, ""}}));
  put({event});
  EXPECT_THAT(all(), ElementsAre(testing::Field(&Event::id, "known")));
}

TEST_F(EventStoreTest, NamesTheEventThatDoesNotDecode) {
  ASSERT_TRUE(log_->append(log::Topic::kEvents, std::vector<log::NewRecord>{{"k", "\x01\xff", ""}}));
  const auto visited = store_->visit([](const Event&) { return true; });
  ASSERT_FALSE(visited);
  EXPECT_EQ(visited.error().code, Code::kCorrupt);
  EXPECT_THAT(visited.error().message, HasSubstr("/0 of the log: the stored event does not parse"));
}

TEST_F(EventStoreTest, AcknowledgesNothingWhenTheDiskFails) {
  disk_.become(storage::DiskState::kFull);
  const std::vector<Event> events = {{.id = "1", .listing_id = "L1"}};
  const auto statuses = store_->put(events, knows_l1);
  ASSERT_FALSE(statuses);
  EXPECT_EQ(statuses.error().code, Code::kIo);
  EXPECT_EQ(store_->count(), 0u);
}

TEST_F(EventStoreTest, ManyEventsGoInOverSeveralAppends) {
  std::vector<Event> events;
  for (int i = 0; i < 25'000; ++i) events.push_back({.id = std::to_string(i), .listing_id = i % 2 ? "L1" : "L2"});
  const auto statuses = put(events);
  ASSERT_EQ(statuses.size(), events.size());
  for (int i = 0; i < 25'000; ++i) {
    ASSERT_EQ(statuses[i].id, std::to_string(i));
    ASSERT_EQ(statuses[i].refused.has_value(), i % 2 == 0);
  }
  EXPECT_EQ(store_->count(), 12'500u);
}

}  // namespace
}  // namespace handsel::events
