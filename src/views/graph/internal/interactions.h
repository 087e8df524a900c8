// What queries led to: a decaying weight for each (query, listing) pair, and how many
// people stand behind each query.
//
// Decay is forward (Cormode, Shkapenyuk, Srivastava, Xu, "Forward decay", ICDE 2009): an
// event adds weight * exp((time - landmark) / tau), and reading divides by the same for now,
// so that nothing is touched as time goes by. The landmark moves before numbers grow large.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "views/graph/builder.h"
#include "views/graph/internal/name_set.h"
#include "views/graph/internal/pair_sums.h"

namespace handsel::graph::internal {

// One thread.
class Interactions {
 public:
  explicit Interactions(const GraphOptions& options);

  struct Action {
    std::string_view query;  // normalised, not empty
    std::uint32_t listing = 0;
    double weight = 0;
    std::int64_t time_ms = 0;
    std::uint32_t person = 0;
  };
  void add(const Action& action);
  // Somebody asked it too; counts where the query is known.
  void note_person(std::string_view query, std::uint32_t person);

  std::size_t queries() const { return queries_.size(); }
  std::size_t pairs() const { return sums_.size(); }
  std::string_view query_name(std::uint32_t query) const { return queries_.name(query); }
  bool has_enough_people(std::uint32_t query) const { return people_[query].count >= people_min_; }
  // As of the newest action; 0 where it has decayed to nothing.
  template <typename Visit>
  void visit(Visit visit) const {
    const double factor = decay_factor();
    sums_.visit([&](Pair pair, double weight) { visit(pair, weight * factor); });
  }
  // The least of 64 bits where there was none.
  std::int64_t newest_ms() const { return newest_ms_; }

 private:
  struct People {
    std::uint8_t count = 0;
    std::array<std::uint32_t, kPeopleMinMax> first{};
  };
  double decay_factor() const;
  void add_person(std::uint32_t query, std::uint32_t person);
  void move_landmark(std::int64_t time_ms);
  std::vector<bool> strongest_queries() const;
  void drop_the_weakest();

  const double tau_ms_;
  const std::size_t people_min_;
  const std::size_t pairs_max_;
  const std::size_t queries_max_;
  NameSet queries_;
  std::vector<People> people_;
  PairSums sums_;
  std::int64_t landmark_ms_ = 0;
  std::int64_t newest_ms_;
};

}  // namespace handsel::graph::internal
