// Keeps a loop that nobody waits for below a share of one core: it works for a moment, then rests so many times as
// long as it worked. What runs beside it on the same cores is held up for that moment at most.
//
// One thread. A step costs a count; every kStepsToLook of them, a look at the clock.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>

namespace handsel {

class Pace {
 public:
  using Duration = std::chrono::nanoseconds;
  static constexpr std::uint64_t kStepsToLook = 64;
  static constexpr Duration kWorkMin = std::chrono::milliseconds(5);  // shorter work is not worth a rest of its own
  static constexpr int kRestFactor = 9;                               // a tenth of the time

  // `now` grows steadily; `rest` sleeps so long, or less where the work is to end.
  Pace(std::function<Duration()> now, std::function<void(Duration)> rest)
      : now_(std::move(now)), rest_(std::move(rest)), since_(now_()) {}

  // After each piece of work.
  void step() {
    if (++steps_ % kStepsToLook == 0 && now_() - since_ >= kWorkMin) rest();
  }
  // Whatever was worked since the last rest.
  void rest() {
    rest_((now_() - since_) * kRestFactor);
    since_ = now_();
  }

 private:
  const std::function<Duration()> now_;
  const std::function<void(Duration)> rest_;
  Duration since_;
  std::uint64_t steps_ = 0;
};

}  // namespace handsel
