// Which of two rankings do people prefer? Both are shown at once, as one list, and clicks vote.
//
// Team-draft interleaving (Radlinski, Kurup & Joachims 2008, "How Does Clickthrough Data Reflect Retrieval
// Quality?", CIKM): the rankings take turns as captains of two teams do, each picking its best item that is not
// in the list yet; a coin decides who picks first in each round. Every place belongs to a team, and a click is
// credited to the team of its place. Pure functions of the seed, any thread. Cost: places plus the items passed over.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace handsel::assignment {

enum class Team : std::uint8_t { kA, kB };

struct Place {
  std::string id;
  Team team = Team::kA;
};

struct Interleaved {
  std::vector<Place> places;
};

// The first `count` places; fewer where the rankings hold fewer unlike items. An item that a ranking names
// twice counts at its first place. Where one ranking is exhausted the other goes on alone.
Interleaved interleave(std::span<const std::string> a, std::span<const std::string> b, std::size_t count,
                       std::uint64_t seed);

// What one shown list brought.
struct Credit {
  std::uint32_t a = 0;
  std::uint32_t b = 0;
};

// Clicked ids that the list does not show are passed over; two clicks on one place are one.
Credit credit(const Interleaved& list, std::span<const std::string> clicked);

struct Preference {
  std::size_t lists = 0;
  std::size_t wins_a = 0;
  std::size_t wins_b = 0;
  std::size_t ties = 0;  // no clicks, or as many on either side
  // Of the lists with a winner, how many B won, with its Wilson score interval (Wilson 1927). Half, and 0 to 1,
  // where there is none.
  double share_b = 0.5;
  double low = 0;
  double high = 1;
  double p = 1;  // two-sided exact sign test
  // (wins_b - wins_a) / lists, ties included: how much of all searches would be better (Chapelle, Joachims,
  // Radlinski & Yue 2012, "Large-scale validation and analysis of interleaved search evaluation").
  double margin = 0;
};

// One credit per independent list: sum what one person did before, or the interval is too narrow.
Preference preference(std::span<const Credit> credits, double confidence = 0.95);

}  // namespace handsel::assignment
