// What people play with, make things from, read, and spoil their animals with.
#include "app/demo/internal/leaves.h"

#include <array>
#include <vector>

namespace handsel::demo {
namespace {

using enum Chart;

// clang-format off: one row a leaf.
constexpr LeafSpec kToys[] = {
    {"Soft Toys", "Stuffed Animals", "stuffed animal|plush toy|soft toy|teddy bear", "Kuscheltier|peluche|peluche artesanal", "cotton|linen|mohair|felt|velvet", "hand sewn|embroidered", 34, .45f, kSmall, "toy", 7},
    {"Soft Toys", "Amigurumi", "amigurumi|crochet toy|crochet animal", "Häkeltier|amigurumi au crochet|amigurumi de ganchillo", "cotton yarn|wool", "crochet", 28, .4f, kSmall, "toy", 7},
    {"Soft Toys", "Dolls", "rag doll|waldorf doll|cloth doll|dress up doll", "Stoffpuppe|poupée de chiffon|muñeca de trapo", "cotton|linen|wool|felt", "hand sewn|embroidered", 58, .5f, kSmall, "doll", 5},
    {"Wooden Toys", "Wooden Vehicles", "wooden car|wooden train|toy truck|push toy", "Holzauto|voiture en bois|coche de madera", "beech|maple|oak|birch", "hand painted|handmade", 26, .4f, kSmall, "car", 5},
    {"Wooden Toys", "Stacking Toys", "stacking toy|rainbow stacker|building blocks|wooden blocks", "Stapelspielzeug|jouet à empiler|apilable de madera", "beech|birch|maple", "hand painted|hand carved", 34, .4f, kSmall, "stacker", 5},
    {"Wooden Toys", "Play Food", "play food|felt food|play kitchen set", "Spielküche|dînette|comida de juguete", "felt|beech|cotton", "hand sewn|hand painted", 22, .4f, kPack, "bowl", 3},
    {"Wooden Toys", "Pull Toys", "pull along toy|wooden animal|noah's ark", "Nachziehtier|jouet à tirer|juguete de arrastre", "beech|maple|cherry wood", "hand carved|hand painted", 29, .4f, kSmall, "horse", 3},
    {"Puzzles", "Puzzles", "wooden puzzle|jigsaw puzzle|name puzzle|brain teaser", "Holzpuzzle|puzzle en bois|puzle de madera", "birch|beech|plywood|card", "laser cut|hand painted", 29, .4f, kPack, "puzzle", 5},
    {"Games", "Board Games", "chess set|board game|dominoes|backgammon set", "Brettspiel|jeu de société|juego de mesa", "walnut|maple|olive wood|leather", "hand carved|laser cut|turned", 78, .6f, kMedium, "puzzle", 3},
    {"Games", "Dice & Accessories", "dice set|dice tower|dice tray|dungeon miniatures", "Würfelset|set de dés|juego de dados", "resin|walnut|leather|pewter", "hand poured|laser cut", 34, .5f, kPack, "dice", 5},
    {"Games", "Memory & Cards", "memory game|tarot deck|flash cards|playing cards", "Memospiel|jeu de memory|juego de memoria", "card|birch|paper|digital file", "printable|hand painted", 22, .45f, kPack, "card", 4},
    {"Pretend", "Dress Up", "play crown|superhero cape|fairy wand|knight costume", "Spielkrone|cape de super-héros|corona de juego", "felt|cotton|satin|velvet", "hand sewn|embroidered", 21, .4f, kChild, "cape", 4},
    {"Pretend", "Dollhouses", "dollhouse|dollhouse furniture|fairy door", "Puppenhaus|maison de poupée|casa de muñecas", "plywood|birch|pine", "laser cut|hand painted|handmade", 64, .7f, kMedium, "house", 3},
    {"Pretend", "Puppets", "finger puppet|hand puppet|puppet theatre|marionette", "Handpuppe|marionnette|marioneta", "felt|wool|cotton yarn|linen", "hand sewn|crochet|needle felted", 19, .45f, kPack, "toy", 3},
    {"Learning", "Busy Books", "busy book|quiet book|activity board|montessori toy", "Quiet Book|livre d'éveil|libro sensorial", "felt|cotton|birch|beech", "hand sewn|laser cut", 42, .45f, kMedium, "journal", 4},
    {"Learning", "Sensory Kits", "playdough kit|sensory bin|craft kit for kids", "Knetset|kit pâte à modeler|kit de plastilina", "clay|felt|wooden beads", "handmade", 26, .35f, kPack, "box", 3},
};

constexpr LeafSpec kSupplies[] = {
    {"Yarn", "Yarn", "yarn|hand dyed yarn|sock yarn|merino yarn|yarn cake", "Garn|laine à tricoter|lana para tejer", "merino wool|wool|alpaca|mohair|cotton yarn", "naturally dyed", 24, .35f, kWeight, "yarn", 8},
    {"Yarn", "Roving & Fibre", "wool roving|spinning fibre|combed top", "Märchenwolle|laine cardée|vellón de lana", "merino wool|wool|alpaca|silk", "naturally dyed", 16, .4f, kWeight, "yarn", 4},
    {"Yarn", "Knitting Needles", "knitting needles|crochet hook|stitch markers|yarn bowl", "Stricknadeln|aiguilles à tricoter|agujas de punto", "birch|walnut|olive wood|brass|bamboo", "turned|hand carved|beaded", 18, .45f, kPack, "needles", 5},
    {"Patterns", "Sewing Patterns", "sewing pattern|dress pattern|bag pattern|quilt pattern", "Schnittmuster|patron de couture|patrón de costura", "digital file|paper", "printable", 9, .3f, kClothes, "pattern", 7},
    {"Patterns", "Knitting Patterns", "knitting pattern|crochet pattern|amigurumi pattern|jumper pattern", "Strickanleitung|patron de tricot|patrón de punto", "digital file", "printable", 6, .25f, kNone, "pattern", 7},
    {"Patterns", "Cross Stitch Patterns", "cross stitch pattern|embroidery pattern|sampler pattern", "Kreuzstichvorlage|grille point de croix|patrón punto de cruz", "digital file", "printable", 6, .3f, kNone, "hoop", 6},
    {"Patterns", "Cut Files", "svg file|cut file|clip art|digital paper pack", "Plotterdatei|fichier de découpe|archivo de corte", "digital file", "printable", 4, .4f, kPack, "pattern", 7},
    {"Fabric", "Fabric", "fabric by the metre|quilting cotton|linen fabric|fat quarter", "Stoff Meterware|tissu au mètre|tela por metro", "cotton|linen|silk|muslin|wool|jersey", "block printed|screen printed|naturally dyed", 18, .4f, kCloth, "textile", 7},
    {"Fabric", "Trims & Ribbons", "ribbon|lace trim|bias binding|pom pom trim", "Band|ruban|cinta", "silk|lace|cotton|velvet|satin", "naturally dyed|handwoven", 7, .4f, kPack, "ribbon", 4},
    {"Fabric", "Buttons", "buttons|wooden buttons|ceramic buttons|toggle", "Knöpfe|boutons|botones", "porcelain|walnut|shell|brass|olive wood", "handmade|laser cut|glazed", 8, .4f, kPack, "buttons", 5},
    {"Beads", "Glass Beads", "glass beads|lampwork beads|seed beads", "Glasperlen|perles de verre|cuentas de vidrio", "glass|glass beads", "handmade|blown", 12, .5f, kPack, "beads", 6},
    {"Beads", "Gemstone Beads", "gemstone beads|cabochon|loose gemstone", "Edelsteinperlen|perles de pierre|cuentas de piedra", "amethyst|turquoise|labradorite|moonstone|rose quartz|garnet", "handmade", 17, .5f, kPack, "beads", 5},
    {"Beads", "Findings", "ear wires|clasp|jump rings|jewellery findings|charms", "Schmuckzubehör|apprêts bijoux|fornituras", "sterling silver|brass|gold filled|stainless steel", "handmade", 7, .5f, kPack, "beads", 5},
    {"Kits", "Embroidery Kits", "embroidery kit|cross stitch kit|punch needle kit|sashiko kit", "Stickset|kit de broderie|kit de bordado", "cotton|linen|wool|silk", "embroidered", 27, .35f, kSmall, "hoop", 6},
    {"Kits", "Craft Kits", "macrame kit|candle making kit|pottery kit|weaving kit", "Bastelset|kit créatif|kit de manualidades", "cotton|soy wax|clay|wool", "handmade|macrame", 32, .35f, kNone, "box", 5},
    {"Kits", "Felting Kits", "needle felting kit|felting needles|felt sheets", "Filzset|kit de feutrage|kit de fieltro", "wool|felt|merino wool", "needle felted", 21, .35f, kPack, "toy", 4},
    {"Tools", "Stamps & Ink", "fabric stamp|wooden printing block|ink pad", "Druckstock|tampon textile|sello para tela", "beech|walnut|vinyl", "hand carved|laser cut", 13, .4f, kSmall, "yarn", 3},
    {"Tools", "Leather Tools", "leather hide|leather cord|leather stamp|leather scraps", "Leder Zuschnitt|chute de cuir|recortes de cuero", "leather|suede|brass", "handmade", 26, .5f, kPack, "textile", 3},
    {"Tools", "Pottery Tools", "pottery tool|clay stamp|texture roller|wooden rib", "Töpferwerkzeug|outil de poterie|herramienta de cerámica", "beech|walnut|clay|bamboo", "hand carved|laser cut", 15, .4f, kPack, "spoon", 3},
    {"Raw", "Dried Flowers", "dried flowers|pampas grass|preserved moss|pressed flowers", "Trockenblumen|fleurs séchées|flores secas", "dried flowers|moss", "pressed|handmade", 17, .4f, kPack, "bouquet", 6},
    {"Raw", "Candle Supplies", "candle wax|wick|fragrance oil|candle jar", "Kerzenzubehör|fournitures bougies|suministros para velas", "soy wax|beeswax|glass|essential oils", "handmade", 12, .4f, kPack, "jar", 3},
    {"Raw", "Wood Blanks", "wood slice|wood blank|carving blank|turning blank", "Holzscheibe|rondelle de bois|rodaja de madera", "birch|oak|walnut|olive wood|cherry wood", "handmade", 13, .4f, kPack, "coaster", 3},
};

constexpr LeafSpec kPets[] = {
    {"Dogs", "Dog Collars", "dog collar|martingale collar|collar and lead set", "Hundehalsband|collier pour chien|collar de perro", "leather|cotton|biothane|hemp", "hand sewn|stamped|hand bound", 24, .35f, kPet, "collar", 7},
    {"Dogs", "Dog Leads", "dog lead|rope lead|dog leash|slip lead", "Hundeleine|laisse pour chien|correa de perro", "leather|cotton|biothane|hemp", "handmade|macrame", 29, .35f, kPet, "collar", 5},
    {"Dogs", "Dog Bandanas", "dog bandana|dog bow tie|pet bandana", "Hundehalstuch|bandana pour chien|bandana de perro", "cotton|linen|organic cotton", "hand sewn|embroidered|screen printed", 12, .3f, kPet, "bandana", 6},
    {"Dogs", "Dog Clothing", "dog jumper|dog coat|dog hoodie", "Hundepullover|manteau pour chien|jersey de perro", "wool|cotton|jersey", "hand knitted|hand sewn|crochet", 34, .4f, kPet, "sweater", 4},
    {"Dogs", "Dog Treats & Toys", "dog toy|snuffle mat|tug toy|dog treat jar", "Hundespielzeug|jouet pour chien|juguete para perro", "cotton|felt|hemp|stoneware", "handmade|crochet", 18, .35f, kPet, "toy", 4},
    {"Cats", "Cat Toys", "cat toy|catnip toy|cat wand|catnip mouse", "Katzenspielzeug|jouet pour chat|juguete para gato", "felt|cotton|wool|feathers", "hand sewn|crochet|needle felted", 9, .35f, kPack, "toy", 5},
    {"Cats", "Cat Collars", "cat collar|kitten collar|breakaway collar", "Katzenhalsband|collier pour chat|collar de gato", "cotton|leather|velvet", "hand sewn|embroidered", 13, .3f, kPet, "collar", 4},
    {"Cats", "Cat Furniture", "cat bed|cat cave|cat hammock|cat shelf", "Katzenhöhle|niche pour chat|cama para gato", "felt|wool|cotton|plywood|seagrass", "needle felted|crochet|handwoven", 62, .45f, kPet, "basket", 4},
    {"All Pets", "Pet Beds", "pet bed|dog bed|pet blanket", "Haustierbett|panier pour animaux|cama para mascotas", "cotton|linen|wool|canvas", "hand sewn|quilted", 68, .45f, kPet, "cushion", 4},
    {"All Pets", "Pet Tags", "pet tag|dog tag|pet id tag", "Hundemarke|médaille pour chien|placa para perro", "brass|copper|stainless steel|leather", "engraved|stamped", 13, .3f, kPet, "keyring", 6},
    {"All Pets", "Pet Bowls", "dog bowl|cat bowl|raised feeder|slow feeder", "Futternapf|gamelle|comedero", "stoneware|oak|porcelain", "wheel thrown|glazed|handmade", 36, .4f, kVolume, "bowl", 4},
    {"All Pets", "Pet Memorials", "pet memorial|paw print frame|pet urn|pet loss gift", "Haustier-Andenken|souvenir d'animal|recuerdo de mascota", "oak|slate|clay|glass|sterling silver", "engraved|hand painted|stamped", 34, .5f, kSmall, "print", 5},
    {"Small Pets", "Small Pet Supplies", "hamster house|rabbit toy|guinea pig bed|bird perch", "Kleintierbedarf|maison pour hamster|casita para hámster", "pine|felt|willow|birch", "handmade|hand sewn", 19, .4f, kPet, "house", 3},
    {"Horses", "Equestrian", "horse ear bonnet|saddle pad|browband|fly veil", "Fliegenhaube|bonnet pour cheval|gorro de caballo", "cotton|leather|wool|glass beads", "crochet|beaded|hand sewn", 36, .4f, kPet, "collar", 2},
};

constexpr LeafSpec kMusic[] = {
    {"Music", "Instruments", "kalimba|ocarina|cajon|hand drum|tin whistle", "Kalimba|kalimba artisanale|kalimba de madera", "walnut|stoneware|oak|birch", "hand carved|handmade", 72, .6f, kMedium, "box", 3},
    {"Music", "Instrument Accessories", "guitar strap|plectrum|pick holder|ukulele strap", "Gitarrengurt|sangle de guitare|correa de guitarra", "leather|cotton|walnut|brass", "stamped|handwoven|engraved", 28, .4f, kNone, "bracelet", 5},
    {"Music", "Records & Posters", "song lyrics print|record bowl|vinyl record clock", "Songtext-Poster|affiche paroles|lámina letra canción", "paper|vinyl|digital file", "upcycled|giclee|printable", 26, .45f, kPrint, "print", 4},
    {"Books", "Book Covers", "book sleeve|book cover|fabric book pouch|kindle sleeve", "Buchhülle|housse de livre|funda de libro", "cotton|linen|leather|velvet", "hand sewn|quilted|embroidered", 19, .35f, kMedium, "pouch", 5},
    {"Books", "Reading Accessories", "book stand|page holder|reading journal|library card print", "Buchständer|support de livre|atril", "walnut|oak|paper|beech", "laser cut|engraved|hand bound", 21, .4f, kNone, "journal", 4},
    {"Books", "Poetry & Stories", "poetry book|illustrated story|pocket poem|recipe book", "Gedichtband|recueil de poèmes|libro de poemas", "paper|recycled paper|linen", "letterpress|hand bound|risograph", 16, .45f, kNone, "journal", 3},
    {"Games Room", "Hobby Miniatures", "terrain tile|painted miniature|model kit", "Modellbausatz|figurine peinte|miniatura pintada", "resin|pewter|plywood|birch", "hand painted|laser cut", 28, .5f, kPack, "house", 3},
};

constexpr RootSpec kRoots[] = {
    {"Toys & Games", 10, kToys}, {"Craft Supplies", 13, kSupplies}, {"Pet Supplies", 7, kPets},
    {"Books & Music", 4, kMusic},
};
// clang-format on

std::vector<RootSpec> join_roots() {
  std::vector<RootSpec> all;
  for (const std::span<const RootSpec> part : {home_roots(), wear_roots(), craft_roots()}) {
    all.insert(all.end(), part.begin(), part.end());
  }
  return all;
}

}  // namespace

std::span<const RootSpec> craft_roots() {
  return kRoots;
}

std::span<const RootSpec> roots() {
  static const std::vector<RootSpec> kAll = join_roots();
  return kAll;
}

}  // namespace handsel::demo
