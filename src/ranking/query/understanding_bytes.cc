// The file of an Understanding: "HQUN" u32 version, u32 crc32c of the rest, then
//   f32 total; the taxonomies, the attributes: varint count, each string name, f32 weight;
//   the words, the queries: varint count, each string name, f32 total, f32 independent, then
//   its taxonomies and its attributes: varint count, each varint number, f32 weight; then
//   its words: varint count, each varint number (a word has none);
//   the namings: varint count, each string name, then its attributes and its categories
//   (none or one), then the words of its value and of its category: varint count, each string.
// Names of words, queries and namings grow; numbers lie within their tables; weights are
// finite and not negative. Anything else is refused.
#include <cmath>
#include <optional>

#include "base/core/bytes.h"
#include "ranking/query/internal/understanding_tables.h"

namespace handsel::query {
namespace {

constexpr std::string_view kMagic = "HQUN";
constexpr std::uint32_t kVersion = 2;

void put_names(std::string& out, const std::vector<Named>& names) {
  put_varint(out, names.size());
  for (const Named& named : names) {
    put_string(out, named.name);
    put_fixed(out, named.weight);
  }
}

void put_meanings(std::string& out, const std::vector<Meaning>& meanings) {
  put_varint(out, meanings.size());
  for (const Meaning& meaning : meanings) {
    put_varint(out, meaning.number);
    put_fixed(out, meaning.weight);
  }
}

void put_evidence(std::string& out, const std::vector<Evidence>& all) {
  put_varint(out, all.size());
  for (const Evidence& evidence : all) {
    put_string(out, evidence.name);
    put_fixed(out, evidence.total);
    put_fixed(out, evidence.independent);
    put_meanings(out, evidence.taxonomies);
    put_meanings(out, evidence.attributes);
    put_varint(out, evidence.words.size());
    for (const std::uint32_t word : evidence.words) put_varint(out, word);
  }
}

bool is_weight(float weight) {
  return std::isfinite(weight) && weight >= 0;
}

// A count, if that many of `bytes_min` can follow.
std::optional<std::size_t> read_count(ByteReader& reader, std::size_t max, std::size_t bytes_min) {
  const std::uint64_t count = reader.varint();
  if (!reader.ok() || count > max || count * bytes_min > reader.remaining()) return std::nullopt;
  return count;
}

bool read_names(ByteReader& reader, std::size_t max, std::vector<Named>& names) {
  const auto count = read_count(reader, max, 5);
  if (!count) return false;
  names.resize(*count);
  for (Named& named : names) {
    named.name = reader.string();
    named.weight = reader.fixed<float>();
    if (!reader.ok() || !is_weight(named.weight)) return false;
  }
  return true;
}

bool read_meanings(ByteReader& reader, std::size_t names, std::vector<Meaning>& meanings) {
  const auto count = read_count(reader, kMeaningsMax, 5);
  if (!count) return false;
  meanings.resize(*count);
  for (Meaning& meaning : meanings) {
    const std::uint64_t number = reader.varint();
    meaning = {.number = static_cast<std::uint32_t>(number), .weight = reader.fixed<float>()};
    if (!reader.ok() || number >= names || !is_weight(meaning.weight)) return false;
  }
  return true;
}

bool read_words(ByteReader& reader, std::size_t words, std::vector<std::uint32_t>& out) {
  const auto count = read_count(reader, kContentTermsMax, 1);
  if (!count) return false;
  for (std::size_t i = 0; i < *count; ++i) {
    const std::uint64_t number = reader.varint();
    if (!reader.ok() || number >= words) return false;
    out.push_back(static_cast<std::uint32_t>(number));
  }
  return true;
}

// `words`: how many there are to refer to.
bool read_evidence(ByteReader& reader, std::size_t max, const UnderstandingTables& tables, std::size_t words,
                   std::vector<Evidence>& all) {
  const auto count = read_count(reader, max, 12);
  if (!count) return false;
  all.resize(*count);
  for (std::size_t i = 0; i < all.size(); ++i) {
    all[i].name = reader.string();
    all[i].total = reader.fixed<float>();
    all[i].independent = reader.fixed<float>();
    if (!reader.ok() || !is_weight(all[i].total) || !is_weight(all[i].independent) ||
        (i > 0 && all[i].name <= all[i - 1].name))
      return false;
    if (!read_meanings(reader, tables.taxonomies.size(), all[i].taxonomies)) return false;
    if (!read_meanings(reader, tables.attributes.size(), all[i].attributes)) return false;
    if (!read_words(reader, words, all[i].words)) return false;
  }
  return true;
}

void put_namings(std::string& out, const std::vector<Naming>& namings) {
  put_varint(out, namings.size());
  for (const Naming& naming : namings) {
    put_string(out, naming.name);
    put_meanings(out, naming.attributes);
    put_meanings(out, naming.category ? std::vector{*naming.category} : std::vector<Meaning>());
    for (const auto* words : {&naming.value_words, &naming.category_words}) {
      put_varint(out, words->size());
      for (const std::string& word : *words) put_string(out, word);
    }
  }
}

bool read_name(ByteReader& reader, std::vector<std::string>& words) {
  const auto count = read_count(reader, kNameWordsMax, 1);
  if (!count) return false;
  for (std::size_t i = 0; i < *count; ++i) words.emplace_back(reader.string());
  return reader.ok();
}

bool read_namings(ByteReader& reader, const UnderstandingTables& tables, std::vector<Naming>& namings) {
  const auto count = read_count(reader, kUnderstoodWordsMax, 5);
  if (!count) return false;
  namings.resize(*count);
  for (std::size_t i = 0; i < namings.size(); ++i) {
    namings[i].name = reader.string();
    if (!reader.ok() || (i > 0 && namings[i].name <= namings[i - 1].name)) return false;
    if (!read_meanings(reader, tables.attributes.size(), namings[i].attributes)) return false;
    std::vector<Meaning> categories;
    if (!read_meanings(reader, tables.taxonomies.size(), categories) || categories.size() > 1) return false;
    if (!categories.empty()) namings[i].category = categories.front();
    if (!read_name(reader, namings[i].value_words) || !read_name(reader, namings[i].category_words)) return false;
  }
  return true;
}

}  // namespace

std::string write_tables(const UnderstandingTables& tables) {
  std::string rest;
  put_fixed(rest, tables.total);
  put_names(rest, tables.taxonomies);
  put_names(rest, tables.attributes);
  put_evidence(rest, tables.words);
  put_evidence(rest, tables.queries);
  put_namings(rest, tables.namings);
  std::string bytes(kMagic);
  put_fixed(bytes, kVersion);
  put_fixed(bytes, crc32c(rest));
  return bytes + rest;
}

Result<UnderstandingTables> read_tables(std::string_view bytes) {
  if (bytes.size() > kUnderstandingBytesMax) return fail(Code::kTooLarge, "understanding: {} bytes", bytes.size());
  ByteReader header(bytes);
  if (header.bytes(kMagic.size()) != kMagic) return fail(Code::kCorrupt, "understanding: not a file of that kind");
  const auto version = header.fixed<std::uint32_t>();
  if (version != kVersion) return fail(Code::kUnsupported, "understanding: version {} is not known", version);
  const auto crc = header.fixed<std::uint32_t>();
  const std::string_view rest = header.bytes(header.remaining());
  if (!header.ok() || crc32c(rest) != crc) return fail(Code::kCorrupt, "understanding: the checksum does not match");
  ByteReader reader(rest);
  UnderstandingTables tables;
  tables.total = reader.fixed<float>();
  const bool read = reader.ok() && is_weight(tables.total) &&
                    read_names(reader, kUnderstoodTaxonomiesMax, tables.taxonomies) &&
                    read_names(reader, kUnderstoodAttributesMax, tables.attributes) &&
                    read_evidence(reader, kUnderstoodWordsMax, tables, 0, tables.words) &&
                    read_evidence(reader, kUnderstoodQueriesMax, tables, tables.words.size(), tables.queries) &&
                    read_namings(reader, tables, tables.namings) && reader.empty();
  if (!read) return fail(Code::kCorrupt, "understanding: the tables do not parse");
  return tables;
}

}  // namespace handsel::query
