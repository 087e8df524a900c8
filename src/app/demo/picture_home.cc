// What furnishes a home and lies on a desk: art in frames, cards, lamps, boxes, boards.
#include <cstdlib>

#include "app/demo/internal/canvas.h"

namespace handsel::demo {
namespace {

// The art itself, in a box of 220 by 290 with its corner at (0, 0).
void landscape(Canvas& c) {
  c.rect(0, 0, 220, 290, 0, c.pale);
  c.circle(static_cast<double>(c.rng.between(60, 160)), 86, 40, c.accent);
  c.path("M0 180q50-90 92-20q30-70 60-24t68-30v184h-220z", c.light);
  c.path("M0 214q60-60 120-14t100-24v114h-220z", c.main);
  c.path("M0 252q70-40 130-10t90-14v62h-220z", c.deep);
}

void abstract_art(Canvas& c) {
  c.rect(0, 0, 220, 290, 0, c.paper);
  c.path("M24 210c-10-90 60-150 120-120s60 130-4 160s-106 30-116-40z", c.main);
  c.path("M100 40h90v90a90 90 0 01-90-90z", c.accent);
  c.circle(66, 74, 30, c.deep);
  for (int i = 0; i < 4; ++i) c.stroke(c.format("M{} 270q20-{} 60-{}", 90 + 16 * i, 60, 120 + 10 * i), c.ink, 3);
}

void botanical_art(Canvas& c) {
  c.rect(0, 0, 220, 290, 0, c.paper);
  c.sprig(110, 272, 220, 0, c.deep);
  c.sprig(96, 274, 150, -30, c.main);
  c.sprig(126, 274, 150, 30, c.accent);
}

void portrait(Canvas& c) {
  const bool round = c.rng.chance(0.5);
  c.rect(0, 0, 220, 290, 0, round ? c.paper : c.pale);
  if (round) c.circle(110, 140, 88, c.pale);
  c.motif_on_paper(110, 140, round ? 124 : 170);
  if (!round) c.rect(60, 252, 100, 4, 2, c.ink, "opacity=\".5\"");
}

void art(Canvas& c) {
  switch (c.icon) {
    case Icon::kPlain:
    case Icon::kTerrazzo:
    case Icon::kArcs:
    case Icon::kStripes:
      return abstract_art(c);
    case Icon::kMountain:
    case Icon::kWaves:
    case Icon::kTree:
    case Icon::kBoat:
    case Icon::kSun:
      return landscape(c);
    case Icon::kFern:
    case Icon::kLeaf:
      return botanical_art(c);
    default:
      return portrait(c);
  }
}

void framed(Canvas& c, int x, int y, double scale) {
  c.shadow(x + static_cast<int>(160 * scale), y + static_cast<int>(210 * scale), static_cast<int>(190 * scale),
           static_cast<int>(220 * scale), 0.36);
  c.open(c.format("transform=\"translate({} {})scale({:.2f})\"", x, y, scale));
  c.rect(0, 0, 320, 390, 3, c.frame);
  c.rect(0, 0, 320, 5, 0, "#fff", "opacity=\".3\"");
  c.rect(14, 14, 292, 362, 0, "#fbf8f2");
  c.path("M14 14h292v10h-282v352h-10z", "#000", "opacity=\".12\"");
  c.open("transform=\"translate(50 50)\"");
  art(c);
  c.close();
  c.path("M14 362L200 14h70L60 376H14z", "#fff", "opacity=\".13\"");
  c.close();
}

void print(Canvas& c) {
  c.wall_setting(true);
  const int layout = static_cast<int>(c.rng.below(3));
  if (layout == 0) {
    framed(c, 116, 50, 1.15);
  } else {
    framed(c, layout == 1 ? 60 : 190, 70, 1.1);
    const int x = layout == 1 ? 490 : 110;
    c.sprig(x, 430, 170, -16, "#7d8f69"), c.sprig(x, 430, 150, 18, "#95a27c");
    c.path(c.format("M{} 420h60q8 70-4 112h-52q-12-42-4-112z", x - 30), Canvas::kRoundAccent);
  }
}

void card(Canvas& c) {
  c.flat_setting();
  c.open("transform=\"rotate(8 300 300)\"");
  c.shadow(330, 350, 210, 200, 0.35);
  c.rect(160, 180, 330, 250, 5, "#d8c3a0");
  c.path("M160 180l165 130l165-130z", "#c9b18a");
  c.close();
  c.open("transform=\"rotate(-5 280 300)\"");
  c.shadow(286, 320, 190, 240, 0.4);
  c.rect(130, 80, 310, 430, 5, c.paper);
  c.rect(150, 100, 270, 300, 3, c.pale);
  if (c.has_motif()) {
    c.motif_on_paper(285, 250, 210);
  } else {
    for (int i = 0; i < 6; ++i) c.sprig(176 + 44 * i, 392, 130 + 34 * (i % 3), 0, i % 2 == 0 ? c.main : c.accent);
  }
  c.stroke("M200 446q20-26 34 0t34 0t34 0t34 0t30-6", c.ink, 5);
  c.close();
}

void journal(Canvas& c) {
  c.flat_setting();
  c.open("transform=\"rotate(-7 300 300)\"");
  c.shadow(312, 320, 210, 250, 0.5);
  c.rect(146, 84, 330, 440, 8, "#f2e9d6");
  for (int i = 0; i < 5; ++i) c.stroke(c.format("M{} 92v424", 462 + 3 * i), "#cbb994", 1.5);
  c.rect(130, 76, 326, 446, 12, Canvas::kRound);
  c.rect(130, 76, 42, 446, 10, c.dark, "opacity=\".55\"");
  c.rect(404, 76, 15, 446, 0, c.accent);
  c.rect(206, 170, 164, 164, 82, c.pale);
  if (c.has_motif())
    c.motif_on_paper(288, 252, 120);
  else
    c.stroke("M236 240h104M250 266h76", c.ink, 6);
  c.close();
}

void board(Canvas& c) {
  c.table_setting(470);
  c.rect(0, 0, 600, 470, 0, c.wall_deep, "opacity=\".25\"");
  for (int y = 60; y < 470; y += 58) c.stroke(c.format("M0 {}h600", y), "#fff", 3, "opacity=\".28\"");
  c.shadow(310, 500, 170, 22);
  c.path(
      "M250 56h100q18 0 18 20v96q0 16 20 26q32 16 32 50v210q0 42-42 42h-156q-42 0-42-42v-210q0-34 32-50q20-10 20-26v-96"
      "q0-20 18-20z",
      Canvas::kWood);
  c.circle(300, 94, 15, c.wall_deep);
  for (const int x : {226, 262, 300, 340, 376})
    c.stroke(c.format("M{} 210q{} 130 0 280", x, x < 300 ? -9 : 9), "#7d5230", 2.5, "opacity=\".35\"");
  if (c.has_motif()) {
    c.open("opacity=\".75\"");
    c.motif_on_paper(300, 360, 120);
    c.close();
  }
}

void spoon(Canvas& c) {
  c.flat_setting();
  const int count = static_cast<int>(c.rng.between(2, 4));
  for (int i = 0; i < count; ++i) {
    c.open(c.format("transform=\"rotate({} 300 300)translate({} 0)\"", -18 + 10 * i, -120 + 240 * i / (count - 1)));
    c.shadow(308, 320, 44, 240, 0.32);
    c.path("M286 240q-6 130-8 270q0 30 22 30t22-30q-2-140-8-270z", Canvas::kWood);
    if (i % 2 == 0) {
      c.ellipse(300, 160, 62, 92, Canvas::kWood);
      c.ellipse(300, 158, 46, 72, "#7d5230", "opacity=\".4\"");
    } else {
      c.path("M244 90q56-24 112 0l-14 150q-42 26-84 0z", Canvas::kWood);
      c.rect(292, 116, 14, 96, 7, "#7d5230", "opacity=\".45\"");
    }
    c.rect(281, 470, 38, 16, 2, c.main), c.rect(281, 490, 38, 6, 2, c.accent);
    c.close();
  }
}

void coaster(Canvas& c) {
  c.flat_setting();
  const bool round = c.rng.chance(0.6);
  struct Place {
    int x, y;
  };
  for (const Place& at : {Place{190, 190}, {410, 200}, {200, 410}, {404, 414}}) {
    c.shadow(at.x + 6, at.y + 12, 108, 104, 0.42);
    const std::string_view fill = (at.x + at.y) % 4 < 2 ? Canvas::kWood : Canvas::kRound;
    if (round) {
      c.circle(at.x, at.y, 98, fill);
      c.circle(at.x, at.y, 84, "none", "stroke=\"#000\" stroke-opacity=\".14\" stroke-width=\"5\"");
    } else {
      c.rect(at.x - 92, at.y - 92, 184, 184, 14, fill);
    }
    c.motif_on_main(at.x, at.y, 106);
  }
}

void box(Canvas& c) {
  c.table_setting(380);
  c.shadow(304, 500, 240, 28);
  const bool wood = c.rng.chance(0.5);
  c.path("M130 270l100-70h250l-50 70z", wood ? "#d9b483" : c.light);
  c.rect(130, 270, 300, 220, 6, wood ? Canvas::kWood : Canvas::kCloth);
  c.path("M430 270l50-70v210l-50 80z", wood ? "#8b5f38" : c.deep);
  c.stroke("M130 330h300l50-76", "#000", 4, "opacity=\".25\"");
  c.rect(262, 312, 36, 44, 5, Canvas::kMetal);
  if (c.has_motif()) c.motif_on_main(280, 418, 104);
  if (!wood) {
    c.rect(264, 270, 32, 220, 0, c.accent);
    c.path("M280 236q-60-60-74-16q0 26 74 22q74 4 74-22q-14-44-74 16z", c.accent);
  }
}

void sign(Canvas& c) {
  c.wall_setting(false);
  c.stroke("M300 70L170 190M300 70l130 120", "#a58a63", 5);
  c.circle(300, 68, 9, c.ink);
  c.shadow(308, 330, 240, 150, 0.36);
  c.rect(80, 186, 440, 250, 14, Canvas::kWood);
  for (const int y : {246, 310, 372})
    c.stroke(c.format("M84 {}q110 10 216 0t216 0", y), "#7d5230", 2.5, "opacity=\".4\"");
  c.rect(98, 204, 404, 214, 8, "none", c.format("stroke=\"{}\" stroke-width=\"5\" opacity=\".8\"", c.pale));
  const int text = c.has_motif() ? 262 : 200;  // beside the motif, or in the middle
  c.motif_on_main(178, 312, 110);
  c.stroke(c.format("M{} 296q18-40 36 0t36 0t36 0t36 0t40-10", text), c.pale, 9);
  c.stroke(c.format("M{} 352h160", text + 20), c.pale, 5, "opacity=\".8\"");
}

void mirror(Canvas& c) {
  c.wall_setting(true);
  c.shadow(310, 290, 220, 220, 0.34);
  for (int i = 0; i < 36; ++i) {
    c.open(c.format("transform=\"rotate({} 300 270)\"", 10 * i));
    c.path("M294 110h12l8-58q-14-14-28 0z", i % 2 == 0 ? Canvas::kWood : c.main);
    c.close();
  }
  c.circle(300, 270, 168, Canvas::kWood);
  c.circle(300, 270, 148, "#dfe9ea");
  c.path("M200 350L330 140l60 20L250 400z", "#fff", "opacity=\".5\"");
}

void clock(Canvas& c) {
  c.wall_setting(true);
  c.shadow(310, 300, 210, 210, 0.36);
  c.circle(300, 270, 200, c.rng.chance(0.5) ? Canvas::kWood : Canvas::kRound);
  c.circle(300, 270, 172, c.paper);
  for (int hour = 0; hour < 12; ++hour) {
    c.open(c.format("transform=\"rotate({} 300 270)\"", 30 * hour));
    c.rect(296, 112, 8, hour % 3 == 0 ? 34 : 18, 4, hour % 3 == 0 ? c.accent : c.ink);
    c.close();
  }
  c.motif_on_paper(300, 340, 74);
  c.stroke(c.format("M300 270l{} -70", c.rng.between(-60, 60)), c.ink, 11);
  c.stroke(c.format("M300 270l{} -{}", c.rng.between(60, 110), c.rng.between(20, 90)), c.ink, 7);
  c.circle(300, 270, 14, c.accent);
}

void lamp(Canvas& c) {
  c.table_setting();
  c.glow(300, 220, 290);
  c.shadow(300, 484, 160, 24);
  const bool mushroom = c.rng.chance(0.4);
  if (mushroom) {
    c.path("M262 270h76l22 180q2 30-26 30h-68q-28 0-26-30z", Canvas::kRoundAccent);
    c.path("M130 290q0-180 170-180t170 180q-170 46-340 0z", Canvas::kRound);
    c.path("M150 290q150 34 300 0q-150 20-300 0z", "#ffe9b8");
  } else {
    c.path("M286 300h28v100q70 20 70 64q0 16-24 16h-120q-24 0-24-16q0-44 70-64z",
           c.rng.chance(0.5) ? Canvas::kWood : Canvas::kRoundAccent);
    c.path("M220 110h160l64 196q-144 26-288 0z", Canvas::kCloth);
    c.path("M220 110h160l64 196q-144 26-288 0z", "#ffe7ae", "opacity=\".34\"");
    c.stroke("M156 306q144 26 288 0", c.pale, 5);
  }
}

void basket(Canvas& c) {
  c.table_setting(400);
  c.shadow(300, 500, 230, 28);
  c.stroke("M150 270q-20-180 150-180t150 180", "#a37743", 19);
  c.stroke("M150 270q-20-180 150-180t150 180", "#d0a66d", 9, "stroke-dasharray=\"10 12\"");
  c.path("M110 260h380l-50 220q-140 34-280 0z", "#c0935a");
  for (int row = 0; row < 8; ++row) {
    for (int i = 0; i < 13; ++i) {
      const int inset = row * 6;
      const int x = 120 + inset + i * (360 - 2 * inset) / 13;
      c.ellipse(x + 14, 284 + 26 * row, 16, 11,
                (row + i) % 2 == 0     ? "#dcb67f"
                : row == 2 || row == 5 ? c.main
                                       : "#a97c47");
    }
  }
  c.rect(100, 246, 400, 28, 14, "#b0834c");
  c.path("M150 250q60-70 130-20q80-60 170 20z", Canvas::kCloth);
}

void ornament(Canvas& c) {
  c.wall_setting(false);
  c.stroke("M-20 40q180 90 340 40t300 30", "#54694c", 16);
  for (int i = 0; i < 24; ++i) {
    const int x = 10 + 25 * i;
    c.stroke(c.format("M{} {}l{} {}", x, 84 - (i % 5) * 4, c.rng.between(-24, 24), c.rng.between(18, 54)),
             i % 2 == 0 ? "#6f8763" : "#54694c", 7);
  }
  c.stroke("M300 90v110", c.accent, 4);
  c.shadow(312, 372, 160, 160, 0.34);
  c.rect(274, 190, 52, 38, 6, Canvas::kMetal);
  c.circle(300, 364, 142, Canvas::kRound);
  c.stroke("M172 316q128 56 256 0M162 412q138 56 276 0", c.pale, 6, "opacity=\".8\"");
  if (c.has_motif()) c.motif_on_main(300, 376, 124);
  c.ellipse(244, 296, 22, 38, "#fff", "opacity=\".4\" transform=\"rotate(32 244 296)\"");
}

void suncatch(Canvas& c) {
  c.wall_setting(false);
  c.rect(74, 24, 452, 552, 8, c.paper);
  c.rect(94, 44, 412, 512, 3, "#d3e6ee");
  c.path("M94 470q110-60 210-20t202-40v146h-412z", "#a9c4a4", "opacity=\".7\"");
  c.stroke("M300 40v520M94 300h412", c.paper, 13);
  c.stroke("M300 40v106", "#6b6b6b", 3);
  const std::string_view panes[] = {c.main, c.accent, c.light, c.deep, c.pale, c.accent_deep};
  for (int i = 0; i < 8; ++i) {
    c.open(c.format("transform=\"rotate({} 300 270)\"", 45 * i));
    c.path("M300 270l-46-104q46-44 92 0z", panes[i % 6], "opacity=\".85\" stroke=\"#3d3a3a\" stroke-width=\"5\"");
    c.close();
  }
  c.circle(300, 270, 46, c.pale, "stroke=\"#3d3a3a\" stroke-width=\"5\"");
  c.motif_on_paper(300, 270, 58);
  for (int i = 0; i < 5; ++i) {
    c.stroke(c.format("M{} 392v{}", 220 + 40 * i, 40 + 22 * (2 - std::abs(i - 2))), "#6b6b6b", 2.5);
    c.circle(220 + 40 * i, 442 + 22 * (2 - std::abs(i - 2)), 14, panes[i]);
  }
}

void stool(Canvas& c) {
  c.wall_setting(false);
  c.rect(0, 480, 600, 120, 0, c.table);
  c.shadow(300, 540, 210, 26);
  c.path(
      "M172 250l-40 290h26l52-286zM428 250l40 290h-26l-52-286zM262 254l-14 270h22l16-270zM338 254l14 270h-22l-16-270z",
      Canvas::kWood);
  c.stroke("M158 420h284", "#a97a48", 13);
  c.ellipse(300, 250, 176, 40, "#8a5f38");
  c.ellipse(300, 238, 176, 40, c.rng.chance(0.5) ? Canvas::kWood : Canvas::kCloth);
  c.path("M356 224h44q6-60-2-90h-40q-8 30-2 90z", Canvas::kRound);
  c.sprig(378, 140, 120, -12, "#7d8f69"), c.sprig(378, 140, 100, 22, "#93a17c");
}

void bouquet(Canvas& c) {
  c.flat_setting();
  c.shadow(310, 380, 170, 180, 0.36);
  for (int i = 0; i < 9; ++i)
    c.sprig(300, 440, 250 + static_cast<double>(c.rng.between(-20, 70)), -44 + 11.0 * i,
            i % 2 == 0 ? "#8b9b74" : "#b59c6c");
  for (int i = 0; i < 11; ++i) {
    const double x = 300 + static_cast<double>(c.rng.between(-130, 130));
    const double y = 200 + static_cast<double>(c.rng.between(-90, 90));
    for (int petal = 0; petal < 6; ++petal) {
      c.ellipse(x, y - 17, 11, 19,
                i % 3 == 0   ? c.accent
                : i % 3 == 1 ? c.main
                             : c.pale,
                c.format("transform=\"rotate({} {:.0f} {:.0f})\"", 60 * petal, x, y));
    }
    c.circle(x, y, 9, i % 3 == 2 ? c.accent : c.pale);
  }
  c.path("M190 330l110 50l110-50l-70 220h-80z", "#d8c3a0");
  c.path("M190 330l110 50l-40 170z", "#000", "opacity=\".08\"");
  c.rect(246, 430, 108, 24, 8, c.accent);
}

void house(Canvas& c) {
  c.table_setting(430);
  c.shadow(300, 516, 170, 22);
  c.rect(176, 240, 248, 270, 4, Canvas::kRound);
  for (const int y : {300, 360, 420}) c.stroke(c.format("M178 {}h244", y), c.deep, 3, "opacity=\".6\"");
  c.path("M136 258L300 110l164 148l-22 18L300 150L158 276z", Canvas::kWood);
  c.circle(300, 318, 46, c.ink);
  c.rect(290, 386, 20, 44, 8, Canvas::kWood);
  if (c.has_motif()) c.motif_on_main(300, 458, 78);
}

constexpr KindRow kKinds[] = {
    {"print", print},     {"card", card},     {"journal", journal},   {"board", board},       {"spoon", spoon},
    {"coaster", coaster}, {"box", box},       {"sign", sign},         {"mirror", mirror},     {"clock", clock},
    {"lamp", lamp},       {"basket", basket}, {"ornament", ornament}, {"suncatch", suncatch}, {"stool", stool},
    {"bouquet", bouquet}, {"house", house}};

}  // namespace

std::span<const KindRow> home_kinds() {
  return kKinds;
}

}  // namespace handsel::demo
