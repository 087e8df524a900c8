// Words become vectors, so that what means the same lies near.
//
// One interface for every filling: our own two-tower model, an imported transformer,
// or none at all (a null pointer: search goes on with words alone).
//
// Immutable after loading; any thread. Vectors are rows of dimensions() floats of
// length 1, or all zero where the text holds nothing the model can read (they are
// near nothing). Input of any length, script or byte sequence is answered; a model
// cuts what is too long for it.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "base/core/result.h"
#include "facts/catalog/listing.h"

namespace handsel::models {

inline constexpr std::size_t kDimensionsMax = 1024;
inline constexpr std::size_t kSessionVectorListings = 10;  // a session's vector is the mean of the last so many

// What a query tower may look at. Borrowed for the length of a call.
struct QueryInput {
  std::string_view text;
  std::string_view language;       // BCP 47 primary tag; empty: unknown
  std::string_view country;        // of the buyer, ISO 3166 alpha-2; empty: unknown
  std::span<const float> session;  // mean vector of what the session acted on; empty: none, or forbidden
};

class TextEncoder {
 public:
  virtual ~TextEncoder() = default;

  virtual std::size_t dimensions() const = 0;
  // Vectors of encoders with different fingerprints must not be compared: the vector
  // index keeps it and is made anew when it changes.
  virtual std::string fingerprint() const = 0;
  // Whether of a query it looks at the text alone: the rest of the input changes nothing.
  virtual bool reads_text_alone() const { return false; }
  // Whether a query costs microseconds, so that its words can be asked one by one as well.
  virtual bool is_quick() const { return false; }

  // `out`: inputs x dimensions().
  virtual Result<void> encode_queries(std::span<const QueryInput> queries, std::span<float> out) const = 0;
  virtual Result<void> encode_listings(std::span<const catalog::Listing* const> listings,
                                       std::span<float> out) const = 0;
};

}  // namespace handsel::models
