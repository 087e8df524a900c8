#include "views/graph/graph.h"

#include <utility>

#include "views/graph/internal/graph_file.h"

namespace handsel::graph {

Graph::Graph(std::unique_ptr<const internal::GraphFile> file) : file_(std::move(file)) {}
Graph::~Graph() = default;

std::size_t Graph::nodes() const {
  return file_->nodes();
}

std::size_t Graph::nodes(NodeKind kind) const {
  return file_->end(kind) - file_->first(kind);
}

std::size_t Graph::edges() const {
  return file_->edges();
}

std::int64_t Graph::newest_event_ms() const {
  return file_->newest_event_ms();
}

std::optional<Node> Graph::find(NodeKind kind, std::string_view name) const {
  return file_->find(kind, name);
}

NodeKind Graph::kind(Node node) const {
  return file_->kind(node);
}

std::string_view Graph::name(Node node) const {
  return file_->name(node);
}

std::size_t Graph::degree(Node node) const {
  return file_->row(node).size;
}

Result<std::shared_ptr<const Graph>> open_graph(std::shared_ptr<const FileBytes> bytes, Check check) {
  HANDSEL_ASSIGN(auto file, internal::GraphFile::open(std::move(bytes), check));
  return std::make_shared<const Graph>(std::move(file));
}

}  // namespace handsel::graph
