// The motifs, each a few shapes in a box from -50 to 50.
#include <cmath>
#include <numbers>

#include "app/demo/internal/canvas.h"

namespace handsel::demo {
namespace {

class Pen {
 public:
  Pen(std::string& out, const IconColours& colours) : out_(out), a(colours.first), b(colours.second), k(colours.line) {}

  void fill(std::string_view d, std::string_view colour) {
    fmt::format_to(std::back_inserter(out_), "<path d=\"{}\" fill=\"{}\"/>", d, colour);
  }
  void line(std::string_view d, std::string_view colour, double width) {
    fmt::format_to(std::back_inserter(out_),
                   "<path d=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"{:g}\" stroke-linecap=\"round\"/>", d,
                   colour, width);
  }
  void dot(double x, double y, double r, std::string_view colour) {
    fmt::format_to(std::back_inserter(out_), "<circle cx=\"{:.3g}\" cy=\"{:.3g}\" r=\"{:g}\" fill=\"{}\"/>", x, y, r,
                   colour);
  }
  // `d` repeated around the middle.
  void turn(std::string_view d, int times, std::string_view colour) {
    for (int i = 0; i < times; ++i) {
      fmt::format_to(std::back_inserter(out_), "<path d=\"{}\" fill=\"{}\" transform=\"rotate({})\"/>", d, colour,
                     360 * i / times);
    }
  }
  // `d` and its mirror image.
  void twice(std::string_view d, std::string_view colour) {
    fmt::format_to(std::back_inserter(out_),
                   "<path d=\"{0}\" fill=\"{1}\"/><path d=\"{0}\" fill=\"{1}\" "
                   "transform=\"scale(-1 1)\"/>",
                   d, colour);
  }

 private:
  std::string& out_;

