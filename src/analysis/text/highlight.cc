#include "analysis/text/highlight.h"

#include <algorithm>
#include <vector>

#include "base/core/html.h"
#include "base/core/utf8.h"

namespace handsel::text {
namespace {

constexpr std::string_view kEllipsis = "\u2026";
constexpr std::size_t kSignsMax = 64;         // bytes at either end of a text that are no words
constexpr std::size_t kWordsBeforeMatch = 5;  // of a passage, where there is room

// A word of the text; `term` is its number among the terms sought, or kNone.
struct Place {
  std::uint32_t begin;
  std::uint32_t end;
  std::size_t term;
};
constexpr std::size_t kNone = ~std::size_t{0};

std::vector<Place> places_of(const Analyzer& analyzer, std::string_view text, std::string_view language,
                             std::span<const std::string> terms) {
  std::vector<Place> places;
  analyzer.visit_tokens(text, language, [&](const TokenView& token) {
    const auto found = std::ranges::find(terms, token.term);
    const std::size_t term = found == terms.end() ? kNone : static_cast<std::size_t>(found - terms.begin());
    places.push_back({token.begin, token.end, term});
  });
  return places;
}

// Bytes [begin, end) of the text, with the matches among `places`. Words that come from
// one character ("½") share their bytes: what is written is not written again.
std::string render(std::string_view text, std::size_t begin, std::size_t end, std::span<const Place> places) {
  std::string out;
  std::size_t written = begin;
  for (const Place& place : places) {
    if (place.term == kNone || place.begin < written || place.end > end) continue;
    append_html_escaped(out, repair_utf8(text.substr(written, place.begin - written)));
    out += "<em>";
    append_html_escaped(out, repair_utf8(text.substr(place.begin, place.end - place.begin)));
    out += "</em>";
    written = place.end;
  }
  append_html_escaped(out, repair_utf8(text.substr(written, end - written)));
  return out;
}

// How good a window of words is; the greater the better.
struct Worth {
  std::size_t distinct = 0;
  std::size_t matches = 0;
  auto operator<=>(const Worth&) const = default;
};

// What is inside a window that moves forward, one word at a time.
class Window {
 public:
  Window(std::span<const Place> places, std::size_t terms) : places_(places), counts_(terms, 0) {}

  void take_in(std::size_t i) {
    if (places_[i].term == kNone) return;
    worth_.distinct += counts_[places_[i].term]++ == 0;
    ++worth_.matches;
  }
  void let_go(std::size_t i) {
    if (places_[i].term == kNone) return;
    worth_.distinct -= --counts_[places_[i].term] == 0;
    --worth_.matches;
  }
  const Worth& worth() const { return worth_; }

 private:
  const std::span<const Place> places_;
  std::vector<std::size_t> counts_;
  Worth worth_;
};

// First and last + 1 of a run of places.
struct Run {
  std::size_t first = 0;
  std::size_t last = 0;
};

std::size_t bytes_of(std::span<const Place> places, Run run) {
  return places[run.last - 1].end - places[run.first].begin;
}

// The earliest best window; it begins at a match where there is any.
Run best_run(std::span<const Place> places, std::size_t terms, std::size_t words) {
  Window window(places, terms);
  Run run;
  Run best{0, 0};
  Worth best_worth;
  for (; run.last < places.size();) {
    window.take_in(run.last++);
    while (run.last - run.first > 1 && (run.last - run.first > words || bytes_of(places, run) > kPassageBytesMax))
      window.let_go(run.first++);
    if (window.worth() > best_worth) {
      best_worth = window.worth();
      best = run;
    }
  }
  while (best.first < best.last && places[best.first].term == kNone) ++best.first;
  return best;
}

// Fills the run up to `words` words: a few before, then what comes after, then before.
Run widen(std::span<const Place> places, Run run, std::size_t words) {
  const auto has_room = [&](Run wider) {
    return wider.last - wider.first <= words && bytes_of(places, wider) <= kPassageBytesMax;
  };
  const auto go_back = [&](std::size_t at_most) {
    for (; at_most > 0 && run.first > 0 && has_room({run.first - 1, run.last}); --at_most) --run.first;
  };
  if (run.last == run.first) run.last = run.first + 1;
  go_back(kWordsBeforeMatch);
  while (run.last < places.size() && has_room({run.first, run.last + 1})) ++run.last;
  go_back(places.size());
  return run;
}

std::string spaces_for_breaks(std::string_view text) {
  std::string out(text);
  std::ranges::replace_if(out, [](char c) { return c == '\n' || c == '\r' || c == '\t'; }, ' ');
  return out;
}

}  // namespace

std::string escape_html(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  append_html_escaped(out, text);
  return out;
}

std::string highlight(const Analyzer& analyzer, std::string_view text, std::string_view language,
                      std::span<const std::string> terms) {
  return render(text, 0, text.size(), places_of(analyzer, text, language, terms));
}

std::string highlight_passage(const Analyzer& analyzer, std::string_view text, std::string_view language,
                              std::span<const std::string> terms, std::size_t words) {
  const std::string line = spaces_for_breaks(text);
  const std::vector<Place> places = places_of(analyzer, line, language, terms);
  if (places.empty() || words == 0) {
    const std::string_view start = utf8_prefix(line, kPassageBytesMax);
    return escape_html(repair_utf8(start)) + std::string(start.size() < line.size() ? kEllipsis : "");
  }
  const Run run = widen(places, best_run(places, terms.size(), words), words);
  // Signs before the first word and behind the last belong to the text where it is whole there.
  const std::size_t first = places[run.first].begin;
  const std::size_t last = places[run.last - 1].end;
  const std::size_t begin = run.first == 0 && first <= kSignsMax ? 0 : first;
  std::size_t end = run.last == places.size() && line.size() - last <= kSignsMax ? line.size() : last;
  const std::size_t bytes_max = kPassageBytesMax + 2 * kSignsMax;  // more only where one word is
  if (end - begin > bytes_max) end = begin + utf8_prefix(std::string_view(line).substr(begin), bytes_max).size();
  return std::string(begin == 0 ? "" : kEllipsis) + render(line, begin, end, places) +
         std::string(end == line.size() ? "" : kEllipsis);
}

}  // namespace handsel::text
