#include "ranking/pipeline/exploration.h"

#include <algorithm>
#include <cmath>

#include "base/core/hash.h"

namespace handsel::pipeline {
namespace {

constexpr std::int64_t kDayMs = 24ll * 60 * 60 * 1'000;

std::int64_t day_of(std::int64_t now_ms) {
  return now_ms / kDayMs - (now_ms % kDayMs < 0 ? 1 : 0);
}

class Explorer {
 public:
  Explorer(std::vector<RankedItem>& items, const ExplorationAsk& ask)
      : items_(items),
        ask_(ask),
        base_(score_base(items)),
        page_(std::min(items.size(), kFirstPagePlaces)),
        seed_(hash64(fmt::format("{} {}", day_of(ask.now_ms), ask.normalised_query))) {
    for (std::size_t i = 0; i < page_; ++i) page_worth_ += worth(i);
  }

  std::vector<Move> run() {
    // Only what stood behind the page is brought in; so there must be something there.
    if (items_.size() <= kFirstPagePlaces || !(page_worth_ > 0)) return {};
    for (std::size_t block = 0; block < kFirstPagePlaces / kPlacesPerNewListing; ++block) fill(block);
    return std::move(moves_);
  }

 private:
  double worth(std::size_t place) const {
    const double score = items_[place].score;
    return std::isfinite(score) ? score - base_ : 0;
  }
  bool is_held(std::size_t place) const { return std::ranges::binary_search(ask_.held, items_[place].hit.doc); }
  std::uint64_t drawn(std::size_t block, std::string_view what, std::size_t of) const {
    return hash64(fmt::format("{} {} {}", seed_, block, what)) % of;
  }

  // Places of the block that may go to a new listing, as far from the last one as there
  // must be between two.
  std::vector<std::size_t> places(std::size_t block) const {
    std::size_t first = std::max(kPlacesLeftAlone, block * kPlacesPerNewListing);
    if (!moves_.empty()) first = std::max(first, moves_.back().to + kPlacesPerNewListing);
    std::vector<std::size_t> out;
    for (std::size_t place = first; place < std::min(page_, (block + 1) * kPlacesPerNewListing); ++place) {
      if (!is_held(place)) out.push_back(place);
    }
    return out;
  }

  // The best new ones behind the page that the place may go to, in their order.
  std::vector<std::size_t> candidates(std::size_t place) const {
    std::vector<std::size_t> out;
    const double displaced = worth(place);
    for (std::size_t i = kFirstPagePlaces; i < items_.size() && out.size() < kBestNewMax; ++i) {
      const double loss = displaced - worth(i);
      if (!std::isfinite(items_[i].score) || worth(i) < kWorthMin * displaced) continue;
      if (lost_ + std::max(loss, 0.0) >= kLossMax * page_worth_ || is_held(i)) continue;
      if (ask_.is_new(items_[i].hit.doc)) out.push_back(i);
    }
    return out;
  }

  void fill(std::size_t block) {
    const auto free = places(block);
    if (free.empty()) return;
    const std::size_t to = free[drawn(block, "place", free.size())];
    const auto found = candidates(to);
    if (found.empty()) return;
    const std::size_t from = found[drawn(block, "listing", found.size())];
    lost_ += std::max(worth(to) - worth(from), 0.0);
    moves_.push_back({.rule = nullptr,
                      .doc = items_[from].hit.doc,
                      .from = from,
                      .to = to,
                      .score_before = items_[from].score,
                      .score = items_[from].score});
    move_up(from, to);
  }

  // What is held keeps its place; the others between move down by one.
  void move_up(std::size_t from, std::size_t to) {
    const RankedItem moved = items_[from];
    std::size_t hole = from;
    for (std::size_t i = from; i-- > to;) {
      if (is_held(i)) continue;
      items_[hole] = items_[i];
      hole = i;
    }
    items_[to] = moved;
  }

  std::vector<RankedItem>& items_;
  const ExplorationAsk& ask_;
  const double base_;
  const std::size_t page_;
  const std::uint64_t seed_;
  double page_worth_ = 0;
  double lost_ = 0;
  std::vector<Move> moves_;
};

}  // namespace

bool is_new_listing(const index::Snapshot& snapshot, index::DocRef doc, const profiles::Counters& counters,
                    std::int64_t now_ms) {
  const double created_ms = index::NumberReader(snapshot, "created").at(doc);
  // Not a number where it is not known: then neither comparison holds.
  if (!(created_ms > 0) || !(static_cast<double>(now_ms) - created_ms < static_cast<double>(kNewAgeMaxMs))) {
    return false;
  }
  return counters.of_listing(index::doc_info(snapshot, doc).id, now_ms).shown < kNewShownMax;
}

std::vector<Move> explore(std::vector<RankedItem>& items, const ExplorationAsk& ask) {
  return Explorer(items, ask).run();
}

}  // namespace handsel::pipeline
