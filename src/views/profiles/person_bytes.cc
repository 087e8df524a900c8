// A person as bytes:
//
//   varint actions, last_ms, forgot_ms
//   varint listings of the page; of each: string id, u8 seen | acted << 1 | settled << 2
//   varint attributes; of each: u32 key, float alpha, beta, acted, passed
//   varint names; of each: varint which attribute, string
//   varint taxonomies; of each: string, float weight;  float taxonomy_weight
//   varint listings acted on; of each: string id, float delta
//   varint queries; of each: string
//   double weight, sum, squares of prices
//
// Every count is held against the limits of profiles.h, every number against what can be
// learnt: what is read can be asked and taught like any other person.
#include <limits>

#include "views/profiles/internal/person.h"

namespace handsel::profiles {
namespace {

constexpr std::uint8_t kSeen = 1;
constexpr std::uint8_t kActed = 2;
constexpr std::uint8_t kSettled = 4;
// More than anybody can be taught: sums of floats stop growing at 2^27.
constexpr double kSumMax = 1e15;
constexpr float kEvidenceMax = 1e9F;
constexpr std::uint64_t kTimeMax = std::numeric_limits<std::int64_t>::max();

bool take_count(ByteReader& in, std::size_t count_max, std::size_t& count) {
  const std::uint64_t read = in.varint();
  if (!in.ok() || read > count_max) return false;
  count = read;
  return true;
}

bool take_time(ByteReader& in, std::int64_t& time_ms) {
  const std::uint64_t read = in.varint();
  time_ms = static_cast<std::int64_t>(read);
  return in.ok() && read <= kTimeMax;
}

template <typename Number>
bool take_number(ByteReader& in, Number least, Number most, Number& number) {
  number = in.fixed<Number>();
  return in.ok() && number >= least && number <= most;  // a NaN is neither
}

bool take_evidence(ByteReader& in, float least, float& evidence) {
  return take_number(in, least, kEvidenceMax, evidence);
}

bool take_string(ByteReader& in, std::size_t bytes_max, std::string& value) {
  value = in.string();
  return in.ok() && value.size() <= bytes_max;
}

}  // namespace

void Person::put(std::string& out) const {
  put_varint(out, actions_);
  put_varint(out, static_cast<std::uint64_t>(last_ms_));
  put_varint(out, static_cast<std::uint64_t>(forgot_ms_));
  put_page(out);
  put_learnt(out);
}

void Person::put_page(std::string& out) const {
  put_varint(out, page_.size());
  for (const OnPage& listing : page_) {
    put_string(out, listing.id);
    put_fixed(out, static_cast<std::uint8_t>((listing.seen ? kSeen : 0) | (listing.acted ? kActed : 0) |
                                             (listing.settled ? kSettled : 0)));
  }
}

void Person::put_learnt(std::string& out) const {
  put_varint(out, keys_.size());
  for (std::size_t i = 0; i < keys_.size(); ++i) {
    put_fixed(out, keys_[i]);
    for (const float value : {attributes_[i].alpha, attributes_[i].beta, attributes_[i].acted, attributes_[i].passed}) {
      put_fixed(out, value);
    }
  }
  put_varint(out, names_.size());
  for (const auto& [key, name] : names_) {
    put_varint(out, static_cast<std::uint64_t>(std::ranges::find(keys_, key) - keys_.begin()));
    put_string(out, name);
  }
  put_varint(out, taxonomies_.size());
  for (const auto& [name, weight] : taxonomies_) {
    put_string(out, name);
    put_fixed(out, weight);
  }
  put_fixed(out, taxonomy_weight_);
  put_varint(out, acted_.size());
  for (const Acted& acted : acted_) {
    put_string(out, acted.id);
    put_fixed(out, acted.delta);
  }
  put_varint(out, queries_.size());
  for (const std::string& query : queries_) put_string(out, query);
  for (const double value : {prices_.weight, prices_.sum, prices_.squares}) put_fixed(out, value);
}

bool Person::take(ByteReader& in) {
  actions_ = in.varint();
  return take_time(in, last_ms_) && take_time(in, forgot_ms_) && take_page(in) && take_attributes(in) &&
         take_names(in) && take_taxonomies(in) && take_recent(in) && take_number(in, 0.0, kSumMax, prices_.weight) &&
         take_number(in, 0.0, kSumMax, prices_.sum) && take_number(in, 0.0, kSumMax, prices_.squares);
}

bool Person::take_page(ByteReader& in) {
  std::size_t count = 0;
  if (!take_count(in, kPageMax, count)) return false;
  page_.assign(count, {});
  for (OnPage& listing : page_) {
    if (!take_string(in, events::kEventBytesMax, listing.id)) return false;
    const auto state = in.fixed<std::uint8_t>();
    if (!in.ok() || state > (kSeen | kActed | kSettled)) return false;
    listing.seen = (state & kSeen) != 0;
    listing.acted = (state & kActed) != 0;
    listing.settled = (state & kSettled) != 0;
  }
  return true;
}

bool Person::take_attributes(ByteReader& in) {
  std::size_t count = 0;
  if (!take_count(in, kAttributesMax, count)) return false;
  keys_.assign(count, 0);
  attributes_.assign(count, {});
  for (std::size_t i = 0; i < count; ++i) {
    keys_[i] = in.fixed<std::uint32_t>();
    Attribute& read = attributes_[i];
    if (!take_evidence(in, 1.0F, read.alpha) || !take_evidence(in, 1.0F, read.beta) ||
        !take_evidence(in, 0.0F, read.acted) || !take_evidence(in, 0.0F, read.passed)) {
      return false;
    }
  }
  return true;
}

// Each names one of the attributes: a profile looks it up there.
bool Person::take_names(ByteReader& in) {
  std::size_t count = 0;
  if (!take_count(in, kNamedAttributesMax, count)) return false;
  names_.assign(count, {});
  for (auto& [key, name] : names_) {
    const std::uint64_t place = in.varint();
    if (!take_string(in, kNameBytesMax, name) || place >= keys_.size()) return false;
    key = keys_[place];
  }
  return true;
}

bool Person::take_taxonomies(ByteReader& in) {
  std::size_t count = 0;
  if (!take_count(in, kTaxonomiesMax, count)) return false;
  taxonomies_.assign(count, {});
  for (auto& [name, weight] : taxonomies_) {
    if (!take_string(in, kNameBytesMax, name) || !take_evidence(in, 0.0F, weight)) return false;
  }
  return take_evidence(in, 0.0F, taxonomy_weight_);
}

bool Person::take_recent(ByteReader& in) {
  std::size_t count = 0;
  if (!take_count(in, kRecentListingsMax, count)) return false;
  acted_.assign(count, {});
  for (Acted& acted : acted_) {
    if (!take_string(in, events::kEventBytesMax, acted.id) || !take_evidence(in, 0.0F, acted.delta)) return false;
  }
  if (!take_count(in, kRecentQueriesMax, count)) return false;
  queries_.assign(count, {});
  return std::ranges::all_of(queries_, [&in](std::string& query) { return take_string(in, kQueryBytesKept, query); });
}

}  // namespace handsel::profiles
