// What stands and hangs in a home: furnishing, ceramics, textiles, art, weddings, paper.
#include "app/demo/internal/leaves.h"

namespace handsel::demo {
namespace {

using enum Chart;

// clang-format off: one row a leaf.
constexpr LeafSpec kHome[] = {
    {"Kitchen", "Aprons", "apron|pinafore apron|half apron|cross back apron", "Schürze|tablier|delantal", "linen|cotton|denim|canvas", "hand sewn|embroidered|screen printed", 36, .35f, kClothes, "apron", 8},
    {"Kitchen", "Cutting Boards", "cutting board|cheese board|serving board|charcuterie board", "Schneidebrett|planche à découper|tabla de cortar", "oak|walnut|olive wood|cherry wood|beech|maple", "handmade|hand carved|engraved", 48, .45f, kMedium, "board", 8},
    {"Kitchen", "Wooden Spoons", "wooden spoon|cooking spoon|spatula|honey dipper|coffee scoop", "Holzlöffel|cuillère en bois|cuchara de madera", "olive wood|cherry wood|walnut|birch|beech", "hand carved", 19, .4f, kNone, "spoon", 6},
    {"Kitchen", "Tea Towels", "tea towel|dish towel|kitchen towel", "Geschirrtuch|torchon|paño de cocina", "linen|cotton|organic cotton", "screen printed|block printed|handwoven", 16, .3f, kCloth, "towel", 6},
    {"Kitchen", "Oven Gloves", "oven glove|pot holder|oven mitt", "Ofenhandschuh|gant de cuisine|manopla de horno", "cotton|linen|denim", "quilted|hand sewn", 22, .3f, kNone, "towel", 3},
    {"Kitchen", "Rolling Pins", "rolling pin|embossed rolling pin", "Nudelholz|rouleau à pâtisserie|rodillo de cocina", "beech|walnut|maple", "turned|engraved|laser cut", 26, .35f, kNone, "spoon", 3},
    {"Kitchen", "Coasters", "coaster set|coaster|trivet", "Untersetzer|dessous de verre|posavasos", "slate|cork|resin|walnut|concrete|felt", "handmade|engraved|laser cut", 18, .4f, kPack, "coaster", 6},
    {"Kitchen", "Tea Cosies", "tea cosy|egg cosy|coffee cosy", "Teewärmer|couvre-théière|cubretetera", "wool|cotton|felt", "hand knitted|crochet|quilted", 24, .35f, kNone, "hat", 2},
    {"Kitchen", "Food Storage", "beeswax wrap|bread bag|produce bag|spice jar label", "Brotbeutel|sac à pain|bolsa de pan", "linen|beeswax|organic cotton|vinyl", "hand sewn|handmade", 15, .35f, kPack, "bag", 3},
    {"Kitchen", "Bread Boxes", "bread box|bread bin|recipe box", "Brotkasten|boîte à pain|panera", "oak|pine|bamboo|birch", "handmade|engraved", 62, .4f, kMedium, "box", 2},
    {"Decor", "Wall Hangings", "wall hanging|woven wall hanging|tapestry|dream catcher", "Wandbehang|suspension murale|tapiz de pared", "cotton|wool|jute|driftwood|linen", "macrame|handwoven|naturally dyed", 58, .55f, kLarge, "macrame", 9},
    {"Decor", "Wreaths", "wreath|door wreath|dried flower wreath", "Türkranz|couronne de porte|corona para puerta", "dried flowers|willow|moss|felt", "handmade", 52, .4f, kMedium, "wreath", 6},
    {"Decor", "Signs", "wooden sign|door sign|family name sign|house number", "Holzschild|panneau en bois|cartel de madera", "oak|pine|slate|brass|reclaimed wood", "engraved|hand painted|laser cut", 34, .5f, kMedium, "sign", 6},
    {"Decor", "Garlands", "garland|bunting|pom pom garland|felt ball garland", "Girlande|guirlande|guirnalda", "felt|cotton|paper|linen|wool", "hand sewn|handmade", 21, .35f, kLarge, "garland", 4},
    {"Decor", "Mirrors", "wall mirror|round mirror|hand mirror", "Wandspiegel|miroir mural|espejo de pared", "rattan|oak|brass|stained glass|driftwood", "handmade|macrame", 95, .5f, kLarge, "mirror", 4},
    {"Decor", "Clocks", "wall clock|mantel clock|desk clock", "Wanduhr|horloge murale|reloj de pared", "oak|walnut|resin|slate|plywood", "handmade|laser cut|engraved", 72, .45f, kMedium, "clock", 4},
    {"Decor", "Sculptures", "sculpture|figurine|table sculpture|bust", "Skulptur|sculpture|escultura", "clay|brass|driftwood|concrete|glass", "hand built|hand carved|hand painted", 85, .7f, kSmall, "toy", 4},
    {"Decor", "Suncatchers", "suncatcher|window hanging|crystal suncatcher", "Sonnenfänger|attrape-soleil|atrapasol", "stained glass|glass|glass beads|brass", "soldered|wire wrapped|fused", 32, .45f, kSmall, "suncatch", 5},
    {"Decor", "Picture Frames", "picture frame|photo frame|floating frame", "Bilderrahmen|cadre photo|marco de fotos", "oak|reclaimed wood|walnut|driftwood", "handmade|hand carved", 38, .4f, kPrint, "print", 4},
    {"Decor", "Trinket Dishes", "trinket dish|ring dish|jewellery tray|catchall tray", "Schmuckschale|vide-poche|bandeja para joyas", "porcelain|clay|concrete|resin|stoneware", "hand built|glazed|hand painted", 19, .35f, kSmall, "plate", 5},
    {"Candles", "Scented Candles", "scented candle|soy candle|jar candle|candle", "Duftkerze|bougie parfumée|vela aromática", "soy wax|beeswax|essential oils", "hand poured", 21, .35f, kVolume, "candle", 9},
    {"Candles", "Pillar Candles", "pillar candle|bubble candle|sculptural candle|taper candle", "Stumpenkerze|bougie pilier|velón", "soy wax|beeswax", "hand poured|hand painted", 17, .4f, kSmall, "candle", 5},
    {"Candles", "Candle Holders", "candle holder|candlestick|tealight holder|lantern", "Kerzenhalter|bougeoir|candelabro", "stoneware|brass|concrete|oak|glass|wrought iron", "handmade|hand forged|glazed", 29, .5f, kSmall, "candle", 5},
    {"Candles", "Wax Melts", "wax melt|wax melts set|wax burner", "Duftwachs|fondant parfumé|cera perfumada", "soy wax|essential oils", "hand poured", 8, .35f, kPack, "soap", 4},
    {"Lighting", "Lamps", "table lamp|bedside lamp|floor lamp|mushroom lamp", "Tischlampe|lampe de table|lámpara de mesa", "oak|rattan|stoneware|stained glass|paper", "handmade|turned", 110, .5f, kMedium, "lamp", 5},
    {"Lighting", "Lampshades", "lampshade|pendant light|ceiling shade", "Lampenschirm|abat-jour|pantalla de lámpara", "linen|rattan|silk|paper|cotton", "handmade|macrame|screen printed", 68, .45f, kMedium, "lamp", 4},
    {"Lighting", "Night Lights", "night light|fairy light jar|moon lamp", "Nachtlicht|veilleuse|luz nocturna", "beech|resin|plywood|porcelain", "laser cut|handmade", 32, .35f, kSmall, "lamp", 3},
    {"Storage", "Baskets", "basket|storage basket|laundry basket|bicycle basket", "Korb|panier|cesta", "willow|seagrass|jute|rattan|cotton", "handwoven|crochet", 44, .45f, kMedium, "basket", 6},
    {"Storage", "Boxes", "keepsake box|memory box|wooden box|jewellery box", "Holzkiste|boîte à souvenirs|caja de recuerdos", "walnut|oak|pine|leather|plywood", "engraved|hand carved|hand painted", 46, .5f, kSmall, "box", 6},
    {"Storage", "Hooks & Racks", "coat hook|wall hook|key rack|peg rail", "Garderobenhaken|patère|perchero", "oak|wrought iron|beech|brass|driftwood", "hand forged|handmade", 31, .5f, kMedium, "sign", 3},
    {"Garden", "Planters", "planter|hanging planter|plant pot|plant hanger", "Übertopf|cache-pot|macetero", "earthenware|stoneware|concrete|cotton|jute", "wheel thrown|macrame|glazed", 27, .45f, kMedium, "planter", 7},
    {"Garden", "Plant Markers", "plant marker|herb marker|plant label", "Pflanzschild|étiquette de plante|marcador de plantas", "copper|slate|beech|clay|pewter", "stamped|engraved", 14, .3f, kPack, "sign", 3},
    {"Garden", "Bird Houses", "bird house|bird feeder|bee hotel|bird bath", "Vogelhaus|nichoir|casita para pájaros", "pine|oak|stoneware|reclaimed wood", "handmade|hand painted", 39, .4f, kMedium, "house", 3},
    {"Garden", "Wind Chimes", "wind chime|garden stake|garden sculpture", "Windspiel|carillon à vent|móvil de viento", "driftwood|sea glass|copper|shell|bamboo", "handmade|wire wrapped", 33, .4f, kMedium, "suncatch", 3},
    {"Furniture", "Stools & Benches", "stool|bench|footstool|milking stool", "Hocker|tabouret|taburete", "oak|pine|walnut|beech", "handmade|turned|upcycled", 140, .5f, kLarge, "stool", 3},
    {"Furniture", "Tables", "side table|coffee table|bedside table|plant stand", "Beistelltisch|table d'appoint|mesa auxiliar", "oak|walnut|reclaimed wood|resin", "handmade|upcycled", 260, .6f, kLarge, "stool", 3},
    {"Furniture", "Shelves", "floating shelf|wall shelf|spice rack|crystal shelf", "Wandregal|étagère murale|estante de pared", "oak|pine|plywood|reclaimed wood", "handmade|laser cut", 64, .5f, kLarge, "sign", 4},
    {"Seasonal", "Ornaments", "ornament|Christmas ornament|bauble|tree decoration", "Christbaumkugel|boule de Noël|adorno navideño", "glass|felt|porcelain|birch|clay", "hand painted|needle felted|engraved|blown", 13, .4f, kPack, "ornament", 8},
    {"Seasonal", "Stockings", "Christmas stocking|advent calendar|tree skirt", "Weihnachtsstrumpf|chaussette de Noël|calcetín navideño", "wool|felt|linen|velvet", "hand knitted|quilted|embroidered", 34, .4f, kNone, "sock", 4},
    {"Seasonal", "Halloween Decor", "pumpkin decor|ghost decoration|spooky garland", "Halloween-Deko|décoration d'Halloween|decoración de Halloween", "felt|clay|velvet|cotton yarn", "crochet|needle felted|hand sewn", 22, .4f, kSmall, "toy", 4},
};

constexpr LeafSpec kCeramics[] = {
    {"Drinkware", "Mugs", "mug|coffee mug|tea mug|espresso cup|tumbler", "Tasse|mug|taza", "stoneware|porcelain|earthenware|enamel", "wheel thrown|hand painted|glazed", 29, .35f, kVolume, "mug", 10},
    {"Drinkware", "Teapots", "teapot|gaiwan|tea set|coffee dripper", "Teekanne|théière|tetera", "stoneware|porcelain|earthenware", "wheel thrown|hand built|glazed", 74, .4f, kVolume, "teapot", 4},
    {"Drinkware", "Glasses", "drinking glass|wine glass|tumbler glass|carafe", "Trinkglas|verre à boire|vaso de vidrio", "glass", "blown|etched|engraved|hand painted", 31, .45f, kVolume, "glass", 4},
    {"Tableware", "Bowls", "bowl|serving bowl|ramen bowl|cereal bowl|salad bowl", "Schüssel|bol|cuenco", "stoneware|porcelain|olive wood|earthenware", "wheel thrown|turned|glazed", 34, .45f, kMedium, "bowl", 8},
    {"Tableware", "Plates", "plate|dinner plate|side plate|platter", "Teller|assiette|plato", "stoneware|porcelain|earthenware", "wheel thrown|hand built|hand painted", 33, .45f, kMedium, "plate", 6},
    {"Tableware", "Butter Dishes", "butter dish|salt pig|sugar bowl|salt cellar|spoon rest", "Butterdose|beurrier|mantequillera", "stoneware|porcelain|earthenware", "wheel thrown|hand built|glazed", 36, .35f, kSmall, "bowl", 4},
    {"Tableware", "Jugs & Pitchers", "jug|pitcher|milk jug|creamer", "Krug|pichet|jarra", "stoneware|earthenware|porcelain|glass", "wheel thrown|glazed", 42, .4f, kVolume, "jug", 4},
    {"Tableware", "Dinner Sets", "dinner set|dinnerware set|breakfast set", "Geschirrset|service de table|vajilla", "stoneware|porcelain", "wheel thrown|glazed", 165, .45f, kPack, "plate", 3},
    {"Vessels", "Vases", "vase|bud vase|floor vase|bottle vase", "Vase|vase|jarrón", "stoneware|porcelain|glass|earthenware", "wheel thrown|hand built|blown", 45, .55f, kMedium, "vase", 8},
    {"Vessels", "Moon Jars", "moon jar|urn|lidded jar|ginger jar", "Deckelgefäß|jarre à couvercle|tarro con tapa", "porcelain|stoneware", "wheel thrown|glazed", 98, .5f, kMedium, "vase", 2},
    {"Vessels", "Incense Holders", "incense holder|incense burner|oil burner", "Räucherhalter|porte-encens|incensario", "stoneware|porcelain|brass|concrete", "hand built|glazed", 21, .35f, kSmall, "bowl", 4},
    {"Tiles", "Decorative Tiles", "tile|hand painted tile|wall tile|tile set", "Fliese|carreau décoratif|azulejo", "earthenware|porcelain|stoneware", "hand painted|glazed", 24, .5f, kSmall, "tile", 4},
    {"Glass Art", "Stained Glass Panels", "stained glass panel|stained glass plant|glass flower", "Buntglasbild|panneau de vitrail|panel de vidriera", "stained glass", "soldered|hand painted", 88, .55f, kMedium, "suncatch", 4},
    {"Glass Art", "Fused Glass", "fused glass dish|glass bowl|glass wave", "Glasschale|coupelle en verre fusionné|plato de vidrio", "glass", "fused", 39, .4f, kSmall, "plate", 2},
    {"Glass Art", "Paperweights", "paperweight|glass orb|glass marble", "Briefbeschwerer|presse-papiers|pisapapeles", "glass|resin", "blown|hand poured", 36, .45f, kSmall, "ornament", 2},
    {"Figures", "Ceramic Animals", "ceramic animal|pottery figure|clay bird", "Keramiktier|animal en céramique|animal de cerámica", "stoneware|clay|porcelain", "hand built|hand painted", 33, .45f, kSmall, "toy", 4},
    {"Figures", "Garden Ceramics", "toad house|ceramic mushroom|garden totem", "Gartenkeramik|céramique de jardin|cerámica de jardín", "stoneware|earthenware", "hand built|glazed", 36, .4f, kMedium, "house", 2},
};

constexpr LeafSpec kTextiles[] = {
    {"Bedding", "Quilts", "quilt|patchwork quilt|baby quilt|quilt coverlet", "Patchworkdecke|courtepointe|colcha", "cotton|linen|organic cotton", "quilted|hand sewn", 185, .5f, kCloth, "quilt", 6},
    {"Bedding", "Blankets", "blanket|throw blanket|chunky knit blanket|picnic blanket", "Decke|plaid|manta", "wool|merino wool|cotton|alpaca", "hand knitted|crochet|handwoven", 96, .45f, kCloth, "blanket", 8},
    {"Bedding", "Bed Linen", "duvet cover|linen bedding|pillowcase|bed sheet", "Bettwäsche|housse de couette|funda nórdica", "linen|cotton|organic cotton|silk", "hand sewn|naturally dyed", 92, .5f, kCloth, "cushion", 5},
    {"Soft Furnishing", "Cushions", "cushion cover|cushion|throw pillow|floor cushion|bolster", "Kissenbezug|housse de coussin|funda de cojín", "linen|cotton|velvet|wool", "hand sewn|embroidered|block printed|handwoven", 34, .4f, kMedium, "cushion", 9},
    {"Soft Furnishing", "Curtains", "curtain|linen curtain|cafe curtain|door curtain", "Vorhang|rideau|cortina", "linen|cotton|muslin|wooden beads", "hand sewn|block printed|macrame", 78, .45f, kCloth, "curtain", 4},
    {"Soft Furnishing", "Poufs", "pouf|floor pouf|ottoman", "Sitzpouf|pouf|puf", "cotton|leather|wool|jute", "crochet|hand knitted|hand sewn", 105, .4f, kLarge, "basket", 3},
    {"Table Linen", "Tablecloths", "tablecloth|table runner|table topper", "Tischdecke|nappe|mantel", "linen|cotton|lace", "block printed|embroidered|hand sewn", 52, .45f, kCloth, "towel", 5},
    {"Table Linen", "Napkins", "napkin|napkin set|placemat|placemat set", "Serviette|serviette de table|servilleta", "linen|cotton", "hand sewn|block printed|embroidered", 28, .4f, kPack, "towel", 4},
    {"Rugs", "Rugs", "rug|area rug|rag rug|kilim|runner rug", "Teppich|tapis|alfombra", "wool|cotton|jute|hemp", "handwoven|naturally dyed|crochet", 175, .65f, kCloth, "rug", 6},
    {"Rugs", "Doormats", "doormat|welcome mat|bath mat", "Fußmatte|paillasson|felpudo", "jute|cotton|linen", "handwoven|hand painted|crochet", 34, .35f, kMedium, "rug", 3},
    {"Fibre Art", "Embroidery Art", "embroidery hoop|hoop art|embroidered portrait", "Stickbild|broderie encadrée|bastidor bordado", "cotton|linen|silk", "embroidered", 44, .5f, kSmall, "hoop", 5},
    {"Fibre Art", "Weavings", "weaving|woven art|fibre art", "Webkunst|tissage mural|arte textil", "wool|cotton|silk|linen", "handwoven|naturally dyed", 115, .6f, kLarge, "macrame", 3},
    {"Fibre Art", "Felt Art", "felt painting|felted picture|wool painting", "Filzbild|tableau en feutre|cuadro de fieltro", "wool|felt|merino wool", "needle felted", 62, .5f, kMedium, "print", 2},
    {"Bathroom", "Towels", "bath towel|hand towel|waffle towel|turkish towel", "Handtuch|serviette de bain|toalla", "linen|organic cotton|cotton", "handwoven|hand sewn|embroidered", 32, .35f, kCloth, "towel", 4},
    {"Bathroom", "Wash Cloths", "wash cloth|face cloth|cotton rounds|dishcloth", "Waschlappen|gant de toilette|toallita", "cotton yarn|organic cotton|linen", "crochet|hand knitted|hand sewn", 12, .3f, kPack, "towel", 3},
};

constexpr LeafSpec kArt[] = {
    {"Prints", "Giclee Prints", "art print|wall art print|fine art print|poster", "Kunstdruck|tirage d'art|lámina", "cotton paper|paper|recycled paper", "giclee", 26, .5f, kPrint, "print", 10},
    {"Prints", "Linocuts", "linocut print|lino print|block print", "Linolschnitt|linogravure|grabado linóleo", "cotton paper|paper", "linocut|hand painted", 42, .5f, kPrint, "print", 5},
    {"Prints", "Screen Prints", "screen print|risograph print|gig poster", "Siebdruck|sérigraphie|serigrafía", "cotton paper|recycled paper", "screen printed|risograph", 36, .5f, kPrint, "print", 4},
    {"Prints", "Etchings", "etching|drypoint|mezzotint|woodcut", "Radierung|eau-forte|aguafuerte", "cotton paper", "etched|hand bound", 85, .55f, kPrint, "print", 2},
    {"Prints", "Digital Prints", "printable wall art|digital download print|printable poster", "Druckvorlage|affiche à imprimer|lámina imprimible", "digital file", "printable", 6, .5f, kPrint, "print", 8},
    {"Prints", "Map Prints", "map print|city map|star map|coordinates print", "Stadtplan-Poster|affiche carte|mapa ilustrado", "paper|digital file|cotton paper", "giclee|printable", 24, .45f, kPrint, "print", 4},
    {"Painting", "Oil Paintings", "oil painting|landscape painting|still life painting", "Ölgemälde|peinture à l'huile|pintura al óleo", "oil paint|canvas", "hand painted", 240, .8f, kPrint, "print", 5},
    {"Painting", "Watercolours", "watercolour painting|watercolour|botanical painting", "Aquarellbild|aquarelle originale|pintura acuarela", "watercolour|cotton paper", "hand painted", 75, .7f, kPrint, "print", 5},
    {"Painting", "Acrylic Paintings", "acrylic painting|abstract painting|textured canvas", "Acrylbild|tableau acrylique|cuadro acrílico", "acrylic|canvas", "hand painted", 165, .8f, kPrint, "print", 4},
    {"Painting", "Portraits", "pet portrait|family portrait|couple portrait|house portrait", "Haustierporträt|portrait d'animal|retrato de mascota", "watercolour|digital file|oil paint", "hand painted|printable", 58, .6f, kPrint, "print", 6},
    {"Drawing", "Drawings", "charcoal drawing|ink drawing|pencil drawing", "Zeichnung|dessin original|dibujo original", "paper|cotton paper", "hand painted", 70, .7f, kPrint, "print", 3},
    {"Drawing", "Illustrations", "illustration|nursery illustration|children's illustration", "Illustration|illustration|ilustración", "paper|cotton paper|recycled paper", "giclee|risograph", 22, .45f, kPrint, "print", 5},
    {"Photography", "Photographs", "photograph|photo print|black and white photo", "Fotografie|photographie|fotografía", "paper|cotton paper", "giclee", 45, .6f, kPrint, "print", 3},
    {"Photography", "Cyanotypes", "cyanotype|sun print|botanical cyanotype", "Cyanotypie|cyanotype|cianotipia", "cotton paper|cotton", "handmade", 48, .5f, kPrint, "print", 2},
    {"Collage", "Collages", "collage|mixed media art|paper cut|shadow box", "Collage|collage|collage original", "paper|recycled paper|fabric", "handmade|upcycled", 65, .6f, kPrint, "print", 2},
    {"Collectibles", "Miniatures", "miniature|dollhouse miniature|tiny landscape", "Miniatur|miniature|miniatura", "clay|polymer clay|resin|birch", "handmade|hand painted", 24, .5f, kSmall, "toy", 3},
    {"Collectibles", "Art Dolls", "art doll|spirit doll|collectible creature", "Künstlerpuppe|poupée d'art|muñeca de autor", "clay|fabric|mohair|resin", "hand built|hand sewn|hand painted", 120, .6f, kSmall, "toy", 2},
    {"Collectibles", "Pins & Magnets", "enamel pin|fridge magnet|badge|patch", "Anstecker|pin's émaillé|pin esmaltado", "enamel|resin|felt|birch", "hand painted|embroidered|laser cut", 9, .35f, kNone, "pin", 5},
    {"Collectibles", "Stickers", "sticker|sticker sheet|vinyl sticker|decal", "Aufkleber|autocollant|pegatina", "vinyl|paper", "handmade|printable", 4, .4f, kPack, "card", 6},
};

constexpr LeafSpec kWeddings[] = {
    {"Stationery", "Wedding Invitations", "wedding invitation|save the date|invitation suite|rsvp card", "Hochzeitseinladung|faire-part de mariage|invitación de boda", "cotton paper|card|recycled paper|digital file", "letterpress|calligraphy|printable", 4, .5f, kPack, "card", 6},
    {"Stationery", "Place Cards", "place card|table number|escort card|menu card", "Tischkarte|marque-place|tarjeta de mesa", "card|acrylic|slate|cotton paper", "calligraphy|laser cut|engraved", 3, .5f, kPack, "card", 4},
    {"Stationery", "Guest Books", "guest book|wedding album|vow book", "Gästebuch|livre d'or|libro de firmas", "leather|linen|paper|oak", "hand bound|engraved", 48, .4f, kMedium, "journal", 4},
    {"Decorations", "Wedding Signs", "welcome sign|seating chart|wedding sign", "Willkommensschild|panneau de bienvenue|cartel de bienvenida", "acrylic|oak|pine|canvas", "calligraphy|laser cut|hand painted", 62, .5f, kLarge, "sign", 4},
    {"Decorations", "Cake Toppers", "cake topper|wedding cake topper", "Tortenfigur|figurine de gâteau|figura para tarta", "acrylic|clay|birch|felt", "laser cut|hand painted", 24, .45f, kSmall, "toy", 4},
    {"Decorations", "Centrepieces", "centrepiece|table garland|candle lantern", "Tischdeko|centre de table|centro de mesa", "dried flowers|glass|moss|willow", "handmade", 36, .5f, kMedium, "vase", 3},
    {"Flowers", "Bouquets", "bouquet|bridal bouquet|dried flower bouquet|boutonniere", "Brautstrauß|bouquet de mariée|ramo de novia", "dried flowers|silk|paper", "handmade", 68, .5f, kNone, "bouquet", 4},
    {"Flowers", "Flower Crowns", "flower crown|floral hair comb|bridal hair vine", "Blumenkranz|couronne de fleurs|corona de flores", "dried flowers|freshwater pearl|brass|silk", "handmade|wire wrapped", 44, .45f, kNone, "wreath", 3},
    {"Clothing", "Veils", "wedding veil|bridal veil|bridal cape", "Brautschleier|voile de mariée|velo de novia", "silk|lace|satin", "hand sewn|beaded|embroidered", 95, .5f, kNone, "dress", 3},
    {"Clothing", "Wedding Dresses", "wedding dress|bridal gown|bridesmaid dress", "Brautkleid|robe de mariée|vestido de novia", "lace|silk|satin|linen", "hand sewn|beaded", 420, .6f, kClothes, "dress", 3},
    {"Clothing", "Robes", "bridesmaid robe|bridal robe|kimono robe", "Morgenmantel|peignoir|bata", "satin|silk|cotton", "hand sewn|embroidered", 38, .4f, kClothes, "dress", 3},
    {"Gifts", "Bridesmaid Gifts", "bridesmaid gift|bridesmaid proposal box|will you be my bridesmaid card", "Trauzeugin-Geschenk|cadeau de témoin|regalo dama de honor", "card|soy wax|satin|sterling silver", "handmade|hand poured", 28, .45f, kPack, "box", 4},
    {"Gifts", "Groomsmen Gifts", "groomsman gift|hip flask|cufflinks", "Manschettenknöpfe|boutons de manchette|gemelos", "stainless steel|leather|walnut|brass", "engraved|stamped", 34, .4f, kPack, "box", 3},
    {"Gifts", "Wedding Favours", "wedding favour|favour bag|favour tag", "Gastgeschenk|cadeau d'invités|detalle de boda", "soy wax|linen|card|beeswax", "handmade|hand poured", 3, .5f, kPack, "box", 4},
    {"Rings", "Ring Boxes", "ring box|ring pillow|ring dish", "Ringkissen|coussin d'alliances|cojín de alianzas", "walnut|velvet|linen|moss", "engraved|hand sewn", 32, .4f, kSmall, "box", 3},
};

constexpr LeafSpec kPaper[] = {
    {"Cards", "Greeting Cards", "greeting card|card|funny card|note card", "Grußkarte|carte de vœux|tarjeta de felicitación", "card|recycled paper|cotton paper", "letterpress|risograph|hand painted", 4, .25f, kPack, "card", 9},
    {"Cards", "Birthday Cards", "birthday card|age birthday card", "Geburtstagskarte|carte d'anniversaire|tarjeta de cumpleaños", "card|recycled paper", "letterpress|hand painted|printable", 4, .25f, kPack, "card", 7},
    {"Cards", "Postcards", "postcard|postcard set", "Postkarte|carte postale|postal", "card|recycled paper", "risograph|screen printed", 3, .4f, kPack, "card", 4},
    {"Books", "Journals", "journal|notebook|leather journal|sketchbook|diary", "Notizbuch|carnet|cuaderno", "leather|paper|recycled paper|linen", "hand bound", 29, .5f, kMedium, "journal", 7},
    {"Books", "Planners", "planner|wall planner|weekly planner|calendar", "Kalender|agenda|agenda semanal", "paper|recycled paper|digital file", "printable|risograph|hand bound", 18, .5f, kPrint, "journal", 5},
    {"Books", "Photo Albums", "photo album|scrapbook album|travel album", "Fotoalbum|album photo|álbum de fotos", "leather|linen|paper|oak", "hand bound|engraved", 48, .4f, kMedium, "journal", 4},
    {"Books", "Zines & Comics", "zine|comic|artist book|colouring book", "Zine|fanzine|fanzine ilustrado", "paper|recycled paper|digital file", "risograph|hand bound|printable", 9, .4f, kNone, "journal", 3},
    {"Party", "Party Decorations", "party banner|balloon garland|paper fan|cake bunting", "Partydeko|décoration de fête|decoración de fiesta", "paper|card|felt|cotton", "handmade|printable|laser cut", 15, .45f, kPack, "garland", 5},
    {"Party", "Party Invitations", "party invitation|digital invitation|birthday invite", "Partyeinladung|invitation d'anniversaire|invitación de fiesta", "digital file|card", "printable|letterpress", 7, .45f, kPack, "card", 5},
    {"Party", "Gift Bags", "gift bag|party bag|favour box|treat bag", "Geschenktüte|sac cadeau|bolsa de regalo", "paper|cotton|card", "handmade|hand sewn|stamped", 6, .45f, kPack, "bag", 3},
    {"Gift Wrap", "Wrapping Paper", "wrapping paper|gift wrap|furoshiki wrap", "Geschenkpapier|papier cadeau|papel de regalo", "paper|recycled paper|cotton", "block printed|risograph|screen printed", 6, .4f, kPack, "pattern", 4},
    {"Gift Wrap", "Gift Tags", "gift tag|label|swing tag", "Geschenkanhänger|étiquette cadeau|etiqueta de regalo", "card|birch|recycled paper|clay", "stamped|letterpress|laser cut", 5, .35f, kPack, "card", 3},
    {"Stationery", "Letter Sets", "letter set|writing paper|envelope set|wax seal", "Briefpapier|papier à lettres|papel de carta", "paper|cotton paper|recycled paper|brass", "letterpress|calligraphy|stamped", 16, .4f, kPack, "card", 4},
    {"Stationery", "Bookmarks", "bookmark|corner bookmark|leather bookmark", "Lesezeichen|marque-page|marcapáginas", "leather|paper|brass|silk", "stamped|hand painted|embroidered|pressed", 8, .4f, kNone, "card", 5},
    {"Stationery", "Washi & Stamps", "washi tape|rubber stamp|stamp set", "Stempel|tampon encreur|sello de goma", "paper|beech|vinyl", "laser cut|hand carved", 9, .45f, kPack, "yarn", 3},
};

constexpr RootSpec kRoots[] = {
    {"Home & Living", 20, kHome},   {"Ceramics & Glass", 12, kCeramics}, {"Textiles & Rugs", 9, kTextiles},
    {"Art & Collectibles", 16, kArt}, {"Weddings", 8, kWeddings},         {"Paper & Party", 9, kPaper},
};
// clang-format on

}  // namespace

std::span<const RootSpec> home_roots() {
  return kRoots;
}

}  // namespace handsel::demo
