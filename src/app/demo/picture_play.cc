// Toys, games and the tools of makers.
#include "app/demo/internal/canvas.h"

namespace handsel::demo {
namespace {

// Where a face is needed and the motif has none, a bear sits in.
bool is_long_eared(Icon icon) {
  return icon == Icon::kHare;
}
bool is_sharp_eared(Icon icon) {
  return icon == Icon::kCat || icon == Icon::kFox || icon == Icon::kOwl;
}

void toy(Canvas& c) {
  c.table_setting(430);
  c.shadow(300, 522, 190, 26);
  c.path("M214 330q-70 40-64 108q4 22 26 18q40-30 60-80zM386 330q70 40 64 108q-4 22-26 18q-40-30-60-80z", c.deep);
  c.path("M300 290q116 0 112 140q-4 90-112 90t-112-90q-4-140 112-140z", Canvas::kRound);
  c.ellipse(300, 424, 66, 72, c.pale);
  c.ellipse(228, 510, 54, 30, c.deep), c.ellipse(372, 510, 54, 30, c.deep);
  c.ellipse(228, 512, 26, 15, c.accent), c.ellipse(372, 512, 26, 15, c.accent);
  if (is_long_eared(c.icon)) {
    c.path("M232 150c-50-110-10-130 14-90c16 30 22 60 20 96zM368 150c50-110 10-130-14-90c-16 30-22 60-20 96z", c.main);
    c.path("M240 132c-22-62-4-72 6-50zM360 132c22-62 4-72-6-50z", c.accent);
  } else if (is_sharp_eared(c.icon)) {
    c.path("M196 200l-8-112l92 60zM404 200l8-112l-92 60z", c.main);
    c.path("M206 170l-2-54l44 34zM394 170l2-54l-44 34z", c.accent);
  } else {
    c.circle(212, 138, 40, c.main), c.circle(388, 138, 40, c.main);
    c.circle(212, 138, 21, c.accent), c.circle(388, 138, 21, c.accent);
  }
  c.path("M300 116q128 0 126 112q-4 94-126 94t-126-94q-2-112 126-112z", Canvas::kRound);
  c.ellipse(300, 262, 52, 40, c.pale);
  c.circle(250, 212, 11, c.ink), c.circle(350, 212, 11, c.ink);
  c.circle(246, 208, 4, "#fff"), c.circle(346, 208, 4, "#fff");
  c.path("M284 244h32q0 18-16 22q-16-4-16-22z", c.ink);
  c.stroke("M300 264v10q-14 16-28 6M300 274q14 16 28 6", c.ink, 4);
  c.circle(216, 250, 17, c.accent, "opacity=\".45\""), c.circle(384, 250, 17, c.accent, "opacity=\".45\"");
  c.path("M230 318q70 32 140 0l8 26q-78 30-156 0z", c.accent);
}

void doll(Canvas& c) {
  c.table_setting(440);
  c.shadow(300, 536, 170, 22);
  c.path("M256 430v96h30v-96zM314 430v96h30v-96z", "#e8c4a2");
  c.rect(248, 508, 42, 26, 10, c.ink), c.rect(310, 508, 42, 26, 10, c.ink);
  c.path("M236 284q-60 40-70 110l24 8q20-50 60-80zM364 284q60 40 70 110l-24 8q-20-50-60-80z", "#e8c4a2");
  c.path("M250 270h100q60 90 80 190q-130 26-260 0q20-100 80-190z", Canvas::kCloth);
  c.stroke("M172 452q128 26 256 0", c.pale, 8);
  c.path("M190 200q-10-116 110-116t110 116q10 70-16 116l-188 0q-26-46-16-116z", c.accent_deep);
  c.circle(300, 204, 84, "#efd0b2");
  c.path("M218 196q10-90 84-84q76-4 82 84q-60-12-90-50q-22 40-76 50z", c.accent_deep);
  c.circle(270, 212, 8, c.ink), c.circle(330, 212, 8, c.ink);
  c.circle(252, 234, 13, "#e08f86", "opacity=\".6\""), c.circle(348, 234, 13, "#e08f86", "opacity=\".6\"");
  c.stroke("M286 244q14 12 28 0", "#b0574f", 4);
}

void car(Canvas& c) {
  c.table_setting(400);
  c.shadow(300, 492, 240, 24);
  c.path("M96 400q0-50 60-58l40-82q10-22 36-22h150q24 0 38 22l50 84q40 8 40 56v34q0 14-14 14h-386q-14 0-14-14z",
         Canvas::kRound);
  c.path("M222 270h74v74h-106zM316 270h60q10 0 16 10l36 64h-112z", c.pale);
  c.rect(96, 388, 414, 12, 0, c.accent);
  for (const int x : {190, 416}) {
    c.circle(x, 444, 52, "#7d5230");
    c.circle(x, 444, 44, Canvas::kWood);
    c.circle(x, 444, 13, c.ink);
  }
  if (c.has_motif()) c.motif_on_main(306, 372, 46);
}

void stacker(Canvas& c) {
  c.table_setting(430);
  c.shadow(300, 512, 250, 24);
  if (c.rng.chance(0.5)) {
    const std::string_view arcs[] = {c.deep, c.main, c.accent, c.light, c.accent_deep, c.pale};
    for (int i = 0; i < 6; ++i) {
      const int r = 220 - 34 * i;
      c.path(c.format("M{} 504a{} {} 0 01{} 0h-32a{} {} 0 00-{} 0z", 300 - r, r, r, 2 * r, r - 32, r - 32, 2 * r - 64),
             arcs[i]);
    }
    return;
  }
  c.rect(288, 120, 24, 390, 12, Canvas::kWood);
  const std::string_view rings[] = {c.deep, c.main, c.accent, c.light, c.accent_deep};
  for (int i = 0; i < 5; ++i) c.rect(150 + 24.0 * i, 446 - 62 * i, 300 - 48.0 * i, 60, 30, rings[i]);
  for (int i = 0; i < 5; ++i) c.rect(176 + 24.0 * i, 456 - 62 * i, 90 - 10.0 * i, 12, 6, "#fff", "opacity=\".3\"");
  c.circle(300, 140, 40, c.pale);
}

void horse(Canvas& c) {
  c.table_setting(420);
  c.shadow(300, 510, 230, 24);
  c.path(
      "M140 470v-150q0-70 70-70h110l40-90q10-24 40-24q20-30 26-2l60 60q20 22 0 40l-50 10l-20 60q20 40 12 "
      "166h-50v-96h-186v96z",
      Canvas::kWood);
  c.path("M366 150q-60 40-60 110l30-10q0-50 44-90z", c.main);
  c.path("M200 250h110v60q-56 30-110 0z", Canvas::kCloth);
  c.circle(424, 190, 7, c.ink);
  c.stroke("M146 300q-50 40-36 120", c.main, 15);
  for (const int x : {176, 398}) c.circle(x, 482, 34, c.accent), c.circle(x, 482, 12, c.ink);
}

void puzzle(Canvas& c) {
  c.flat_setting();
  c.shadow(308, 318, 250, 240, 0.42);
  c.rect(70, 70, 460, 460, 14, Canvas::kWood);
  for (int row = 0; row < 4; ++row) {
    for (int column = 0; column < 4; ++column) {
      c.rect(90 + 106 * column, 90 + 106 * row, 102, 102, 6,
             (row + column) % 2 == 0 ? std::string_view(c.main) : std::string_view(c.pale));
      if (column < 3) c.circle(90 + 106 * column + 104, 141 + 106 * row, 17, (row + column) % 2 == 0 ? c.main : c.pale);
    }
  }
  if (c.has_motif()) {
    c.motif_on_paper(300, 300, 250);
  } else {  // hills under a sun
    c.circle(380, 200, 56, c.accent);
    c.path("M94 400q100-130 210-40t202-60v206h-412z", c.deep, "opacity=\".85\"");
    c.path("M94 450q140-80 240-20t172-10v86h-412z", c.dark, "opacity=\".7\"");
  }
}

void dice(Canvas& c) {
  c.flat_setting();
  for (int i = 0; i < 5; ++i) {
    const int x = 150 + 150 * (i % 3) + (i > 2 ? 75 : 0);
    const int y = 220 + 180 * (i / 3);
    const std::string_view fill = i % 2 == 0 ? Canvas::kRound : Canvas::kRoundAccent;
    c.shadow(x + 8, y + 54, 80, 30, 0.4);
    c.open(c.format("transform=\"rotate({} {} {})\"", c.rng.between(-24, 24), x, y));
    c.path(c.format("M{} {}l66 38v76l-66 38l-66-38v-76z", x, y - 76), fill);
    c.path(c.format("M{} {}l44 76h-88z", x, y - 42), "#fff", "opacity=\".24\"");
    c.stroke(c.format("M{0} {1}l44 76h-88zM{0} {2}v34M{3} {4}l22-4M{5} {4}l-22-4M{0} {6}v-42", x, y - 42, y - 76,
                      x - 66, y + 38, x + 66, y + 76),
             "#fff", 2, "opacity=\".5\"");
    c.circle(x, y + 8, 11, c.pale);
    c.close();
  }
}

void mobile(Canvas& c) {
  c.wall_setting(false);
  c.stroke("M300-10v110", "#a58a63", 4);
  c.stroke("M90 130q210-60 420 0", "#b98a55", 13);
  const int drops[] = {330, 250, 400, 270, 340};
  for (int i = 0; i < 5; ++i) {
    const int x = 104 + 98 * i;
    c.stroke(c.format("M{} {}V{}", x, 124 - (i == 2 ? 22 : i % 2 * 14), drops[i] - 30), "#fff", 3);
    c.circle(x, drops[i] - 84, 12, c.pale);
    if (i % 2 == 0) {
      c.circle(x, drops[i], 52, i == 2 ? Canvas::kRound : Canvas::kRoundAccent);
      c.motif_on_main(x, drops[i], 66);
    } else {
      c.path(c.format("M{} {}q-50 0-46-34q6-30 36-24q24-34 52-4q34-2 32 30q-4 30-34 32z", x, drops[i] + 20), c.paper);
    }
  }
}

void teether(Canvas& c) {
  c.flat_setting();
  c.circle(304, 324, 150, "none", "stroke=\"#000\" stroke-opacity=\".12\" stroke-width=\"48\"");
  c.circle(300, 310, 150, "none", "stroke=\"url(#o)\" stroke-width=\"44\"");
  for (int i = 0; i < 9; ++i) {
    c.open(c.format("transform=\"rotate({} 300 310)\"", -60 + 15 * i));
    c.circle(300, 160, 27, i % 3 == 0 ? Canvas::kRoundAccent : i % 3 == 1 ? Canvas::kRound : Canvas::kWood);
    c.close();
  }
  c.path("M262 440q-70-60-110 20q50 60 110 10zM338 440q70-60 110 20q-50 60-110 10z", Canvas::kCloth);
  c.circle(300, 456, 32, c.deep);
}

void needles(Canvas& c) {
  c.flat_setting();
  c.shadow(300, 400, 190, 110, 0.36);
  c.circle(300, 380, 124, Canvas::kRound);
  for (int i = -4; i <= 4; ++i)
    c.stroke(c.format("M{} {}q100 -70 200 {}", 200, 380 + i * 20, i * 6), c.light, 5, "opacity=\".6\"");
  for (const int side : {-1, 1}) {
    c.open(c.format("transform=\"rotate({} 300 330)\"", 34 * side));
    c.rect(293, 90, 14, 420, 7, Canvas::kWood);
    c.path("M293 504h14l-7 34z", "#8d6238");
    c.circle(300, 88, 21, Canvas::kRoundAccent);
    c.close();
  }
  c.stroke("M392 440q60 60 110 10t80 30", c.main, 6);
}

constexpr KindRow kKinds[] = {{"toy", toy},         {"doll", doll},      {"car", car},   {"stacker", stacker},
                              {"horse", horse},     {"puzzle", puzzle},  {"dice", dice}, {"mobile", mobile},
                              {"teether", teether}, {"needles", needles}};

}  // namespace

std::span<const KindRow> play_kinds() {
  return kKinds;
}

}  // namespace handsel::demo
