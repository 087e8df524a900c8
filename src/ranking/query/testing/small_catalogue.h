// For tests of this room and those above: a few listings, indexed in a folder of their own.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "analysis/text/analyzer.h"
#include "base/core/file_system.h"
#include "facts/catalog/listing.h"
#include "views/index/index.h"

namespace handsel::query {

class SmallCatalogue {
 public:
  // `name` makes the folder; it is removed at the end.
  explicit SmallCatalogue(std::string_view name)
      : folder_(std::filesystem::temp_directory_path() / fmt::format("handsel-{}-{}", name, unique_number())) {
    auto opened = index::Index::open(real_file_system(), folder_.string(), analyzer_, 1, {.background = false});
    HANDSEL_CHECK(opened.has_value());
    index_ = std::move(*opened);
  }
  ~SmallCatalogue() {
    index_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  SmallCatalogue(const SmallCatalogue&) = delete;
  SmallCatalogue& operator=(const SmallCatalogue&) = delete;

  void put(catalog::Listing listing) {
    index_->upsert(listing, {.partition = 0, .offset = log_.size()});
    live_[listing.id] = log_.size();
    log_.push_back(std::move(listing));
  }
  void put_title(std::string title) {
    put({.id = fmt::format("t{}", log_.size()), .title = std::move(title), .language = "en"});
  }
  void remove(const std::string& id) {
    index_->remove(id, {.partition = 0, .offset = log_.size()});
    live_.erase(id);
    log_.emplace_back();
  }

  std::shared_ptr<const index::Snapshot> snapshot() {
    index_->refresh();
    return index_->snapshot();
  }
  Result<catalog::Listing> load(const index::DocInfo& info) const { return log_[info.position.offset]; }
  std::vector<catalog::Listing> listings() const {
    std::vector<catalog::Listing> out;
    for (const auto& [id, at] : live_) out.push_back(log_[at]);
    return out;
  }
  const text::Analyzer& analyzer() const { return analyzer_; }

 private:
  // The address of something alive, so that tests that run at once do not meet.
  std::string unique_number() const {
    return fmt::format("{}-{}", static_cast<const void*>(this),
                       std::filesystem::file_time_type::clock::now().time_since_epoch().count());
  }

  const text::Analyzer analyzer_{"en"};
  const std::filesystem::path folder_;
  std::unique_ptr<index::Index> index_;
  std::vector<catalog::Listing> log_;
  std::map<std::string, std::size_t> live_;
};

}  // namespace handsel::query
