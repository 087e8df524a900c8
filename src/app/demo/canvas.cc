#include "app/demo/internal/canvas.h"

#include <cmath>

namespace handsel::demo {
namespace {

constexpr Rgb kWhite = rgb(0xffffff);
constexpr Rgb kNight = rgb(0x1e1a1c);

std::string gradient(std::string_view id, Rgb from, Rgb middle, Rgb to) {
  return fmt::format(
      "<linearGradient id=\"{}\"><stop stop-color=\"{}\"/><stop offset=\".42\" stop-color=\"{}\"/>"
      "<stop offset=\"1\" stop-color=\"{}\"/></linearGradient>",
      id, hex(from), hex(middle), hex(to));
}

// A wall that the thing can be seen against.
Rgb wall_for(const PaletteRow& palette, const MoodRow& mood) {
  const double gap = std::abs(lightness(palette.main) - lightness(mood.wall));
  if (gap > 0.16) return mood.wall;
  return lightness(mood.wall) > 0.5 ? mix(mood.wall, palette.accent, 0.42) : mix(mood.wall, kWhite, 0.5);
}

}  // namespace

std::string hex(Rgb colour) {
  return fmt::format("#{:02x}{:02x}{:02x}", colour.red, colour.green, colour.blue);
}

Canvas::Canvas(const PaletteRow& palette, const MoodRow& mood, Icon which, Rng random) : icon(which), rng(random) {
  const Rgb wall_colour = wall_for(palette, mood);
  main = hex(palette.main);
  deep = hex(mix(palette.main, kNight, 0.24));
  dark = hex(mix(palette.main, kNight, 0.5));
  light = hex(mix(palette.main, kWhite, 0.32));
  pale = hex(mix(palette.main, kWhite, 0.68));
  accent = hex(palette.accent);
  accent_deep = hex(mix(palette.accent, kNight, 0.3));
  wall = hex(wall_colour);
  wall_deep = hex(mix(wall_colour, kNight, 0.14));
  table = hex(mood.table);
  table_deep = hex(mix(mood.table, kNight, 0.22));
  frame = hex(mood.frame);
  paper = hex(mix(rgb(0xfaf6ee), palette.main, 0.06));
  ink = hex(mix(kNight, palette.accent, 0.2));
  defs_ = gradient("m", mix(palette.main, kWhite, 0.3), palette.main, mix(palette.main, kNight, 0.3)) +
          gradient("a", mix(palette.accent, kWhite, 0.3), palette.accent, mix(palette.accent, kNight, 0.3)) +
          gradient("o", rgb(0xdcb37e), rgb(0xc5935b), rgb(0x94643a)) +
          gradient("l", rgb(0xf7e7c0), mix(rgb(0xd6b26a), palette.main, 0.25), rgb(0x8d6b34)) +
          "<radialGradient id=\"s\"><stop stop-color=\"#000\" stop-opacity=\".9\"/>"
          "<stop offset=\".55\" stop-color=\"#000\" stop-opacity=\".45\"/>"
          "<stop offset=\"1\" stop-color=\"#000\" stop-opacity=\"0\"/></radialGradient>"
          "<radialGradient id=\"w\"><stop stop-color=\"#ffd98a\" stop-opacity=\".75\"/>"
          "<stop offset=\"1\" stop-color=\"#ffd98a\" stop-opacity=\"0\"/></radialGradient>"
          "<radialGradient id=\"v\" cx=\".4\" cy=\".3\" r=\".95\"><stop offset=\".35\" stop-color=\"#fff\" "
          "stop-opacity=\".22\"/><stop offset=\".6\" stop-color=\"#fff\" stop-opacity=\"0\"/>"
          "<stop offset=\"1\" stop-color=\"#000\" stop-opacity=\".2\"/></radialGradient>";
  add_pattern();
}

// The motif as a repeat on cloth: stripes, dots and checks are drawn as such, all
// others as small icons in a half drop.
void Canvas::add_pattern() {
  std::string tile;
  int size = 96;
  const auto box = [&](double x, double y, double w, double h, std::string_view fill) {
    tile += fmt::format("<path d=\"M{} {}h{}v{}h-{}z\" fill=\"{}\"/>", x, y, w, h, w, fill);
  };
  switch (icon) {
    case Icon::kPlain:
      size = 14;
      tile += fmt::format("<path d=\"M0 7h14M7 0v14\" stroke=\"{}\" stroke-width=\"1\" opacity=\".22\"/>", dark);
      break;
    case Icon::kStripes:
      size = 44;
      box(0, 0, 16, 44, pale);
      box(24, 0, 4, 44, accent);
      break;
    case Icon::kChecks:
      size = 52;
      tile += fmt::format("<g fill=\"{}\" opacity=\".55\"><path d=\"M0 0h26v52H0z\"/><path d=\"M0 0h52v26H0z\"/></g>",
                          pale);
      break;
    case Icon::kDots:
      size = 44;
      tile += fmt::format(
          "<circle cx=\"11\" cy=\"11\" r=\"7\" fill=\"{0}\"/><circle cx=\"33\" cy=\"33\" r=\"7\" fill=\"{0}\"/>", pale);
      break;
    default: {
      const IconColours colours{.first = pale, .second = accent, .line = dark};
      for (const int at : {24, 72}) {
        tile += fmt::format("<g transform=\"translate({0} {0})scale(.4)\">", at);
        append_icon(tile, icon, colours);
        tile += "</g>";
      }
      tile += fmt::format(
          "<circle cx=\"72\" cy=\"24\" r=\"3\" fill=\"{0}\"/><circle cx=\"24\" cy=\"72\" r=\"3\" fill=\"{0}\"/>", pale);
    }
  }
  defs_ += fmt::format(
      "<pattern id=\"p\" width=\"{0}\" height=\"{0}\" patternUnits=\"userSpaceOnUse\"><path d=\"M0 0h{0}v{0}H0z\" "
      "fill=\"{1}\"/>{2}</pattern>",
      size, main, tile);
}

void Canvas::light_from_window() {
  if (!rng.chance(0.45)) return;
  const int x = static_cast<int>(rng.between(-60, 220));
  open("fill=\"#fff\" opacity=\".13\"");
  path(format("M{} 40l120-40h150L{} 600H{}z", x, x + 60, x - 160), "#fff");
  path(format("M{} 0h70L{} 600h-60z", x + 300, x + 130), "#fff");
  close();
}

void Canvas::table_setting(int horizon) {
  rect(0, 0, 600, 600, 0, wall);
  light_from_window();
  rect(0, horizon, 600, 600 - horizon, 0, table);
  rect(0, horizon, 600, 7, 0, "#fff", "opacity=\".18\"");
  for (int line = 0; line < 3; ++line) {
    const auto y = static_cast<int>(rng.between(horizon + 30, 585));
    stroke(format("M0 {}q150 {} 300 0t300 0", y, rng.between(-8, 8)), table_deep, 2, "opacity=\".35\"");
  }
}

void Canvas::wall_setting(bool sideboard) {
  rect(0, 0, 600, 600, 0, wall);
  light_from_window();
  if (!sideboard) return;
  rect(0, 530, 600, 70, 0, table);
  rect(0, 530, 600, 8, 0, "#fff", "opacity=\".2\"");
}

void Canvas::flat_setting() {
  const bool wood = rng.chance(0.4);
  rect(0, 0, 600, 600, 0, wood ? table : wall);
  if (wood) {
    const auto offset = static_cast<int>(rng.between(0, 60));
    for (int y = offset; y < 600; y += 120) {
      stroke(format("M0 {}h600", y), table_deep, 3, "opacity=\".5\"");
      stroke(format("M0 {}q150 {} 300 0t300 0", y + 50, rng.between(-14, 14)), table_deep, 2, "opacity=\".25\"");
    }
  }
  light_from_window();
  if (rng.chance(0.35)) sprig(rng.chance(0.5) ? 60 : 540, 560, 190, rng.between(-50, 50) * 1.0, "#7d8f69");
}

void Canvas::shadow(int x, int y, int radius_x, int radius_y, double strength) {
  ellipse(x, y, radius_x, radius_y, "url(#s)", format("opacity=\"{:.2f}\"", strength));
}

void Canvas::glow(int x, int y, int radius) {
  circle(x, y, radius, "url(#w)");
}

void Canvas::path(std::string_view d, std::string_view fill, std::string_view more) {
  fmt::format_to(std::back_inserter(body_), "<path d=\"{}\" fill=\"{}\" {}/>", d, fill, more);
}

void Canvas::stroke(std::string_view d, std::string_view colour, double width, std::string_view more) {
  fmt::format_to(std::back_inserter(body_),
                 "<path d=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"{:g}\" stroke-linecap=\"round\" {}/>", d,
                 colour, width, more);
}

void Canvas::circle(double x, double y, double radius, std::string_view fill, std::string_view more) {
  fmt::format_to(std::back_inserter(body_), "<circle cx=\"{:.4g}\" cy=\"{:.4g}\" r=\"{:.3g}\" fill=\"{}\" {}/>", x, y,
                 radius, fill, more);
}

void Canvas::ellipse(double x, double y, double radius_x, double radius_y, std::string_view fill,
                     std::string_view more) {
  fmt::format_to(std::back_inserter(body_),
                 "<ellipse cx=\"{:.4g}\" cy=\"{:.4g}\" rx=\"{:.4g}\" ry=\"{:.4g}\" fill=\"{}\" {}/>", x, y, radius_x,
                 radius_y, fill, more);
}

void Canvas::rect(double x, double y, double width, double height, double round, std::string_view fill,
                  std::string_view more) {
  fmt::format_to(std::back_inserter(body_),
                 "<rect x=\"{:.4g}\" y=\"{:.4g}\" width=\"{:.4g}\" height=\"{:.4g}\" rx=\"{:.3g}\" fill=\"{}\" {}/>", x,
                 y, width, height, round, fill, more);
}

void Canvas::open(std::string_view attributes) {
  fmt::format_to(std::back_inserter(body_), "<g {}>", attributes);
}
void Canvas::close() {
  body_ += "</g>";
}

void Canvas::motif_on_main(double x, double y, double size) {
  open(format("transform=\"translate({:.4g} {:.4g})scale({:.3g})\"", x, y, size / 100));
  append_icon(body_, icon, {.first = pale, .second = accent, .line = dark});
  close();
}

void Canvas::motif_on_paper(double x, double y, double size) {
  open(format("transform=\"translate({:.4g} {:.4g})scale({:.3g})\"", x, y, size / 100));
  append_icon(body_, icon, {.first = deep, .second = accent, .line = ink});
  close();
}

void Canvas::sprig(double x, double y, double size, double turn_degrees, std::string_view colour) {
  open(format("transform=\"translate({:.4g} {:.4g})rotate({:.3g})scale({:.3g})\"", x, y, turn_degrees, size / 100));
  stroke("M0 0Q-6-50 2-100", colour, 2.5);
  for (int step = 0; step < 6; ++step) {
    const int at = -14 - 15 * step;
    path(format("M-2 {0}q-22 0-28-17q22-3 28 17zM0 {1}q22 0 28-17q-22-3-28 17z", at, at - 6), colour,
         step % 2 == 0 ? "" : "opacity=\".85\"");
  }
  close();
}

std::string Canvas::svg() const {
  return "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 600 600\"><defs>" + defs_ + "</defs>" + body_ +
         "<path d=\"M0 0h600v600H0z\" fill=\"url(#v)\"/></svg>";
}

}  // namespace handsel::demo
