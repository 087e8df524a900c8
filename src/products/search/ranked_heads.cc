#include "products/search/ranked_heads.h"

namespace handsel::search {

std::uint64_t RankedHeads::keep(RankedHead head) {
  auto kept = std::make_shared<const RankedHead>(std::move(head));
  std::list<Kept> dropped;  // let go after the lock
  const std::lock_guard lock(mutex_);
  kept_.push_front({++last_, std::move(kept)});
  by_number_[last_] = kept_.begin();
  if (kept_.size() > kHeadsMax) {
    by_number_.erase(kept_.back().number);
    dropped.splice(dropped.begin(), kept_, std::prev(kept_.end()));
  }
  return last_;
}

std::shared_ptr<const RankedHead> RankedHeads::find(std::uint64_t number) {
  const std::lock_guard lock(mutex_);
  const auto found = by_number_.find(number);
  if (found == by_number_.end()) return nullptr;
  kept_.splice(kept_.begin(), kept_, found->second);
  return found->second->head;
}

std::size_t RankedHeads::size() const {
  const std::lock_guard lock(mutex_);
  return kept_.size();
}

}  // namespace handsel::search
