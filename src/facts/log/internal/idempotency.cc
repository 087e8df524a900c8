#include "facts/log/internal/idempotency.h"

#include <algorithm>
#include <bit>

#include "base/core/bytes.h"
#include "base/core/hash.h"

namespace handsel::log {
namespace {

constexpr std::int64_t kKeptMs = std::int64_t{kIdempotencyDays} * 24 * 3600 * 1000;

}  // namespace

IdempotencyHash idempotency_hash(Topic topic, std::string_view key) {
  const auto seed = static_cast<std::uint64_t>(topic) << 1;
  const std::array<std::uint64_t, 2> words = {hash64(key, seed), hash64(key, seed | 1)};
  return {std::bit_cast<std::array<unsigned char, 16>>(words)};
}

Result<std::vector<std::optional<Position>>> IdempotencyTable::find(std::span<const IdempotencyHash> hashes) const {
  std::vector<std::string_view> keys(hashes.size());
  std::ranges::transform(hashes, keys.begin(), &IdempotencyHash::bytes);
  HANDSEL_ASSIGN(const auto values, database_.multi_get(family_, keys));
  std::vector<std::optional<Position>> found(hashes.size());
  const std::int64_t now_ms = clock_.now_ms();
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!values[i] || expired(*values[i], now_ms)) continue;
    ByteReader reader(*values[i]);
    reader.fixed<std::int64_t>();
    const auto partition = reader.fixed<std::uint32_t>();
    found[i] = Position{partition, reader.fixed<std::uint64_t>()};
    if (!reader.ok()) return fail(Code::kCorrupt, "an idempotency key of the log is cut short; restore a backup");
  }
  return found;
}

void IdempotencyTable::remember(storage::Batch& batch, const IdempotencyHash& hash, Position position) const {
  std::string value;
  put_fixed(value, clock_.now_ms());
  put_fixed(value, position.partition);
  put_fixed(value, position.offset);
  batch.put(family_, hash.bytes(), value);
}

bool IdempotencyTable::expired(std::string_view value, std::int64_t now_ms) {
  ByteReader reader(value);
  const auto time_ms = reader.fixed<std::int64_t>();
  return reader.ok() && time_ms + kKeptMs < now_ms;
}

}  // namespace handsel::log
