// Bytes of a log record: 13 of key, the rest its value. Whatever decodes is what the
// encoder would have written.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "facts/log/internal/record_codec.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace handsel::log;
  constexpr std::size_t kKeyBytes = 13;
  if (size < kKeyBytes) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::string_view key = bytes.substr(0, kKeyBytes);
  std::string value(bytes.substr(kKeyBytes));
  const auto check = [&](const handsel::Result<Record>& record) {
    if (!record) return;
    // Encoding what was read and reading it again gives the same: unknown fields may go.
    std::string again = encode_unsealed(record->time_ms, {.key = record->key, .payload = record->payload});
    seal(again, key);
    const auto twice = decode_record(key, again);
    if (!twice || twice->key != record->key || twice->payload != record->payload || twice->time_ms != record->time_ms) {
      std::abort();
    }
  };
  check(decode_record(key, value));
  // Random bytes seldom have the right checksum, so they get it here: the message
  // behind it is then read too.
  if (value.size() >= 5) {
    value[0] = 1;
    seal(value, key);
    check(decode_record(key, value));
  }
  return 0;
}
