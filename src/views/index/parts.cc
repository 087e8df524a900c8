#include "views/index/parts.h"

#include <algorithm>
#include <map>

#include "base/core/hash.h"

namespace handsel::index {

Parts::State Parts::state() const {
  const std::lock_guard lock(mutex_);
  return {parts_, applied_, obsolete_files_};
}

void Parts::change(std::span<const std::string> gone, std::vector<Part> added, std::vector<std::uint64_t> applied) {
  const std::lock_guard lock(mutex_);
  // Deletions are published values: the first change of each makes a copy.
  std::map<std::size_t, std::shared_ptr<Deletions>> changed;
  for (const std::string& id : gone) {
    const std::uint64_t hash = hash64(id);
    for (std::size_t i = parts_.size(); i-- > 0;) {
      const auto doc = parts_[i].segment->find_id(id, hash);
      if (!doc) continue;
      const auto found = changed.find(i);
      const Deletions& now = found == changed.end() ? *parts_[i].deletions : *found->second;
      if (now.contains(*doc)) continue;
      auto& copy = changed[i];
      if (copy == nullptr) copy = std::make_shared<Deletions>(*parts_[i].deletions);
      copy->add(*parts_[i].segment, *doc);
      break;  // an id is live in one part at most
    }
  }
  for (auto& [i, deletions] : changed) parts_[i].deletions = std::move(deletions);
  for (Part& part : added) parts_.push_back(std::move(part));
  applied_ = std::move(applied);
}

void Parts::replace(std::span<const Part> sources, std::span<const std::vector<std::uint32_t>> kept, Part merged) {
  const std::lock_guard lock(mutex_);
  const auto place_of = [this](const Part& source) {
    return std::ranges::find(parts_, source.segment, &Part::segment);
  };
  auto deletions = std::make_shared<Deletions>();
  std::uint32_t base = 0;
  for (std::size_t i = 0; i < sources.size(); ++i) {
    const auto now = place_of(sources[i]);
    HANDSEL_CHECK(now != parts_.end());
    if (now->deletions->count != sources[i].deletions->count) {
      for (std::uint32_t k = 0; k < kept[i].size(); ++k) {
        if (now->deletions->contains(kept[i][k])) deletions->add(*merged.segment, base + k);
      }
    }
    base += static_cast<std::uint32_t>(kept[i].size());
  }
  merged.deletions = std::move(deletions);
  auto place = place_of(sources.front());
  if (!place->in_memory()) obsolete_files_.push_back(place->file);
  *place = std::move(merged);
  for (const Part& source : sources.subspan(1)) {
    place = place_of(source);
    if (!place->in_memory()) obsolete_files_.push_back(place->file);
    parts_.erase(place);
  }
  std::erase_if(parts_, [](const Part& part) { return part.segment->documents() == 0; });
}

void Parts::forget_obsolete(std::span<const std::string> files) {
  const std::lock_guard lock(mutex_);
  std::erase_if(obsolete_files_,
                [&](const std::string& file) { return std::ranges::find(files, file) != files.end(); });
}

}  // namespace handsel::index
