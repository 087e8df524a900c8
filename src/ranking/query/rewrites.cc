#include "ranking/query/rewrites.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "ranking/query/query_plan.h"

namespace handsel::query {
namespace {

constexpr std::size_t kKnownQueriesTried = 200;
constexpr double kWorthMin = 0.05;  // of a word in common, however frequent

class Rewriter {
 public:
  Rewriter(const ParsedQuery& query, const RewriteSources& sources) : query_(query), sources_(sources) {
    const auto negates = [&](const QueryWord& word) {
      return !word.quoted && is_negation(word.surface, query.language);
    };
    negation_ = static_cast<std::size_t>(std::ranges::find_if(query.words, negates) - query.words.begin());
    if (negation_ == 0) negation_ = query.words.size();  // nothing stands before it: a word like any other
    for (std::size_t i = 0; i < query.words.size(); ++i) {
      if (!query.words[i].stop) content_.push_back(i);
    }
  }

  std::vector<Rewrite> run() {
    const std::vector<std::size_t> least = droppable();
    std::vector<std::size_t> unknown;
    for (const std::size_t word : least) {
      if (sources_.listings_with(query_.words[word].term) == 0) unknown.push_back(word);
    }
    if (!unknown.empty()) {
      leave_out(unknown, "as no listing has it");
    } else if (!least.empty()) {
      leave_out({least[0]}, "");
    }
    ask_as_others_do();
    if (least.size() >= 2 && unknown.size() < 2) leave_out({least[0], least[1]}, "");
    if (made_.size() > kRewritesMax) made_.resize(kRewritesMax);
    return made_;
  }

 private:
  double worth(const std::string& term) const {
    const double most = index::idf(sources_.listings, 1);
    const std::uint64_t listings = sources_.listings_with(term);
    if (listings == 0 || !(most > 0)) return 0;
    const double certainty = sources_.understanding == nullptr ? 0 : sources_.understanding->certainty(term);
    return std::max(kWorthMin, index::idf(sources_.listings, listings) / most) + certainty;
  }

  // Words that may go, the least worth first.
  std::vector<std::size_t> droppable() const {
    std::vector<std::pair<double, std::size_t>> ranked;
    for (const std::size_t word : content_) {
      // Of equal ones the later goes: what people name first matters more to them.
      if (word < negation_ && !query_.words[word].quoted) {
        ranked.emplace_back(worth(query_.words[word].term), query_.words.size() - word);
      }
    }
    std::ranges::sort(ranked);
    std::vector<std::size_t> words;
    for (const auto& [value, from_end] : ranked) words.push_back(query_.words.size() - from_end);
    return words;
  }

  void leave_out(std::vector<std::size_t> words, std::string_view because) {
    // Something must be left, and before a negation.
    const auto named = static_cast<std::size_t>(std::ranges::lower_bound(content_, negation_) - content_.begin());
    if (words.size() >= named) return;
    std::ranges::sort(words);
    Rewrite rewrite{.query = text_without(words)};
    for (const std::size_t word : words) rewrite.left_out.push_back(query_.words[word].surface);
    rewrite.reason = fmt::format("showing results for '{}'; '{}' {} left out", rewrite.query,
                                 fmt::join(rewrite.left_out, "', '"), words.size() == 1 ? "was" : "were");
    if (!because.empty()) rewrite.reason += fmt::format(", {}", words.size() == 1 ? because : "as no listing has them");
    add(std::move(rewrite));
  }

  // The text without these words and the stop words right before each.
  std::string text_without(const std::vector<std::size_t>& words) const {
    std::string text = query_.text;
    for (std::size_t word : words) {
      const auto blank = [&](std::size_t i) {
        std::fill(text.begin() + static_cast<std::ptrdiff_t>(query_.words[i].begin),
                  text.begin() + static_cast<std::ptrdiff_t>(query_.words[i].end), ' ');
      };
      blank(word);
      while (word > 0 && query_.words[word - 1].stop && !query_.words[word - 1].quoted) blank(--word);
    }
    std::string out;
    for (const char c : text) {
      if (c != ' ' || (!out.empty() && out.back() != ' ')) out.push_back(c);
    }
    while (!out.empty() && out.back() == ' ') out.pop_back();
    return out;
  }

  void ask_as_others_do() {
    if (sources_.understanding == nullptr || negation_ < query_.words.size() || !query_.excluded.empty()) return;
    std::map<std::string, double> own;
    std::vector<std::string> terms;
    for (const std::size_t word : content_) {
      const std::string& term = query_.words[word].term;
      own[term] = std::max(worth(term), kWorthMin);
      terms.push_back(term);
    }
    std::optional<Understanding::KnownQuery> nearest;
    double best = 0;
    for (Understanding::KnownQuery& known : sources_.understanding->queries_with(terms, kKnownQueriesTried)) {
      const double near = nearness(own, known.terms);
      // It must let go of something; of equal ones the most acted on came first.
      const auto is_kept = [&](const auto& word) {
        return std::ranges::find(known.terms, word.first) != known.terms.end();
      };
      if (known.terms.size() > own.size() || std::ranges::all_of(own, is_kept)) continue;
      if (near < kNearnessMin || near <= best) continue;
      best = near;
      nearest = std::move(known);
    }
    if (!nearest) return;
    Rewrite rewrite{.query = nearest->text};
    for (const std::size_t word : content_) {
      const bool kept = std::ranges::find(nearest->terms, query_.words[word].term) != nearest->terms.end();
      if (!kept) rewrite.left_out.push_back(query_.words[word].surface);
    }
    rewrite.reason = fmt::format("showing results for '{}', which others search for", rewrite.query);
    add(std::move(rewrite));
  }

  double nearness(const std::map<std::string, double>& own, const std::vector<std::string>& terms) const {
    double common = 0;
    double all = 0;
    for (const auto& [term, value] : own) all += value;
    for (const std::string& term : std::set<std::string>(terms.begin(), terms.end())) {
      const auto shared = own.find(term);
      shared != own.end() ? common += shared->second : all += std::max(worth(term), kWorthMin);
    }
    return all > 0 ? common / all : 0;
  }

  void add(Rewrite rewrite) {
    const bool known = std::ranges::find(made_, rewrite.query, &Rewrite::query) != made_.end();
    if (!known && !rewrite.query.empty()) made_.push_back(std::move(rewrite));
  }

  const ParsedQuery& query_;
  const RewriteSources& sources_;
  std::size_t negation_ = 0;          // the word that negates; the number of words where none does
  std::vector<std::size_t> content_;  // words that carry meaning
  std::vector<Rewrite> made_;
};

}  // namespace

std::vector<Rewrite> rewrites(const ParsedQuery& query, const RewriteSources& sources) {
  return Rewriter(query, sources).run();
}

}  // namespace handsel::query
