// How something long tells a person that it moves.
#pragma once

#include <cstdint>
#include <cstdio>
#include <string>

#include "base/core/clock.h"

namespace handsel {

// Draws one line on a terminal (rate, share and time left), or a plain line every
// ten seconds where the output is not a terminal. One thread.
class Progress {
 public:
  // total 0: unknown. `unit` is a plural noun: "listings".
  Progress(std::string label, std::string unit, std::uint64_t total, bool quiet = false, std::FILE* out = stderr);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void add(std::uint64_t count) { set(done_ + count); }
  void set(std::uint64_t done);
  // Draws the final state and ends the line. The destructor calls it too.
  void finish();

 private:
  void draw(bool last);

  const std::string label_;
  const std::string unit_;
  const std::uint64_t total_;
  const bool quiet_;
  std::FILE* const out_;
  const bool terminal_;
  std::uint64_t done_ = 0;
  double drawn_at_ms_ = 0;
  bool finished_ = false;
  Stopwatch watch_;
};

// 1234567 -> "1,234,567".
std::string with_commas(std::uint64_t value);

}  // namespace handsel
