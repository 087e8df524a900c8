#include "views/index/filter_bits.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "analysis/text/fold.h"
#include "base/core/bytes.h"
#include "base/core/hash.h"

namespace handsel::index {
namespace {

void put_filter(std::string& out, const Filter& filter) {
  put_fixed(out, filter.op);
  put_string(out, filter.field);
  put_varint(out, filter.values.size());
  for (const std::string& value : filter.values) put_string(out, value);
  for (const double number : {filter.low, filter.high, filter.latitude_deg, filter.longitude_deg, filter.radius_m}) {
    put_fixed(out, number);
  }
  put_fixed(out, filter.low_open);
  put_fixed(out, filter.high_open);
  put_varint(out, filter.children.size());
  for (const Filter& child : filter.children) put_filter(out, child);
}

DocBits none(std::uint32_t documents) {
  return DocBits((documents + 63) / 64);
}

void set(DocBits& bits, std::uint32_t doc) {
  bits[doc / 64] |= std::uint64_t{1} << (doc % 64);
}

void flip(DocBits& bits, std::uint32_t documents) {
  for (std::uint64_t& word : bits) word = ~word;
  if (documents % 64 != 0) bits.back() &= (std::uint64_t{1} << (documents % 64)) - 1;
}

bool in_range(double value, const Filter& filter) {
  if (std::isnan(value)) return false;
  const bool above = filter.low_open ? value > filter.low : value >= filter.low;
  return above && (filter.high_open ? value < filter.high : value <= filter.high);
}

// Ordinals of `column` whose folded form is one of the filter's values.
std::vector<bool> wanted_ordinals(const KeywordColumn& column, const Filter& filter) {
  std::vector<bool> wanted(column.dictionary().size());
  for (const std::string& value : filter.values) {
    const std::string prefix = text::fold_keyword(value) + '\0';
    for (Dictionary::Iterator it(column.dictionary(), column.dictionary().lower_bound(prefix)); it.valid(); it.next()) {
      if (!it.value().starts_with(prefix)) break;
      wanted[it.number()] = true;
    }
  }
  return wanted;
}

bool in_circle(const Segment& segment, std::uint32_t doc, const Filter& filter) {
  const NumberColumn* latitude = segment.columns().number("latitude");
  const NumberColumn* longitude = segment.columns().number("longitude");
  if (latitude == nullptr || longitude == nullptr) return false;
  const double lat = latitude->at(doc);
  const double lon = longitude->at(doc);
  if (std::isnan(lat) || std::isnan(lon)) return false;
  return distance_m(lat, lon, filter.latitude_deg, filter.longitude_deg) <= filter.radius_m;
}

DocBits keyword_bits(const Segment& segment, const Filter& filter, bool any_value) {
  DocBits bits = none(segment.documents());
  const KeywordColumn* column = segment.columns().keyword(filter.field);
  if (column == nullptr) return bits;
  const std::vector<bool> wanted =
      any_value ? std::vector<bool>(column->dictionary().size(), true) : wanted_ordinals(*column, filter);
  if (std::ranges::find(wanted, true) == wanted.end()) return bits;
  for (std::uint32_t doc = 0; doc < segment.documents(); ++doc) {
    column->visit(doc, [&](std::uint32_t ordinal) {
      if (wanted[ordinal]) set(bits, doc);
    });
  }
  return bits;
}

DocBits id_bits(const Segment& segment, const Filter& filter) {
  DocBits bits = none(segment.documents());
  for (const std::string& id : filter.values) {
    if (const auto doc = segment.find_id(id, hash64(id))) set(bits, *doc);
  }
  return bits;
}

template <typename Test>
DocBits bits_where(const Segment& segment, Test&& test) {
  DocBits bits = none(segment.documents());
  for (std::uint32_t doc = 0; doc < segment.documents(); ++doc) {
    if (test(doc)) set(bits, doc);
  }
  return bits;
}

DocBits number_bits(const Segment& segment, const Filter& filter) {
  const NumberColumn* column = segment.columns().number(filter.field);
  if (column == nullptr) return none(segment.documents());
  return bits_where(segment, [&](std::uint32_t doc) { return in_range(column->at(doc), filter); });
}

DocBits evaluate(const Segment& segment, const Filter& filter) {
  const std::uint32_t documents = segment.documents();
  switch (filter.op) {
    case Filter::Op::kTrue:
      break;
    case Filter::Op::kAnd: {
      DocBits bits = none(documents);
      flip(bits, documents);
      for (const Filter& child : filter.children) {
        const DocBits other = evaluate(segment, child);
        for (std::size_t i = 0; i < bits.size(); ++i) bits[i] &= other[i];
      }
      return bits;
    }
    case Filter::Op::kOr: {
      DocBits bits = none(documents);
      for (const Filter& child : filter.children) {
        const DocBits other = evaluate(segment, child);
        for (std::size_t i = 0; i < bits.size(); ++i) bits[i] |= other[i];
      }
      return bits;
    }
    case Filter::Op::kNot: {
      DocBits bits = evaluate(segment, filter.children.front());
      flip(bits, documents);
      return bits;
    }
    case Filter::Op::kIn:
    case Filter::Op::kSubtree:
      return filter.field == "id" ? id_bits(segment, filter) : keyword_bits(segment, filter, false);
    case Filter::Op::kRange:
      return number_bits(segment, filter);
    case Filter::Op::kExists:
      if (filter.field == "id") break;
      return column_kind(filter.field) == ColumnKind::kKeyword ? keyword_bits(segment, filter, true)
                                                               : number_bits(segment, filter);
    case Filter::Op::kGeo:
      return bits_where(segment, [&](std::uint32_t doc) { return in_circle(segment, doc, filter); });
  }
  DocBits bits = none(documents);
  flip(bits, documents);
  return bits;
}

Result<void> check_column(const Filter& filter, ColumnKind wanted) {
  const ColumnKind kind = column_kind(filter.field);
  if (kind == ColumnKind::kUnknown) return fail(Code::kInvalidArgument, "filter: unknown column '{}'", filter.field);
  if (kind != wanted) {
    return fail(
        Code::kInvalidArgument, "filter: column '{}' holds {}", filter.field,
        kind == ColumnKind::kKeyword ? "keywords; compare it with = or in" : "numbers; compare it with < = > or ..");
  }
  return {};
}

}  // namespace

double distance_m(double latitude_a_deg, double longitude_a_deg, double latitude_b_deg, double longitude_b_deg) {
  constexpr double kRadius = std::numbers::pi / 180;
  const double a = std::sin((latitude_b_deg - latitude_a_deg) * kRadius / 2);
  const double b = std::sin((longitude_b_deg - longitude_a_deg) * kRadius / 2);
  const double h = a * a + std::cos(latitude_a_deg * kRadius) * std::cos(latitude_b_deg * kRadius) * b * b;
  return 2 * 6'371'008.8 * std::asin(std::min(1.0, std::sqrt(h)));
}

Result<void> check_filter(const Filter& filter) {
  switch (filter.op) {
    case Filter::Op::kIn:
    case Filter::Op::kSubtree:
      HANDSEL_TRY(check_column(filter, ColumnKind::kKeyword));
      break;
    case Filter::Op::kRange:
      HANDSEL_TRY(check_column(filter, ColumnKind::kNumber));
      break;
    case Filter::Op::kExists:
      HANDSEL_TRY(check_column(filter, column_kind(filter.field)));
      break;
    case Filter::Op::kNot:
      if (filter.children.size() != 1) return fail(Code::kInvalidArgument, "filter: 'not' takes one condition");
      break;
    default:
      break;
  }
  for (const Filter& child : filter.children) HANDSEL_TRY(check_filter(child));
  return {};
}

std::shared_ptr<const DocBits> filter_bits(const Segment& segment, const Filter& filter) {
  if (filter.op == Filter::Op::kTrue) return nullptr;
  std::string key;
  put_filter(key, filter);
  if (auto bits = segment.filter_cache().find(key)) return bits;
  auto bits = std::make_shared<const DocBits>(evaluate(segment, filter));
  segment.filter_cache().insert(key, bits);
  return bits;
}

bool passes(const Segment& segment, std::uint32_t doc, const Filter& filter) {
  const auto child_passes = [&](const Filter& child) { return passes(segment, doc, child); };
  switch (filter.op) {
    case Filter::Op::kTrue:
      return true;
    case Filter::Op::kAnd:
      return std::ranges::all_of(filter.children, child_passes);
    case Filter::Op::kOr:
      return std::ranges::any_of(filter.children, child_passes);
    case Filter::Op::kNot:
      return !child_passes(filter.children.front());
    case Filter::Op::kGeo:
      return in_circle(segment, doc, filter);
    case Filter::Op::kRange: {
      const NumberColumn* column = segment.columns().number(filter.field);
      return column != nullptr && in_range(column->at(doc), filter);
    }
    case Filter::Op::kExists: {
      if (filter.field == "id") return true;
      const NumberColumn* number = segment.columns().number(filter.field);
      bool has = number != nullptr && !std::isnan(number->at(doc));
      if (const KeywordColumn* column = segment.columns().keyword(filter.field)) {
        column->visit(doc, [&](std::uint32_t) { has = true; });
      }
      return has;
    }
    case Filter::Op::kIn:
    case Filter::Op::kSubtree: {
      if (filter.field == "id") return std::ranges::find(filter.values, segment.id(doc)) != filter.values.end();
      const KeywordColumn* column = segment.columns().keyword(filter.field);
      if (column == nullptr) return false;
      bool found = false;
      column->visit(doc, [&](std::uint32_t ordinal) {
        const std::string entry = column->dictionary().at(ordinal);
        for (const std::string& value : filter.values) found |= folded_of(entry) == text::fold_keyword(value);
      });
      return found;
    }
  }
  return true;
}

}  // namespace handsel::index
