// What is worn and carried. Garments hang from a rail before the wall; small things lie flat.
#include "app/demo/internal/canvas.h"

namespace handsel::demo {
namespace {

void hanger(Canvas& c) {
  c.wall_setting(false);
  c.rect(0, 60, 600, 11, 5, Canvas::kWood);
  c.shadow(312, 330, 200, 240, 0.24);
  c.stroke("M300 118v-22q0-14 12-16q16-2 14-18", "#6d6a66", 5);
  c.path("M300 112l132 62q8 8-4 10h-256q-12-2-4-10z", Canvas::kWood);
}

void folds(Canvas& c, std::string_view d) {
  c.stroke(d, "#000", 9, "opacity=\".08\"");
}

void shirt(Canvas& c) {
  hanger(c);
  c.path("M244 138q56 34 112 0l86 40l62 116l-72 36l-26-48v236q-106 16-212 0v-236l-26 48l-72-36l62-116z",
         Canvas::kRound);
  c.path("M244 138q56 34 112 0q-12 54-56 54t-56-54z", c.dark);
  folds(c, "M214 300q10 110-4 200M386 300q-10 110 4 200");
  if (c.has_motif())
    c.motif_on_main(300, 300, 132);
  else
    c.rect(322, 238, 52, 60, 4, c.deep, "opacity=\".5\"");
}

void sweater(Canvas& c) {
  hanger(c);
  c.path("M240 138q60 30 120 0l92 52l48 240l-74 14l-30-150v208q-96 14-192 0v-208l-30 150l-74-14l48-240z",
         Canvas::kRound);
  c.path("M240 138q60 30 120 0q-6 46-60 46t-60-46z", c.deep);
  for (int x = 208; x < 396; x += 16) c.stroke(c.format("M{} 470v34", x), c.deep, 5, "opacity=\".6\"");
  for (int y = 216; y < 460; y += 20) {
    c.stroke(c.format("M212 {}l10 9l10-9l10 9l10-9l10 9l10-9l10 9l10-9l10 9l10-9l10 9l10-9l10 9l10-9l10 9l10-9l6 6", y),
             c.light, 3, "opacity=\".5\"");
  }
  if (c.has_motif()) {
    c.rect(236, 264, 128, 128, 64, c.main, "opacity=\".85\"");
    c.motif_on_main(300, 328, 120);
  } else {
    for (int x = 222; x < 380; x += 32) c.path(c.format("M{} 262l16-18l16 18l-16 18z", x), c.accent);
  }
}

void jacket(Canvas& c) {
  hanger(c);
  c.path("M240 138h120l92 52l48 240l-74 14l-30-150v220h-192v-220l-30 150l-74-14l48-240z", Canvas::kRound);
  c.path("M240 138l60 100l60-100l-16-6q-44 30-88 0z", Canvas::kCloth);
  c.stroke("M300 238v276", c.dark, 5);
  for (int y = 270; y < 500; y += 52) c.circle(316, y, 8, c.accent);
  c.rect(216, 380, 66, 74, 6, c.deep, "opacity=\".55\"");
  c.rect(326, 380, 66, 74, 6, c.deep, "opacity=\".55\"");
}

void dress(Canvas& c) {
  hanger(c);
  c.path("M250 132q50 52 100 0l36 28q-26 70-6 120q66 130 86 254q-166 26-332 0q20-124 86-254q20-50-6-120z",
         Canvas::kCloth);
  c.path("M224 282q76 20 152 0l4 20q-80 20-160 0z", c.accent);
  folds(c, "M232 320q-40 110-56 204M300 320v216M368 320q40 110 56 204");
  c.path("M134 534q20-124 86-254l40 8q-56 120-62 256z", "#fff", "opacity=\".13\"");
}

void skirt(Canvas& c) {
  hanger(c);
  c.rect(206, 176, 188, 30, 6, c.deep);
  c.path("M208 204h184q58 180 84 316q-176 28-352 0q26-136 84-316z", Canvas::kCloth);
  folds(c, "M236 220q-40 150-56 294M300 220v310M364 220q40 150 56 294");
}

void trousers(Canvas& c) {
  hanger(c);
  c.path("M200 176h200l28 356h-96l-32-230l-32 230h-96z", Canvas::kRound);
  c.rect(200, 176, 200, 28, 4, c.deep);
  c.circle(300, 190, 8, c.accent);
  folds(c, "M226 230q-10 150-14 290M374 230q10 150 14 290");
}

void dungaree(Canvas& c) {
  hanger(c);
  c.stroke("M244 262l-12-130M356 262l12-130", c.deep, 22);
  c.path("M226 240h148v84h22l30 208h-92l-34-110l-34 110h-92l30-208h22z", Canvas::kRound);
  c.rect(262, 256, 76, 62, 8, c.deep, "opacity=\".5\"");
  if (c.has_motif()) c.motif_on_main(300, 288, 48);
  c.circle(244, 254, 11, c.accent), c.circle(356, 254, 11, c.accent);
  c.stroke("M204 330h192", c.pale, 3, "stroke-dasharray=\"8 6\" opacity=\".7\"");
}

void romper(Canvas& c) {
  hanger(c);
  c.path(
      "M244 138q56 40 112 0l70 40l44 84l-58 30l-22-34v160q-4 76-58 96q-32-30-32-46q0 16-32 46q-54-20-58-96v-160l-22 34"
      "l-58-30l44-84z",
      Canvas::kCloth);
  c.path("M244 138q56 40 112 0q-16 46-56 46t-56-46z", c.deep);
  for (const int x : {276, 300, 324}) c.circle(x, 478, 6, c.pale);
  if (c.has_motif()) {
    c.circle(300, 300, 62, c.main);
    c.motif_on_main(300, 300, 92);
  }
}

void apron(Canvas& c) {
  hanger(c);
  c.stroke("M240 196q-10-84 60-84t60 84", c.deep, 15);
  c.path("M232 190h136l14 96q74 16 82 40l-12 206q-152 18-304 0l-12-206q8-24 82-40z", Canvas::kCloth);
  c.stroke("M140 330q-50 40-40 130M460 330q50 40 40 130", c.deep, 11);
  c.path("M222 372h156v86q-78 26-156 0z", c.deep, "opacity=\".55\"");
  c.stroke("M222 372h156", c.accent, 6);
  folds(c, "M180 350q-10 100-4 176M420 350q10 100 4 176");
}

void cape(Canvas& c) {
  hanger(c);
  c.path("M250 136q50 30 100 0q60 90 130 380q-180 50-360 0q70-290 130-380z", Canvas::kRound);
  c.path("M270 140q30 20 60 0l16 384q-46 6-92 0z", c.dark, "opacity=\".35\"");
  folds(c, "M224 240q-30 140-40 276M376 240q30 140 40 276");
  c.circle(300, 150, 13, Canvas::kMetal);
  if (c.has_motif()) c.motif_on_main(300, 340, 140);
}

void bib(Canvas& c) {
  c.flat_setting();
  c.shadow(308, 330, 190, 200, 0.45);
  c.path("M228 150q-10 90 72 90t72-90q-20-44 10-50q110 60 90 230q-10 160-172 160t-172-160q-20-170 90-230q30 6 10 50z",
         Canvas::kCloth);
  c.stroke("M228 150q-10 90 72 90t72-90", c.accent, 8);
  c.circle(236, 122, 9, c.pale), c.circle(364, 122, 9, c.pale);
}

void scarf(Canvas& c) {
  c.flat_setting();
  c.shadow(306, 320, 220, 210, 0.45);
  c.path("M150 118h132v360h-132z", Canvas::kCloth);
  c.path("M318 118h132v320h-132z", Canvas::kCloth);
  c.path("M150 120q20-70 150-70t150 70q-20 92-150 92t-150-92z", Canvas::kRound);
  c.path("M196 122q20-40 104-40t104 40q-20 42-104 42t-104-42z", c.deep);
  c.path("M150 118h40v360h-40zM318 118h30v320h-30z", "#000", "opacity=\".1\"");
  for (int x = 154; x < 284; x += 13) c.stroke(c.format("M{} 478v38", x), c.main, 5);
  for (int x = 322; x < 452; x += 13) c.stroke(c.format("M{} 438v38", x), c.main, 5);
  c.rect(150, 440, 132, 10, 0, c.accent), c.rect(318, 400, 132, 10, 0, c.accent);
}

void hat(Canvas& c) {
  c.table_setting(430);
  c.shadow(300, 492, 200, 26);
  c.path("M136 400q0-240 164-240t164 240z", Canvas::kRound);
  for (int i = -6; i <= 6; ++i)
    c.stroke(c.format("M{} 396q{} -150 {} -226", 300 + 25 * i, -i * 2, -i * 18), c.light, 4, "opacity=\".5\"");
  if (c.has_motif()) c.motif_on_main(300, 306, 96);
  c.rect(122, 386, 356, 96, 22, c.deep);
  for (int x = 138; x < 470; x += 19) c.stroke(c.format("M{} 396v76", x), c.main, 7);
  c.circle(300, 150, 48, c.accent);
  for (int i = 0; i < 22; ++i)
    c.stroke(c.format("M300 150l{} {}", c.rng.between(-50, 50), c.rng.between(-50, 50)), c.pale, 4, "opacity=\".55\"");
}

void mitten(Canvas& c) {
  c.flat_setting();
  for (const int side : {0, 1}) {
    c.open(side == 0 ? "transform=\"rotate(-9 200 300)\""
                     : "transform=\"translate(600 0)scale(-1 1)rotate(-9 200 300)\"");
    c.shadow(196, 330, 110, 190, 0.4);
    c.path("M120 400v-170q6-100 76-100t76 100v40q30-60 56-40q14 18-20 76q-26 50-42 94z", Canvas::kRound);
    c.rect(110, 396, 164, 96, 14, c.deep);
    for (int x = 124; x < 270; x += 18) c.stroke(c.format("M{} 404v80", x), c.light, 5, "opacity=\".6\"");
    if (c.has_motif()) c.motif_on_main(196, 280, 96);
    c.close();
  }
}

void sock(Canvas& c) {
  c.flat_setting();
  for (const int at : {0, 1}) {
    c.open(at == 0 ? "transform=\"rotate(-8 300 300)translate(-90 -16)\""
                   : "transform=\"rotate(6 300 300)translate(50 24)\"");
    c.shadow(320, 340, 130, 190, 0.4);
    c.path("M216 100h134v230q0 24 26 44l70 52q34 34 2 64q-34 26-76 0l-112-70q-44-30-44-80z", Canvas::kCloth);
    c.rect(206, 92, 154, 66, 12, c.accent);
    c.path("M446 426q34 34 2 64q-34 26-76 0q10-56 74-64z", c.accent);
    c.path("M216 340q60-20 60 60q-60-6-60-60z", c.deep, "opacity=\".6\"");
    c.close();
  }
}

void shoe(Canvas& c) {
  c.table_setting(400);
  for (const int at : {0, 1}) {
    c.open(at == 0 ? "transform=\"translate(-30 -46)\"" : "transform=\"translate(30 30)\"");
    c.shadow(300, 466, 220, 22);
    c.path("M110 330q44-36 96-10q60 80 190 90q90 8 94 44q0 14-16 14h-350q-20 0-20-20z", Canvas::kRound);
    c.path("M110 330q44-36 96-10q-10 50-88 56z", c.dark);
    c.rect(104, 446, 390, 22, 10, Canvas::kWood);
    if (c.has_motif()) c.motif_on_main(330, 424, 48);
    c.close();
  }
}

void bag(Canvas& c) {
  c.wall_setting(true);
  c.shadow(300, 542, 200, 22);
  c.stroke("M228 232q-6-150 72-150t72 150", c.deep, 21);
  c.path("M150 220h300l20 300q4 20-18 20h-304q-22 0-18-20z", Canvas::kRound);
  c.path("M150 220h300l3 40h-306z", "#000", "opacity=\".09\"");
  folds(c, "M190 270q-12 140-8 250M412 270q10 140 8 250");
  if (c.has_motif()) {
    c.motif_on_main(300, 394, 190);
  } else {
    c.rect(206, 330, 188, 140, 8, c.deep, "opacity=\".4\"");
    c.stroke("M206 338h188", c.pale, 3, "stroke-dasharray=\"9 7\"");
  }
}

void handbag(Canvas& c) {
  c.table_setting(420);
  c.shadow(300, 500, 230, 26);
  c.stroke("M176 280q-10-170 124-170t124 170", c.dark, 17);
  c.path("M116 270h368l26 200q2 30-30 30h-360q-32 0-30-30z", Canvas::kRound);
  c.path("M116 270h368l8 90q-90 50-192 50t-192-50z", c.deep);
  c.stroke("M120 352q88 46 180 46t180-46", c.pale, 3, "stroke-dasharray=\"9 7\" opacity=\".7\"");
  c.rect(276, 380, 48, 56, 9, Canvas::kMetal);
  c.circle(300, 408, 8, c.dark);
  if (c.has_motif()) c.motif_on_main(300, 320, 78);
}

void backpack(Canvas& c) {
  c.table_setting(430);
  c.shadow(300, 506, 190, 26);
  c.stroke("M264 130q0-50 36-50t36 50", c.dark, 15);
  c.path("M160 250q0-136 140-136t140 136v214q0 40-40 40h-200q-40 0-40-40z", Canvas::kRound);
  c.path("M160 262q0-150 140-150t140 150q-140 50-280 0z", c.deep);
  c.rect(196, 356, 208, 120, 20, Canvas::kCloth);
  c.stroke("M196 380h208", c.dark, 4);
  c.rect(288, 256, 24, 66, 6, Canvas::kWood);
  c.rect(126, 366, 40, 110, 18, c.deep), c.rect(434, 366, 40, 110, 18, c.deep);
}

void pouch(Canvas& c) {
  c.flat_setting();
  c.shadow(306, 340, 230, 160, 0.5);
  c.path("M100 210h400l-14 240q-4 26-30 26h-312q-26 0-30-26z", Canvas::kCloth);
  c.path("M100 210h400l-3 46h-394z", c.deep, "opacity=\".55\"");
  c.stroke("M108 214h384", Canvas::kMetal, 11);
  c.path("M470 208h26l16 60q-10 16-26 0z", c.accent);
  c.path("M116 440h368l-2 10q-4 26-26 26h-312q-26 0-30-26z", "#000", "opacity=\".09\"");
}

void wallet(Canvas& c) {
  c.flat_setting();
  c.shadow(308, 330, 240, 170, 0.5);
  c.open("transform=\"rotate(-6 300 300)\"");
  c.rect(160, 132, 290, 120, 10, c.paper);
  c.rect(180, 118, 270, 110, 10, c.accent);
  c.rect(92, 180, 416, 270, 22, Canvas::kRound);
  c.path("M92 300h416v128q0 22-22 22h-372q-22 0-22-22z", c.deep, "opacity=\".5\"");
  c.rect(104, 192, 392, 246, 16, "none", "stroke=\"#fff\" stroke-width=\"3\" stroke-dasharray=\"9 7\" opacity=\".5\"");
  if (c.has_motif()) c.motif_on_main(430, 372, 78);
  c.close();
}

void scrunchy(Canvas& c) {
  c.flat_setting();
  struct Place {
    int x, y;
    std::string_view fill;
  };
  const Place places[] = {{210, 220, Canvas::kCloth}, {400, 250, c.accent}, {280, 410, c.deep}};
  for (const Place& place : places) {
    c.shadow(place.x + 6, place.y + 16, 118, 110, 0.4);
    for (int i = 0; i < 14; ++i) {
      c.open(c.format("transform=\"rotate({} {} {})\"", 360 * i / 14, place.x, place.y));
      c.ellipse(place.x, place.y - 68, 26, 42, place.fill);
      c.stroke(c.format("M{} {}v44", place.x + 14, place.y - 90), "#000", 4, "opacity=\".13\"");
      c.close();
    }
    c.circle(place.x, place.y, 34, "#000", "opacity=\".25\"");
  }
}

void bandana(Canvas& c) {
  c.flat_setting();
  c.shadow(306, 320, 230, 180, 0.45);
  c.path("M70 170q230 40 460 0q-110 210-230 340q-120-130-230-340z", Canvas::kCloth);
  c.path("M70 170q230 40 460 0l-26 46q-204 34-408 0z", c.deep, "opacity=\".4\"");
  c.stroke("M98 226q100 170 202 258q102-88 202-258", c.accent, 7);
}

constexpr KindRow kKinds[] = {{"shirt", shirt},   {"sweater", sweater},   {"jacket", jacket},     {"dress", dress},
                              {"skirt", skirt},   {"trousers", trousers}, {"dungaree", dungaree}, {"romper", romper},
                              {"apron", apron},   {"cape", cape},         {"bib", bib},           {"scarf", scarf},
                              {"hat", hat},       {"mitten", mitten},     {"sock", sock},         {"shoe", shoe},
                              {"bag", bag},       {"handbag", handbag},   {"backpack", backpack}, {"pouch", pouch},
                              {"wallet", wallet}, {"scrunchy", scrunchy}, {"bandana", bandana}};

}  // namespace

std::span<const KindRow> wear_kinds() {
  return kKinds;
}

}  // namespace handsel::demo
