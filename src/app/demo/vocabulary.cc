#include "app/demo/internal/vocabulary.h"

#include <algorithm>
#include <cmath>

#include "base/core/result.h"

namespace handsel::demo {
namespace {

using Text = std::string_view;

// Whole words only, longest first where one begins another.
constexpr std::pair<Text, Text> kAmericanWords[] = {
    {"colour", "color"},
    {"colours", "colors"},
    {"coloured", "colored"},
    {"colourful", "colorful"},
    {"colouring", "coloring"},
    {"jewellery", "jewelry"},
    {"Jewellery", "Jewelry"},
    {"jeweller's", "jeweler's"},
    {"grey", "gray"},
    {"personalised", "personalized"},
    {"Personalised", "Personalized"},
    {"personalise", "personalize"},
    {"favourite", "favorite"},
    {"favour", "favor"},
    {"Favours", "Favors"},
    {"cosy", "cozy"},
    {"Cosies", "Cozies"},
    {"jumper", "sweater"},
    {"Jumpers", "Sweaters"},
    {"trousers", "pants"},
    {"Trousers", "Pants"},
    {"pyjama", "pajama"},
    {"nappy", "diaper"},
    {"dummy", "pacifier"},
    {"cot", "crib"},
    {"mum", "mom"},
    {"nightdress", "nightgown"},
    {"waistcoat", "vest"},
    {"Waistcoats", "Vests"},
    {"dungarees", "overalls"},
    {"centrepiece", "centerpiece"},
    {"Centrepieces", "Centerpieces"},
    {"watercolour", "watercolor"},
    {"Watercolours", "Watercolors"},
    {"fibre", "fiber"},
    {"Fibre", "Fiber"},
    {"moulds", "molds"},
    {"metre", "yard"},
    {"organiser", "organizer"},
    {"lead", "leash"},
    {"Leads", "Leashes"},
    {"glove", "mitt"},
    {"harbour", "harbor"},
    {"Harbour", "Harbor"},
    {"theatre", "theater"},
    {"wash cloth", "washcloth"},
    {"bobble", "pom pom"},
    {"postage", "shipping"},
    {"braces", "suspenders"},
    {"Braces", "Suspenders"},
    {"spectacle", "eyeglass"},
};

constexpr Text kClothes[] = {"XS", "S", "M", "L", "XL", "XXL", "one size"};
constexpr Text kChild[] = {"2-3 years", "3-4 years", "5-6 years", "7-8 years", "9-10 years", "18-24 months"};
constexpr Text kBaby[] = {"newborn", "0-3 months", "3-6 months", "6-12 months", "12-18 months"};
constexpr Text kRing[] = {"US 5", "US 6", "US 7", "US 8", "US 9", "adjustable", "UK L", "UK N", "UK P"};
constexpr Text kNecklace[] = {"40 cm", "45 cm", "50 cm", "60 cm", "16 inch", "18 inch", "20 inch"};
constexpr Text kPrint[] = {"A5", "A4", "A3", "A2", "5x7 in", "8x10 in", "11x14 in", "30x40 cm", "50x70 cm", "16x20 in"};
constexpr Text kSmall[] = {"5 cm", "7 cm", "8 cm", "10 cm", "12 cm", "15 cm", "3 inch", "4 inch", "small"};
constexpr Text kMedium[] = {"18 cm", "20 cm", "24 cm", "25 cm", "28 cm", "30 cm", "10 inch", "12 inch", "medium"};
constexpr Text kLarge[] = {"40 cm", "50 cm", "60 cm", "70 cm", "80 cm", "100 cm", "24 inch", "30 inch", "large"};
constexpr Text kVolume[] = {"120 ml", "180 ml", "220 ml", "250 ml", "300 ml", "350 ml", "450 ml", "8 oz", "12 oz"};
constexpr Text kWeight[] = {"50 g", "80 g", "100 g", "120 g", "200 g", "4 oz", "3.5 oz"};
constexpr Text kPack[] = {"single", "set of 2", "set of 3", "set of 4", "set of 6", "pack of 10", "pack of 20"};
constexpr Text kPet[] = {"XS", "S", "M", "L", "XL"};
constexpr Text kShoe[] = {"EU 36", "EU 38", "EU 40", "EU 42", "EU 44", "UK 5", "UK 7", "US 8"};
constexpr Text kCloth[] = {"50x70 cm", "70x100 cm", "90x120 cm", "130x170 cm", "140x200 cm", "45x180 cm", "150x250 cm"};

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '\'';
}

std::vector<std::string> all_american(const std::vector<std::string>& british) {
  std::vector<std::string> american;
  for (const std::string& word : british) american.push_back(americanise(word));
  return american;
}

std::vector<std::int16_t> numbers_of(Text list, int (*find)(Text)) {
  std::vector<std::int16_t> numbers;
  for (const Text word : split_list(list)) {
    const int number = find(word);
    HANDSEL_CHECK(number >= 0);
    numbers.push_back(static_cast<std::int16_t>(number));
  }
  return numbers;
}

Leaf take_apart(const RootSpec& root, const LeafSpec& spec) {
  Leaf leaf;
  leaf.spec = &spec;
  for (const Text product : split_list(spec.products)) leaf.products[0].emplace_back(product);
  leaf.products[1] = all_american(leaf.products[0]);
  for (std::size_t dialect = 0; dialect < 2; ++dialect) {
    for (const std::string& product : leaf.products[dialect]) leaf.plurals[dialect].push_back(plural_of(product));
  }
  const std::vector<Text> abroad = split_list(spec.abroad);
  HANDSEL_CHECK(abroad.size() == 3);
  leaf.noun = {leaf.products[0][0], leaf.products[1][0], abroad[0], abroad[1], abroad[2]};
  leaf.materials = numbers_of(spec.materials, find_material);
  leaf.techniques = numbers_of(spec.techniques, find_technique);
  leaf.path = {std::string(root.name), std::string(spec.branch), std::string(spec.leaf)};
  leaf.log_price = std::log(spec.price);
  return leaf;
}

template <typename T>
WeightedPick by_popularity(std::span<const T> rows) {
  std::vector<float> weights;
  for (const T& row : rows) weights.push_back(row.popularity);
  return WeightedPick(weights);
}

}  // namespace

