#include "views/vectors/parts.h"

#include <algorithm>

#include "base/core/hash.h"

namespace handsel::vectors {

void Dead::add(std::uint32_t row) {
  if (has(row)) return;
  if (row / 64 >= bits.size()) bits.resize(row / 64 + 1);
  bits[row / 64] |= std::uint64_t{1} << (row % 64);
  ++count;
}

Parts::State Parts::state() const {
  const std::lock_guard lock(mutex_);
  return {.parts = parts_, .applied = applied_, .obsolete_files = obsolete_files_};
}

void Parts::change(std::span<const std::string_view> gone, std::vector<Part> added,
                   std::vector<std::uint64_t> applied) {
  const std::lock_guard lock(mutex_);
  for (Part& part : parts_) {
    std::shared_ptr<Dead> dead;  // snapshots hold the old one
    for (const std::string_view id : gone) {
      const auto row = part.segment->find(id, hash64(id));
      if (!row || part.dead->has(*row)) continue;
      if (dead == nullptr) dead = std::make_shared<Dead>(*part.dead);
      dead->add(*row);
    }
    if (dead != nullptr) part.dead = std::move(dead);
  }
  // A memory part that is dead altogether needs no merge to go away.
  std::erase_if(parts_, [](const Part& part) { return part.in_memory() && part.live() == 0; });
  std::ranges::move(added, std::back_inserter(parts_));
  applied_ = std::move(applied);
}

void Parts::replace(std::span<const Part> sources, Part merged) {
  const std::lock_guard lock(mutex_);
  auto dead = std::make_shared<Dead>();
  for (const Part& source : sources) {
    const auto now = std::ranges::find(parts_, source.segment, &Part::segment);
    const bool is_gone = now == parts_.end();  // all of it died
    const bool is_unchanged = !is_gone && now->dead == source.dead;
    for (std::uint32_t row = 0; !is_unchanged && row < source.segment->rows(); ++row) {
      if (source.dead->has(row) || !(is_gone || now->dead->has(row))) continue;
      const auto place = merged.segment->find(source.segment->id(row), source.segment->hash(row));
      if (place) dead->add(*place);
    }
    if (!is_gone) parts_.erase(now);
    if (!source.in_memory()) obsolete_files_.push_back(source.file);
  }
  merged.dead = std::move(dead);
  if (merged.live() > 0) {
    parts_.push_back(std::move(merged));
  } else if (!merged.in_memory()) {
    obsolete_files_.push_back(merged.file);
  }
}

void Parts::forget_obsolete(std::span<const std::string> files) {
  const std::lock_guard lock(mutex_);
  std::erase_if(obsolete_files_,
                [&](const std::string& file) { return std::ranges::find(files, file) != files.end(); });
}

}  // namespace handsel::vectors
