// Cloth, flat and folded: towels, quilts, rugs, cushions, wall hangings, yarn.
#include <cmath>

#include "app/demo/internal/canvas.h"

namespace handsel::demo {
namespace {

void fringe(Canvas& c, int x, int y, int width, std::string_view colour, int length = 30) {
  for (int at = 0; at <= width; at += 14) c.stroke(c.format("M{} {}v{}", x + at, y, length), colour, 4);
}

void folded(Canvas& c) {
  c.flat_setting();
  c.shadow(310, 330, 240, 210, 0.5);
  c.path("M120 150q90-18 180 0t180 0v330q-90 18-180 0t-180 0z", Canvas::kCloth);
  c.path("M120 150q90-18 180 0t180 0v96q-90 18-180 0t-180 0z", "#fff", "opacity=\".12\"");
  c.path("M120 330q90-14 180 0t180 0v150q-90 18-180 0t-180 0z", "#000", "opacity=\".08\"");
  c.stroke("M120 246q90 18 180 0t180 0", "#000", 4, "opacity=\".14\"");
  c.stroke("M120 332q90-14 180 0t180 0", "#000", 4, "opacity=\".16\"");
  c.stroke("M130 462q86 16 170 2t170 0", c.accent, 7);
  c.stroke("M130 446q86 16 170 2t170 0", c.pale, 3);
}

void towel(Canvas& c) {
  if (c.rng.chance(0.45)) return folded(c);
  c.wall_setting(false);
  c.shadow(306, 330, 190, 250, 0.3);
  c.rect(150, 96, 300, 15, 7, Canvas::kWood);
  c.path("M176 104h248v380q-62 14-124 0t-124 0z", Canvas::kCloth);
  c.path("M176 104h50v380q-26 8-50 0zM330 104h40v384q-20-4-40 2z", "#000", "opacity=\".07\"");
  c.rect(176, 430, 248, 9, 0, c.accent);
  c.rect(176, 446, 248, 4, 0, c.pale);
  fringe(c, 180, 488, 240, c.light, 20);
}

void textile(Canvas& c) {
  c.flat_setting();
  c.shadow(308, 320, 270, 240, 0.45);
  struct Fold {
    int y;
    std::string_view fill;
  };
  const std::string_view fills[] = {c.pale, Canvas::kRoundAccent, Canvas::kCloth, c.deep, Canvas::kRound};
  int y = 420;
  for (const std::string_view fill : fills) {
    c.path(c.format("M96 {0}q-14-34 14-64h380q24 30 14 64z", y), fill);
    c.path(c.format("M96 {0}q-14-34 14-64q-4 36 20 64z", y), "#000", "opacity=\".16\"");
    c.stroke(c.format("M110 {}h384", y - 32), "#fff", 2, "opacity=\".22\"");
    y -= 66;
  }
}

void pattern(Canvas& c) {
  c.flat_setting();
  c.shadow(308, 316, 230, 240, 0.45);
  c.open("transform=\"rotate(-7 300 300)\"");
  c.rect(120, 104, 330, 400, 4, c.pale);
  c.close();
  c.open("transform=\"rotate(4 300 300)\"");
  c.rect(136, 96, 330, 410, 4, Canvas::kCloth);
  c.rect(170, 380, 262, 92, 3, c.paper);
  c.rect(204, 408, 194, 9, 4, c.ink, "opacity=\".75\"");
  c.rect(238, 434, 126, 6, 3, c.ink, "opacity=\".45\"");
  c.close();
}

void quilt(Canvas& c) {
  c.flat_setting();
  c.shadow(308, 316, 260, 260, 0.45);
  const std::string_view fills[] = {c.main, c.accent, c.pale, c.deep, Canvas::kCloth, c.light};
  c.rect(72, 72, 456, 456, 8, c.dark);
  for (int row = 0; row < 6; ++row) {
    for (int column = 0; column < 6; ++column) {
      const int x = 80 + 73 * column;
      const int y = 80 + 73 * row;
      const std::string_view first = fills[c.rng.below(6)];
      const std::string_view second = fills[(row + column) % 2 == 0 ? 2 : 0];
      const bool rising = (row + column) % 2 == 0;
      c.rect(x, y, 73, 73, 0, first);
      c.path(rising ? c.format("M{} {}h73v73z", x, y) : c.format("M{} {}v73h73z", x, y), second);
    }
  }
  for (int at = 116; at < 520; at += 73) {
    c.stroke(c.format("M80 {0}h438M{0} 80v438", at), "#fff", 1.5, "stroke-dasharray=\"7 7\" opacity=\".55\"");
  }
}

void blanket(Canvas& c) {
  c.flat_setting();
  c.shadow(306, 330, 250, 220, 0.5);
  c.rect(110, 130, 380, 350, 26, Canvas::kRound);
  for (int y = 154; y < 470; y += 24) {
    for (int x = 128; x < 480; x += 30) {
      c.path(c.format("M{} {}q12-18 24 0q-12 18-24 0z", x, y + ((x / 30) % 2) * 10), c.light, "opacity=\".8\"");
    }
  }
  c.stroke("M112 300q188 26 376 0", "#000", 7, "opacity=\".16\"");
  if (c.has_motif() && c.rng.chance(0.5)) {
    c.rect(386, 408, 66, 44, 4, c.accent);
    c.motif_on_main(419, 430, 36);
  }
  fringe(c, 126, 480, 350, c.main, 34);
}

void cushion(Canvas& c) {
  c.table_setting(430);
  c.shadow(300, 500, 240, 30);
  c.path("M120 130q180 44 360 0q-36 190 0 360q-180-30-360 0q36-180 0-360z", Canvas::kCloth);
  c.path("M120 130q180 44 360 0q-120 60-180 60t-180-60z", "#fff", "opacity=\".14\"");
  c.path("M120 490q180-30 360 0q-36-170 0-360q-44 220-130 286t-230 74z", "#000", "opacity=\".1\"");
  c.stroke("M120 130q180 44 360 0q-36 190 0 360q-180-30-360 0q36-180 0-360z", c.deep, 5);
  if (c.rng.chance(0.4)) {
    for (const int x : {120, 480}) {
      for (const int y : {130, 490}) {
        c.circle(x, y, 13, c.accent);
        for (int i = -2; i <= 2; ++i) c.stroke(c.format("M{} {}l{} 34", x, y, 6 * i), c.accent, 4);
      }
    }
  }
}

void rug(Canvas& c) {
  c.flat_setting();
  c.shadow(306, 312, 220, 280, 0.4);
  c.rect(130, 66, 340, 468, 4, c.main);
  for (int band = 0; band < 6; ++band) {
    const int y = 84 + 76 * band;
    c.rect(130, y, 340, 8, 0, c.pale);
    c.rect(130, y + 14, 340, 4, 0, c.accent);
    for (int x = 151; x < 420; x += 62) {
      c.path(c.format("M{} {}l24-22l24 22l-24 22z", x, y + 46), band % 2 == 0 ? c.accent : c.pale);
      c.path(c.format("M{} {}l12-11l12 11l-12 11z", x + 12, y + 46), c.deep);
    }
  }
  fringe(c, 134, 40, 334, c.pale, 28);
  fringe(c, 134, 534, 334, c.pale, 28);
}

void curtain(Canvas& c) {
  c.wall_setting(false);
  c.rect(206, 90, 188, 420, 6, "#dfeef4");
  c.stroke("M300 90v420M206 290h188", "#fff", 10);
  c.rect(70, 62, 460, 14, 7, Canvas::kWood);
  for (const int side : {0, 1}) {
    c.open(side == 0 ? "" : "transform=\"translate(600 0)scale(-1 1)\"");
    c.path("M96 70h156q10 240-34 300q24 120 16 160h-138z", Canvas::kCloth);
    for (const int x : {124, 164, 204}) c.stroke(c.format("M{} 76q8 220-10 448", x), "#000", 12, "opacity=\".07\"");
    c.rect(96, 352, 128, 16, 8, c.accent);
    c.close();
  }
}

void macrame(Canvas& c) {
  c.wall_setting(false);
  c.shadow(310, 330, 190, 210, 0.26);
  c.stroke("M300 60L150 120M300 60l150 60", c.pale, 4);
  c.path("M120 112h360q8 9 0 18h-360q-8-9 0-18z", Canvas::kWood);
  const int bottom = static_cast<int>(c.rng.between(400, 450));
  for (int i = 0; i <= 30; ++i) {
    const int x = 150 + 10 * i;
    const int drop = bottom + 90 - static_cast<int>(std::abs(15 - i)) * 9;
    c.stroke(c.format("M{} 126q{} 120 0 {}", x, i % 2 == 0 ? 5 : -5, drop - 126), i % 3 == 0 ? c.light : c.main, 7);
  }
  for (int row = 0; row < 4; ++row) {
    for (int i = row; i < 9 - row; ++i) {
      c.path(c.format("M{} {}l17-22l17 22l-17 22z", 150 + 34 * i, 196 + 48 * row), row % 2 == 0 ? c.pale : c.accent);
      c.path(c.format("M{} {}l8-10l8 10l-8 10z", 159 + 34 * i, 196 + 48 * row), c.deep);
    }
  }
  if (c.has_motif()) {
    c.circle(300, 420, 50, c.paper);
    c.motif_on_paper(300, 420, 66);
  }
}

void hoop(Canvas& c) {
  c.flat_setting();
  c.shadow(308, 320, 220, 214, 0.45);
  c.path("M300 84q34 0 30-40h-60q-4 40 30 40z", Canvas::kWood);
  c.circle(300, 300, 216, Canvas::kWood);
  c.circle(300, 300, 196, c.paper);
  c.circle(300, 300, 196, "none", "stroke=\"#000\" stroke-opacity=\".12\" stroke-width=\"6\"");
  for (int i = 0; i < 10; ++i) {
    c.open(c.format("transform=\"rotate({} 300 300)\"", 36 * i));
    c.sprig(268, 152, 62, 88, i % 2 == 0 ? "#7f956e" : c.main);
    c.close();
  }
  if (c.has_motif()) {
    c.motif_on_paper(300, 300, 170);
  } else {
    c.circle(300, 300, 60, c.main);
    c.stroke("M260 300h80M300 260v80", c.pale, 6, "stroke-dasharray=\"10 8\"");
  }
}

void yarn(Canvas& c) {
  c.table_setting(400);
  struct Ball {
    int x, y, radius;
    bool first;
  };
  const Ball balls[] = {{200, 396, 96, false}, {408, 404, 88, true}, {300, 340, 124, true}};
  for (const Ball& ball : balls) {
    c.shadow(ball.x, ball.y + ball.radius - 4, ball.radius, 18);
    const std::string& line = ball.first ? c.light : c.pale;
    c.circle(ball.x, ball.y, ball.radius, ball.first ? Canvas::kRound : Canvas::kRoundAccent);
    for (int i = -3; i <= 3; ++i) {
      const int r = ball.radius;
      c.stroke(c.format("M{} {}q{} {} {} {}", ball.x - r * 7 / 10, ball.y + i * r / 6 + r / 5, r * 7 / 10,
                        -r / 2 + i * 5, r * 13 / 10, i * 4 - r / 5),
               line, 4, "opacity=\".55\"");
    }
    for (int i = -2; i <= 2; ++i) {
      const int r = ball.radius;
      c.stroke(c.format("M{} {}q{} {} {} {}", ball.x + i * r / 5 - r / 6, ball.y - r * 8 / 10, r / 2 + i * 3,
                        r * 8 / 10, -r / 8, r * 15 / 10),
               c.dark, 3, "opacity=\".22\"");
    }
  }
  c.stroke("M392 440q60 70 130 30t60 60", c.main, 6);
}

void wreath(Canvas& c) {
  c.wall_setting(false);
  c.circle(306, 312, 170, "none", "stroke=\"#000\" stroke-opacity=\".08\" stroke-width=\"60\"");
  c.circle(300, 300, 170, "none", "stroke=\"#8a6a45\" stroke-width=\"16\"");
  for (int i = 0; i < 26; ++i) {
    c.open(c.format("transform=\"rotate({} 300 300)\"", 360 * i / 26));
    c.sprig(300 + static_cast<double>(c.rng.between(-8, 8)), 142, 86, 74 + static_cast<double>(c.rng.between(-26, 26)),
            i % 3 == 0   ? "#9aa879"
            : i % 3 == 1 ? "#6f8763"
                         : c.light);
    c.close();
  }
  for (int i = 0; i < 11; ++i) {
    c.open(c.format("transform=\"rotate({} 300 300)\"", 360 * i / 11 + 10));
    c.circle(300, 130, i % 2 == 0 ? 20 : 13, i % 2 == 0 ? c.main : c.accent);
    c.circle(300, 130, i % 2 == 0 ? 8 : 5, c.pale);
    c.close();
  }
  c.path("M300 470l-64 72q-6-40 20-72zM300 470l64 72q6-40-20-72z", c.accent);
  c.circle(300, 468, 17, c.accent_deep);
}

void garland(Canvas& c) {
  c.wall_setting(c.rng.chance(0.5));
  const std::string_view fills[] = {Canvas::kCloth, c.accent, c.pale, c.deep, c.main};
  for (int row = 0; row < 2; ++row) {
    const int y = 120 + 210 * row;
    c.stroke(c.format("M-10 {}q310 130 620 0", y), "#fff", 4);
    for (int i = 0; i < 9; ++i) {
      const double t = (i + 0.5) / 9;
      const double x = -10 + 620 * t;
      const double at = y + 260 * t * (1 - t);
      if (row == 0) {
        c.path(c.format("M{:.0f} {:.0f}l60 0l-30 86z", x - 30, at), fills[i % 5]);
      } else {
        c.circle(x, at + 26, 25, fills[(i + 2) % 5]);
      }
    }
  }
}

void ribbon(Canvas& c) {
  c.flat_setting();
  const std::string_view fills[] = {Canvas::kCloth, c.accent, c.pale};
  for (int i = 0; i < 3; ++i) {
    const int x = 170 + 130 * i;
    const int y = 200 + 90 * (i % 2);
    c.shadow(x + 8, y + 16, 100, 96, 0.4);
    c.path(c.format("M{} {}q60 190 {} 270l44-6q-80-90-30-270z", x + 60, y, 40 - 60 * i), fills[i]);
    c.circle(x, y, 92, fills[i]);
    for (int ring = 0; ring < 5; ++ring)
      c.circle(x, y, 84 - 11 * ring, "none", "stroke=\"#000\" stroke-opacity=\".13\" stroke-width=\"3\"");
    c.circle(x, y, 28, Canvas::kWood);
  }
}

constexpr KindRow kKinds[] = {{"towel", towel},     {"textile", textile}, {"pattern", pattern}, {"quilt", quilt},
                              {"blanket", blanket}, {"cushion", cushion}, {"rug", rug},         {"curtain", curtain},
                              {"macrame", macrame}, {"hoop", hoop},       {"yarn", yarn},       {"wreath", wreath},
                              {"garland", garland}, {"ribbon", ribbon}};

}  // namespace

std::span<const KindRow> cloth_kinds() {
  return kKinds;
}

}  // namespace handsel::demo
