#include <algorithm>
#include <cstdint>

#include <nlohmann/json.hpp>

#include "app/cli/commands.h"
#include "app/cli/open_log.h"
#include "app/cli/table.h"
#include "facts/catalog/codec.h"
#include "facts/catalog/import/listing_json.h"
#include "facts/events/codec.h"
#include "facts/events/formats/event_json.h"

namespace handsel::cli {
namespace {

struct CatOptions {
  std::string topic;
  std::int64_t partition = -1;
  std::int64_t from = 0;
  std::int64_t limit = 0;
};

constexpr std::array<std::string_view, 3> kTopicNames = {"listings", "events", "decisions"};  // in the order of kTopics

Result<int> stats(Context& context) {
  HANDSEL_ASSIGN(const auto log, open_log_for_reading(context));
  auto rows = nlohmann::json::array();
  Table table({{.title = "topic"}, {.title = "partition", .right = true}, {.title = "next offset", .right = true}});
  for (const log::Topic topic : log::kTopics) {
    for (std::uint32_t p = 0; p < log->partitions(topic); ++p) {
      const std::uint64_t end = log->end_offset(topic, p);
      rows.push_back({{"topic", log::topic_name(topic)}, {"partition", p}, {"end_offset", end}});
      table.row({std::string(log::topic_name(topic)), std::to_string(p), std::to_string(end)});
    }
  }
  context.print(context.json ? nlohmann::json{{"partitions", rows}}.dump() + "\n" : table.text());
  return 0;
}

template <typename T>
Result<std::string> json_of(Result<T> value) {
  if (!value) return std::unexpected(std::move(value).error());
  return catalog::to_json(*value);
}

Result<std::string> catalog_json(const log::Record& record) {
  const auto key = catalog::parse_key(record.key);
  if (!key) return fail(Code::kUnsupported, "a key of a newer program");
  switch (key->kind) {
    case catalog::Kind::kListing:
      return json_of(catalog::decode_listing(record.payload));
    case catalog::Kind::kShop:
      return json_of(catalog::decode_shop(record.payload));
    case catalog::Kind::kTaxonomyNode:
      return json_of(catalog::decode_taxonomy_node(record.payload));
    case catalog::Kind::kReview:
      return json_of(catalog::decode_review(record.payload));
    case catalog::Kind::kUser:
      break;
  }
  return fail(Code::kUnsupported, "not shown");
}

Result<std::string> value_json(log::Topic topic, const log::Record& record) {
  if (record.payload.empty()) return "null";  // deleted
  if (topic == log::Topic::kListings) return catalog_json(record);
  if (topic != log::Topic::kEvents) return fail(Code::kUnsupported, "not shown");
  HANDSEL_ASSIGN(const events::Event event, events::decode(record.payload));
  return events::to_json(event);
}

std::string line_of(log::Topic topic, const log::Record& record) {
  nlohmann::json head = {{"partition", record.position.partition},
                         {"offset", record.position.offset},
                         {"time_ms", record.time_ms},
                         {"key", record.key}};
  const auto value = value_json(topic, record);
  if (!value) head["unreadable"] = value.error().message;
  std::string line = head.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  if (value) {
    line.pop_back();
    line += ",\"value\":" + *value + "}";
  }
  return line + "\n";
}

Result<int> cat(const CatOptions& options, Context& context) {
  HANDSEL_ASSIGN(const auto log, open_log_for_reading(context));
  const auto topic =
      log::kTopics[static_cast<std::size_t>(std::ranges::find(kTopicNames, options.topic) - kTopicNames.begin())];
  std::int64_t shown = 0;
  for (std::uint32_t p = 0; p < log->partitions(topic); ++p) {
    if (options.partition >= 0 && options.partition != p) continue;
    if (options.limit > 0 && shown >= options.limit) break;
    HANDSEL_TRY(log->read(topic, p, static_cast<std::uint64_t>(options.from), [&](const log::Record& record) {
      context.print(line_of(topic, record));
      return ++shown != options.limit;
    }));
  }
  return 0;
}

}  // namespace

Command log_stats_command() {
  return {.name = "log stats",
          .summary = "How many records each part of the log has had",
          .example = "handsel log stats --data shop",
          .declare = [](Flags&) -> Action { return [](Context& context) { return stats(context); }; }};
}

Command log_cat_command() {
  return {.name = "log cat",
          .summary = "Print records of the log as JSON lines, oldest first in each partition",
          .example = "handsel log cat events --limit 10 --data shop",
          .declare = [](Flags& flags) -> Action {
            auto options = std::make_shared<CatOptions>();
            flags.word_of(options->topic, "TOPIC", "Which records", kTopicNames);
            flags.number(options->partition, "--partition", "Only this one; -1 is all", {-1, 255});
            flags.number(options->from, "--from", "First offset", {0, INT64_MAX});
            flags.number(options->limit, "-n,--limit", "How many; 0 is all", {0, INT64_MAX});
            return [options](Context& context) { return cat(*options, context); };
          }};
}

}  // namespace handsel::cli