 public:
  const std::string_view a, b, k;
};

void plants(Pen& p, Icon icon) {
  switch (icon) {
    case Icon::kFlower:
      p.line("M0 12Q4 34-2 50", p.k, 3);
      p.fill("M0 40q18-2 22-18q-20 0-22 18zM-1 46q-18-2-22-16q20 0 22 16z", p.k);
      p.turn("M0-10c-16-4-20-28 0-34c20 6 16 30 0 34z", 5, p.b);
      p.dot(0, 0, 11, p.a);
      break;
    case Icon::kDaisy:
      p.turn("M0-12c-10-6-10-30 0-36c10 6 10 30 0 36z", 12, p.a);
      p.dot(0, 0, 15, p.b);
      break;
    case Icon::kFern:
      p.line("M0 50Q-6 0 4-48", p.k, 3);
      for (int i = 0; i < 6; ++i) {
        p.fill(fmt::format("M-1 {0}q-26 2-34-16q28-4 34 16zM0 {1}q26 2 34-16q-28-4-34 16z", 42 - 15 * i, 36 - 15 * i),
               i % 2 == 0 ? p.b : p.a);
      }
      break;
    case Icon::kLeaf:
      p.fill("M0 50C-44 22-38-24 0-50C38-24 44 22 0 50z", p.b);
      p.line("M0 50V-34M0 24l18-16M0 24l-18-16M0 0l16-14M0 0l-16-14", p.a, 2.5);
      break;
    case Icon::kTree:
      p.line("M0 48V-6M0 18l18-20M0 8l-16-18", p.k, 6);
      p.dot(0, -22, 26, p.b), p.dot(-24, -8, 17, p.b), p.dot(24, -8, 17, p.b), p.dot(-8, -30, 12, p.a);
      break;
    case Icon::kMushroom:
      p.fill("M-12 4h24l6 40q-18 10-36 0z", p.a);
      p.fill("M-46 8C-42-52 42-52 46 8Q0 22-46 8z", p.b);
      p.dot(-18, -16, 7, p.a), p.dot(12, -24, 8, p.a), p.dot(26, -4, 5, p.a), p.dot(-2, -2, 4, p.a);
      break;
    case Icon::kCactus:
      p.fill(
          "M-13 48V-34a13 13 0 0126 0V48zM-13 18h-12a12 12 0 01-12-12V-8a7 7 0 0114 0V2h10zM13 8h12a12 12 0 0012-12"
          "v-14a7 7 0 00-14 0v10H13z",
          p.b);
      p.line("M0-34V44M-6-24V40M6-24V40", p.a, 1.5);
      p.dot(0, -46, 7, p.a);
      break;
    case Icon::kLemon:
      p.fill("M-46 6C-36-34 20-44 38-16q10 2 10 10q-4 6-10 6C26 40-30 44-46 6z", p.b);
      p.fill("M4-32q16-22 38-14q-10 20-38 14z", p.k);
      p.line("M-26 4q6-20 24-22", p.a, 4);
      break;
    case Icon::kBerry:
      p.fill("M0 48C-50 10-40-26 0-22C40-26 50 10 0 48z", p.b);
      p.fill("M0-18l-26-14l18 0l-6-16l14 12l14-12l-6 16h18z", p.k);
      p.dot(-14, 0, 3, p.a), p.dot(12, -4, 3, p.a), p.dot(0, 14, 3, p.a), p.dot(-6, 28, 2.5, p.a),
          p.dot(18, 14, 2.5, p.a);
      break;
    default:
      p.fill("M-4-30q-4-14 10-18l4 6q-8 2-8 12z", p.k);
      p.fill("M0-30c60-14 62 70 0 72c-62-2-60-86 0-72z", p.b);
      p.line("M0-28V40M-16-26q-20 34 0 66M16-26q20 34 0 66", p.a, 2.5);
  }
}

void animals(Pen& p, Icon icon) {
  switch (icon) {
    case Icon::kCat:
      p.fill("M-34-4L-30-46L-10-30Q0-34 10-30L30-46L34-4Q36 40 0 42Q-36 40-34-4z", p.b);
      p.dot(-14, 0, 5, p.k), p.dot(14, 0, 5, p.k);
      p.fill("M-5 12h10l-5 6z", p.a);
      p.line("M0 18q-8 10-14 4M0 18q8 10 14 4M-24 14l-20-4M-24 20l-20 4M24 14l20-4M24 20l20 4", p.k, 2);
      break;
    case Icon::kDog:
      p.fill("M-30-20Q0-44 30-20Q38 40 0 44Q-38 40-30-20z", p.b);
      p.twice("M-26-26Q-50-30-46 14Q-30 18-24-6z", p.k);
      p.fill("M-16 10Q0-4 16 10Q18 36 0 38Q-18 36-16 10z", p.a);
      p.dot(-13, -4, 4.5, p.k), p.dot(13, -4, 4.5, p.k), p.dot(0, 14, 6, p.k);
      break;
    case Icon::kFox:
      p.fill("M0 44L-42-2L-38-46L-14-26H14L38-46L42-2z", p.b);
      p.twice("M0 44L-42-2Q-20 0-6 20z", p.a);
      p.dot(-15, -4, 4, p.k), p.dot(15, -4, 4, p.k), p.dot(0, 40, 6, p.k);
      break;
    case Icon::kOwl:
      p.fill("M-34-42L-16-34Q0-38 16-34L34-42Q42 40 0 48Q-42 40-34-42z", p.b);
      p.fill("M-20 6Q0-4 20 6Q20 40 0 42Q-20 40-20 6z", p.a);
      p.dot(-15, -12, 14, p.a), p.dot(15, -12, 14, p.a), p.dot(-15, -12, 7, p.k), p.dot(15, -12, 7, p.k);
      p.fill("M-6-4h12l-6 12z", p.k);
      break;
    case Icon::kHare:
      p.twice("M-4-10C-30-30-26-56-14-50C-4-44-2-24-2-10z", p.b);
      p.fill("M0-18C34-18 30 44 0 46C-30 44-34-18 0-18z", p.b);
      p.dot(-11, 8, 4, p.k), p.dot(11, 8, 4, p.k), p.dot(0, 20, 4, p.a);
      p.line("M0 24q-6 8-10 2M0 24q6 8 10 2", p.k, 2);
      break;
    case Icon::kBird:
      p.fill("M-46 20C-40-24 0-36 22-22C44-10 36 30-2 34Q-22 36-46 20z", p.b);
      p.fill("M-14 2q22-16 34 6q-14 22-40 12z", p.a);
      p.fill("M34-10l16 4l-15 8z", p.k);
      p.dot(22, -10, 4, p.k);
      p.line("M-4 34v14M10 32v14", p.k, 3);
      break;
    case Icon::kMoth:
      p.twice("M-3-10C-20-46-52-40-48-12C-46 8-20 10-3 4C-26 8-38 22-30 36C-18 46-6 26-3 10z", p.b);
      p.dot(-28, -16, 7, p.a), p.dot(28, -16, 7, p.a), p.dot(-20, 24, 4, p.a), p.dot(20, 24, 4, p.a);
      p.fill("M-4-18h8v44q-4 8-8 0z", p.k);
      p.line("M-1-18Q-8-34-14-36M1-18Q8-34 14-36", p.k, 2);
      break;
    case Icon::kBee:
      p.twice("M-6-8C-20-44-46-34-40-14C-36-2-16 0-6-4z", p.a);
      p.fill("M0-18C28-18 26 44 0 48C-26 44-28-18 0-18z", p.b);
      p.fill("M-19 0q19 8 38 0v9q-19 8-38 0zM-19 19q19 8 38 0l-3 9q-16 6-32 0z", p.k);
      p.dot(0, -24, 11, p.k);
      break;
    case Icon::kWhale:
      p.fill("M-48-4C-40 42 22 42 36 4Q48 2 50-22q-14 2-18 12q-8-10-20-8q4 14 14 22Q0 26-8-2Q-30-24-48-4z", p.b);
      p.fill("M-46 4Q-30 36 6 28Q-26 24-46 4z", p.a);
      p.dot(-30, 2, 3.5, p.k);
      p.line("M-28-18q-2-16-12-18M-28-18q2-16 12-18", p.a, 3);
      break;
    default:
      p.fill("M-44 0C-30-32 14-30 26-4L48-24V24L26 4C14 30-30 32-44 0z", p.b);
      p.line("M-14-16q12 16 0 32M2-16q10 16 0 32", p.a, 3);
      p.dot(-28, -4, 4, p.k);
  }
}

void skies(Pen& p, Icon icon) {
  switch (icon) {
    case Icon::kMoon:
      p.fill("M16-46A48 48 0 1030 40A38 38 0 0116-46z", p.b);
      p.fill("M30-20l4 10l10 4l-10 4l-4 10l-4-10l-10-4l10-4z", p.a);
      p.dot(12, 14, 3, p.a), p.dot(36, 18, 2.5, p.a);
      break;
    case Icon::kSun:
      p.turn("M-4-28L0-48L4-28z", 16, p.b);
      p.dot(0, 0, 24, p.b), p.dot(0, 0, 17, p.a);
      break;
    case Icon::kStar:
      p.fill("M0-48L12-14L48-12L20 10L30 44L0 24L-30 44L-20 10L-48-12L-12-14z", p.b);
      p.dot(34, -34, 4, p.a), p.dot(-38, 22, 3, p.a), p.dot(40, 22, 3, p.a);
      break;
    case Icon::kMountain:
      p.dot(22, -24, 15, p.a);
      p.fill("M-50 40L-12-36L12 6L24-10L50 40z", p.b);
      p.fill("M-12-36L-24-12l8-2l6 6l6-8l8 4z", p.a);
      p.fill("M-50 40Q-20 18 50 40z", p.k);
      break;
    case Icon::kWaves:
      for (int i = 0; i < 4; ++i) {
        p.line(fmt::format("M-48 {}q12-20 24 0t24 0t24 0t24 0", -28 + 20 * i), i % 2 == 0 ? p.b : p.a, 6);
      }
      break;
    case Icon::kRainbow:
      p.line("M-42 30a42 42 0 0184 0", p.b, 11);
      p.line("M-28 30a28 28 0 0156 0", p.a, 10);
      p.line("M-14 30a14 14 0 0128 0", p.k, 9);
      break;
    case Icon::kSnow:
      for (int i = 0; i < 3; ++i) {
        const double x = 46 * std::cos(std::numbers::pi * i / 3);
        const double y = 46 * std::sin(std::numbers::pi * i / 3);
        p.line(fmt::format("M{:.0f} {:.0f}L{:.0f} {:.0f}", x, y, -x, -y), p.a, 5);
      }
      p.turn("M-3-20l-9-12l4-3l8 10l8-10l4 3l-9 12z", 6, p.b);
      break;
    default:
      p.fill("M-44 16h88q-10 28-26 28h-36q-18 0-26-28z", p.b);
      p.fill("M-2-48V10h-34z", p.a);
      p.fill("M4-36V10h30z", p.b);
      p.line("M0-50V16", p.k, 3);
  }
}

void shapes(Pen& p, Icon icon) {
  switch (icon) {
    case Icon::kHeart:
      p.fill("M0 44C-70-4-36-52 0-22C36-52 70-4 0 44z", p.b);
      p.line("M-26-18q6-10 16-8", p.a, 4);
      break;
    case Icon::kArcs:
      p.fill("M-46 46V0a46 46 0 0146-46V46z", p.b);
      p.fill("M4 46V4a42 42 0 0142 42z", p.a);
      p.dot(25, -25, 19, p.k);
      break;
    case Icon::kFeather:
      p.fill("M-34 46C-44-10-10-48 38-48C44 0 4 30-20 22z", p.b);
      p.line("M-40 50Q-6 4 32-42M-14 16l-16-6M-4 4l-18-8M8-8l-18-10M-8 12l18 2M4 0l18 0", p.a, 2.5);
      break;
    case Icon::kMandala:
      p.turn("M0-20c-14-8-12-22 0-30c12 8 14 22 0 30z", 8, p.b);
      p.turn("M0-6c-8-4-8-16 0-20c8 4 8 16 0 20z", 8, p.a);
      p.dot(0, 0, 7, p.k);
      break;
    case Icon::kTerrazzo:
      p.fill("M-40-30l18-8l8 14l-14 12zM8-40l22 4l-4 18l-16-6zM-30 14l12-10l16 10l-8 18zM16 6l18-6l10 16l-20 8z", p.b);
      p.fill("M-8-14l12 2l-2 12l-12-4zM-46 36l14 2l-4 10l-12-2zM4 36l16-6l6 12l-16 6zM36-10l10-6l4 12l-10 4z", p.a);
      p.fill("M-14-44l8 2l-2 8l-8-2zM0 18l8 4l-4 8l-8-4zM40 36l8 2l-2 8l-8-2z", p.k);
      break;
    case Icon::kStripes:
      p.line("M-40-30h80M-40 0h80M-40 30h80", p.b, 9);
      p.line("M-40-15h80M-40 15h80", p.a, 4);
      break;
    case Icon::kDots:
      for (int y = -1; y <= 1; ++y) {
        for (int x = -1; x <= 1; ++x) p.dot(32 * x, 32 * y, 10, (x + y) % 2 == 0 ? p.b : p.a);
      }
      break;
    case Icon::kChecks:
      p.fill("M-45-45h30v30h-30zM15-45h30v30h-30zM-15-15h30v30h-30zM-45 15h30v30h-30zM15 15h30v30h-30z", p.b);
      p.fill("M-15-45h30v30h-30zM-45-15h30v30h-30zM15-15h30v30h-30zM-15 15h30v30h-30z", p.a);
      break;
    default:
      break;  // plain
  }
}

}  // namespace

void append_icon(std::string& out, Icon icon, const IconColours& colours) {
  Pen pen(out, colours);
  switch (icon) {
    case Icon::kFlower:
    case Icon::kDaisy:
    case Icon::kFern:
    case Icon::kLeaf:
    case Icon::kTree:
    case Icon::kMushroom:
    case Icon::kCactus:
    case Icon::kLemon:
    case Icon::kBerry:
    case Icon::kPumpkin:
      return plants(pen, icon);
    case Icon::kCat:
    case Icon::kDog:
    case Icon::kFox:
    case Icon::kOwl:
    case Icon::kHare:
    case Icon::kBird:
    case Icon::kMoth:
    case Icon::kBee:
    case Icon::kWhale:
    case Icon::kFish:
      return animals(pen, icon);
    case Icon::kMoon:
    case Icon::kSun:
    case Icon::kStar:
    case Icon::kMountain:
    case Icon::kWaves:
    case Icon::kRainbow:
    case Icon::kSnow:
    case Icon::kBoat:
      return skies(pen, icon);
    case Icon::kHeart:
    case Icon::kArcs:
    case Icon::kFeather:
    case Icon::kMandala:
    case Icon::kTerrazzo:
    case Icon::kStripes:
    case Icon::kDots:
    case Icon::kChecks:
    case Icon::kPlain:
      return shapes(pen, icon);
  }
}

}  // namespace handsel::demo
