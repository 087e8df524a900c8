// A settings file of any bytes is read or refused; what is read is in range.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "app/settings/settings.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace handsel::settings;
  InForce in_force;
  if (!apply_toml({reinterpret_cast<const char*>(data), size}, "fuzz.toml", in_force)) return 0;
  for (const Setting& setting : table()) {
    Settings again;
    if (!assign(again, setting, show(in_force.values, setting))) std::abort();
  }
  return 0;
}
