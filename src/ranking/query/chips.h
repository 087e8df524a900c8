// Refinement chips: the few values that would narrow a result down best.
//
// A chip is worth the information, in bits, that an answer to 'is it this?' gives about a
// result: the entropy H(p) = -p log2 p - (1-p) log2 (1-p), where p is the value's share
// of the candidates, or of their relevance where that is given (so that a value of the
// best results counts for more than one of the tail). Chips are chosen one by one; each
// choice halves what further values of the same field are worth, as they cut along the
// same line. Never: a value of nearly none (under kShareMin or kCountMin) or nearly all
// (over kShareMax), one that the query or a filter says already, one of a field that a
// filter fixes.
//
// Pure; any thread. Costs chips * values.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace handsel::query {

inline constexpr std::size_t kChipsMax = 6;
inline constexpr std::size_t kChipsOfFieldMax = 3;
inline constexpr double kShareMin = 0.05;
inline constexpr double kShareMax = 0.9;
inline constexpr std::uint64_t kCountMin = 2;
inline constexpr double kSameFieldWorth = 0.5;
inline constexpr std::uint64_t kChipTotalMin = 8;  // fewer results need no narrowing

struct ChipCandidate {
  std::string field;  // "attr.color"
  std::string value;  // "Sage"; or "10..20" of a range
  std::uint64_t count = 0;
  std::optional<double> mass;  // the sum of the scores of those with the value; all have it or none
};

struct ChipRequest {
  std::span<const ChipCandidate> values;
  std::uint64_t total = 0;                // candidates
  double mass = 0;                        // of all of them, where candidates have one
  std::string_view query;                 // as text::normalised_query() makes it
  std::span<const std::string> filtered;  // fields that a filter fixes already
  std::size_t limit = kChipsMax;
};

struct Chip {
  std::string field;
  std::string value;
  std::uint64_t count = 0;
  double bits = 0;  // 0..1, what it was chosen for
  bool operator==(const Chip&) const = default;
};

// Best first; at most kChipsMax. Equal ones in the order of field and value.
std::vector<Chip> choose_chips(const ChipRequest& request);

}  // namespace handsel::query
