#include "views/vectors/graph_build.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <mutex>
#include <thread>
#include <vector>

#include <hnswlib/hnswlib.h>

#include "base/core/bytes.h"
#include "base/core/hash.h"
#include "base/math/vector_kernels.h"

namespace handsel::vectors {
namespace {

constexpr std::size_t kWantedLinks = 30;  // of a node; what is left of its last line is filled with more
constexpr std::size_t kMostLinks = 40;
constexpr std::size_t kBuildEffort = 128;  // width of the walk that finds a node's neighbours

// What hnswlib keeps of a vector is the beginning of a Node, so that it can be copied out.
std::size_t stored_bytes(std::size_t dimensions) {
  return kNodeHeadBytes + dimensions;
}

void store(const Row& row, std::size_t dimensions, std::vector<float>& floats, std::string& out) {
  std::transform(row.halves, row.halves + dimensions, floats.begin(), from_half);
  out.assign(stored_bytes(dimensions), '\0');
  const float scale = quantise_i8(floats, reinterpret_cast<std::int8_t*>(out.data() + kNodeHeadBytes));
  std::memcpy(out.data(), &scale, sizeof(scale));
  std::memcpy(out.data() + 4, row.halves + dimensions, 2);
}

class CodeSpace final : public hnswlib::SpaceInterface<float> {
 public:
  explicit CodeSpace(std::size_t dimensions) : dimensions_(dimensions), dot_(vector_kernels().dot_i8) {}
  std::size_t get_data_size() override { return stored_bytes(dimensions_); }
  hnswlib::DISTFUNC<float> get_dist_func() override { return distance; }
  void* get_dist_func_param() override { return this; }

 private:
  static float distance(const void* a, const void* b, const void* space) {
    const auto* self = static_cast<const CodeSpace*>(space);
    const Node x{static_cast<const char*>(a), self->dimensions_};
    const Node y{static_cast<const char*>(b), self->dimensions_};
    const auto dot = static_cast<float>(self->dot_(x.codes(), y.codes(), self->dimensions_));
    return 1 - x.scale() * y.scale() * dot;
  }

  std::size_t dimensions_;
  std::int32_t (*dot_)(const std::int8_t*, const std::int8_t*, std::size_t);
};

std::size_t links_that_fit(std::size_t dimensions) {
  const std::size_t room = node_bytes(dimensions, kWantedLinks) - kNodeHeadBytes - dimensions;
  return std::min(room / 4, kMostLinks) / 2 * 2;  // hnswlib has half as many on the levels above
}

class HnswGraph final : public BuiltGraph {
 public:
  HnswGraph(std::span<const Row> rows, const GraphOptions& options)
      : rows_(rows),
        options_(options),
        space_(options.dimensions),
        graph_(&space_, rows.size(), links_that_fit(options.dimensions) / 2, kBuildEffort) {
    graph_.mult_ = 0;  // levels are ours: hnswlib then draws none
  }

  Result<void> build() {
    choose_levels();
    add(0);  // the entry, before any thread asks for it
    std::vector<std::jthread> helpers;
    for (std::size_t i = 1; i < options_.threads; ++i) helpers.emplace_back([this] { work(); });
    work();
    helpers.clear();
    if (has_failed_) return fail(Code::kTooLarge, "hnswlib: {}", failure_);
    if (is_stopping()) return fail(Code::kCancelled, "stopped while it was built");
    number_nodes();
    fill_upper();
    out_.links = static_cast<std::uint32_t>(graph_.maxM0_);
    out_.upper_links = static_cast<std::uint32_t>(graph_.maxM_);
    out_.write_node = [this](std::uint32_t number, std::string& out) { write_node(number, out); };
    return {};
  }

  const Graph& graph() const override { return out_; }

 private:
  bool is_stopping() const { return options_.stopping != nullptr && *options_.stopping; }

  // Upper levels first. P(level >= l) = links^-l, as in the paper.
  void choose_levels() {
    levels_.resize(rows_.size());
    order_.resize(rows_.size());
    const double per_level = 1 / std::log(static_cast<double>(graph_.M_));
    for (std::size_t row = 0; row < rows_.size(); ++row) {
      const double uniform = static_cast<double>((mix64(rows_[row].hash ^ 0x76656373) >> 11) + 1) * 0x1p-53;
      levels_[row] = static_cast<std::uint8_t>(std::min(-std::log(uniform) * per_level, kLevelsMax - 1.0));
      order_[row] = static_cast<std::uint32_t>(row);
    }
    std::ranges::stable_sort(order_, [this](auto a, auto b) { return levels_[a] > levels_[b]; });
  }

