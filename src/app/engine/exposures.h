// Writes down who met which variant: one exposure for a unit and an experiment, into the log of events, behind the
// answers (background_writer.h).
//
// Who was exposed is remembered within limits: the newest kRememberedMax at least. Somebody who was forgotten, and
// everybody after a restart, may be written down again, at most once a day (the event's id is made of the day);
// analyses take the first. One that was dropped because too many waited is not remembered, so the next request of the
// unit writes it.
//
// Thread safe. A lock and a look into a table a call.
#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <unordered_set>
#include <vector>

#include "app/engine/background_writer.h"
#include "app/engine/experiments.h"
#include "base/core/result.h"
#include "facts/events/event.h"

namespace handsel {

class Exposures {
 public:
  static constexpr std::size_t kRememberedMax = 250'000;  // in each of two tables; some twenty megabytes
  // How many were refused for what they are.
  using Write = std::function<Result<std::size_t>(const std::vector<events::Event>&)>;

  explicit Exposures(Write write) : writer_("exposures to experiments", std::move(write)) {}

  // Those in a washout are passed over.
  void note(std::span<const Assigned> assigned, const Exposed& to, std::int64_t now_ms);

  Result<void> finish_now() { return writer_.finish_now(); }
  std::uint64_t written() const { return writer_.written(); }
  std::uint64_t dropped() const { return writer_.dropped(); }
  std::optional<std::string> trouble() const { return writer_.trouble(); }

 private:
  bool is_remembered(std::uint64_t key);
  void remember(std::uint64_t key);

  std::mutex mutex_;
  // Two tables, of which the newer one is filled: forgetting costs nothing.
  std::unordered_set<std::uint64_t> newer_;
  std::unordered_set<std::uint64_t> older_;
  BackgroundWriter<events::Event> writer_;
};

}  // namespace handsel
