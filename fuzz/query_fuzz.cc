// The query parser and the synonyms file. The first byte says which; the parser never
// fails and keeps its limits, the file is read or refused with a line.
#include <cstdint>
#include <string_view>

#include "base/core/result.h"
#include "ranking/query/query_parser.h"
#include "ranking/query/synonyms.h"

namespace {

void check_query(const handsel::text::Analyzer& analyzer, std::string_view text) {
  using namespace handsel;
  const query::ParsedQuery query = query::parse_query(analyzer, text, "en");
  HANDSEL_CHECK(query.text.size() <= query::kQueryBytesMax);
  HANDSEL_CHECK(query.words.size() <= query::kQueryWordsMax);
  HANDSEL_CHECK(query.excluded.size() <= query::kExcludedMax);
  HANDSEL_CHECK(query.complaints.size() <= query::kComplaintsMax + 1);
  HANDSEL_CHECK(query.has_words() || query.excluded.empty());
  for (const query::QueryWord& word : query.words) {
    HANDSEL_CHECK(word.begin <= word.end && word.end <= query.text.size());
  }
  for (const auto& phrase : query.phrases) {
    HANDSEL_CHECK(phrase.begin + 2 <= phrase.end && phrase.end <= query.words.size());
  }
}

void check_synonyms(const handsel::text::Analyzer& analyzer, std::string_view text) {
  using namespace handsel;
  const auto synonyms = query::Synonyms::parse(analyzer, text);
  if (!synonyms) HANDSEL_CHECK(synonyms.error().message.starts_with("synonyms: "));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const handsel::text::Analyzer analyzer("en");
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  data[0] == 's' ? check_synonyms(analyzer, text) : check_query(analyzer, text);
  return 0;
}
