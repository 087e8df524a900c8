#include "analysis/text/internal/stop_words.h"

#include <algorithm>
#include <array>
#include <span>

namespace handsel::text::internal {
namespace {

// Articles, pronouns, conjunctions, common prepositions and auxiliaries, folded. What
// changes what a buyer wants is left out: without, not, no, under, over, and their
// like, and for whom it is ("for her", "für sie", "pour elle"). Each list is sorted.
using Words = std::span<const std::string_view>;

constexpr std::string_view kEnglish[] = {
    "a",    "an",    "and",  "are",  "as",    "at", "be",  "by", "for",  "from",  "his",  "i",    "in",  "into",
    "is",   "it",    "its",  "me",   "my",    "of", "on",  "or", "our",  "so",    "some", "that", "the", "their",
    "them", "these", "they", "this", "those", "to", "was", "we", "were", "which", "will", "with", "you", "your"};
constexpr std::string_view kGerman[] = {
    "als",  "am",    "an",    "auf",   "aus",   "bei", "das", "dem", "den", "der", "des", "die", "ein",
    "eine", "einem", "einen", "einer", "eines", "er",  "es",  "fur", "ich", "ihr", "im",  "in",  "ist",
    "mit",  "nach",  "oder",  "sich",  "sind",  "und", "vom", "von", "wie", "wir", "zu",  "zum", "zur"};
constexpr std::string_view kFrench[] = {
    "a",   "au",  "aux",   "avec", "c",  "ce",  "ces", "cette", "d",  "dans", "de",   "des",   "du",   "en",
    "est", "et",  "il",    "ils",  "j",  "je",  "l",   "la",    "le", "les",  "leur", "ma",    "mes",  "mon",
    "n",   "nos", "notre", "nous", "on", "ou",  "par", "pour",  "qu", "que",  "qui",  "s",     "sa",   "se",
    "ses", "son", "sont",  "sur",  "ta", "tes", "ton", "tu",    "un", "une",  "vos",  "votre", "vous", "y"};
constexpr std::string_view kSpanish[] = {"a",    "al", "como", "con", "de", "del", "e",  "el",  "en",   "es",   "esta",
                                         "este", "la", "las",  "le",  "lo", "los", "mi", "mis", "o",    "para", "por",
                                         "que",  "se", "su",   "sus", "tu", "tus", "un", "una", "unas", "unos", "y"};
constexpr std::string_view kItalian[] = {
    "a",     "ad",    "agli", "ai",  "al",   "all",   "alla",  "alle",  "allo", "che", "con",  "d",     "da",    "dal",
    "dalla", "degli", "dei",  "del", "dell", "della", "delle", "dello", "di",   "e",   "ed",   "gli",   "i",     "il",
    "in",    "io",    "l",    "la",  "le",   "lo",    "mia",   "mio",   "nei",  "nel", "nell", "nella", "nelle", "o",
    "per",   "si",    "su",   "sua", "sul",  "sull",  "sulla", "suo",   "un",   "una", "uno"};
constexpr std::string_view kDutch[] = {"aan",  "als", "bij",  "dat",  "de",  "den", "der", "die", "dit",
                                       "door", "een", "en",   "er",   "het", "hij", "ik",  "in",  "is",
                                       "je",   "met", "mijn", "naar", "of",  "om",  "op",  "te",  "tot",
                                       "uit",  "uw",  "van",  "voor", "wij", "ze",  "zijn"};
constexpr std::string_view kPortuguese[] = {"a",   "ao",  "aos",  "as",  "com",  "como", "da",   "das",  "de",
                                            "do",  "dos", "e",    "em",  "esta", "este", "na",   "nas",  "no",
                                            "nos", "o",   "os",   "ou",  "para", "pela", "pelo", "por",  "que",
                                            "se",  "seu", "seus", "sua", "suas", "um",   "uma",  "umas", "uns"};
constexpr std::string_view kSwedish[] = {"att", "av",  "de",   "den", "det", "din",  "ditt", "du",  "eller", "en",
                                         "ett", "for", "fran", "har", "i",   "jag",  "med",  "min", "mitt",  "och",
                                         "om",  "pa",  "sig",  "sin", "som", "till", "var",  "vi"};
constexpr std::string_view kDanish[] = {"af", "at", "de", "den", "der", "det", "dig", "din", "du",  "eller",
                                        "en", "er", "et", "for", "fra", "har", "i",   "jeg", "med", "min",
                                        "og", "om", "pa", "sig", "sin", "som", "til", "ved", "vi"};
constexpr std::string_view kNorwegian[] = {"at", "av", "de", "deg", "den", "der", "det", "din", "du",  "eller",
                                           "en", "er", "et", "for", "fra", "har", "i",   "jeg", "med", "min",
                                           "og", "om", "pa", "seg", "sin", "som", "til", "ved", "vi"};
constexpr std::string_view kFinnish[] = {"etta",  "han", "ja",   "joka", "kanssa", "kuin", "me",   "mina",
                                         "mutta", "on",  "ovat", "se",   "sina",   "tai",  "tama", "te"};
constexpr std::string_view kRussian[] = {"а",   "в",  "во", "для", "до", "и",   "из",  "или", "к",
                                         "как", "ко", "мы", "на",  "о",  "об",  "он",  "от",  "по",
                                         "при", "с",  "со", "то",  "у",  "что", "это", "я"};
constexpr std::string_view kHungarian[] = {"a", "az", "egy", "es", "ez", "hogy", "is", "vagy", "van"};
constexpr std::string_view kRomanian[] = {"a",  "al",     "ale", "cu",  "de", "din", "fi", "in",  "la",   "o",
                                          "pe", "pentru", "sa",  "sau", "se", "si",  "un", "una", "unei", "unui"};
constexpr std::string_view kTurkish[] = {"bir", "bu", "da", "de", "icin", "ile", "o", "su", "ve", "veya"};
constexpr std::string_view kPolish[] = {"a",  "dla",  "do",  "i",  "jest", "lub", "na", "o", "od", "oraz",
                                        "po", "przy", "sie", "to", "u",    "w",   "we", "z", "ze"};

struct Language {
  std::string_view tag;
  Words words;
};

constexpr std::array<Language, 16> kLanguages = {{{"en", kEnglish},
                                                  {"de", kGerman},
                                                  {"fr", kFrench},
                                                  {"es", kSpanish},
                                                  {"it", kItalian},
                                                  {"nl", kDutch},
                                                  {"pt", kPortuguese},
                                                  {"sv", kSwedish},
                                                  {"da", kDanish},
                                                  {"no", kNorwegian},
                                                  {"fi", kFinnish},
                                                  {"ru", kRussian},
                                                  {"hu", kHungarian},
                                                  {"ro", kRomanian},
                                                  {"tr", kTurkish},
                                                  {"pl", kPolish}}};

static_assert(std::ranges::all_of(kLanguages, [](const Language& language) {
  return std::ranges::is_sorted(language.words) && std::ranges::adjacent_find(language.words) == language.words.end();
}));

}  // namespace

bool is_stop_word(std::string_view surface, std::string_view language) {
  const auto found = std::ranges::find(kLanguages, language, &Language::tag);
  return found != kLanguages.end() && std::ranges::binary_search(found->words, surface);
}

}  // namespace handsel::text::internal
