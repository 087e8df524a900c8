// A snapshot of counters and profiles. An even first byte: a whole file, as it is and again with
// checksums and fingerprints made right, so that the pieces meet the bytes. An odd one: one piece;
// the second byte says which. What was taken is asked, taught, and written again.
#include <algorithm>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>

#include "base/core/bytes.h"
#include "views/profiles/leanings.h"
#include "views/profiles/snapshot.h"

namespace {

using namespace handsel;
using namespace handsel::profiles;

struct States {
  std::unique_ptr<Counters> counters =
      Counters::create({.pairs_max = 256 * 8, .listings_max = 256 * 4, .queries_max = 100});
  std::unique_ptr<ProfileStore> profiles = ProfileStore::create({.sessions_max = 64 * 4, .users_max = 64 * 2});
};

constexpr std::int64_t kNow = 1'767'225'600'000;

std::shared_ptr<const ListingFacts> facts_of(std::string_view id) {
  return std::make_shared<const ListingFacts>(
      ListingFacts{.id = std::string(id), .taxonomy_path = {"home"}, .attributes = {"style=boho"}, .price_cents = 100});
}

void use(States& states) {
  const std::uint32_t attributes[] = {attribute_key("style=boho")};
  const std::string path[] = {"home"};
  for (int i = 0; i < 40; ++i) {
    const std::string number = std::to_string(i % 20);
    const auto profile = states.profiles->find("s" + number, "u" + number, kNow);
    if (profile != nullptr) {
      HANDSEL_CHECK(profile->ranks.size() == profile->leanings.size());
      (void)attribute_score(*profile, attributes);
      (void)taxonomy_affinity(*profile, path);
      (void)price_fit(*profile, 100);
    }
    (void)states.counters->of_listing("L" + number, kNow);
    (void)states.counters->of_pair("query", "L" + number, kNow);
    events::Event event{.kind = i % 3 == 0 ? events::EventKind::kSearch : events::EventKind::kClick,
                        .time_ms = kNow + i,
                        .user_id = "u" + number,
                        .session_id = "s" + number,
                        .query_id = "q" + number,
                        .listing_id = "L" + number};
    if (i % 3 == 0) event.shown = {"L1", "L2", "L" + number};
    if (i % 3 == 0) event.query = "query";
    states.profiles->observe(event, facts_of);
    states.counters->observe(event);
  }
  (void)states.counters->of_all(kNow);
}

void fuzz_piece(std::size_t piece, std::string_view bytes) {
  States states;
  KeptState* const kept[] = {states.counters.get(), states.profiles.get()};
  KeptState& state = *kept[piece < states.counters->pieces() ? 0 : 1];
  if (piece >= states.counters->pieces()) piece -= states.counters->pieces();
  if (!state.take_piece(piece, bytes)) {
    state.clear();
  } else {
    std::string again;
    state.put_piece(piece, again);
    States other;
    KeptState& twin = &state == states.counters.get() ? static_cast<KeptState&>(*other.counters) : *other.profiles;
    HANDSEL_CHECK(twin.take_piece(piece, again));
  }
  use(states);
}

void fuzz_file(std::string_view bytes) {
  States states;
  const auto accept = [](const events::LogMark&) -> Result<void> { return {}; };
  (void)read_snapshot(bytes, *states.counters, *states.profiles, accept);
  use(states);
}

// Magic and version, then blocks of u32 size, u32 checksum, bytes; the first begins with two fingerprints.
std::string sealed(std::string bytes) {
  const States states;
  std::size_t place = 8;
  for (bool head = true; place + 8 <= bytes.size(); head = false) {
    std::uint32_t size = 0;
    std::memcpy(&size, &bytes[place], sizeof(size));
    size = static_cast<std::uint32_t>(std::min<std::size_t>(size, bytes.size() - place - 8));
    const std::uint64_t fingerprints[] = {states.counters->fingerprint(), states.profiles->fingerprint()};
    if (head && size >= sizeof(fingerprints)) std::memcpy(&bytes[place + 8], fingerprints, sizeof(fingerprints));
    const std::uint32_t sum = crc32c(std::string_view(bytes).substr(place + 8, size));
    std::memcpy(&bytes[place], &size, sizeof(size));
    std::memcpy(&bytes[place + 4], &sum, sizeof(sum));
    place += 8 + size;
  }
  return bytes;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (bytes.size() < 3) return 0;
  if (data[0] % 2 == 0) {
    fuzz_file(bytes.substr(1));
    fuzz_file(sealed(std::string(bytes.substr(1))));
  } else {
    const States states;
    const std::size_t pieces = states.counters->pieces() + states.profiles->pieces();
    fuzz_piece((data[1] + 256u * data[2]) % pieces, bytes.substr(3));
  }
  return 0;
}
