#include "facts/events/formats/internal/shapes.h"

#include <algorithm>
#include <limits>

#include "facts/catalog/import/values.h"

namespace handsel::events::internal {

namespace json = catalog::json;

void EventBatch::add(Event event) {
  if (RowResult<void> checked = apply_rules(event, now_ms_); !checked) {
    out_.refused.push_back(std::move(checked).error());
    return;
  }
  out_.events.push_back(std::move(event));
}

void EventBatch::refuse(std::string_view field, std::string reason) {
  out_.refused.push_back({std::string(field), std::move(reason)});
}

std::string first_text(Element object, std::initializer_list<std::string_view> keys) {
  for (const std::string_view key : keys) {
    std::string text = json::text_of(json::member(object, key));
    if (!text.empty()) return text;
  }
  return {};
}

std::optional<std::int64_t> time_or_refusal(std::optional<Element> value, std::string_view field, EventBatch& batch) {
  if (!value) return 0;
  const std::optional<std::int64_t> time_ms = json::time_ms_of(value);
  if (!time_ms) {
    batch.refuse(field, fmt::format("'{}' is not a time; expected 2024-12-31T23:59:59Z or a number since 1970",
                                    catalog::cut_text(json::text_of(value), 60)));
  }
  return time_ms;
}

std::optional<std::int32_t> position_of(std::optional<Element> value, std::int32_t first) {
  const std::optional<std::int64_t> ordinal = json::whole_number_of(value);
  if (!ordinal || *ordinal < 0 || *ordinal > kPositionMax) return std::nullopt;
  return std::max(static_cast<std::int32_t>(*ordinal) - first, 0);
}

std::optional<std::int64_t> price_of(std::optional<Element> value) {
  const std::optional<double> units = json::number_of(value);
  if (!units) return std::nullopt;
  return catalog::cents_from_units(*units);
}

std::optional<EventKind> kind_of(std::span<const Action> actions, std::string_view name) {
  const auto found = std::ranges::find_if(
      actions, [&](const Action& action) { return catalog::equal_ignoring_case(action.name, name); });
  if (found == actions.end()) return std::nullopt;
  return found->kind;
}

std::string unknown_action(std::string_view name) {
  if (name.empty()) return "is missing";
  return fmt::format("'{}' is not an action that is used here", catalog::cut_text(name, 60));
}

}  // namespace handsel::events::internal
