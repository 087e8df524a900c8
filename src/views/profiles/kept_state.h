// State that is fed by events and can be kept: written in pieces, and taken up again by
// another one of the same fingerprint, which then goes on as if it had seen the events
// itself, bit for bit. What a snapshot (snapshot.h) is made of.
//
// Equal states give equal bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace handsel::profiles {

class KeptState {
 public:
  virtual ~KeptState() = default;

  // Of all that decides what the state is after the same events: options, limits, rules.
  virtual std::uint64_t fingerprint() const = 0;
  // How many; the same for the same fingerprint.
  virtual std::size_t pieces() const = 0;
  // Appends one. On the thread that observes, between two events: as nobody else changes
  // the state, this takes no lock, and who reads is not held up.
  virtual void put_piece(std::size_t piece, std::string& out) const = 0;
  // Into an empty state, each piece once, before the first event; on the thread that will
  // observe. Readers see it piece by piece. The bytes may come from anywhere: false where
  // they make no sense, then only clear() is left.
  virtual bool take_piece(std::size_t piece, std::string_view bytes) = 0;
  // As if nothing had been observed. The thread that observes.
  virtual void clear() = 0;
};

}  // namespace handsel::profiles
