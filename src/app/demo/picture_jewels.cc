// Jewellery and other small things, seen from above.
#include <cmath>
#include <numbers>

#include "app/demo/internal/canvas.h"

namespace handsel::demo {
namespace {

void stone(Canvas& c, double x, double y, double radius) {
  c.circle(x, y, radius + 5, Canvas::kMetal);
  c.circle(x, y, radius, Canvas::kRound);
  c.path(c.format("M{0:.0f} {1:.0f}l{2:.0f}-{3:.0f}l{2:.0f} {3:.0f}l-{2:.0f} {3:.0f}z", x - radius * 0.7, y,
                  radius * 0.7, radius * 0.7),
         c.pale, "opacity=\".5\"");
  c.circle(x - radius * 0.35, y - radius * 0.4, radius * 0.22, "#fff", "opacity=\".8\"");
}

// A velvet or linen dish that the thing lies in.
void dish(Canvas& c) {
  c.flat_setting();
  c.shadow(308, 320, 250, 244, 0.42);
  c.circle(300, 300, 232, c.pale);
  c.circle(300, 304, 206, c.paper);
  c.circle(300, 300, 232, "none", "stroke=\"#fff\" stroke-width=\"5\" opacity=\".7\"");
}

// Beads along a circle or an arc, in degrees.
void beads_along(Canvas& c, double x, double y, double radius, int from, int to, int count, double size) {
  for (int i = 0; i < count; ++i) {
    const double angle = (from + (to - from) * (i + 0.5) / count) * std::numbers::pi / 180;
    const double at_x = x + radius * std::cos(angle);
    const double at_y = y + radius * std::sin(angle);
    c.circle(at_x, at_y, size, i % 5 == 2 ? Canvas::kRoundAccent : Canvas::kRound);
    c.circle(at_x - size * 0.3, at_y - size * 0.35, size * 0.25, "#fff", "opacity=\".65\"");
  }
}

void ring(Canvas& c) {
  dish(c);
  const int bands = static_cast<int>(c.rng.between(1, 3));
  for (int i = 0; i < bands; ++i) {
    const double x = 300 + (i - (bands - 1) * 0.5) * 84;
    c.shadow(static_cast<int>(x) + 6, 404, 94, 20, 0.35);
    c.ellipse(x, 320, 88, 92, "none", "stroke=\"url(#l)\" stroke-width=\"19\"");
    c.ellipse(x, 320, 94, 98, "none", "stroke=\"#fff\" stroke-width=\"2.5\" opacity=\".7\"");
    if (i == 0) {
      if (c.rng.chance(0.65)) {
        stone(c, x, 222, 34);
      } else {
        c.rect(x - 36, 196, 72, 54, 18, Canvas::kMetal);
        if (c.has_motif()) c.motif_on_paper(x, 223, 42);
      }
    }
  }
}

void necklace(Canvas& c) {
  c.flat_setting();
  c.stroke("M120 70q20 300 180 316q160-16 180-316", "#7c5a2a", 7, "stroke-dasharray=\"1 9\"");
  c.stroke("M120 70q20 300 180 316q160-16 180-316", "#e3c27c", 4.5, "stroke-dasharray=\"7 6\"");
  c.shadow(306, 456, 90, 70, 0.4);
  if (c.has_motif() || c.rng.chance(0.4)) {
    c.circle(300, 446, 70, Canvas::kMetal);
    c.circle(300, 446, 58, c.main);
    if (c.has_motif())
      c.motif_on_main(300, 446, 84);
    else
      c.circle(300, 446, 30, c.accent);
  } else {
    c.path("M300 380c40 50 60 80 60 110a60 60 0 01-120 0c0-30 20-60 60-110z", Canvas::kMetal);
    c.path("M300 410c30 40 44 58 44 80a44 44 0 01-88 0c0-22 14-40 44-80z", Canvas::kRound);
    c.circle(284, 470, 9, "#fff", "opacity=\".75\"");
  }
  c.circle(300, 384, 10, "none", "stroke=\"url(#l)\" stroke-width=\"6\"");
}

void beads(Canvas& c) {
  dish(c);
  beads_along(c, 300, 300, 150, 0, 360, 28, 16);
  beads_along(c, 300, 300, 104, 0, 360, 22, 12);
  if (c.has_motif())
    c.motif_on_paper(300, 300, 96);
  else
    stone(c, 300, 300, 40);
}

void bracelet(Canvas& c) {
  dish(c);
  c.ellipse(304, 314, 142, 130, "none", "stroke=\"#000\" stroke-opacity=\".1\" stroke-width=\"40\"");
  if (c.rng.chance(0.5)) {
    beads_along(c, 300, 300, 132, 0, 360, 24, 17);
    c.circle(300, 432, 22, Canvas::kMetal);
    if (c.has_motif()) c.motif_on_paper(300, 432, 30);
  } else {
    c.ellipse(300, 300, 140, 126, "none", "stroke=\"url(#m)\" stroke-width=\"36\"");
    c.ellipse(300, 300, 124, 110, "none", "stroke=\"#000\" stroke-opacity=\".2\" stroke-width=\"3\"");
    c.ellipse(300, 300, 152, 138, "none",
              c.format("stroke=\"{}\" stroke-width=\"3\" stroke-dasharray=\"10 8\"", c.pale));
    c.rect(268, 402, 64, 46, 10, Canvas::kMetal);
  }
}

void earrings(Canvas& c) {
  c.flat_setting();
  c.rect(150, 70, 300, 440, 12, c.paper);
  c.rect(150, 70, 300, 440, 12, "none", "stroke=\"#000\" stroke-opacity=\".08\" stroke-width=\"4\"");
  const int shape = static_cast<int>(c.rng.below(4));
  for (const int x : {226, 374}) {
    c.circle(x, 160, 9, Canvas::kMetal);
    c.shadow(x + 8, 300, 70, 100, 0.25);
    switch (shape) {
      case 0:  // hoops
        c.ellipse(x, 250, 58, 80, "none", "stroke=\"url(#l)\" stroke-width=\"14\"");
        c.circle(x, 336, 16, Canvas::kRound);
        break;
      case 1:  // arches of clay
        c.path(c.format("M{} 330v-80a52 52 0 01104 0v80z", x - 52), Canvas::kRound);
        c.path(c.format("M{} 330v-74a26 26 0 0152 0v74z", x - 26), Canvas::kRoundAccent);
        c.stroke(c.format("M{} 162v36", x), "#c59a4a", 5);
        break;
      case 2:  // drops
        c.stroke(c.format("M{} 162v60", x), "#c59a4a", 5);
        c.path(c.format("M{} 214c40 60 56 84 56 116a56 56 0 01-112 0c0-32 16-56 56-116z", x), Canvas::kRound);
        if (c.has_motif()) c.motif_on_main(x, 326, 68);
        break;
      default:  // discs and a tassel
        c.circle(x, 226, 46, Canvas::kRound);
        if (c.has_motif()) c.motif_on_main(x, 226, 58);
        for (int i = -4; i <= 4; ++i) c.stroke(c.format("M{} 272l{} 110", x + i * 4, i * 3), c.accent, 5);
        c.rect(x - 18, 266, 36, 18, 6, Canvas::kMetal);
    }
  }
  c.rect(232, 448, 136, 8, 4, c.ink, "opacity=\".55\"");
  c.rect(262, 470, 76, 5, 2, c.ink, "opacity=\".35\"");
}

void hairpin(Canvas& c) {
  c.flat_setting();
  for (int i = 0; i < 3; ++i) {
    c.open(c.format("transform=\"rotate({} 300 300)translate(0 {})\"", -14 + 6 * i, -130 + 130 * i));
    c.shadow(306, 318, 210, 30, 0.35);
    c.rect(110, 286, 380, 26, 13, Canvas::kMetal);
    c.rect(130, 292, 340, 5, 2, "#fff", "opacity=\".6\"");
    if (i == 1) {
      c.ellipse(300, 296, 124, 46, Canvas::kCloth);
    } else {
      for (int at = 0; at < 5; ++at)
        c.circle(180 + 60 * at, 298, 25, at % 2 == 0 ? Canvas::kRound : Canvas::kRoundAccent);
    }
    c.close();
  }
}

void pin(Canvas& c) {
  c.flat_setting();
  c.open("transform=\"rotate(-4 300 300)\"");
  c.rect(160, 110, 280, 380, 10, c.paper);
  c.rect(220, 440, 160, 7, 3, c.ink, "opacity=\".5\"");
  c.close();
  c.shadow(308, 300, 130, 124, 0.42);
  c.circle(300, 280, 118, Canvas::kMetal);
  c.circle(300, 280, 106, c.main);
  if (c.has_motif()) {
    c.motif_on_main(300, 280, 156);
  } else {
    c.path("M300 202l22 50l56 6l-42 38l12 56l-48-28l-48 28l12-56l-42-38l56-6z", c.accent);
  }
  c.stroke("M222 236q22-50 76-58", "#fff", 9, "opacity=\".5\"");
}

void keyring(Canvas& c) {
  c.flat_setting();
  c.circle(300, 130, 66, "none", "stroke=\"#a9a49c\" stroke-width=\"12\"");
  c.circle(300, 130, 72, "none", "stroke=\"#fff\" stroke-width=\"3\" opacity=\".6\"");
  c.shadow(312, 380, 110, 150, 0.42);
  c.rect(286, 176, 28, 66, 8, Canvas::kMetal);
  if (c.rng.chance(0.5)) {
    c.path("M222 240h156q14 0 14 14v210q0 50-92 74q-92-24-92-74v-210q0-14 14-14z", Canvas::kRound);
    c.path("M234 254h132v206q0 36-66 58q-66-22-66-58z", "none",
           "stroke=\"#fff\" stroke-width=\"3\" stroke-dasharray=\"8 6\" opacity=\".55\"");
    c.motif_on_main(300, 370, 106);
  } else {
    c.circle(300, 350, 108, Canvas::kMetal);
    c.circle(300, 350, 96, c.main);
    c.motif_on_main(300, 350, 128);
  }
}

void collar(Canvas& c) {
  c.flat_setting();
  c.ellipse(304, 296, 192, 152, "none", "stroke=\"#000\" stroke-opacity=\".13\" stroke-width=\"56\"");
  c.ellipse(300, 280, 190, 150, "none", "stroke=\"url(#p)\" stroke-width=\"52\"");
  c.ellipse(300, 280, 214, 174, "none", "stroke=\"#fff\" stroke-width=\"3\" stroke-dasharray=\"9 7\" opacity=\".6\"");
  c.ellipse(300, 280, 166, 126, "none", "stroke=\"#000\" stroke-width=\"3\" stroke-dasharray=\"9 7\" opacity=\".25\"");
  c.rect(252, 104, 96, 52, 14, Canvas::kMetal);
  c.rect(272, 116, 56, 28, 8, c.deep);
  c.circle(300, 464, 13, "none", "stroke=\"url(#l)\" stroke-width=\"7\"");
  c.circle(300, 512, 42, Canvas::kMetal);
  c.motif_on_paper(300, 512, 54);
}

void buttons(Canvas& c) {
  c.flat_setting();
  for (int row = 0; row < 3; ++row) {
    for (int column = 0; column < 3; ++column) {
      const double x = 140 + 160 * column + static_cast<double>(c.rng.between(-14, 14));
      const double y = 140 + 160 * row + static_cast<double>(c.rng.between(-14, 14));
      const double r = static_cast<double>(c.rng.between(48, 66));
      c.shadow(static_cast<int>(x) + 5, static_cast<int>(y) + 10, static_cast<int>(r) + 8, static_cast<int>(r) + 6,
               0.4);
      c.circle(x, y, r,
               (row + column) % 3 == 0   ? Canvas::kRoundAccent
               : (row + column) % 3 == 1 ? Canvas::kRound
                                         : Canvas::kWood);
      c.circle(x, y, r * 0.74, "#000", "opacity=\".1\"");
      for (const int dx : {-1, 1}) {
        for (const int dy : {-1, 1}) c.circle(x + 0.22 * r * dx, y + 0.22 * r * dy, 0.1 * r, c.ink);
      }
    }
  }
}

void shell(Canvas& c) {  // a folding fan
  c.flat_setting();
  c.shadow(306, 350, 250, 160, 0.4);
  for (int i = 0; i < 14; ++i) {
    c.open(c.format("transform=\"rotate({} 300 460)\"", -78 + 12 * i));
    c.path("M292 456l-22-320q30-14 60 0l-22 320z", i % 2 == 0 ? Canvas::kCloth : c.light);
    c.rect(297, 300, 6, 170, 3, Canvas::kWood);
    c.close();
  }
  c.circle(300, 460, 15, Canvas::kMetal);
}

constexpr KindRow kKinds[] = {{"ring", ring},         {"necklace", necklace}, {"beads", beads}, {"bracelet", bracelet},
                              {"earrings", earrings}, {"hairpin", hairpin},   {"pin", pin},     {"keyring", keyring},
                              {"collar", collar},     {"buttons", buttons},   {"shell", shell}};

}  // namespace

std::span<const KindRow> jewel_kinds() {
  return kKinds;
}

}  // namespace handsel::demo
