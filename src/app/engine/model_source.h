// What the query model is built from: the listings that a snapshot shows, the query
// log's counts, the synonyms of DIR/synonyms.txt.
//
// Over `listings_max` listings a sample is read, chosen by a hash of the id, so that
// cost and memory are bounded and a rebuild chooses the same. One thread at a time;
// about 10 microseconds a listing.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "analysis/text/analyzer.h"
#include "base/core/file_system.h"
#include "base/core/result.h"
#include "facts/catalog/listing.h"
#include "ranking/query/query_model.h"
#include "ranking/query/synonyms.h"
#include "views/index/index.h"

namespace handsel {

// None where there is no such file. Errors name file and line.
Result<query::Synonyms> load_synonyms(FileSystem& files, const std::string& path, const text::Analyzer& analyzer);

class ModelSource {
 public:
  using LoadListing = std::function<Result<catalog::Listing>(const index::DocInfo&)>;
  struct Parts {
    const text::Analyzer& analyzer;  // borrowed
    LoadListing load_listing;
    query::Synonyms synonyms;
    std::uint64_t listings_max = 0;
  };
  explicit ModelSource(Parts parts) : parts_(std::move(parts)) {}

  std::shared_ptr<const query::QueryModel> build(
      const index::Snapshot& snapshot, const std::vector<std::pair<std::string, std::uint64_t>>& searches) const;

 private:
  const Parts parts_;
};

}  // namespace handsel
