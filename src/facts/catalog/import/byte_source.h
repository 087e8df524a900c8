// Streams the bytes of a file, of standard input or of a string; what is compressed
// with gzip or zstd is recognised by its first bytes and inflated on the way.
//
// Promises: memory stays within a few buffers, whatever the size of the input.
// Several gzip members or zstd frames one after another are one stream. Where the
// input is torn or corrupt, everything before the damage is delivered first, then
// the error, which names the byte of the file. (Damage that only a checksum reveals
// is found where the checksum stands.) One thread.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/core/result.h"

namespace handsel::catalog {

inline constexpr std::size_t kSourceBufferBytes = 256 * 1024;

class ByteSource {
 public:
  virtual ~ByteSource() = default;

  // The next bytes, at least one; empty at the end. Valid until the next call.
  Result<std::string_view> next();
  // The first `bytes` of what next() will deliver, fewer where the input ends or
  // breaks before. For looking at the content before choosing a parser.
  Result<std::string_view> peek(std::size_t bytes);

  // "catalogue.csv.gz", "standard input": for messages.
  virtual const std::string& name() const = 0;
  // Of the stored (compressed) bytes, for a progress bar. Total 0: unknown.
  virtual std::uint64_t stored_bytes_read() const = 0;
  virtual std::uint64_t stored_bytes_total() const = 0;

 protected:
  virtual Result<std::string_view> read() = 0;

 private:
  std::string peeked_;
  bool peeked_is_pending_ = false;
  std::optional<Error> error_;  // met while peeking, or sticky
};

// `path` "-" is standard input.
Result<std::unique_ptr<ByteSource>> open_source(const std::string& path, std::size_t buffer_bytes = kSourceBufferBytes);

// Borrows `bytes`, which may be compressed too.
std::unique_ptr<ByteSource> memory_source(std::string name, std::string_view bytes,
                                          std::size_t buffer_bytes = kSourceBufferBytes);

}  // namespace handsel::catalog