  void work() {
    try {
      std::vector<float> floats(options_.dimensions);
      std::string stored;
      for (std::size_t i; !is_stopping() && !has_failed_ && (i = next_.fetch_add(1)) < rows_.size();) {
        add(i, floats, stored);
      }
    } catch (const std::exception& error) {
      const std::lock_guard lock(failure_mutex_);
      failure_ = error.what();
      has_failed_ = true;
    }
  }
  void add(std::size_t place) {
    std::vector<float> floats(options_.dimensions);
    std::string stored;
    add(place, floats, stored);
  }
  void add(std::size_t place, std::vector<float>& floats, std::string& stored) {
    const std::uint32_t row = order_[place];
    store(rows_[row], options_.dimensions, floats, stored);
    graph_.addPoint(stored.data(), row, levels_[row]);
  }

  std::span<const std::uint32_t> links_of(std::uint32_t internal, int level) const {
    auto* list = graph_.get_linklist_at_level(internal, level);
    return {list + 1, graph_.getListCount(list)};
  }
  std::uint8_t level_of(std::uint32_t internal) const { return levels_[graph_.getExternalLabel(internal)]; }

  void number_nodes() {
    const auto count = static_cast<std::uint32_t>(rows_.size());
    std::vector<bool> seen(count);
    internal_of_.reserve(count);
    for (std::uint32_t start = 0, done = 0; start < count; ++start) {
      const std::uint32_t first = start == 0 ? graph_.enterpoint_node_ : start - 1;
      if (!seen[first]) {
        seen[first] = true;
        internal_of_.push_back(first);
      }
      for (; done < internal_of_.size(); ++done) {
        for (const std::uint32_t next : links_of(internal_of_[done], 0)) {
          if (seen[next]) continue;
          seen[next] = true;
          internal_of_.push_back(next);
        }
      }
    }
    if (!seen[count - 1]) internal_of_.push_back(count - 1);
    std::ranges::stable_sort(internal_of_, [this](auto a, auto b) { return level_of(a) > level_of(b); });
    number_of_.resize(count);
    for (std::uint32_t number = 0; number < count; ++number) {
      number_of_[internal_of_[number]] = number;
      out_.node_rows.push_back(static_cast<std::uint32_t>(graph_.getExternalLabel(internal_of_[number])));
    }
  }

  void fill_upper() {
    for (int level = 1; level <= graph_.maxlevel_; ++level) {
      std::vector<std::uint32_t> words;
      for (const std::uint32_t internal : internal_of_) {
        if (level_of(internal) < level) break;
        const auto links = links_of(internal, level);
        words.push_back(static_cast<std::uint32_t>(links.size()));
        for (const std::uint32_t link : links) words.push_back(number_of_[link]);
        words.resize(words.size() + graph_.maxM_ - links.size());
      }
      out_.upper.push_back(std::move(words));
    }
  }

  void write_node(std::uint32_t number, std::string& out) const {
    const std::uint32_t internal = internal_of_[number];
    const std::size_t begin = out.size();
    out.append(graph_.getDataByInternalId(internal), stored_bytes(options_.dimensions));
    const auto links = links_of(internal, 0);
    const auto link_count = static_cast<std::uint16_t>(links.size());
    std::memcpy(out.data() + begin + 6, &link_count, sizeof(link_count));
    for (const std::uint32_t link : links) put_fixed(out, number_of_[link]);
    out.resize(begin + node_bytes(options_.dimensions, graph_.maxM0_));
  }

  std::span<const Row> rows_;
  const GraphOptions options_;
  CodeSpace space_;
  hnswlib::HierarchicalNSW<float> graph_;
  std::vector<std::uint8_t> levels_;  // by row
  std::vector<std::uint32_t> order_;  // in which rows are added
  std::atomic<std::size_t> next_{1};
  std::atomic<bool> has_failed_{false};
  std::mutex failure_mutex_;
  std::string failure_;
  std::vector<std::uint32_t> internal_of_;  // by number: hnswlib's own
  std::vector<std::uint32_t> number_of_;
  Graph out_;
};

}  // namespace

Result<std::unique_ptr<BuiltGraph>> build_graph(std::span<const Row> rows, const GraphOptions& options) {
  try {
    auto graph = std::make_unique<HnswGraph>(rows, options);
    HANDSEL_TRY(graph->build());
    return graph;
  } catch (const std::exception& error) {
    return fail(Code::kTooLarge, "hnswlib: {}", error.what());
  }
}

}  // namespace handsel::vectors
