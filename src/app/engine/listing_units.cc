#include "app/engine/listing_units.h"

#include <memory>
#include <unordered_map>
#include <vector>

#include <fmt/ranges.h>

#include "app/engine/experiments.h"
#include "base/core/hash.h"
#include "facts/catalog/codec.h"

namespace handsel {
namespace {

class Groups {
 public:
  explicit Groups(bool by_shop) : by_shop_(by_shop) {}

  // A record of Topic::kListings. What was deleted stays as it was.
  Result<void> take(const log::Record& record) {
    const auto key = catalog::parse_key(record.key);
    if (!key || key->kind != catalog::Kind::kListing || record.payload.empty()) return {};
    HANDSEL_ASSIGN(const catalog::Listing listing, catalog::decode_listing(record.payload));
    if (of_listing_.size() >= kGroupedListingsMax) {
      return fail(Code::kTooLarge, "there are more than {} listings to group", kGroupedListingsMax);
    }
    const std::string name =
        unit_name(by_shop_ ? listing.shop_id : fmt::format("{}", fmt::join(listing.taxonomy_path, " > ")));
    const auto [entry, is_new] = numbers_.try_emplace(name, static_cast<std::uint32_t>(names_.size()));
    if (is_new) names_.push_back(name);
    of_listing_[hash64(key->id)] = entry->second;
    return {};
  }

  std::string of(std::string_view listing) const {
    const auto found = of_listing_.find(hash64(listing));
    return found == of_listing_.end() ? std::string() : names_[found->second];
  }

 private:
  const bool by_shop_;
  std::unordered_map<std::string, std::uint32_t> numbers_;  // by name
  std::vector<std::string> names_;
  std::unordered_map<std::uint64_t, std::uint32_t> of_listing_;  // by the hash of its id
};

}  // namespace

Result<ListingUnit> listing_units(const log::Log& log, std::string_view kind, const std::function<bool()>& goes_on) {
  if (kind != "shop" && kind != "taxonomy") return ListingUnit{};
  const auto groups = std::make_shared<Groups>(kind == "shop");
  Result<void> taken;
  for (std::uint32_t p = 0; p < log.partitions(log::Topic::kListings) && taken; ++p) {
    HANDSEL_TRY(log.read(log::Topic::kListings, p, 0, [&](const log::Record& record) {
      taken = goes_on() ? groups->take(record) : fail(Code::kCancelled, "the reading of the catalogue was stopped");
      return taken.has_value();
    }));
  }
  HANDSEL_TRY(taken);
  return [groups](std::string_view listing) { return groups->of(listing); };
}

}  // namespace handsel
