#include "app/demo/internal/sentences.h"

namespace handsel::demo {
namespace {

using Text = std::string_view;

struct Patterns {
  std::span<const Text> titles;
  std::array<std::span<const Text>, kTopics> topics;
};

constexpr Text kDeTitles[] = {"{product} aus {material}, {colour}",
                              "{product} {technique} - {colour}",
                              "{product} {motif}, {style}",
                              "{product} {series} in {colour}, {size}",
                              "{product} für {recipient}, Geschenk zu {occasion}",
                              "{product} aus {material} {technique}"};
constexpr Text kDeOpening[] = {
    "{product} aus {material} in der Farbe {colour}, {technique} in unserer Werkstatt in {town}.",
    "Unser Modell {series}: {product}, {style} und {technique}.",
    "Ein Lieblingsstück für jeden Tag: {product} in {colour}.",
    "{product} mit dem Motiv {motif}, jedes Stück ein Unikat."};
constexpr Text kDeMaking[] = {
    "Wir arbeiten in kleinen Serien und prüfen jedes Stück einzeln.",
    "Das Material {material} kommt aus zertifizierter Herkunft und wird mit der Zeit immer schöner.",
    "Jedes Stück ist {technique}, kleine Abweichungen sind ein Zeichen echter Handarbeit.",
    "Für die Herstellung brauchen wir etwa {days} Tage."};
constexpr Text kDeStory[] = {
    "Die Idee kam uns auf einem langen Spaziergang durch den Wald.", "Die Serie {series} gibt es nur bei uns.",
    "Seit {number} Jahren machen wir das mit viel Liebe.", "Die Farben erinnern an einen Sommer an der Ostsee."};
constexpr Text kDeDetails[] = {"Größe: {size}. Farbe: {colour}. Material: {material}.",
                               "Die Maße betragen {size}, Gewicht etwa {number} g.",
                               "Bitte beachte, dass Farben auf dem Bildschirm abweichen können."};
constexpr Text kDeCare[] = {"Waschbar bei 30 Grad, bitte nicht in den Trockner.", "Mit einem feuchten Tuch abwischen.",
                            "Von Hand spülen, dann hält es lange."};
constexpr Text kDeGift[] = {"Ein schönes Geschenk für {recipient}.", "Ideal zu {occasion} oder einfach so.",
                            "Auf Wunsch mit Namen oder Datum."};
constexpr Text kDeShipping[] = {"Versand innerhalb von {days} Werktagen, plastikfrei verpackt.",
                                "Bei Fragen schreib uns gern eine Nachricht an {shop}.", "Wir verschicken aus {town}."};

constexpr Text kFrTitles[] = {"{product} en {material}, {colour}",
                              "{product} {technique} - {colour}",
                              "{product} {motif}, style {style}",
                              "{product} {series} {colour}, {size}",
                              "{product} pour {recipient}, cadeau {occasion}",
                              "{product} {colour} en {material} {technique}"};
constexpr Text kFrOpening[] = {"{product} en {material}, couleur {colour}, {technique} dans notre atelier à {town}.",
                               "Voici {series} : {product} de style {style}, pensé pour tous les jours.",
                               "Une pièce unique et délicate, {product} au motif {motif}.",
                               "{product} {colour}, {technique}, pour une maison chaleureuse."};
constexpr Text kFrMaking[] = {"Chaque pièce est {technique}, avec de petites différences qui font son charme.",
                              "Nous choisissons avec soin la matière : {material}, douce et solide.",
                              "Il faut environ {days} jours pour réaliser chaque commande.",
                              "Fabrication artisanale en petites séries."};
constexpr Text kFrStory[] = {"L'idée est née d'une promenade au bord de la mer.",
                             "La série {series} n'existe que chez nous.",
                             "Depuis {number} ans, nous travaillons à deux dans un ancien moulin.",
                             "Les couleurs rappellent un marché de Provence en été."};
constexpr Text kFrDetails[] = {"Taille : {size}. Couleur : {colour}. Matière : {material}.",
                               "Dimensions {size}, poids environ {number} g.",
                               "Les couleurs peuvent varier légèrement selon votre écran."};
constexpr Text kFrCare[] = {"Lavage à 30 degrés, pas de sèche-linge.", "Nettoyer avec un chiffon doux et humide.",
                            "Lavage à la main conseillé."};
constexpr Text kFrGift[] = {"Un joli cadeau pour {recipient}.", "Idéal pour {occasion}.",
                            "Personnalisation possible avec un prénom ou une date."};
constexpr Text kFrShipping[] = {"Expédition sous {days} jours ouvrés, emballage sans plastique.",
                                "Merci de soutenir {shop}, une toute petite entreprise !",
                                "Envoi suivi depuis {town}."};

constexpr Text kEsTitles[] = {"{product} de {material}, {colour}",
                              "{product} {technique} - {colour}",
                              "{product} {motif}, estilo {style}",
                              "{product} {series} {colour}, {size}",
                              "{product} para {recipient}, regalo de {occasion}",
                              "{product} {colour} de {material} {technique}"};
constexpr Text kEsOpening[] = {"{product} de {material} en color {colour}, {technique} en nuestro taller de {town}.",
                               "Te presentamos {series}: {product} de estilo {style} para el día a día.",
                               "Una pieza única, {product} con motivo {motif}.",
                               "{product} {colour}, {technique} con cariño."};
constexpr Text kEsMaking[] = {"Cada pieza está hecha a mano, por eso no hay dos iguales.",
                              "Usamos {material} de buena calidad, suave y duradero.",
                              "Tardamos unos {days} días en preparar cada pedido.", "Trabajamos en series pequeñas."};
constexpr Text kEsStory[] = {"La idea nació paseando por el mercado del barrio.",
                             "La serie {series} solo la encontrarás aquí.", "Llevamos {number} años con este oficio.",
                             "Los colores recuerdan a los patios de Córdoba."};
constexpr Text kEsDetails[] = {"Tamaño: {size}. Color: {colour}. Material: {material}.",
                               "Medidas {size}, peso aproximado {number} g.",
                               "Los colores pueden variar un poco en la pantalla."};
constexpr Text kEsCare[] = {"Lavar a 30 grados, no usar secadora.", "Limpiar con un paño suave y húmedo.",
                            "Lavar a mano."};
constexpr Text kEsGift[] = {"Un regalo precioso para {recipient}.", "Ideal para {occasion}.",
                            "Se puede personalizar con nombre o fecha."};
constexpr Text kEsShipping[] = {"Enviamos en {days} días laborables, sin plásticos.",
                                "Gracias por apoyar a {shop}, un taller pequeño.",
                                "Envío con seguimiento desde {town}."};

constexpr Patterns kGerman = {kDeTitles, {kDeOpening, kDeMaking, kDeStory, kDeDetails, kDeCare, kDeGift, kDeShipping}};
constexpr Patterns kFrench = {kFrTitles, {kFrOpening, kFrMaking, kFrStory, kFrDetails, kFrCare, kFrGift, kFrShipping}};
constexpr Patterns kSpanish = {kEsTitles, {kEsOpening, kEsMaking, kEsStory, kEsDetails, kEsCare, kEsGift, kEsShipping}};

// One voice for all sellers of that tongue.
Sentences sentences_of(const Patterns& patterns) {
  Sentences all;
  all.titles.fill(make_bank(patterns.titles));
  for (std::size_t topic = 0; topic < kTopics; ++topic) {
    const Bank bank = make_bank(patterns.topics[topic]);
    for (auto& voice : all.topics) voice[topic] = bank;
  }
  return all;
}

}  // namespace

Sentences german_sentences() {
  return sentences_of(kGerman);
}
Sentences french_sentences() {
  return sentences_of(kFrench);
}
Sentences spanish_sentences() {
  return sentences_of(kSpanish);
}

}  // namespace handsel::demo
