#include "app/demo/internal/sentences.h"

namespace handsel::demo {
namespace {

using Text = std::string_view;

constexpr Text kTerseTitles[] = {"{material} {product}, {colour}",
                                 "{colour} {product}",
                                 "{product} | {material}",
                                 "{style} {product}",
                                 "{motif} {product}",
                                 "{product} no. {number}",
                                 "{series} {product}",
                                 "{technique} {product}, {size}",
                                 "{colour} {material} {product}",
                                 "{product}, {size}"};

constexpr Text kCarefulTitles[] = {
    "{colour} {material} {product}, {technique}",        "{technique} {material} {product} in {colour}",
    "{style} {product} in {colour} {material}",          "{motif} {product}, {technique} in {town}",
    "{product} with {motif} design, {colour}, {size}",   "{series} {product} in {colour} {material}",
    "{technique} {product} for {recipient}, {material}", "{material} {product}, {style} style, {size}",
    "{motif} {material} {product} - {occasion} gift",    "{colour} {product} with {motif} motif, {technique}",
    "The {series} {product}: {technique}, {colour}"};

constexpr Text kChattyTitles[] = {
    "The {series} - {a} {adjective} {product} in {colour}",     "{adjective} {motif} {product} for your {room}",
    "{a} {adjective} {material} {product} for {recipient}",     "{adjective} {product}, made with love in {town}",
    "say hello to {series}! {adjective} {colour} {product}",    "{adjective} & {adjective} {style} {product}",
    "little {motif} {product} - {adjective} {occasion} gift",   "{series} the {adjective} {motif} {product}",
    "{adjective} {colour} {product} from our {room} collection"};

constexpr Text kStuffedTitles[] = {
    "{product}, {style} {product}, {material} {product}, {colour} {product}, {occasion} gift for {recipient}",
    "{colour} {product} | {style} {leaf} | {technique} {material} {product} | gift for {recipient}",
    "personalised {product} for {recipient}, custom {motif} {product}, {occasion} gift, {style} {leaf}",
    "{technique} {product}, {motif} {product}, {style} decor, unique {occasion} gift, {leaf}",
    "{material} {product} {size}, {style} {product} for {recipient}, {colour} {leaf}, best {occasion} present",
    "{motif} {product} - {motif} gift - {motif} lover - {style} {product} - {colour} {leaf}",
    "{product} {size} - {colour} - {material} - {technique} - {style} - {room} decor",
    "{style} {product}, {style} {leaf}, {style} gift, {colour} {motif} {product}, {adjective} gift idea",
    "{product} {material} {colour} {style} {leaf} {technique} gift idea {occasion}"};

constexpr Text kForeignTitles[] = {"{product} from {material} {technique}",
                                   "{product} {colour} color very {adjective}",
                                   "{technique} {product} of natural {material}, {colour}",
                                   "{product} for {recipient}, {adjective} gift handwork",
                                   "{motif} {product} handwork from {town}",
                                   "{adjective} {product} {style} style, {material}",
                                   "author's {product} {series}, {material}, {colour}"};

constexpr Text kTerseOpening[] = {"{material} {product} in {colour}.",
                                  "{product}, {technique}.",
                                  "{style} {product}.",
                                  "{colour} {product}, {size}.",
                                  "{product} from the {series} series.",
                                  "{motif} {product}."};
constexpr Text kTerseMaking[] = {"{technique} in {town}.", "100% {material}.", "{technique}. Small batch.",
                                 "Made to order.", "{material}, {technique}, no two alike."};
constexpr Text kTerseStory[] = {"No. {number}.", "Series: {series}.", "One of {number}.", "Ref. {series}-{number}."};
constexpr Text kTerseDetails[] = {"Size: {size}.", "Colour: {colour}.", "{size}. {colour}. {material}.",
                                  "Colours may vary slightly on your screen.", "Measures {size}; weight {number} g."};
constexpr Text kTerseCare[] = {"Wipe clean.", "Hand wash.",           "Dishwasher safe.",
                               "Keep dry.",   "Cool wash, line dry.", "Do not tumble dry."};
constexpr Text kTerseGift[] = {"Gift wrap on request.", "Comes boxed.", "Suits {recipient}.", "For {occasion}."};
constexpr Text kTerseShipping[] = {"Ships in {days} days.", "Posted within {days} days.", "Tracked postage.",
                                   "Returns accepted."};

constexpr Text kCarefulOpening[] = {
    "{A} {adjective} {product} in {colour} {material}, {technique} one at a time in our studio in {town}.",
    "This {style} piece is {a} {product} that we designed for everyday use and for a long life.",
    "{A} {technique} {product} with {a} {motif} design, part of the {series} collection.",
    "Our {series} {product} is {technique} from {material} that we choose ourselves.",
    "{A} {product} in {colour}: {adjective}, {adjective} and meant to be used.",
    "Designed around {a} {motif} motif, this {style} work brings {a} {adjective} note to the {room}.",
    "A piece for people who like {style} things: {a} {adjective} {product} in {colour}."};
constexpr Text kCarefulMaking[] = {
    "Each one is {technique} by hand in {town}, so expect small differences in shape and colour.",
    "We work in small batches with {tool}, and nothing leaves the studio before it has been looked at twice.",
    "The {material} comes from a family business within a day's drive and is certified.",
    "It takes about {number} minutes of work, spread over {days} days, until one is finished.",
    "The {material} is {adjective} and gets better with age.",
    "Edges are finished by hand; the surface stays {adjective} to the touch.",
    "We use {material} because it is {adjective}, repairable and kind to the people who work with it.",
    "The {motif} design was drawn in the studio and is not sold anywhere else."};
constexpr Text kCarefulStory[] = {"The idea came from {inspiration}.",
                                  "The {series} series began with {inspiration}.",
                                  "The colours are those of {inspiration}.",
                                  "It grew out of sketches made after {inspiration}.",
                                  "We keep coming back to {inspiration}, and this {colour} is what it left us with.",
                                  "{series} is the name of our {number}th design."};
constexpr Text kCarefulDetails[] = {
    "Dimensions: {size}. Colour: {colour}. Material: {material}.",
    "It measures {size}; please allow a little tolerance.",
    "Available in {colour} and other shades on request.",
    "Shown here in {colour}, size {size}.",
    "Please choose your size from the menu; the pictures show {size}.",
    "Screens differ: the {colour} of the real piece is a little warmer than in the pictures.",
    "Weight about {number} grams. Signed and numbered on the back."};
constexpr Text kCarefulCare[] = {"Wash at 30 degrees and dry in the shade.",
                                 "Food safe; hand washing keeps the surface {adjective} for longer.",
                                 "Wipe with a damp cloth and oil it now and then.",
                                 "Keep it away from strong sunlight, perfume and sea water.",
                                 "Dishwasher and microwave safe.",
                                 "To clean, use mild soap and a soft cloth.",
                                 "Should anything break within a year, we repair it for the price of the postage."};
constexpr Text kCarefulGift[] = {"It makes {a} {adjective} gift for {recipient}.",
                                 "A good {occasion} present, wrapped in recycled tissue.",
                                 "We can add a name or a date: write what you would like in the note to seller.",
                                 "Suitable for {occasion}, and for no occasion at all.",
                                 "Often bought for {recipient}, often kept.",
                                 "It arrives in a plain box with a card that tells how it was made."};
constexpr Text kCarefulShipping[] = {"We post within {days} working days, tracked, in packaging without plastic.",
                                     "Made to order: please allow {days} days.",
                                     "Returns are welcome within 30 days, unworn and unused.",
                                     "Sent from {town}; orders of more than one are posted together.",
                                     "Express postage is possible, please ask before you order."};

constexpr Text kChattyOpening[] = {
    "Hello and welcome! Meet {series}, our {adjective} little {product}.",
    "Oh how I love this one! {A} {adjective} {product} in the most {adjective} {colour}.",
    "Looking for something {adjective} for your {room}? You just found it :)",
    "You know that feeling of {inspiration}? I tried to put it into {a} {product}.",
    "Is there anything better than {a} {adjective} {motif} {product}? I do not think so!",
    "Every {product} deserves a name, and this one is called {series}."};
constexpr Text kChattyMaking[] = {
    "I make every single one myself, at the kitchen table, with {tool} and a cat on my lap.",
    "They are all {technique}, with {material} that feels so {adjective} you will not want to put it down.",
    "My husband cuts, I finish, and the dog supervises.",
    "It took me {number} tries to get this {colour} right, and I am so happy with it now!",
    "I learned it from my aunt, who learned it from hers, and I still use {tool}.",
    "Honestly, {material} is not the easiest thing to work with, but look how {adjective} it turns out!"};
constexpr Text kChattyStory[] = {"It all started with {inspiration}, and then it would not leave my head.",
                                 "I was thinking of {inspiration} when I drew the {motif}.",
                                 "The name {series} comes from {inspiration}, by the way.",
                                 "We moved to {town} {number} years ago and have been making things ever since.",
                                 "I made the first one for my sister and suddenly all of her friends wanted one too."};
constexpr Text kChattyDetails[] = {"It is {size}, so just right for the {room}.",
                                   "In the photos you see {colour}, but ask me, I have more colours!",
                                   "Size is {size}. If you need another one, send me a message and we will find a way.",
                                   "Colour: {colour}, like in the pictures, only prettier.",
                                   "Psst: it goes so well with the rest of the {series} family."};
constexpr Text kChattyCare[] = {"You can wash it, promise! Just be gentle.",
                                "Treat it nicely and it will be around for your grandchildren.",
                                "Hand wash, dry flat, cuddle often.", "A soft cloth is all that it needs.",
                                "If it ever gets tired, send it back to me for a little spa day."};
constexpr Text kChattyGift[] = {"Perfect for {recipient}, who has everything (but not this!).",
                                "Such a sweet {occasion} gift!",
                                "I wrap everything as if it was for my own {recipient}.",
                                "Tell me if it is a gift and I will add a handwritten note.",
                                "Would it not be lovely for {occasion}?",
                                "Want a name on it? Just pop it into the note!"};
constexpr Text kChattyShipping[] = {
    "I run to the post office in {town} every {days} days or so.", "Any questions? Write to me, I answer fast!",
    "Thank you so much for supporting a tiny business!", "Follow {shop} so that you do not miss the next batch.",
    "It will be on its way to you within {days} days, with a little surprise."};

constexpr Text kStuffedOpening[] = {
    "{style} {product}, {colour} {product}, {material} {product}: the perfect {occasion} gift for {recipient}!",
    "BEST SELLER! {technique} {product}, {style} {leaf}, {motif} {product}, {colour} {room} decor.",
    "Looking for {a} {product}? This {style} {product} in {colour} is the {adjective} gift idea for everyone.",
    "{product} {size} {colour} {material} - {adjective}, {adjective}, {adjective}!",
    "Unique {style} {product} - {adjective} {leaf} - {room} decor - {material}."};
constexpr Text kStuffedMaking[] = {
    "★ {technique} ★ premium {material} ★ {adjective} quality ★ {style} design",
    "♥ Our {products} are {technique} with high quality {material} and {adjective} details.",
    "✔ {adjective} ✔ {adjective} ✔ {technique} ✔ 100% {material} ✔ made in {town}",
    "HIGHLIGHTS: {material}, {colour}, {style}, {technique}, {adjective}."};
constexpr Text kStuffedStory[] = {
    "More {products}: search for {series}, {style} {products}, {colour} {products}, {material} {products} in our shop.",
    "You may also like: {motif} {products}, {style} {leaf}, {colour} {leaf}.",
    "Tags: {product}, {style}, {colour}, {material}, {leaf}, gift, {room}, SKU {series}{number}."};
constexpr Text kStuffedDetails[] = {"➤ SIZE: {size} ➤ COLOUR: {colour} ➤ MATERIAL: {material}",
                                    "SIZE {size} | COLOUR {colour} | STYLE {style}",
                                    "Size: {size} (see size chart). Colour: {colour}. SKU: {series}-{number}.",
                                    "➤ COLOUR: {colour} ➤ SKU {number}{number}"};
constexpr Text kStuffedCare[] = {"CARE: hand wash only, do not bleach, do not iron.", "CARE: wipe with soft dry cloth.",
                                 "Easy to clean, easy to love!"};
constexpr Text kStuffedGift[] = {
    "GREAT GIFT for {recipient}, {occasion} gift, housewarming gift, thank you gift, gift for her, gift for him!",
    "{occasion} gift | gift for {recipient} | {style} lover gift | {motif} lover gift",
    "Personalised gift: add a name, date or message for free!!!",
    "The {adjective} present for {recipient} and friends."};
constexpr Text kStuffedShipping[] = {"★ FAST SHIPPING ★ ready in {days} days ★ 100% satisfaction ★",
                                     "Free shipping on orders over {number}! Ships worldwide.",
                                     "Buy 2 get 10% off with code {series}{number}.",
                                     "Visit our shop {shop} for more {leaf}!"};

constexpr Text kForeignOpening[] = {"Dear buyers, here is {product} which I made from {material} with soul.",
                                    "This {product} is made of natural {material}, color is {colour}.",
                                    "Very {adjective} {product} in {style} style, will decorate your {room}.",
                                    "I offer you {adjective} {product} with {motif}, all is handwork.",
                                    "{product} by author, in the single copy, {colour} and {adjective}."};
constexpr Text kForeignMaking[] = {"All the work is {technique} by me, it takes {days} days.",
                                   "I use only qualitative {material}, no synthetics inside.",
                                   "Is {technique} in my workshop in {town} after tradition of our region.",
                                   "The {material} is soft and pleasant on touch, it does not lose the form."};
constexpr Text kForeignStory[] = {"I am inspired with {inspiration}.", "The collection is named {series}.",
                                  "In my family we do this already {number} years."};
constexpr Text kForeignDetails[] = {"The size is {size}, but I can make other, please write me.",
                                    "Size: {size}. Colour: {colour}, can be different on monitor.",
                                    "Please pay attention on the size {size} before the order."};
constexpr Text kForeignCare[] = {"Washing in 30 degrees by hands.", "Please do not put it in water for long.",
                                 "Clean with the dry soft tissue."};
constexpr Text kForeignGift[] = {"It will be good present for {recipient}.",
                                 "Nice gift on {occasion} for you and your close people.",
                                 "I can make also the name on it."};
constexpr Text kForeignShipping[] = {"I send in {days} days with track number.",
                                     "Shipping is from {town}, please be patient.",
                                     "Thank you for visiting my shop {shop}!"};

template <std::size_t N>
Bank bank(const Text (&patterns)[N], bool american) {
  return make_bank(patterns, american);
}

}  // namespace

Sentences english_sentences(bool american) {
  Sentences all;
  const bool us = american;
  all.titles = {bank(kTerseTitles, us), bank(kCarefulTitles, us), bank(kChattyTitles, us), bank(kStuffedTitles, us),
                bank(kForeignTitles, us)};
  all.topics[0] = {bank(kTerseOpening, us), bank(kTerseMaking, us), bank(kTerseStory, us),   bank(kTerseDetails, us),
                   bank(kTerseCare, us),    bank(kTerseGift, us),   bank(kTerseShipping, us)};
  all.topics[1] = {bank(kCarefulOpening, us), bank(kCarefulMaking, us), bank(kCarefulStory, us),
                   bank(kCarefulDetails, us), bank(kCarefulCare, us),   bank(kCarefulGift, us),
                   bank(kCarefulShipping, us)};
  all.topics[2] = {bank(kChattyOpening, us), bank(kChattyMaking, us), bank(kChattyStory, us),
                   bank(kChattyDetails, us), bank(kChattyCare, us),   bank(kChattyGift, us),
                   bank(kChattyShipping, us)};
  all.topics[3] = {bank(kStuffedOpening, us), bank(kStuffedMaking, us), bank(kStuffedStory, us),
                   bank(kStuffedDetails, us), bank(kStuffedCare, us),   bank(kStuffedGift, us),
                   bank(kStuffedShipping, us)};
  all.topics[4] = {bank(kForeignOpening, us), bank(kForeignMaking, us), bank(kForeignStory, us),
                   bank(kForeignDetails, us), bank(kForeignCare, us),   bank(kForeignGift, us),
                   bank(kForeignShipping, us)};
  return all;
}

std::array<Sentences, kTongues> make_sentences() {
  return {english_sentences(false), english_sentences(true), german_sentences(), french_sentences(),
          spanish_sentences()};
}

}  // namespace handsel::demo
