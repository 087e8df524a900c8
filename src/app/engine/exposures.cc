#include "app/engine/exposures.h"

#include "base/core/bytes.h"
#include "base/core/hash.h"

namespace handsel {
namespace {

constexpr std::int64_t kDayMs = 24LL * 3600 * 1000;

// What makes it the same exposure.
std::string content_of(const Assigned& assigned) {
  const assignment::Experiment& experiment = *assigned.experiment;
  std::string content;
  for (const std::string* part : {&experiment.name, &experiment.salt, &assigned.variant->name, &assigned.unit}) {
    put_string(content, *part);
  }
  return content;
}

events::Event event_of(const Assigned& assigned, std::string content, const Exposed& to, std::int64_t now_ms) {
  put_fixed(content, now_ms / kDayMs);
  return {.id = fmt::format("exposure-{:016x}{:016x}", hash64(content, 1), hash64(content, 2)),
          .kind = events::EventKind::kExposure,
          .time_ms = now_ms,
          .user_id = std::string(to.user_id),
          .session_id = std::string(to.session_id),
          .surface = std::string(to.surface),
          .experiment = assigned.experiment->name,
          .variant = assigned.variant->name,
          .unit = assigned.unit};
}

}  // namespace

void Exposures::note(std::span<const Assigned> assigned, const Exposed& to, std::int64_t now_ms) {
  for (const Assigned& one : assigned) {
    if (one.in_washout) continue;
    std::string content = content_of(one);
    const std::uint64_t key = hash64(content);
    if (is_remembered(key)) continue;
    if (writer_.put(event_of(one, std::move(content), to, now_ms))) remember(key);
  }
}

bool Exposures::is_remembered(std::uint64_t key) {
  const std::lock_guard lock(mutex_);
  return newer_.contains(key) || older_.contains(key);
}

void Exposures::remember(std::uint64_t key) {
  const std::lock_guard lock(mutex_);
  if (newer_.size() >= kRememberedMax) {
    older_ = std::move(newer_);
    newer_.clear();
  }
  newer_.insert(key);
}

}  // namespace handsel
