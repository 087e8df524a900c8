#include <cmath>

#include "ranking/query/dates.h"
#include "ranking/query/filter_parser.h"
#include "ranking/query/internal/filter_lexer.h"

namespace handsel::query {
namespace {

using index::Filter;

constexpr std::string_view kAttributePrefix = "attr.";

std::string written_field(std::string_view field) {
  if (!field.starts_with(kAttributePrefix) || is_bare_word(field.substr(kAttributePrefix.size()))) {
    return std::string(field);
  }
  return std::string(kAttributePrefix) + quote(field.substr(kAttributePrefix.size()));
}

std::string written_value(std::string_view value) {
  return is_bare_word(value) ? std::string(value) : quote(value);
}

std::string written_number(std::string_view field, double value) {
  if ((field == "created" || field == "updated") && std::trunc(value) == value && std::abs(value) < 1e15) {
    if (const auto moment = format_moment(static_cast<std::int64_t>(value))) return quote(*moment);
  }
  return fmt::format("{}", value);
}

std::string written_range(const Filter& filter) {
  const std::string field = written_field(filter.field);
  const bool has_low = std::isfinite(filter.low);
  const bool has_high = std::isfinite(filter.high);
  const std::string low = has_low ? written_number(filter.field, filter.low) : "";
  const std::string high = has_high ? written_number(filter.field, filter.high) : "";
  if (!has_low && !has_high) return fmt::format("exists({})", field);
  if (!has_high) return fmt::format("{} {} {}", field, filter.low_open ? ">" : ">=", low);
  if (!has_low) return fmt::format("{} {} {}", field, filter.high_open ? "<" : "<=", high);
  if (filter.low_open) {
    return fmt::format("({} > {} and {} {} {})", field, low, field, filter.high_open ? "<" : "<=", high);
  }
  if (filter.low == filter.high && !filter.high_open) return fmt::format("{} = {}", field, low);
  return fmt::format("{} {}{}{}", field, low, filter.high_open ? "..<" : "..", high);
}

std::string written_in(const Filter& filter) {
  std::string values;
  for (const std::string& value : filter.values) values += (values.empty() ? "" : ", ") + written_value(value);
  // One taxonomy value in a list is not the same tree as after ':'.
  if (filter.values.size() == 1 && filter.field != "taxonomy") {
    return fmt::format("{} = {}", written_field(filter.field), values);
  }
  return fmt::format("{} in ({})", written_field(filter.field), values);
}

std::string written(const Filter& filter, bool nested);

std::string joined(const Filter& filter, std::string_view word, bool nested) {
  if (filter.children.empty()) return filter.op == Filter::Op::kAnd ? "true" : "not true";
  if (filter.children.size() == 1) return written(filter.children.front(), nested);
  std::string out;
  for (const Filter& child : filter.children) {
    if (!out.empty()) out += fmt::format(" {} ", word);
    out += written(child, true);
  }
  return nested ? "(" + out + ")" : out;
}

std::string written(const Filter& filter, bool nested) {
  switch (filter.op) {
    case Filter::Op::kTrue:
      return "true";
    case Filter::Op::kAnd:
      return joined(filter, "and", nested);
    case Filter::Op::kOr:
      return joined(filter, "or", nested);
    case Filter::Op::kNot:
      return "not " + (filter.children.empty() ? "true" : written(filter.children.front(), true));
    case Filter::Op::kIn:
      return written_in(filter);
    case Filter::Op::kSubtree:
      return fmt::format("{}: {}", written_field(filter.field),
                         filter.values.empty() ? "\"\"" : written_value(filter.values.front()));
    case Filter::Op::kRange:
      return written_range(filter);
    case Filter::Op::kExists:
      return fmt::format("exists({})", written_field(filter.field));
    case Filter::Op::kGeo:
      return fmt::format("geo({}, {}) < {} m", filter.latitude_deg, filter.longitude_deg, filter.radius_m);
  }
  return "true";
}

}  // namespace

std::string filter_to_string(const Filter& filter) {
  return filter.op == Filter::Op::kTrue ? "" : written(filter, false);
}

}  // namespace handsel::query