WeightedPick::WeightedPick(std::span<const float> weights) : keep_(weights.size(), 1.0), other_(weights.size(), 0) {
  double total = 0;
  for (const float weight : weights) total += weight;
  std::vector<double> share;
  std::vector<std::size_t> small;
  std::vector<std::size_t> large;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    share.push_back(weights[i] * static_cast<double>(weights.size()) / total);
    (share[i] < 1 ? small : large).push_back(i);
  }
  while (!small.empty() && !large.empty()) {
    const std::size_t poor = small.back();
    const std::size_t rich = large.back();
    small.pop_back();
    keep_[poor] = share[poor];
    other_[poor] = static_cast<std::int16_t>(rich);
    share[rich] -= 1 - share[poor];
    if (share[rich] < 1) {
      large.pop_back();
      small.push_back(rich);
    }
  }
}

Vocabulary::Vocabulary() {
  std::vector<float> leaf_weights;
  std::vector<float> root_weights;
  for (const RootSpec& root : roots()) {
    root_names.push_back(root.name);
    root_weights.push_back(root.popularity);
    float in_root = 0;
    for (const LeafSpec& spec : root.leaves) in_root += spec.popularity;
    for (const LeafSpec& spec : root.leaves) {
      const auto root_number = static_cast<std::int16_t>(root_names.size() - 1);
      if (branch_names.empty() || branch_names.back() != spec.branch || branch_roots.back() != root_number) {
        branch_names.push_back(spec.branch);
        branch_roots.push_back(root_number);
      }
      leaves.push_back(take_apart(root, spec));
      leaves.back().root = root_number;
      leaves.back().branch = static_cast<std::int16_t>(branch_names.size() - 1);
      leaf_weights.push_back(static_cast<float>(root.popularity * spec.popularity) / in_root);
    }
  }
  for (Leaf& leaf : leaves) {  // the strings have found their final place
    leaf.noun[0] = leaf.products[0][0];
    leaf.noun[1] = leaf.products[1][0];
  }
  pick_leaf = WeightedPick(leaf_weights);
  pick_root = WeightedPick(root_weights);
  pick_style = by_popularity(styles());
  pick_occasion = by_popularity(occasions());
  pick_recipient = by_popularity(recipients());
  pick_country = by_popularity(countries());
}

