// Words of prose and of made-up names.
#include "app/demo/internal/words.h"

namespace handsel::demo {
namespace {

using Text = std::string_view;

constexpr Text kAdjectives[] = {
    "beautiful",     "unique",      "lovely",          "charming",    "delicate",     "sturdy",       "cosy",
    "elegant",       "simple",      "playful",         "timeless",    "soft",         "warm",         "bright",
    "earthy",        "whimsical",   "dainty",          "chunky",      "lightweight",  "durable",      "one of a kind",
    "gorgeous",      "quirky",      "cheerful",        "calm",        "smooth",       "textured",     "speckled",
    "breathable",    "understated", "heirloom",        "luxurious",   "natural",      "colourful",    "moody",
    "quiet",         "generous",    "handy",           "practical",   "thoughtful",   "stylish",      "modern",
    "classic",       "traditional", "eco friendly",    "sustainable", "plastic free", "hard wearing", "washable",
    "reversible",    "crisp",       "velvety",         "matte",       "glossy",       "weathered",    "sun faded",
    "hand finished", "small batch", "limited edition", "slow made",   "joyful",       "dreamy",       "wild",
    "rugged",        "dramatic",    "subtle",          "snug",        "airy",         "bold",         "tiny",
    "oversized",     "slim",        "rounded",         "stackable"};

constexpr Text kInspirations[] = {"a walk along the estuary in October",
                                  "the hedgerows behind our workshop",
                                  "old seed catalogues",
                                  "the tiles of a railway station",
                                  "my grandmother's button tin",
                                  "storm light over the moor",
                                  "a summer on the Baltic coast",
                                  "pressed flowers in a school atlas",
                                  "the colours of a market at closing time",
                                  "folk tales from the mountains",
                                  "mid winter mornings",
                                  "a faded botanical plate",
                                  "the harbour at low tide",
                                  "long train journeys",
                                  "a quilt that we found in an attic",
                                  "the allotment in August",
                                  "medieval floor tiles",
                                  "lichen on slate roofs",
                                  "a box of old postcards",
                                  "swifts over the rooftops",
                                  "the first frost",
                                  "tide pools and sea glass",
                                  "a poem that my father knew by heart",
                                  "the orchard at blossom time",
                                  "night skies far away from any town",
                                  "Japanese indigo cloth",
                                  "theatre curtains",
                                  "woodland walks with our dog",
                                  "a chapel window",
                                  "sun bleached fishing boats",
                                  "the sound of rain on the studio roof",
                                  "desert dusk",
                                  "circus posters of the twenties",
                                  "an old herbarium",
                                  "the wallpaper of my childhood room",
                                  "wild garlic season",
                                  "dry stone walls",
                                  "a cabinet of curiosities",
                                  "ripples in wet sand",
                                  "smoke and embers",
                                  "the kitchen garden",
                                  "moths at the window",
                                  "the blue hour",
                                  "a bowl of bruised plums",
                                  "chalk paths",
                                  "rusting gates"};

constexpr Text kRooms[] = {"kitchen",     "hallway",        "bedroom",       "nursery",        "living room",
                           "bathroom",    "reading corner", "study",         "porch",          "garden table",
                           "window sill", "mantelpiece",    "bedside table", "dining table",   "desk",
                           "bookshelf",   "cabin",          "studio",        "guest room",     "balcony",
                           "camper van",  "boat",           "first flat",    "dressing table", "entrance"};

constexpr Text kTools[] = {"an old treadle sewing machine",
                           "a kick wheel",
                           "my grandmother's loom",
                           "a small electric kiln",
                           "a Victorian proofing press",
                           "hand tools that were my father's",
                           "a jeweller's torch and a steel block",
                           "one very sharp knife",
                           "a lathe we restored ourselves",
                           "wooden blocks carved in the studio",
                           "plant dyes from the garden",
                           "a bone folder and waxed thread",
                           "fine brushes",
                           "a table loom",
                           "needles, patience and a lot of tea",
                           "moulds we make ourselves",
                           "a bench at the back of the garage",
                           "solar power",
                           "a gas kiln shared with two other potters",
                           "offcuts from a local sawmill"};

constexpr Text kNameStarts[] = {"al",  "ash", "bel", "ber", "bram", "brin", "cal", "ced", "cor", "dal", "del",  "dor",
                                "el",  "em",  "fal", "fen", "fin",  "gal",  "gil", "gor", "hal", "har", "hel",  "hol",
                                "il",  "is",  "jor", "jun", "kal",  "kel",  "kir", "lan", "lar", "lin", "lor",  "mal",
                                "mar", "mel", "mir", "mor", "nal",  "nor",  "ol",  "or",  "pel", "per", "pol",  "quil",
                                "ral", "ren", "ros", "sal", "sel",  "sil",  "sol", "tal", "tam", "tel", "thor", "tor",
                                "ul",  "val", "ver", "vin", "wal",  "wen",  "wil", "yar", "zel", "zor"};

constexpr Text kNameMiddles[] = {"a",  "an", "ar", "e",  "el", "en", "er", "i",  "il", "in", "ir", "o",  "ol",
                                 "on", "or", "u",  "ul", "un", "ba", "be", "bo", "ca", "co", "da", "de", "di",
                                 "do", "fa", "fi", "ga", "go", "la", "le", "li", "lo", "ma", "me", "mi", "mo",
                                 "na", "ne", "ni", "no", "pa", "pe", "ra", "re", "ri", "ro", "sa", "se", "si",
                                 "ta", "te", "ti", "va", "ve", "vi", "wa", "we", "za", "zi"};

constexpr Text kNameEnds[] = {"beck",  "berry", "bourne", "brook", "bury",   "by",  "combe", "croft", "dale",  "den",
                              "field", "fell",  "ford",   "gate",  "glen",   "ham", "hart",  "heim",  "holm",  "hurst",
                              "ine",   "ison",  "kin",    "land",  "leigh",  "let", "ling",  "low",   "mere",  "mont",
                              "moor",  "ness",  "ora",    "quist", "ra",     "ren", "ridge", "rose",  "row",   "sen",
                              "set",   "shaw",  "stead",  "sten",  "thorpe", "ton", "vale",  "vik",   "ville", "ward",
                              "well",  "wick",  "win",    "wood",  "worth"};

constexpr Text kShopEndings[] = {"Studio",  "Ceramics", "Atelier",  "Workshop",    "Makes",   "Handmade",   "Crafts",
                                 "Designs", "Co",       "Goods",    "& Daughters", "& Sons",  "Collective", "Supply",
                                 "House",   "Prints",   "Textiles", "Jewels",      "Pottery", "Press"};

constexpr Text kShopNouns[] = {
    "Thistle", "Kiln",     "Bramble",  "Wren",    "Magpie",  "Foxglove", "Heron",     "Hazel",   "Juniper",
    "Rook",    "Sparrow",  "Willow",   "Birch",   "Ember",   "Pebble",   "Driftwood", "Lantern", "Acorn",
    "Clover",  "Marigold", "Bluebell", "Sorrel",  "Linden",  "Harbour",  "Meadow",    "Moss",    "Nettle",
    "Poppy",   "Quill",    "Rowan",    "Saffron", "Tansy",   "Yarrow",   "Badger",    "Otter",   "Plover",
    "Curlew",  "Loom",     "Needle",   "Spindle", "Thimble", "Bobbin",   "Anvil",     "Inkwell", "Copper",
    "Velvet",  "Indigo",   "Paper",    "Candle",  "Honey",   "Cedar",    "Fern",      "Ivy",     "Lark"};

}  // namespace

std::span<const Text> adjectives() {
  return kAdjectives;
}
std::span<const Text> inspirations() {
  return kInspirations;
}
std::span<const Text> rooms() {
  return kRooms;
}
std::span<const Text> tools() {
  return kTools;
}
std::span<const Text> name_starts() {
  return kNameStarts;
}
std::span<const Text> name_middles() {
  return kNameMiddles;
}
std::span<const Text> name_ends() {
  return kNameEnds;
}
std::span<const Text> shop_endings() {
  return kShopEndings;
}
std::span<const Text> shop_nouns() {
  return kShopNouns;
}

}  // namespace handsel::demo
