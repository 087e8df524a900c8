#include "facts/log/internal/log_meta.h"

#include <optional>
#include <string>
#include <string_view>

#include "base/core/bytes.h"

namespace handsel::log {
namespace {

constexpr std::uint32_t kFormat = 1;

std::string number_bytes(std::uint32_t number) {
  std::string bytes;
  put_fixed(bytes, number);
  return bytes;
}

Result<std::optional<std::uint32_t>> read_number(const storage::Database& database, storage::FamilyIndex meta,
                                                 std::string_view key) {
  HANDSEL_ASSIGN(const std::optional<std::string> bytes, database.get(meta, key));
  if (!bytes) return std::nullopt;
  ByteReader reader(*bytes);
  const auto number = reader.fixed<std::uint32_t>();
  if (!reader.ok()) return fail(Code::kCorrupt, "the log's own settings are cut short; restore a backup");
  return number;
}

}  // namespace

Result<std::uint32_t> settle_partitions(storage::Database& database, storage::FamilyIndex meta,
                                        const EmbeddedLogOptions& options) {
  HANDSEL_ASSIGN(const auto format, read_number(database, meta, "format"));
  HANDSEL_ASSIGN(const auto stored, read_number(database, meta, "partitions"));
  if (!format) {
    const std::uint32_t partitions = options.partitions.value_or(kPartitionsDefault);
    storage::Batch batch(database);
    batch.put(meta, "format", number_bytes(kFormat));
    batch.put(meta, "partitions", number_bytes(partitions));
    HANDSEL_TRY(database.write(batch, storage::Sync::kYes));
    return partitions;
  }
  if (*format != kFormat) {
    return fail(Code::kUnsupported, "the log in {} has format {}; this program knows {}", options.folder, *format,
                kFormat);
  }
  if (!stored || *stored == 0 || *stored > kPartitionsMax) {
    return fail(Code::kCorrupt, "the log in {} does not say how many partitions it has; restore a backup",
                options.folder);
  }
  if (options.partitions && *options.partitions != *stored) {
    return fail(Code::kConflict, "the log in {} has {} partitions, not {}; the number is fixed when a log is made",
                options.folder, *stored, *options.partitions);
  }
  return *stored;
}

}  // namespace handsel::log
