// Undoes gzip and zstd, block by block.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/core/result.h"

namespace handsel::catalog::internal {

// The bytes as they are stored.
class StoredBlocks {
 public:
  virtual ~StoredBlocks() = default;
  // Empty at the end. Valid until the next call.
  virtual Result<std::string_view> next() = 0;
  virtual const std::string& name() const = 0;
  virtual std::uint64_t delivered() const = 0;
  virtual std::uint64_t total() const = 0;  // 0: unknown
};

class Inflater {
 public:
  virtual ~Inflater() = default;
  // Empty at the end. Valid until the next call. After an error, no further calls.
  virtual Result<std::string_view> next() = 0;
};

inline constexpr std::size_t kMagicBytes = 4;

// `head` is what was already taken from `blocks`: at least kMagicBytes where the
// input has as many. Borrows `blocks`.
std::unique_ptr<Inflater> make_inflater(StoredBlocks& blocks, std::string head, std::size_t buffer_bytes);

}  // namespace handsel::catalog::internal
