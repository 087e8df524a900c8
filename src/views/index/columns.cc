#include "views/index/columns.h"

#include <algorithm>
#include <array>
#include <set>

#include "analysis/text/fold.h"
#include "base/core/bytes.h"

namespace handsel::index {
namespace {

constexpr std::array<std::string_view, 10> kKeywordColumns = {
    "shop", "taxonomy", "tag", "material", "language", "currency", "state", "type", "ships_from", "personalizable"};
constexpr std::array<std::string_view, 9> kNumberColumns = {
    "price", "quantity", "rating", "rating_count", "favourites", "created", "updated", "latitude", "longitude"};

enum NumberCoding : std::uint8_t { kConstant, kDouble, kHundredths };

std::string_view state_name(catalog::ListingState state) {
  switch (state) {
    case catalog::ListingState::kActive:
      return "active";
    case catalog::ListingState::kInactive:
      return "inactive";
    case catalog::ListingState::kSoldOut:
      return "sold_out";
    case catalog::ListingState::kDraft:
      return "draft";
    case catalog::ListingState::kExpired:
      return "expired";
  }
  return "active";
}

template <typename T>
T read_at(std::string_view bytes, std::size_t index) {
  T value;
  std::memcpy(&value, bytes.data() + index * sizeof(T), sizeof(T));
  return value;
}

void put_ordinal(std::string& out, std::uint32_t ordinal, std::uint8_t width) {
  out.append(reinterpret_cast<const char*>(&ordinal), width);
}

std::uint8_t width_for(std::uint32_t count) {
  return count < 0xff ? 1 : count < 0xffff ? 2 : 4;
}

// `values` sorted by document; ordinals into `dictionary`.
std::string keyword_body(const DictionaryBuilder& dictionary,
                         std::span<const std::pair<std::uint32_t, std::uint32_t>> values, std::uint32_t documents) {
  bool single = true;
  for (std::size_t i = 1; i < values.size(); ++i) single &= values[i].first != values[i - 1].first;
  const std::uint8_t width = width_for(dictionary.size());
  std::string out;
  put_string(out, dictionary.finish());
  put_fixed(out, static_cast<std::uint8_t>(single));
  put_fixed(out, width);
  std::size_t at = 0;
  if (single) {
    for (std::uint32_t doc = 0; doc < documents; ++doc) {
      const bool has = at < values.size() && values[at].first == doc;
      put_ordinal(out, has ? values[at++].second : kNoOrdinal, width);
    }
    return out;
  }
  for (std::uint32_t doc = 0; doc < documents; ++doc) {
    put_fixed(out, static_cast<std::uint32_t>(at));
    while (at < values.size() && values[at].first == doc) ++at;
  }
  put_fixed(out, static_cast<std::uint32_t>(at));
  for (const auto& value : values) put_ordinal(out, value.second, width);
  return out;
}

bool in_hundredths(std::span<const double> values, double base) {
  return std::ranges::all_of(values, [base](double value) {
    if (std::isnan(value)) return true;
    const double scaled = std::round(value * 100);
    return scaled / 100 == value && scaled - base >= 0 && scaled - base < 4294967295.0;
  });
}

std::string number_body(std::span<const double> values) {
  std::string out;
  const auto same = [&](double value) {
    return value == values.front() || (std::isnan(value) && std::isnan(values.front()));
  };
  double base = std::numeric_limits<double>::infinity();
  for (const double value : values) base = std::isnan(value) ? base : std::min(base, std::round(value * 100));
  if (std::ranges::all_of(values, same)) {
    put_fixed(out, std::uint8_t{kConstant});
    put_fixed(out, values.empty() ? kNoNumber : values.front());
  } else if (in_hundredths(values, base)) {
    put_fixed(out, std::uint8_t{kHundredths});
    put_fixed(out, base);
    for (const double value : values) {
      put_fixed(out, std::isnan(value) ? kNoOrdinal : static_cast<std::uint32_t>(std::round(value * 100) - base));
    }
  } else {
    put_fixed(out, std::uint8_t{kDouble});
    for (const double value : values) put_fixed(out, value);
  }
  return out;
}

void put_column(std::string& out, std::string_view name, ColumnKind kind, std::string_view body) {
  put_string(out, name);
  put_fixed(out, static_cast<std::uint8_t>(kind));
  put_string(out, body);
}

std::string merge_keyword(std::string_view name, std::span<const ColumnSource> sources, std::uint32_t documents) {
  // Only values that a kept document has survive.
  std::map<std::string, std::uint32_t> values;
  std::vector<std::vector<bool>> used(sources.size());
  for (std::size_t i = 0; i < sources.size(); ++i) {
    const KeywordColumn* column = sources[i].columns->keyword(name);
    if (column == nullptr) continue;
    used[i].resize(column->dictionary().size());
    for (const std::uint32_t doc : sources[i].kept) column->visit(doc, [&](std::uint32_t o) { used[i][o] = true; });
    for (Dictionary::Iterator it(column->dictionary()); it.valid(); it.next()) {
      if (used[i][it.number()]) values.emplace(it.value(), 0);
    }
  }
  DictionaryBuilder dictionary;
  for (auto& [value, ordinal] : values) {
    ordinal = dictionary.size();
    dictionary.add(value);
  }
  std::vector<std::pair<std::uint32_t, std::uint32_t>> pairs;
  std::uint32_t next = 0;
  for (std::size_t i = 0; i < sources.size(); ++i) {
    const KeywordColumn* column = sources[i].columns->keyword(name);
    std::vector<std::uint32_t> ordinals;
    if (column != nullptr) {
      ordinals.resize(column->dictionary().size());
      for (Dictionary::Iterator it(column->dictionary()); it.valid(); it.next()) {
        if (used[i][it.number()]) ordinals[it.number()] = values.find(it.value())->second;
      }
    }
    for (const std::uint32_t doc : sources[i].kept) {
      if (column != nullptr) column->visit(doc, [&](std::uint32_t o) { pairs.emplace_back(next, ordinals[o]); });
      ++next;
    }
  }
  return keyword_body(dictionary, pairs, documents);
}

std::string merge_number(std::string_view name, std::span<const ColumnSource> sources) {
  std::vector<double> values;
  for (const ColumnSource& source : sources) {
    const NumberColumn* column = source.columns->number(name);
    for (const std::uint32_t doc : source.kept) values.push_back(column == nullptr ? kNoNumber : column->at(doc));
  }
  return number_body(values);
}

}  // namespace

ColumnKind column_kind(std::string_view field) {
  if (field == "id" || std::ranges::find(kKeywordColumns, field) != kKeywordColumns.end()) return ColumnKind::kKeyword;
  if (field.starts_with(kAttributePrefix) && field.size() > kAttributePrefix.size()) return ColumnKind::kKeyword;
  if (std::ranges::find(kNumberColumns, field) != kNumberColumns.end()) return ColumnKind::kNumber;
  return ColumnKind::kUnknown;
}

std::string keyword_entry(std::string_view value) {
  std::string entry = text::fold_keyword(value);
  const bool differs = entry != value;
  entry.push_back('\0');
  if (differs) entry += value;
  return entry;
}

std::string_view folded_of(std::string_view entry) {
  return entry.substr(0, entry.find('\0'));
}

std::string_view written_of(std::string_view entry) {
  const std::size_t zero = entry.find('\0');
  return zero + 1 < entry.size() && zero != std::string_view::npos ? entry.substr(zero + 1) : entry.substr(0, zero);
}

std::vector<std::string> taxonomy_prefixes(std::span<const std::string> path) {
  std::vector<std::string> prefixes;
  for (const std::string& name : path) {
    prefixes.push_back(prefixes.empty() ? name : prefixes.back() + std::string(kTaxonomySeparator) + name);
  }
  return prefixes;
}

ColumnValues column_values(const catalog::Listing& listing) {
  ColumnValues values;
  const auto keyword = [&](std::string_view column, std::string_view value) {
    if (!value.empty()) values.keywords.emplace_back(column, value);
  };
  keyword("shop", listing.shop_name.empty() ? listing.shop_id : listing.shop_name);
  for (const std::string& prefix : taxonomy_prefixes(listing.taxonomy_path)) keyword("taxonomy", prefix);
  for (const std::string& tag : listing.tags) keyword("tag", tag);
  for (const std::string& material : listing.materials) keyword("material", material);
  keyword("language", listing.language);
  keyword("currency", listing.currency);
  keyword("state", state_name(listing.state));
  keyword("type", listing.listing_type);
  keyword("ships_from", listing.ships_from);
  keyword("personalizable", listing.personalizable ? "true" : "false");
  for (const catalog::Attribute& attribute : listing.attributes) {
    keyword(std::string(kAttributePrefix) + text::fold_keyword(attribute.name), attribute.value);
  }
  const auto number = [&](std::string_view column, double value) { values.numbers.emplace_back(column, value); };
  if (listing.price_cents) number("price", static_cast<double>(*listing.price_cents) / 100);
  number("quantity", static_cast<double>(listing.quantity));
  if (listing.rating) number("rating", *listing.rating);
  number("rating_count", static_cast<double>(listing.rating_count));
  number("favourites", static_cast<double>(listing.favourites_count));
  if (listing.created_ms != 0) number("created", static_cast<double>(listing.created_ms));
  if (listing.updated_ms != 0) number("updated", static_cast<double>(listing.updated_ms));
  if (listing.location) {
    number("latitude", listing.location->latitude_deg);
    number("longitude", listing.location->longitude_deg);
  }
  return values;
}

void ColumnsBuilder::add(std::uint32_t doc, const ColumnValues& values) {
  for (const auto& [name, value] : values.keywords) {
    auto it = keywords_.find(name);
    if (it == keywords_.end()) {
      if (keywords_.size() >= kAttributeColumnsMax + kKeywordColumns.size()) continue;
      it = keywords_.emplace(name, Keyword{}).first;
    }
    Keyword& column = it->second;
    const auto [entry, added] = column.numbers.try_emplace(value, static_cast<std::uint32_t>(column.numbers.size()));
    const std::pair pair(doc, entry->second);
    // A value that a listing repeats counts once.
    const auto own = std::ranges::find_if(column.values.rbegin(), column.values.rend(),
                                          [doc, &pair](const auto& v) { return v.first != doc || v == pair; });
    if (own == column.values.rend() || *own != pair) column.values.push_back(pair);
  }
  for (const auto& [name, value] : values.numbers) {
    auto it = numbers_.find(name);
    if (it == numbers_.end())
      it = numbers_.emplace(std::string(name), std::vector<std::pair<std::uint32_t, double>>{}).first;
    it->second.emplace_back(doc, value);
  }
}

std::string ColumnsBuilder::finish(std::uint32_t documents) const {
  std::string out;
  put_varint(out, keywords_.size() + numbers_.size());
  for (const auto& [name, column] : keywords_) {
    std::vector<std::pair<std::string, std::uint32_t>> sorted;
    for (const auto& [value, number] : column.numbers) sorted.emplace_back(keyword_entry(value), number);
    std::ranges::sort(sorted);
    DictionaryBuilder dictionary;
    std::vector<std::uint32_t> ordinals(sorted.size());
    for (const auto& [value, number] : sorted) {
      ordinals[number] = dictionary.size();
      dictionary.add(value);
    }
    auto values = column.values;
    for (auto& value : values) value.second = ordinals[value.second];
    put_column(out, name, ColumnKind::kKeyword, keyword_body(dictionary, values, documents));
  }
  for (const auto& [name, pairs] : numbers_) {
    std::vector<double> values(documents, kNoNumber);
    for (const auto& [doc, value] : pairs) values[doc] = value;
    put_column(out, name, ColumnKind::kNumber, number_body(values));
  }
  return out;
}

KeywordColumn::KeywordColumn(std::string_view body, std::uint32_t documents) {
  ByteReader reader(body);
  const std::string_view dictionary = reader.string();
  single_ = reader.fixed<std::uint8_t>() != 0;
  width_ = reader.fixed<std::uint8_t>();
  if (!single_) offsets_ = reader.bytes((std::uint64_t{documents} + 1) * 4);
  ordinals_ = reader.bytes(reader.remaining());
  const bool known_width = width_ == 1 || width_ == 2 || width_ == 4;
  if (!reader.ok() || !known_width || (single_ && ordinals_.size() < std::size_t{documents} * width_)) return;
  count_ = static_cast<std::uint32_t>(ordinals_.size() / width_);
  dictionary_ = Dictionary(dictionary);
}

std::uint32_t KeywordColumn::offset(std::uint32_t doc) const {
  if (offsets_.empty()) return 0;
  return std::min(read_at<std::uint32_t>(offsets_, doc), count_);
}

std::uint32_t KeywordColumn::ordinal_at(std::uint32_t index) const {
  if (index >= count_) return kNoOrdinal;
  switch (width_) {
    case 1:
      return read_at<std::uint8_t>(ordinals_, index);
    case 2:
      return read_at<std::uint16_t>(ordinals_, index);
    default:
      return read_at<std::uint32_t>(ordinals_, index);
  }
}

void KeywordColumn::prefetch_offset(std::uint32_t doc) const {
  __builtin_prefetch(single_ ? ordinals_.data() + std::size_t{doc} * width_ : offsets_.data() + 4 * std::size_t{doc});
}

void KeywordColumn::prefetch_values(std::uint32_t doc) const {
  if (!single_) __builtin_prefetch(ordinals_.data() + std::size_t{offset(doc)} * width_);
}

// The width is chosen once for many documents, not once for each.
template <typename Ordinal>
void KeywordColumn::count_as(std::span<const std::uint32_t> docs, std::span<std::uint32_t> counts) const {
  for (const std::uint32_t doc : docs) {
    std::uint32_t at = single_ ? doc : offset(doc);
    const std::uint32_t end = single_ ? doc + 1 : offset(doc + 1);
    for (; at < end && at < count_; ++at) {
      const std::uint32_t ordinal = read_at<Ordinal>(ordinals_, at);
      if (ordinal < counts.size()) ++counts[ordinal];
    }
  }
}

void KeywordColumn::count(std::span<const std::uint32_t> docs, std::span<std::uint32_t> counts) const {
  switch (width_) {
    case 1:
      return count_as<std::uint8_t>(docs, counts);
    case 2:
      return count_as<std::uint16_t>(docs, counts);
    default:
      return count_as<std::uint32_t>(docs, counts);
  }
}

NumberColumn::NumberColumn(std::string_view body, std::uint32_t documents) {
  ByteReader reader(body);
  const auto coding = reader.fixed<std::uint8_t>();
  const double base = coding == kDouble ? kNoNumber : reader.fixed<double>();
  if (!reader.ok() || coding > kHundredths) return;
  const std::size_t width = coding == kConstant ? 0 : coding == kDouble ? 8 : 4;
  if (reader.remaining() < documents * width) return;
  coding_ = coding;
  base_ = base;
  values_ = reader.bytes(reader.remaining());
}

double NumberColumn::at(std::uint32_t doc) const {
  switch (coding_) {
    case kDouble:
      return read_at<double>(values_, doc);
    case kHundredths: {
      const auto raw = read_at<std::uint32_t>(values_, doc);
      return raw == kNoOrdinal ? kNoNumber : (raw + base_) / 100;
    }
    default:
      return base_;
  }
}

void NumberColumn::prefetch(std::uint32_t doc) const {
  if (coding_ != kConstant) __builtin_prefetch(values_.data() + (coding_ == kDouble ? 8 : 4) * std::size_t{doc});
}

Columns::Columns(std::string_view bytes, std::uint32_t documents) {
  ByteReader reader(bytes);
  const std::uint64_t columns = reader.varint();
  for (std::uint64_t i = 0; i < columns && reader.ok(); ++i) {
    const std::string name(reader.string());
    const auto kind = static_cast<ColumnKind>(reader.fixed<std::uint8_t>());
    const std::string_view body = reader.string();
    if (!reader.ok()) return;
    if (kind == ColumnKind::kKeyword) keywords_.emplace(name, KeywordColumn(body, documents));
    if (kind == ColumnKind::kNumber) numbers_.emplace(name, NumberColumn(body, documents));
  }
}

const KeywordColumn* Columns::keyword(std::string_view name) const {
  const auto it = keywords_.find(name);
  return it == keywords_.end() ? nullptr : &it->second;
}

const NumberColumn* Columns::number(std::string_view name) const {
  const auto it = numbers_.find(name);
  return it == numbers_.end() ? nullptr : &it->second;
}

std::string merge_columns(std::span<const ColumnSource> sources) {
  std::set<std::string> keywords;
  std::set<std::string> numbers;
  std::uint32_t documents = 0;
  for (const ColumnSource& source : sources) {
    for (const auto& entry : source.columns->keywords()) keywords.insert(entry.first);
    for (const auto& entry : source.columns->numbers()) numbers.insert(entry.first);
    documents += static_cast<std::uint32_t>(source.kept.size());
  }
  std::string out;
  put_varint(out, keywords.size() + numbers.size());
  for (const std::string& name : keywords) {
    put_column(out, name, ColumnKind::kKeyword, merge_keyword(name, sources, documents));
  }
  for (const std::string& name : numbers) put_column(out, name, ColumnKind::kNumber, merge_number(name, sources));
  return out;
}

}  // namespace handsel::index
