// Decompression: bytes from outside come out the same whatever the size of the
// buffers, and damage is an error, never a crash.
#include <cstdint>
#include <string>

#include "base/core/result.h"
#include "facts/catalog/import/byte_source.h"

namespace {

using namespace handsel;

constexpr std::size_t kInflatedBytesMax = 1 << 20;  // small inputs inflate a thousandfold

struct Read {
  std::string bytes;
  bool broken = false;
};

Read read_all(std::string_view stored, std::size_t buffer_bytes) {
  const auto source = catalog::memory_source("fuzz", stored, buffer_bytes);
  Read read;
  while (read.bytes.size() < kInflatedBytesMax) {
    const Result<std::string_view> bytes = source->next();
    if (!bytes) {
      read.broken = true;
      break;
    }
    if (bytes->empty()) break;
    read.bytes += *bytes;
  }
  return read;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view stored(reinterpret_cast<const char*>(data), size);
  const Read large = read_all(stored, 1 << 16);
  const Read small = read_all(stored, 5);
  // Only of sound inputs: zstd takes some wrong headers when they come in pieces.
  const bool both_whole = large.bytes.size() < kInflatedBytesMax && small.bytes.size() < kInflatedBytesMax;
  if (both_whole && !large.broken && !small.broken) HANDSEL_CHECK(large.bytes == small.bytes);
  return 0;
}
