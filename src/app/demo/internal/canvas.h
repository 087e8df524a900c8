// What the painters of pictures draw on: 600 by 600 units, the origin at the top
// left, colours by role rather than by value.
//
// A painter first chooses its setting (a table before a wall, a wall, a surface
// seen from above) and then paints the thing. Everything it varies comes from rng.
#pragma once

#include <string>
#include <string_view>

#include <fmt/format.h>

#include "app/demo/internal/picture_words.h"
#include "base/core/rng.h"

namespace handsel::demo {

class Canvas {
 public:
  Canvas(const PaletteRow& palette, const MoodRow& mood, Icon icon, Rng rng);

  // Colours as "#rrggbb".
  std::string main, deep, dark, light, pale, accent, accent_deep, wall, wall_deep, table, table_deep, frame, paper, ink;
  // Fills that run from light to dark across a round thing: "url(#m)", of main, of
  // accent, of the table's wood; and the motif repeated as on cloth.
  static constexpr std::string_view kRound = "url(#m)";
  static constexpr std::string_view kRoundAccent = "url(#a)";
  static constexpr std::string_view kWood = "url(#o)";
  static constexpr std::string_view kMetal = "url(#l)";
  static constexpr std::string_view kCloth = "url(#p)";

  const Icon icon;
  Rng rng;

  // Settings; the first thing that a painter calls, once.
  void table_setting(int horizon = 410);  // things stand at y 400 to 480
  void wall_setting(bool sideboard);      // things hang
  void flat_setting();                    // things lie

  void shadow(int x, int y, int radius_x, int radius_y, double strength = 0.34);
  void glow(int x, int y, int radius);  // of a flame or a lamp
  void path(std::string_view d, std::string_view fill, std::string_view more = {});
  void stroke(std::string_view d, std::string_view colour, double width, std::string_view more = {});
  void circle(double x, double y, double radius, std::string_view fill, std::string_view more = {});
  void ellipse(double x, double y, double radius_x, double radius_y, std::string_view fill, std::string_view more = {});
  void rect(double x, double y, double width, double height, double round, std::string_view fill,
            std::string_view more = {});
  void open(std::string_view attributes);  // a group
  void close();

  // The motif, `size` units wide around (x, y), in colours that show on main, or on paper.
  void motif_on_main(double x, double y, double size);
  void motif_on_paper(double x, double y, double size);
  bool has_motif() const { return icon != Icon::kPlain; }
  // A sprig with leaves from (x, y), turned by degrees.
  void sprig(double x, double y, double size, double turn_degrees, std::string_view colour);

  // The finished picture.
  std::string svg() const;

  template <typename... Args>
  static std::string format(fmt::format_string<Args...> text, Args&&... args) {
    return fmt::format(text, std::forward<Args>(args)...);
  }

 private:
  void add_pattern();
  void light_from_window();

  std::string defs_;
  std::string body_;
};

std::string hex(Rgb colour);

// Draws the icon in a box from -50 to 50, into `out`.
struct IconColours {
  std::string_view first;
  std::string_view second;
  std::string_view line;
};
void append_icon(std::string& out, Icon icon, const IconColours& colours);

}  // namespace handsel::demo