std::vector<Text> split_list(Text list) {
  std::vector<Text> parts;
  while (true) {
    const std::size_t bar = list.find('|');
    parts.push_back(list.substr(0, bar));
    if (bar == Text::npos) return parts;
    list.remove_prefix(bar + 1);
  }
}

std::string americanise(Text british) {
  std::string out;
  std::size_t at = 0;
  while (at < british.size()) {
    std::size_t end = at;
    while (end < british.size() && is_letter(british[end])) ++end;
    if (end == at) {
      out.push_back(british[at++]);
      continue;
    }
    const Text word = british.substr(at, end - at);
    const auto* known = std::ranges::find(kAmericanWords, word, &std::pair<Text, Text>::first);
    out += known == std::end(kAmericanWords) ? word : known->second;
    at = end;
  }
  return out;
}

std::string plural_of(Text noun) {
  std::string plural(noun);
  const auto ends = [&](Text tail) { return noun.ends_with(tail); };
  if (ends("s") && !ends("ss")) return plural;
  if (ends("y") && !ends("ay") && !ends("ey") && !ends("oy")) return plural.replace(plural.size() - 1, 1, "ies");
  if (ends("shelf")) return plural.replace(plural.size() - 1, 1, "ves");
  if (ends("scarf")) return plural.replace(plural.size() - 1, 1, "ves");
  return plural + (ends("s") || ends("x") || ends("sh") || ends("ch") ? "es" : "s");
}

std::span<const Text> sizes(Chart chart) {
  switch (chart) {
    case Chart::kNone:
      return {};
    case Chart::kClothes:
      return kClothes;
    case Chart::kChild:
      return kChild;
    case Chart::kBaby:
      return kBaby;
    case Chart::kRing:
      return kRing;
    case Chart::kNecklace:
      return kNecklace;
    case Chart::kPrint:
      return kPrint;
    case Chart::kSmall:
      return kSmall;
    case Chart::kMedium:
      return kMedium;
    case Chart::kLarge:
      return kLarge;
    case Chart::kVolume:
      return kVolume;
    case Chart::kWeight:
      return kWeight;
    case Chart::kPack:
      return kPack;
    case Chart::kPet:
      return kPet;
    case Chart::kShoe:
      return kShoe;
    case Chart::kCloth:
      return kCloth;
  }
  return {};
}

std::int16_t skewed(Rng& rng, std::size_t count, double power) {
  return static_cast<std::int16_t>(static_cast<double>(count) * std::pow(rng.uniform(), power));
}

std::string invented_word(std::uint64_t rank) {
  std::string word(name_starts()[rank % name_starts().size()]);
  rank /= name_starts().size();
  const std::uint64_t end = rank % name_ends().size();
  rank /= name_ends().size();
  while (rank > 0) {
    word += name_middles()[--rank % name_middles().size()];
    rank /= name_middles().size();
  }
  return word.append(name_ends()[end]);
}

std::uint64_t zipf_rank(Rng& rng, double count) {
  return static_cast<std::uint64_t>(std::exp(rng.uniform() * std::log(count))) - 1;
}

}  // namespace handsel::demo
