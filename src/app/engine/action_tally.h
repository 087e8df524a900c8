// Which listings people acted on after which query, summed up: what an understanding of
// queries is built from.
//
// An action belongs to the query of its query_id, remembered for the last searches_max
// searches or at least half of them; where that is not known, to the words it carries
// itself; where there are none, to nothing.
//
// A query is told once two different people (users, or sessions where no user is named)
// acted after it: what one person typed stays with them.
//
// One thread. 250 MB at the very most, where each pair has words and a listing of its own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "facts/events/event.h"

namespace handsel {

class ActionTally {
 public:
  static constexpr std::size_t kSearchesMax = 200'000;
  static constexpr std::size_t kPairsMax = 1'000'000;

  // `pairs_max`: of query and listing, at least 4; over it the lightest quarter goes.
  explicit ActionTally(std::size_t searches_max = kSearchesMax, std::size_t pairs_max = kPairsMax)
      : searches_max_(searches_max), pairs_max_(pairs_max) {}

  void observe(const events::Event& event);  // in the order of the log

  struct Action {
    std::string_view query;     // normalised
    std::string_view language;  // that it was first asked in, or empty
    std::string_view listing_id;
    double weight = 0;
  };
  // By listing, then by query, until `visit` returns false: whatever order they came in.
  void visit(const std::function<bool(const Action&)>& visit) const;
  std::size_t pairs() const { return weights_.size(); }

 private:
  // Equal strings, equal numbers.
  class Names {
   public:
    std::uint32_t number(std::string_view name);
    const std::string& name(std::uint32_t number) const { return *names_[number]; }
    std::size_t size() const { return names_.size(); }

   private:
    std::unordered_map<std::string, std::uint32_t> numbers_;
    std::vector<const std::string*> names_;  // keys of `numbers_`
  };
  struct People {
    std::uint64_t first = 0;  // hash
    bool several = false;
  };
  struct Asked {
    std::string query;  // normalised
    std::string language;
  };

  void remember(const events::Event& search);
  Asked asked_of(const events::Event& event) const;
  void drop_lightest();

  const std::size_t searches_max_;
  const std::size_t pairs_max_;
  std::unordered_map<std::uint64_t, Asked> newer_;  // searches by hash of their id
  std::unordered_map<std::uint64_t, Asked> older_;
  Names queries_;
  std::vector<People> people_;          // by query
  std::vector<std::string> languages_;  // by query
  Names listings_;
  std::unordered_map<std::uint64_t, double> weights_;  // (query << 32 | listing)
};

}  // namespace handsel
