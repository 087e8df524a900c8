#include "app/engine/model_source.h"

#include <limits>

#include "base/core/hash.h"

namespace handsel {

Result<query::Synonyms> load_synonyms(FileSystem& files, const std::string& path, const text::Analyzer& analyzer) {
  if (!files.exists(path)) return query::Synonyms();
  HANDSEL_ASSIGN(const std::string text, files.read_file(path));
  auto synonyms = query::Synonyms::parse(analyzer, text);
  if (!synonyms) return fail(synonyms.error().code, "{}: {}", path, synonyms.error().message);
  return synonyms;
}

std::shared_ptr<const query::QueryModel> ModelSource::build(
    const index::Snapshot& snapshot, const std::vector<std::pair<std::string, std::uint64_t>>& searches) const {
  constexpr std::uint64_t kAll = std::numeric_limits<std::uint64_t>::max();
  const std::uint64_t hash_max =
      snapshot.live <= parts_.listings_max ? kAll : kAll / snapshot.live * parts_.listings_max;
  return query::build_query_model({.snapshot = snapshot,
                                   .analyzer = parts_.analyzer,
                                   .load_listing = [&](const index::DocInfo& document) -> Result<catalog::Listing> {
                                     if (hash64(document.id) > hash_max)
                                       return fail(Code::kNotFound, "not in the sample");
                                     return parts_.load_listing(document);
                                   },
                                   .searches = searches,
                                   .synonyms = parts_.synonyms});
}

}  // namespace handsel
