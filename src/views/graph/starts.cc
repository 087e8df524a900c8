#include "views/graph/starts.h"

#include <algorithm>
#include <cmath>

#include "analysis/text/normalised_query.h"
#include "views/graph/internal/graph_file.h"
#include "views/graph/internal/term_index.h"

namespace handsel::graph {
namespace {

using internal::GraphFile;
using internal::Row;

struct QueryTerm {
  Row postings;
  double worth = 0;
};

struct QueryTerms {
  std::vector<QueryTerm> known;  // rare first
  double norm = 0;               // words that nobody used count as the rarest
};

QueryTerms terms_of(const GraphFile& file, std::string_view name) {
  const std::size_t all = (file.end(NodeKind::kQuery) - file.first(NodeKind::kQuery)) +
                          (file.end(NodeKind::kTag) - file.first(NodeKind::kTag));
  QueryTerms terms;
  double squares = 0;
  for (const std::string& term : internal::distinct_terms(file.analyzer(), name)) {
    const auto number = file.find_term(term);
    const Row postings = number ? file.postings_of(*number) : Row{};
    const double worth = internal::idf(all, std::max<std::size_t>(postings.size, 1));
    squares += worth * worth;
    if (postings.size > 0) terms.known.push_back({postings, worth});
  }
  std::ranges::stable_sort(terms.known, {}, [](const QueryTerm& term) { return term.postings.size; });
  terms.norm = std::sqrt(squares);
  return terms;
}

// Every query and tag with a word in common; of those with frequent words alone, the busiest.
std::vector<NearNode> near(const GraphFile& file, std::string_view name, bool with_tags, std::size_t limit) {
  const QueryTerms terms = terms_of(file, name);
  std::vector<NearNode> products;
  std::size_t reads_left = kPostingsReadMax;
  for (const QueryTerm& term : terms.known) {
    const std::size_t reads = std::min<std::size_t>(term.postings.size, reads_left);
    reads_left -= reads;
    for (std::size_t i = 0; i < reads; ++i) {
      products.push_back({file.posting(term.postings.begin + i), term.worth * term.worth});
    }
  }
  std::ranges::stable_sort(products, {}, &NearNode::node);
  std::vector<NearNode> found;
  for (std::size_t i = 0; i < products.size();) {
    const Node node = products[i].node;
    double shared = 0;
    for (; i < products.size() && products[i].node == node; ++i) shared += products[i].score;
    if (node >= file.nodes() || (!with_tags && file.kind(node) != NodeKind::kQuery)) continue;
    const double score = shared / (terms.norm * static_cast<double>(file.norm(node)));
    if (score > 0 && std::isfinite(score)) found.push_back({node, std::min(score, 1.0)});
  }
  const auto kept = found.begin() + static_cast<std::ptrdiff_t>(std::min(found.size(), limit));
  std::ranges::partial_sort(found, kept, [](const NearNode& a, const NearNode& b) {
    return a.score != b.score ? a.score > b.score : a.node < b.node;
  });
  found.erase(kept, found.end());
  return found;
}

}  // namespace

std::vector<NearNode> nearest_queries(const Graph& graph, std::string_view text, std::size_t limit) {
  return near(graph.file(), text::normalised_query(text), false, limit);
}

std::vector<WalkStart> starts_for_query(const Graph& graph, std::string_view text, std::size_t limit) {
  if (limit == 0) return {};
  const std::string name = text::normalised_query(text);
  if (const auto known = graph.find(NodeKind::kQuery, name)) return {{*known, 1.0}};
  std::vector<WalkStart> starts;
  for (const NearNode& node : near(graph.file(), name, true, limit)) starts.push_back({node.node, node.score});
  return starts;
}

}  // namespace handsel::graph
