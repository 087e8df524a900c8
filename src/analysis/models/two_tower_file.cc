// The bytes of a two-tower model, both ways; the layout stands in two_tower.h.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <utility>

#include "analysis/models/coded_rows.h"
#include "analysis/models/two_tower.h"
#include "base/core/bytes.h"
#include "base/core/hash.h"

namespace handsel::models {
namespace {

constexpr std::string_view kMagic = "HSTOWER2";
constexpr std::string_view kMagicBefore = "HSTOWER1";  // knew no countries

struct TowerSizes {
  std::size_t segments;
  std::size_t dimensions;
  std::size_t hidden;
  std::size_t side;
};

TowerSizes query_sizes(const TwoTowerShape& shape) {
  return {kQuerySegments, shape.dimensions, shape.hidden, shape.dimensions};
}
TowerSizes listing_sizes(const TwoTowerShape& shape) {
  return {kListingSegments, shape.dimensions, shape.hidden, shape.graph_dimensions};
}

void put_floats(std::string& out, std::span<const float> values) {
  out.append(reinterpret_cast<const char*>(values.data()), values.size_bytes());
}

// Every part of a tower with its size, in the order of the file.
template <typename Tower, typename Visit>
void visit_tower(Tower& tower, const TowerSizes& sizes, const Visit& visit) {
  visit(tower.gates, sizes.segments);
  visit(tower.matrix, sizes.dimensions * sizes.dimensions);
  visit(tower.inner, sizes.dimensions * sizes.hidden);
  visit(tower.offset, sizes.hidden);
  visit(tower.outer, sizes.hidden * sizes.dimensions);
  visit(tower.side, sizes.side * sizes.dimensions);
}

void put_tower(std::string& out, const TowerWeights& tower, const TowerSizes& sizes) {
  visit_tower(tower, sizes, [&](const std::vector<float>& values, std::size_t count) {
    HANDSEL_CHECK(values.size() == count);
    put_floats(out, values);
  });
}

// False where a number is missing or not finite.
bool read_floats(ByteReader& reader, std::size_t count, std::vector<float>& out) {
  const std::string_view bytes = reader.bytes(count * sizeof(float));
  if (!reader.ok()) return false;
  out.resize(count);
  if (count > 0) std::memcpy(out.data(), bytes.data(), bytes.size());
  return std::ranges::all_of(out, [](float value) { return std::isfinite(value); });
}

bool read_tower(ByteReader& reader, const TowerSizes& sizes, TowerWeights& tower) {
  bool good = true;
  visit_tower(tower, sizes, [&](std::vector<float>& values, std::size_t count) {
    good = good && read_floats(reader, count, values);
  });
  return good;
}

bool read_both(ByteReader& reader, TwoTowerWeights& weights) {
  return read_tower(reader, query_sizes(weights.shape), weights.query) &&
         read_tower(reader, listing_sizes(weights.shape), weights.listing);
}

bool read_shape(ByteReader& reader, bool has_countries, TwoTowerShape& shape) {
  shape.dimensions = reader.varint();
  shape.hidden = reader.varint();
  shape.graph_dimensions = reader.varint();
  shape.features.table_bits = reader.varint();
  shape.features.currency = reader.string();
  const std::uint64_t edges = reader.varint();
  if (!reader.ok() || edges > kPriceEdgesMax) return false;
  for (std::uint64_t i = 0; i < edges; ++i) shape.features.price_edges.push_back(reader.fixed<std::int64_t>());
  const std::uint64_t countries = has_countries ? reader.varint() : 0;
  if (!reader.ok() || countries > kCountriesMax) return false;
  for (std::uint64_t i = 0; i < countries; ++i) shape.features.countries.emplace_back(reader.string());
  return reader.ok() && std::ranges::is_sorted(shape.features.price_edges) &&
         std::ranges::is_sorted(shape.features.countries) && shape.dimensions >= 1 &&
         shape.dimensions <= kDimensionsMax && shape.hidden <= kTwoTowerHiddenMax &&
         shape.graph_dimensions <= kDimensionsMax && shape.features.table_bits >= kTableBitsMin &&
         shape.features.table_bits <= kTableBitsMax;
}

void put_shape(std::string& out, const TwoTowerShape& shape) {
  put_varint(out, shape.dimensions);
  put_varint(out, shape.hidden);
  put_varint(out, shape.graph_dimensions);
  put_varint(out, shape.features.table_bits);
  put_string(out, shape.features.currency);
  put_varint(out, shape.features.price_edges.size());
  for (const std::int64_t edge : shape.features.price_edges) put_fixed(out, edge);
  put_varint(out, shape.features.countries.size());
  for (const std::string& country : shape.features.countries) put_string(out, country);
}

}  // namespace

bool read_towers(std::string_view floats, TwoTowerWeights& weights) {
  ByteReader reader(floats);
  return read_both(reader, weights) && reader.empty();
}

std::string write_two_tower(const TwoTowerWeights& weights, std::span<const float> table) {
  const TwoTowerShape& shape = weights.shape;
  const std::size_t rows = shape.features.rows();
  HANDSEL_CHECK(table.size() == rows * shape.dimensions);
  std::string out(kMagic);
  out.reserve(rows * (shape.dimensions + sizeof(float)) + (std::size_t{1} << 20));
  put_shape(out, shape);
  put_tower(out, weights.query, query_sizes(shape));
  put_tower(out, weights.listing, listing_sizes(shape));
  put_coded_rows(out, rows, [&](std::size_t i) { return table.subspan(i * shape.dimensions, shape.dimensions); });
  put_fixed(out, crc32c(out));
  return out;
}

Result<std::unique_ptr<TwoTower>> TwoTower::open(std::shared_ptr<const FileBytes> bytes,
                                                 std::shared_ptr<const FileBytes> graph) {
  const std::string_view all = bytes->bytes();
  const bool has_countries = all.starts_with(kMagic);
  if (all.size() < kMagic.size() + sizeof(std::uint32_t) || !(has_countries || all.starts_with(kMagicBefore))) {
    return fail(Code::kCorrupt, "this is no two-tower model: it does not begin with '{}'", kMagic);
  }
  const std::string_view body = all.substr(0, all.size() - sizeof(std::uint32_t));
  if (ByteReader(all.substr(body.size())).fixed<std::uint32_t>() != crc32c(body)) {
    return fail(Code::kCorrupt, "the two-tower model is damaged: its checksum does not fit its {} bytes", all.size());
  }
  ByteReader reader(body.substr(kMagic.size()));
  TwoTowerWeights weights;
  if (!read_shape(reader, has_countries, weights.shape)) {
    return fail(Code::kCorrupt, "the two-tower model has sizes that no model has");
  }
  if (!read_both(reader, weights)) {
    return fail(Code::kCorrupt, "the two-tower model's towers are cut short, or hold a number that is not finite");
  }
  const std::size_t rows = weights.shape.features.rows();
  std::vector<float> scales;
  const bool scales_good = read_floats(reader, rows, scales);
  if (!scales_good || reader.remaining() != rows * weights.shape.dimensions) {
    return fail(Code::kCorrupt, "the two-tower model's table has not its {} rows of {} numbers", rows,
                weights.shape.dimensions);
  }
  std::unique_ptr<TwoTower> model(new TwoTower(std::move(bytes), std::move(weights)));
  model->scales_ = std::move(scales);
  model->table_ = reinterpret_cast<const std::int8_t*>(reader.bytes(reader.remaining()).data());
  if (graph != nullptr) {
    HANDSEL_ASSIGN(model->graph_, GraphVectors::open(std::move(graph)));
    if (model->graph_->dimensions() != model->graph_dimensions()) {
      return fail(Code::kCorrupt, "the two-tower model wants graph vectors of {} numbers; those beside it have {}",
                  model->graph_dimensions(), model->graph_->dimensions());
    }
  }
  const std::uint64_t seed = model->graph_ == nullptr ? 0 : model->graph_->fingerprint();
  model->fingerprint_ = fmt::format("two-tower-{:016x}", hash64(all, seed));
  return model;
}

}  // namespace handsel::models
