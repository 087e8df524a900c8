// What is worn and carried: jewellery, clothing, accessories, bags, baby, bath.
#include "app/demo/internal/leaves.h"

namespace handsel::demo {
namespace {

using enum Chart;

// clang-format off: one row a leaf.
constexpr LeafSpec kJewellery[] = {
    {"Rings", "Stacking Rings", "stacking ring|thin ring|band ring|midi ring", "Stapelring|bague fine|anillo apilable", "sterling silver|gold filled|14k gold|brass", "hammered|soldered|stamped", 28, .45f, kRing, "ring", 8},
    {"Rings", "Gemstone Rings", "gemstone ring|moonstone ring|crystal ring|statement ring", "Edelsteinring|bague pierre|anillo de piedra", "sterling silver|moonstone|amethyst|labradorite|opal|garnet", "soldered|handmade", 65, .55f, kRing, "ring", 7},
    {"Rings", "Signet Rings", "signet ring|initial ring|seal ring", "Siegelring|chevalière|anillo de sello", "sterling silver|brass|14k gold", "engraved|stamped", 58, .5f, kRing, "ring", 4},
    {"Rings", "Engagement Rings", "engagement ring|promise ring|alternative engagement ring", "Verlobungsring|bague de fiançailles|anillo de compromiso", "14k gold|moonstone|opal|sterling silver", "handmade|engraved", 420, .7f, kRing, "ring", 4},
    {"Rings", "Wedding Bands", "wedding band|wedding ring set|wood ring", "Ehering|alliance|alianza", "14k gold|titanium|walnut|sterling silver", "hammered|engraved|turned", 240, .7f, kRing, "ring", 4},
    {"Necklaces", "Pendants", "pendant necklace|pendant|medallion necklace", "Anhängerkette|collier pendentif|collar con colgante", "sterling silver|gold filled|brass|labradorite|moonstone", "wire wrapped|hammered|etched", 42, .5f, kNecklace, "necklace", 9},
    {"Necklaces", "Name Necklaces", "name necklace|initial necklace|letter necklace", "Namenskette|collier prénom|collar con nombre", "sterling silver|gold filled|14k gold", "handmade|stamped|engraved", 38, .45f, kNecklace, "necklace", 7},
    {"Necklaces", "Lockets", "locket|photo locket|locket necklace", "Medaillon|médaillon photo|medallón", "brass|sterling silver|gold filled", "engraved|etched", 46, .45f, kNecklace, "necklace", 3},
    {"Necklaces", "Chokers", "choker|beaded choker|velvet choker", "Choker|ras de cou|gargantilla", "velvet|glass beads|lace|freshwater pearl", "beaded|hand sewn", 22, .4f, kNecklace, "necklace", 4},
    {"Necklaces", "Beaded Necklaces", "beaded necklace|pearl necklace|mala", "Perlenkette|collier de perles|collar de cuentas", "glass beads|freshwater pearl|wooden beads|turquoise", "beaded", 39, .5f, kNecklace, "beads", 5},
    {"Earrings", "Stud Earrings", "stud earrings|studs|tiny earrings", "Ohrstecker|puces d'oreilles|pendientes de botón", "sterling silver|polymer clay|gold filled|birch", "handmade|hammered|hand painted", 19, .45f, kNone, "earrings", 8},
    {"Earrings", "Hoop Earrings", "hoop earrings|hoops|huggie earrings", "Creolen|créoles|aros", "sterling silver|gold filled|brass|copper", "hammered|wire wrapped|beaded", 29, .45f, kNone, "earrings", 7},
    {"Earrings", "Dangle Earrings", "dangle earrings|drop earrings|statement earrings|tassel earrings", "Ohrhänger|boucles d'oreilles pendantes|pendientes largos", "polymer clay|brass|glass beads|resin|feathers", "handmade|beaded|hand painted", 24, .4f, kNone, "earrings", 8},
    {"Earrings", "Ear Cuffs", "ear cuff|ear climber|ear wrap", "Ohrklemme|bijou d'oreille|ear cuff", "sterling silver|brass|copper", "wire wrapped|hammered", 18, .4f, kNone, "earrings", 3},
    {"Bracelets", "Beaded Bracelets", "beaded bracelet|friendship bracelet|stretch bracelet", "Perlenarmband|bracelet de perles|pulsera de cuentas", "glass beads|wooden beads|rose quartz|amethyst", "beaded|macrame", 17, .4f, kSmall, "bracelet", 7},
    {"Bracelets", "Cuffs & Bangles", "cuff bracelet|bangle|cuff", "Armreif|jonc|brazalete", "copper|brass|sterling silver|leather", "hammered|stamped|hand forged", 42, .5f, kSmall, "bracelet", 4},
    {"Bracelets", "Charm Bracelets", "charm bracelet|chain bracelet|charm", "Bettelarmband|bracelet à breloques|pulsera de dijes", "sterling silver|gold filled|brass", "handmade|engraved", 44, .5f, kSmall, "bracelet", 4},
    {"Bracelets", "Anklets", "anklet|ankle bracelet", "Fußkettchen|bracelet de cheville|tobillera", "sterling silver|shell|glass beads|cotton yarn", "beaded|macrame", 16, .35f, kSmall, "bracelet", 3},
    {"Body", "Brooches", "brooch|lapel pin|pin brooch", "Brosche|broche|broche artesanal", "felt|brass|polymer clay|glass beads|sterling silver", "needle felted|beaded|embroidered|hand painted", 24, .45f, kSmall, "pin", 4},
    {"Body", "Hair Jewellery", "hair pin|hair fork|hair comb|hair stick", "Haarnadel|pic à cheveux|horquilla", "brass|walnut|copper|freshwater pearl", "hammered|hand carved|wire wrapped", 23, .4f, kNone, "hairpin", 4},
    {"Body", "Cufflinks & Tie Pins", "cufflinks|tie pin|tie bar", "Manschettenknöpfe|boutons de manchette|gemelos", "sterling silver|walnut|brass", "engraved|stamped", 42, .4f, kNone, "pin", 2},
    {"Body", "Jewellery Sets", "jewellery set|necklace and earrings set", "Schmuckset|parure|conjunto de joyas", "sterling silver|freshwater pearl|polymer clay|gold filled", "handmade|beaded", 58, .5f, kNone, "necklace", 3},
};

constexpr LeafSpec kClothing[] = {
    {"Women", "Dresses", "dress|linen dress|wrap dress|smock dress|maxi dress", "Kleid|robe|vestido", "linen|cotton|silk|muslin|velvet", "hand sewn|embroidered|naturally dyed", 92, .45f, kClothes, "dress", 8},
    {"Women", "Tops", "blouse|linen top|crop top|tunic", "Bluse|blouse|blusa", "linen|cotton|silk|muslin", "hand sewn|crochet|embroidered", 52, .4f, kClothes, "shirt", 6},
    {"Women", "Skirts", "skirt|midi skirt|wrap skirt|pinafore skirt", "Rock|jupe|falda", "linen|cotton|wool|denim", "hand sewn|upcycled", 58, .4f, kClothes, "skirt", 5},
    {"Women", "Jumpsuits", "jumpsuit|dungarees|overalls|boiler suit", "Latzhose|salopette|peto", "linen|cotton|denim", "hand sewn", 98, .35f, kClothes, "dungaree", 4},
    {"Women", "Lingerie & Sleep", "nightdress|pyjama set|bralette|slip dress", "Nachthemd|chemise de nuit|camisón", "silk|cotton|lace|bamboo", "hand sewn", 48, .4f, kClothes, "dress", 3},
    {"Men", "Shirts", "linen shirt|work shirt|grandad shirt", "Leinenhemd|chemise en lin|camisa de lino", "linen|cotton|denim|hemp", "hand sewn", 68, .35f, kClothes, "shirt", 4},
    {"Men", "Trousers", "linen trousers|work trousers|shorts", "Leinenhose|pantalon en lin|pantalón de lino", "linen|cotton|hemp|denim", "hand sewn", 72, .35f, kClothes, "trousers", 3},
    {"Men", "Waistcoats", "waistcoat|vest|tweed waistcoat", "Weste|gilet de costume|chaleco", "wool|linen|silk", "hand sewn", 88, .4f, kClothes, "shirt", 2},
    {"Unisex", "T-Shirts", "t-shirt|graphic tee|tie dye shirt|slogan tee", "T-Shirt|t-shirt|camiseta", "cotton|organic cotton|jersey|bamboo", "screen printed|block printed|naturally dyed|embroidered", 26, .3f, kClothes, "shirt", 9},
    {"Unisex", "Sweatshirts", "sweatshirt|hoodie|crewneck", "Sweatshirt|sweat-shirt|sudadera", "cotton|organic cotton|jersey", "embroidered|screen printed", 42, .3f, kClothes, "sweater", 7},
    {"Unisex", "Jumpers", "jumper|cardigan|fisherman jumper|knit vest", "Strickpullover|pull|jersey", "wool|merino wool|alpaca|mohair|cotton", "hand knitted|crochet", 115, .4f, kClothes, "sweater", 6},
    {"Unisex", "Jackets", "jacket|chore jacket|quilted jacket|denim jacket|kimono jacket", "Jacke|veste|chaqueta", "cotton|wool|denim|linen|canvas", "quilted|hand sewn|upcycled|hand painted", 125, .45f, kClothes, "jacket", 5},
    {"Unisex", "Socks", "socks|knit socks|bed socks|slipper socks", "Socken|chaussettes|calcetines", "wool|merino wool|cotton|alpaca", "hand knitted", 19, .35f, kShoe, "sock", 5},
    {"Children", "Girls' Clothing", "girls dress|toddler dress|pinafore|twirl skirt", "Mädchenkleid|robe fille|vestido de niña", "cotton|linen|muslin", "hand sewn|embroidered|block printed", 38, .35f, kChild, "dress", 5},
    {"Children", "Boys' Clothing", "boys shirt|kids dungarees|toddler shorts", "Kinderlatzhose|salopette enfant|peto infantil", "cotton|linen|denim", "hand sewn|screen printed", 36, .35f, kChild, "dungaree", 4},
    {"Children", "Kids' Jumpers", "kids jumper|toddler cardigan|knitted pullover", "Kinderpullover|pull enfant|jersey infantil", "wool|merino wool|cotton", "hand knitted|crochet", 44, .35f, kChild, "sweater", 4},
    {"Costume", "Costumes", "costume|cosplay costume|cloak|fairy wings", "Kostüm|costume|disfraz", "velvet|cotton|felt|wool|satin", "hand sewn|hand painted", 78, .6f, kClothes, "cape", 4},
    {"Costume", "Masks", "mask|masquerade mask|leather mask", "Maske|masque|máscara", "leather|paper|clay|feathers", "hand painted|hand built", 36, .5f, kNone, "pin", 2},
    {"Shoes", "Slippers", "slippers|felt slippers|house shoes|clogs", "Hausschuhe|chaussons|zapatillas de casa", "felt|wool|leather|suede", "needle felted|hand sewn", 54, .35f, kShoe, "shoe", 4},
    {"Shoes", "Sandals & Boots", "sandals|leather sandals|boots|moccasins", "Sandalen|sandales|sandalias", "leather|suede|jute|cork", "hand sewn|hand bound", 88, .4f, kShoe, "shoe", 3},
};

constexpr LeafSpec kAccessories[] = {
    {"Scarves", "Scarves", "scarf|silk scarf|infinity scarf|shawl|bandana", "Schal|écharpe|bufanda", "wool|silk|merino wool|cotton|linen|mohair", "hand knitted|handwoven|naturally dyed|crochet|block printed", 44, .45f, kCloth, "scarf", 8},
    {"Scarves", "Cowls & Snoods", "cowl|snood|neck warmer", "Schlauchschal|snood|cuello", "wool|alpaca|merino wool", "hand knitted|crochet", 34, .35f, kNone, "scarf", 3},
    {"Hats", "Beanies", "beanie|bobble hat|knit hat|slouchy hat", "Mütze|bonnet|gorro", "wool|merino wool|alpaca|cotton", "hand knitted|crochet", 32, .35f, kClothes, "hat", 6},
    {"Hats", "Sun Hats", "bucket hat|sun hat|straw hat|beret", "Fischerhut|bob|sombrero", "cotton|linen|seagrass|wool|denim", "hand sewn|crochet|handwoven", 36, .4f, kClothes, "hat", 4},
    {"Hats", "Fascinators", "fascinator|headpiece|pillbox hat", "Fascinator|bibi|tocado", "felt|silk|feathers|velvet", "handmade|hand sewn", 58, .45f, kNone, "hat", 2},
    {"Hair", "Scrunchies", "scrunchie|hair tie|scrunchie set", "Haargummi|chouchou|coletero", "silk|velvet|cotton|linen|satin", "hand sewn", 7, .35f, kPack, "scrunchy", 6},
    {"Hair", "Headbands", "headband|turban|ear warmer|hair scarf", "Stirnband|bandeau|diadema", "wool|cotton|velvet|linen", "hand knitted|crochet|hand sewn", 18, .35f, kNone, "scrunchy", 5},
    {"Hair", "Hair Clips", "hair clip|barrette|hair bow|claw clip", "Haarspange|barrette|pinza de pelo", "leather|linen|resin|felt|lace", "handmade|embroidered|hand sewn", 11, .4f, kPack, "hairpin", 6},
    {"Gloves", "Gloves & Mittens", "mittens|fingerless gloves|gloves|wrist warmers", "Handschuhe|mitaines|mitones", "wool|merino wool|alpaca|leather", "hand knitted|crochet|hand sewn", 31, .35f, kClothes, "mitten", 5},
    {"Belts", "Belts & Braces", "leather belt|belt|braces|obi belt", "Gürtel|ceinture|cinturón", "leather|vegan leather|cotton|linen", "stamped|hand sewn", 44, .4f, kClothes, "bracelet", 4},
    {"Keyrings", "Keyrings", "keyring|keychain|key fob|bag charm", "Schlüsselanhänger|porte-clés|llavero", "leather|resin|brass|felt|cotton yarn|walnut", "stamped|macrame|engraved|crochet", 12, .4f, kNone, "keyring", 7},
    {"Eyewear", "Glasses Cases", "glasses case|spectacle chain|sunglasses strap", "Brillenetui|étui à lunettes|funda de gafas", "leather|cork|felt|glass beads", "hand sewn|beaded", 22, .35f, kNone, "pouch", 3},
    {"Tech", "Phone Accessories", "phone case|phone strap|laptop sleeve|cable organiser", "Handyhülle|coque de téléphone|funda de móvil", "leather|cork|felt|walnut|resin", "handmade|engraved|hand sewn|pressed", 26, .4f, kNone, "pouch", 5},
    {"Umbrellas", "Fans & Parasols", "hand fan|parasol|folding fan", "Fächer|éventail|abanico", "silk|paper|bamboo|lace", "hand painted", 34, .5f, kNone, "shell", 2},
    {"Patches", "Patches & Pins", "iron on patch|embroidered patch|pin badge", "Aufnäher|écusson|parche", "cotton|felt|enamel|denim", "embroidered|screen printed", 7, .35f, kSmall, "pin", 4},
};

constexpr LeafSpec kBags[] = {
    {"Totes", "Tote Bags", "tote bag|shopper|market bag|canvas tote|book bag", "Stoffbeutel|tote bag|bolsa de tela", "cotton|canvas|linen|organic cotton|jute", "screen printed|block printed|hand sewn|embroidered|crochet", 22, .4f, kMedium, "bag", 9},
    {"Handbags", "Shoulder Bags", "shoulder bag|hobo bag|handbag|baguette bag", "Schultertasche|sac à main|bolso de hombro", "leather|canvas|vegan leather|cotton", "hand sewn|quilted|upcycled", 88, .5f, kMedium, "handbag", 5},
    {"Handbags", "Crossbody Bags", "crossbody bag|satchel|messenger bag|camera bag", "Umhängetasche|sac bandoulière|bandolera", "leather|canvas|suede|cork", "hand sewn|stamped", 96, .5f, kMedium, "handbag", 5},
    {"Handbags", "Clutches", "clutch|evening bag|wristlet", "Clutch|pochette de soirée|bolso de mano", "silk|leather|velvet|glass beads", "beaded|hand sewn|embroidered", 48, .5f, kSmall, "pouch", 4},
    {"Backpacks", "Backpacks", "backpack|rucksack|drawstring backpack|kids backpack", "Rucksack|sac à dos|mochila", "canvas|leather|cotton|hemp", "hand sewn|quilted|screen printed", 82, .5f, kMedium, "backpack", 4},
    {"Pouches", "Pouches", "zip pouch|makeup bag|cosmetic bag|pencil case|wash bag", "Kosmetiktasche|trousse|neceser", "cotton|linen|canvas|velvet|cork", "hand sewn|block printed|quilted|embroidered", 18, .35f, kSmall, "pouch", 7},
    {"Wallets", "Wallets", "wallet|card holder|coin purse|bifold wallet|passport cover", "Geldbörse|portefeuille|cartera", "leather|vegan leather|cork|canvas", "hand sewn|stamped|engraved", 38, .4f, kSmall, "wallet", 7},
    {"Travel", "Weekend Bags", "weekend bag|duffel bag|luggage tag|garment bag", "Reisetasche|sac de voyage|bolsa de viaje", "canvas|leather|wool", "hand sewn|embroidered", 125, .5f, kLarge, "handbag", 3},
    {"Travel", "Knitting Bags", "project bag|knitting bag|needle roll|yarn bag", "Projekttasche|sac à tricot|bolsa de labores", "cotton|linen|canvas", "hand sewn|quilted", 29, .35f, kMedium, "bag", 3},
    {"Bags for Men", "Lunch Bags", "lunch bag|bottle bag|tool roll", "Lunchbeutel|sac à déjeuner|bolsa de almuerzo", "canvas|cotton|leather", "hand sewn", 24, .4f, kMedium, "bag", 2},
};

constexpr LeafSpec kInfant[] = {
    {"Clothing", "Baby Grows", "baby vest|baby romper|babygrow|bloomers", "Babystrampler|barboteuse|pelele", "organic cotton|cotton|muslin|linen", "hand sewn|screen printed|embroidered", 22, .35f, kBaby, "romper", 7},
    {"Clothing", "Baby Knitwear", "baby cardigan|baby bonnet|booties|baby hat", "Babyjäckchen|cardigan bébé|chaqueta de bebé", "merino wool|cotton yarn|alpaca|wool", "hand knitted|crochet", 29, .35f, kBaby, "sweater", 5},
    {"Clothing", "Bibs", "bib|dribble bib|bandana bib", "Lätzchen|bavoir|babero", "cotton|muslin|organic cotton|linen", "hand sewn|embroidered", 12, .3f, kBaby, "bib", 5},
    {"Nursery", "Mobiles", "baby mobile|cot mobile|nursery mobile", "Babymobile|mobile bébé|móvil de cuna", "felt|wool|beech|cotton yarn", "needle felted|crochet|hand sewn", 54, .4f, kMedium, "mobile", 5},
    {"Nursery", "Baby Blankets", "baby blanket|swaddle|muslin swaddle|security blanket", "Babydecke|couverture bébé|manta de bebé", "merino wool|cotton|muslin|organic cotton", "hand knitted|crochet|embroidered|quilted", 42, .4f, kCloth, "blanket", 6},
    {"Nursery", "Nursery Decor", "nursery sign|height chart|name puzzle|milestone cards", "Kinderzimmerdeko|toise|decoración infantil", "birch|beech|felt|plywood|card", "laser cut|hand painted|engraved", 32, .4f, kMedium, "sign", 5},
    {"Nursery", "Nursery Storage", "nappy caddy|toy basket|changing basket", "Windelkorb|panier à couches|cesta para pañales", "seagrass|cotton|felt|jute", "crochet|handwoven|hand sewn", 46, .4f, kMedium, "basket", 2},
    {"Gear", "Teethers", "teether|teething ring|dummy clip|pacifier clip", "Beißring|anneau de dentition|mordedor", "beech|wooden beads|organic cotton", "crochet|handmade", 13, .3f, kNone, "teether", 5},
    {"Gear", "Rattles", "rattle|wooden rattle|crinkle toy", "Rassel|hochet|sonajero", "beech|cotton yarn|maple", "crochet|turned", 16, .3f, kNone, "teether", 3},
    {"Gear", "Carriers & Slings", "baby sling|ring sling|pram liner|nursing cover", "Tragetuch|écharpe de portage|fular portabebés", "linen|cotton|organic cotton|muslin", "handwoven|hand sewn", 72, .4f, kCloth, "scarf", 2},
    {"Keepsakes", "Baby Keepsakes", "baby memory book|handprint kit|birth announcement|birth print", "Babyalbum|album de naissance|libro de bebé", "clay|paper|leather|digital file", "hand bound|printable|stamped", 32, .45f, kNone, "journal", 4},
};

constexpr LeafSpec kBath[] = {
    {"Soap", "Bar Soaps", "soap bar|soap|goat milk soap|olive oil soap", "Seife|savon|jabón", "olive oil|shea butter|essential oils", "cold process", 8, .3f, kWeight, "soap", 8},
    {"Soap", "Shampoo Bars", "shampoo bar|conditioner bar|shaving soap", "Festes Shampoo|shampoing solide|champú sólido", "olive oil|shea butter|essential oils", "cold process", 10, .25f, kWeight, "soap", 5},
    {"Bath", "Bath Bombs", "bath bomb|bath bomb set|shower steamer", "Badebombe|bombe de bain|bomba de baño", "essential oils|shea butter|dried flowers", "handmade|pressed", 7, .35f, kPack, "ornament", 6},
    {"Bath", "Bath Salts", "bath salts|bath tea|bath soak", "Badesalz|sels de bain|sales de baño", "essential oils|dried flowers", "handmade", 13, .35f, kWeight, "jar", 4},
    {"Skin", "Balms & Creams", "lip balm|face cream|body butter|hand salve", "Lippenbalsam|baume à lèvres|bálsamo labial", "shea butter|beeswax|olive oil|essential oils", "handmade|hand poured", 11, .4f, kVolume, "jar", 5},
    {"Skin", "Oils & Serums", "face oil|beard oil|body oil|massage oil", "Gesichtsöl|huile visage|aceite facial", "olive oil|essential oils", "handmade", 19, .4f, kVolume, "bottle", 4},
    {"Fragrance", "Perfumes", "solid perfume|perfume oil|cologne|room spray", "Festes Parfüm|parfum solide|perfume sólido", "essential oils|beeswax", "handmade|hand poured", 26, .45f, kVolume, "bottle", 4},
    {"Fragrance", "Incense & Sage", "incense sticks|smudge stick|herb bundle", "Räucherstäbchen|encens|incienso", "dried flowers|essential oils", "handmade", 10, .35f, kPack, "bouquet", 4},
    {"Spa", "Gift Sets", "spa gift set|self care box|pamper hamper", "Wellness-Geschenkset|coffret bien-être|caja de spa", "soy wax|shea butter|essential oils", "handmade|hand poured", 36, .4f, kPack, "box", 6},
    {"Spa", "Eye Masks & Wheat Bags", "eye mask|wheat bag|lavender eye pillow|heat pack", "Augenkissen|bouillotte sèche|saco térmico", "linen|silk|cotton|velvet", "hand sewn|quilted", 18, .35f, kNone, "cushion", 4},
    {"Bathroom", "Soap Dishes", "soap dish|toothbrush holder|bath tray", "Seifenschale|porte-savon|jabonera", "stoneware|olive wood|concrete|resin", "hand built|handmade|glazed", 17, .35f, kSmall, "plate", 4},
};

constexpr RootSpec kRoots[] = {
    {"Jewellery", 20, kJewellery}, {"Clothing", 15, kClothing}, {"Accessories", 11, kAccessories},
    {"Bags & Purses", 9, kBags},   {"Baby", 7, kInfant},          {"Bath & Beauty", 7, kBath},
};
// clang-format on

}  // namespace

std::span<const RootSpec> wear_roots() {
  return kRoots;
}

}  // namespace handsel::demo
