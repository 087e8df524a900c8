// What stands on a table: cups, bowls, vases, candles, jars.
#include "app/demo/internal/canvas.h"

namespace handsel::demo {
namespace {

constexpr std::string_view kClay = "#c9a27e";

// The flecks of stoneware, within a box.
void speckle(Canvas& c, int x, int y, int width, int height, int count) {
  for (int i = 0; i < count; ++i) {
    c.circle(static_cast<double>(c.rng.between(x, x + width)), static_cast<double>(c.rng.between(y, y + height)),
             1.0 + 1.6 * c.rng.uniform(), c.dark, "opacity=\".38\"");
  }
}

void steam(Canvas& c, int x, int y) {
  for (const int at : {-26, 4, 32}) {
    c.stroke(Canvas::format("M{} {}q-18-28 0-56t0-56", x + at, y), "#fff", 7, "opacity=\".28\"");
  }
}

void mug(Canvas& c) {
  c.table_setting();
  c.shadow(310, 478, 190, 26);
  const bool dipped = c.rng.chance(0.5);
  c.stroke("M400 285q98-12 96 62t-104 68", c.deep, 30);
  c.stroke("M400 281q88-10 88 62t-96 66", c.main, 18);
  c.path("M188 226h224l-8 190q-4 60-60 60h-88q-56 0-60-60z", Canvas::kRound);
  if (dipped) c.path("M194 392q106 22 212 0l-2 24q-4 60-60 60h-88q-56 0-60-60z", kClay);
  speckle(c, 204, 250, 190, 130, 26);
  c.ellipse(300, 226, 112, 23, c.deep);
  c.ellipse(300, 230, 101, 18, "#4a2f22");
  c.ellipse(286, 233, 70, 10, "#7a5236", "opacity=\".7\"");
  if (c.has_motif()) c.motif_on_main(292, 326, 118);
  c.rect(212, 262, 10, 150, 5, "#fff", "opacity=\".25\"");
  if (c.rng.chance(0.6)) steam(c, 300, 206);
}

void teapot(Canvas& c) {
  c.table_setting();
  c.shadow(300, 480, 230, 28);
  c.stroke("M410 330q110-30 96 60t-120 46", c.deep, 26);
  c.path("M186 352q-66-8-92-72q-4-14 12-14q20 2 30 30q22 30 66 26z", c.deep);
  c.path("M300 250c120 0 134 80 126 140c-8 64-50 86-126 86s-118-22-126-86c-8-60 6-140 126-140z", Canvas::kRound);
  speckle(c, 200, 290, 200, 140, 26);
  c.path("M222 272q78-46 156 0q-78 24-156 0z", c.deep);
  c.circle(300, 236, 17, Canvas::kRoundAccent);
  if (c.has_motif()) c.motif_on_main(296, 372, 124);
  c.stroke("M204 330q-12 60 12 98", "#fff", 9, "opacity=\".25\"");
}

void jug(Canvas& c) {
  c.table_setting();
  c.shadow(310, 480, 170, 26);
  c.stroke("M392 236q108 0 96 96t-92 88", c.deep, 26);
  c.path("M206 196q20 20 8 76q-48 66-30 140q10 64 116 64t116-64q18-74-30-140q-10-50 6-86q-80-26-150 4q-16-10-36 6z",
         Canvas::kRound);
  c.path("M200 192q22-22 44-6q70-24 148 0q-60 30-148 22z", c.dark);
  speckle(c, 210, 290, 180, 150, 24);
  if (c.has_motif()) c.motif_on_main(300, 372, 130);
  c.stroke("M206 340q-14 40-2 84", "#fff", 9, "opacity=\".25\"");
}

void glass(Canvas& c) {
  c.table_setting();
  c.shadow(300, 482, 140, 22, 0.26);
  c.path("M208 180h184l-18 282q-2 20-22 20h-104q-20 0-22-20z", c.pale, "opacity=\".5\"");
  c.path("M214 286h172l-12 176q-2 20-22 20h-104q-20 0-22-20z", c.main, "opacity=\".72\"");
  c.ellipse(300, 286, 86, 14, c.light, "opacity=\".9\"");
  c.ellipse(300, 180, 92, 15, "#fff", "opacity=\".55\"");
  c.ellipse(300, 182, 84, 11, c.wall_deep, "opacity=\".6\"");
  if (c.has_motif()) c.motif_on_main(300, 384, 104);
  c.path("M232 204l14 0l12 240l-10 0z", "#fff", "opacity=\".5\"");
}

void bowl(Canvas& c) {
  c.table_setting(380);
  c.shadow(300, 470, 240, 30);
  c.path("M110 290h380c0 96-70 178-146 178h-88c-76 0-146-82-146-178z", Canvas::kRound);
  c.path("M246 462h108l8 16q-62 8-124 0z", kClay);
  speckle(c, 160, 320, 280, 100, 30);
  c.ellipse(300, 290, 190, 46, c.deep);
  c.ellipse(300, 296, 174, 38, c.light);
  c.ellipse(300, 304, 140, 26, c.main);
  if (c.has_motif()) c.motif_on_main(300, 396, 104);
  if (c.rng.chance(0.4)) {
    for (const int x : {236, 290, 342}) c.circle(x, 280 - (x == 290 ? 18 : 0), 38, Canvas::kRoundAccent);
    c.path("M110 290a190 46 0 00380 0a190 60 0 01-380 0z", c.main);
  }
  c.stroke("M148 338q14 54 50 84", "#fff", 8, "opacity=\".28\"");
}

void plate(Canvas& c) {
  c.flat_setting();
  c.shadow(308, 320, 236, 232, 0.5);
  c.circle(300, 300, 212, c.deep);
  c.circle(298, 296, 210, c.main);
  speckle(c, 150, 150, 300, 300, 46);
  c.circle(299, 298, 150, c.deep, "opacity=\".45\"");
  c.circle(300, 301, 147, c.light);
  if (c.has_motif()) {
    c.motif_on_paper(300, 302, 168);
  } else {
    for (int ring = 0; ring < 3; ++ring)
      c.circle(300, 301, 120 - 34 * ring, "none", c.format("stroke=\"{}\" stroke-width=\"3\" opacity=\".4\"", c.deep));
  }
  c.stroke("M128 238q34-92 130-120", "#fff", 10, "opacity=\".3\"");
}

void flowers_in(Canvas& c, int x, int y) {
  const int stems = static_cast<int>(c.rng.between(3, 5));
  for (int i = 0; i < stems; ++i) {
    const double turn = -34.0 + 68.0 * i / (stems - 1) + c.rng.between(-5, 5);
    c.sprig(x, y, 190 + static_cast<double>(c.rng.between(-30, 40)), turn, i % 2 == 0 ? "#7b8f6a" : "#a8946c");
  }
}

void vase(Canvas& c) {
  c.table_setting();
  c.shadow(304, 482, 150, 24);
  const bool bottle = c.rng.chance(0.5);
  if (c.rng.chance(0.75)) flowers_in(c, 300, bottle ? 222 : 252);
  if (bottle) {
    c.path("M268 204h64q-10 54 4 84c70 36 84 84 80 122q-4 70-116 70t-116-70c-4-38 10-86 80-122q14-30 4-84z",
           Canvas::kRound);
    c.ellipse(300, 204, 32, 8, c.dark);
  } else {
    c.path("M228 236h144q-4 30 22 62q46 60 18 130q-20 52-112 52t-112-52q-28-70 18-130q26-32 22-62z", Canvas::kRound);
    c.ellipse(300, 236, 72, 14, c.dark);
  }
  speckle(c, 216, 320, 168, 130, 26);
  if (c.has_motif()) c.motif_on_main(300, 388, 116);
  c.stroke("M212 372q-10 42 8 74", "#fff", 9, "opacity=\".25\"");
}

void planter(Canvas& c) {
  c.table_setting();
  c.shadow(304, 482, 180, 26);
  for (int i = 0; i < 9; ++i) {
    const double turn = -72.0 + 18.0 * i;
    c.open(c.format("transform=\"translate(300 300)rotate({:.3g})\"", turn));
    c.path("M0 0C-44-70-30-170 0-212C30-170 44-70 0 0z", i % 2 == 0 ? "#5f8060" : "#7b9a70");
    c.stroke("M0-10V-190", "#4b684c", 2.5);
    c.close();
  }
  c.path("M172 288h256l-26 176q-4 18-24 18h-156q-20 0-24-18z", Canvas::kRound);
  c.rect(160, 270, 280, 42, 8, c.main);
  c.rect(160, 302, 280, 12, 6, c.deep, "opacity=\".6\"");
  speckle(c, 200, 320, 200, 130, 26);
  if (c.has_motif()) c.motif_on_main(300, 392, 110);
}

void candle(Canvas& c) {
  c.table_setting();
  c.shadow(304, 480, 150, 24);
  const bool lit = c.rng.chance(0.7);
  if (lit) c.glow(300, 200, 210);
  if (c.rng.chance(0.6)) {  // in a jar
    c.path("M198 236h204v216q0 28-28 28h-148q-28 0-28-28z", Canvas::kRound);
    c.ellipse(300, 236, 102, 19, c.deep);
    c.ellipse(300, 240, 90, 14, "#fbf0d8");
    c.rect(226, 312, 148, 112, 8, c.paper);
    if (c.has_motif()) c.motif_on_paper(300, 360, 74);
    c.rect(252, 402, 96, 4, 2, c.ink, "opacity=\".6\"");
    c.rect(214, 262, 9, 180, 4, "#fff", "opacity=\".28\"");
  } else {  // a pillar
    c.path("M226 240q74-20 148 0v226q-74 22-148 0z", Canvas::kRound);
    c.ellipse(300, 240, 74, 14, c.pale);
    c.path("M226 244q14 40 26 0q8 70 24 2z", c.light);
    if (c.has_motif()) c.motif_on_main(300, 370, 104);
  }
  c.stroke("M300 240v-22", "#3a2c24", 4);
  if (lit) {
    c.path("M300 150c24 34 20 66 0 70c-20-4-24-36 0-70z", "#f6a83c");
    c.path("M300 178c12 18 10 36 0 40c-10-4-12-22 0-40z", "#fff2c4");
  }
}

void jar(Canvas& c) {
  c.table_setting();
  c.shadow(304, 482, 160, 24);
  c.path("M196 244h208q16 14 16 40v160q0 36-36 36h-168q-36 0-36-36v-160q0-26 16-40z", Canvas::kRound);
  c.rect(190, 196, 220, 54, 10, Canvas::kWood);
  c.rect(190, 238, 220, 12, 4, "#000", "opacity=\".14\"");
  c.rect(206, 306, 188, 116, 6, c.paper);
  if (c.has_motif()) c.motif_on_paper(300, 352, 72);
  c.rect(246, 396, 108, 5, 2, c.ink, "opacity=\".6\"");
  c.rect(196, 276, 9, 170, 4, "#fff", "opacity=\".3\"");
}

void bottle(Canvas& c) {
  c.table_setting();
  c.shadow(304, 482, 130, 22);
  c.rect(272, 128, 56, 62, 8, c.ink);
  c.path("M276 186h48v34q4 16 30 30q28 16 28 44v156q0 30-30 30h-104q-30 0-30-30v-156q0-28 28-44q26-14 30-30z",
         Canvas::kRound);
  c.rect(230, 316, 140, 112, 4, c.paper);
  if (c.has_motif()) c.motif_on_paper(300, 360, 70);
  c.rect(256, 404, 88, 5, 2, c.ink, "opacity=\".6\"");
  c.rect(234, 284, 8, 170, 4, "#fff", "opacity=\".4\"");
}

void soap(Canvas& c) {
  c.table_setting(360);
  c.shadow(300, 476, 230, 26);
  c.path("M120 452h360l-22 26h-316z", Canvas::kWood);
  const auto bar = [&](int x, int y, std::string_view fill, std::string_view top) {
    c.path(c.format("M{} {}h220v86q0 14-14 14h-192q-14 0-14-14z", x, y), fill);
    c.path(c.format("M{} {}l34-34h172l14 34z", x, y), top);
  };
  bar(204, 352, Canvas::kRoundAccent, c.accent);
  bar(166, 352, Canvas::kRound, c.light);
  c.stroke("M172 396q50-22 104 4t104-8", c.pale, 7, "opacity=\".7\"");
  c.stroke("M172 420q50-22 104 4t104-8", c.accent, 5, "opacity=\".6\"");
  if (c.has_motif()) c.motif_on_main(276, 402, 62);
  if (c.rng.chance(0.6)) c.sprig(520, 500, 150, -30, "#8a9a74");
}

void tile(Canvas& c) {
  c.flat_setting();
  c.shadow(306, 316, 260, 250, 0.5);
  for (int row = 0; row < 2; ++row) {
    for (int column = 0; column < 2; ++column) {
      const int x = 92 + 212 * column;
      const int y = 92 + 212 * row;
      c.rect(x, y, 204, 204, 8, c.paper);
      c.path(c.format("M{} {}h70a70 70 0 01-70 70zM{} {}v70a70 70 0 01-70-70z", x, y, x + 204, y), c.main);
      c.path(c.format("M{} {}v-70a70 70 0 0170 70zM{} {}h-70a70 70 0 0170-70z", x, y + 204, x + 204, y + 204), c.main);
      c.circle(x + 102, y + 102, 62, c.pale);
      c.motif_on_paper(x + 102, y + 102, 96);
      c.rect(x, y, 204, 204, 8, "none", "stroke=\"#fff\" stroke-width=\"5\" opacity=\".5\"");
    }
  }
}

constexpr KindRow kKinds[] = {{"mug", mug},       {"teapot", teapot}, {"jug", jug},       {"glass", glass},
                              {"bowl", bowl},     {"plate", plate},   {"vase", vase},     {"planter", planter},
                              {"candle", candle}, {"jar", jar},       {"bottle", bottle}, {"soap", soap},
                              {"tile", tile}};

}  // namespace

std::span<const KindRow> table_kinds() {
  return kKinds;
}

}  // namespace handsel::demo
