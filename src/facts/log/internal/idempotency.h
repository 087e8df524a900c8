// Which records were appended before: a table from the hash of a record's idempotency
// key to its position, kept for kIdempotencyDays.
//
// remember() and find() are called by one thread at a time, the leader of a group.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/core/clock.h"
#include "base/core/result.h"
#include "base/storage/database.h"
#include "facts/log/log.h"

namespace handsel::log {

// 128 bits, because a week of six billion events a day would have collisions in 64.
struct IdempotencyHash {
  std::array<unsigned char, 16> digits{};
  auto operator<=>(const IdempotencyHash&) const = default;
  std::string_view bytes() const { return {reinterpret_cast<const char*>(digits.data()), digits.size()}; }
};

IdempotencyHash idempotency_hash(Topic topic, std::string_view key);

class IdempotencyTable {
 public:
  IdempotencyTable(const storage::Database& database, storage::FamilyIndex family, const Clock& clock)
      : database_(database), family_(family), clock_(clock) {}

  // Where the records of these hashes are; nothing for those never seen or forgotten.
  Result<std::vector<std::optional<Position>>> find(std::span<const IdempotencyHash> hashes) const;
  void remember(storage::Batch& batch, const IdempotencyHash& hash, Position position) const;

  // May a value of the table go? For the family's merges.
  static bool expired(std::string_view value, std::int64_t now_ms);

 private:
  const storage::Database& database_;
  const storage::FamilyIndex family_;
  const Clock& clock_;
};

}  // namespace handsel::log
