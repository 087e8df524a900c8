// Carries the record of interleaved answers into the log, behind the answers (background_writer.h): a click without its
// record is one observation less, not a wrong one.
#pragma once

#include <functional>
#include <span>

#include "app/engine/background_writer.h"
#include "base/core/result.h"
#include "facts/decisions/interleaving.h"
#include "facts/log/log.h"

namespace handsel {

// Some two megabytes of searches with 24 hits may wait.
class InterleavingWriter : public BackgroundWriter<decisions::InterleavedSearch> {
 public:
  using Append = std::function<Result<void>(std::span<const log::NewRecord>)>;
  explicit InterleavingWriter(Append append);
};

}  // namespace handsel
