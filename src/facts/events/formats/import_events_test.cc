#include "facts/events/formats/import_events.h"

#include <map>

#include <gtest/gtest.h>

namespace handsel::events {
namespace {

constexpr std::int64_t kNowMs = 1'800'000'000'000;

struct Outcome {
  std::vector<std::string> rows;     // "line:kind:listing"
  std::vector<std::string> refused;  // "line:field"
  std::map<std::string, int> kinds;
  catalog::ImportSummary summary;
};

Outcome import_from(catalog::ByteSource& source, EventFormat format = EventFormat::kRecognise) {
  Outcome outcome;
  const catalog::RowSink<Event> rows = [&](std::span<catalog::Row<Event>> batch) -> Result<void> {
    for (const catalog::Row<Event>& row : batch) {
      const char* kind = event_kind_name(row.value.kind);
      ++outcome.kinds[kind];
      outcome.rows.push_back(fmt::format("{}:{}:{}", row.line, kind, row.value.listing_id));
    }
    return {};
  };
  const catalog::RefusalSink refusals = [&](const catalog::RefusedRow& row) -> Result<void> {
    outcome.refused.push_back(fmt::format("{}:{}", row.line, row.field));
    return {};
  };
  outcome.summary = import_events(source, {.format = format, .now_ms = kNowMs}, rows, refusals);
  return outcome;
}

Outcome import_text(std::string_view text, EventFormat format = EventFormat::kRecognise) {
  return import_from(*catalog::memory_source("body", text, 16), format);
}

using Strings = std::vector<std::string>;

TEST(ImportEvents, LinesArraysAndBadRows) {
  const Outcome lines = import_text(
      "{\"kind\":\"view\",\"listing_id\":\"a\"}\n"
      "nonsense\n"
      "{\"kind\":\"view\"}\n"
      "{\"kind\":\"click\",\"listing_id\":\"b\"}\n");
  EXPECT_EQ(lines.rows, (Strings{"1:view:a", "4:click:b"}));
  EXPECT_EQ(lines.refused, (Strings{"2:", "3:listing_id"}));
  EXPECT_EQ(lines.summary.format, "handsel");
  EXPECT_EQ(lines.summary.accepted, 2u);
  EXPECT_EQ(lines.summary.refused, 2u);

  EXPECT_EQ(import_text("[{\"kind\":\"view\",\"listing_id\":\"a\"},\n{\"kind\":\"hide\",\"listing_id\":\"b\"}]").rows,
            (Strings{"1:view:a", "2:hide:b"}));
  EXPECT_TRUE(import_text("").rows.empty());
}

TEST(ImportEvents, TheFirstReadableRecordDecidesTheFormat) {
  const Outcome outcome = import_text(
      "nonsense\n"
      "{\"action_name\":\"click\",\"timestamp\":1700000000,\"event_attributes\":{\"object\":{\"object_id\":\"a\"}}}\n"
      "{\"user_query\":\"mug\",\"timestamp\":1700000000}\n");
  EXPECT_EQ(outcome.summary.format, "ubi");
  EXPECT_FALSE(outcome.summary.format_was_given);
  EXPECT_EQ(outcome.rows, (Strings{"2:click:a", "3:search:"}));
  const Outcome given = import_text("{\"kind\":\"view\",\"listing_id\":\"a\"}\n", EventFormat::kUbi);
  EXPECT_TRUE(given.summary.format_was_given);
  EXPECT_EQ(given.refused, Strings{"1:action_name"});
}

TEST(ImportEvents, ATornFileIsAnErrorAfterWhatCameBefore) {
  const Outcome outcome = import_text("\x1f\x8b\x08 torn");
  ASSERT_TRUE(outcome.summary.error.has_value());
  EXPECT_EQ(outcome.summary.error->code, Code::kInvalidData);
}

// A log of three applications mixed: every query and every action about a listing is
// taken, the rest (filters, sorting, hovering) is refused by name.
TEST(ImportEvents, ARealUbiLogIsTaken) {
  Result<std::unique_ptr<catalog::ByteSource>> source =
      catalog::open_source(std::string(HANDSEL_SOURCE_DIR) + "/../shared/data/esci-us-sample/ubi_synthetic.jsonl.gz");
  if (!source) GTEST_SKIP() << "no data";
  const Outcome outcome = import_from(**source);
  EXPECT_EQ(outcome.summary.format, "ubi");
  const std::map<std::string, int> expected = {{"impression", 950 + 931 + 68},
                                               {"click", 60 + 199 + 28 + 11},
                                               {"cart", 199 + 28 + 7},
                                               {"purchase", 6},
                                               {"hide", 5},
                                               {"search", 190 + 273 + 491 + 15 + 86 - 6}};
  EXPECT_EQ(outcome.kinds, expected);
  EXPECT_EQ(outcome.summary.accepted + outcome.summary.refused, 3861u);
}

}  // namespace
}  // namespace handsel::events
