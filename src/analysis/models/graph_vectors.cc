#include "analysis/models/graph_vectors.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>

#include "analysis/models/coded_rows.h"
#include "analysis/models/text_encoder.h"
#include "base/core/bytes.h"
#include "base/core/hash.h"

namespace handsel::models {
namespace {

constexpr std::string_view kMagic = "HSGRVEC1";

template <typename T>
T value_at(const char* bytes, std::size_t place) {
  T value;
  std::memcpy(&value, bytes + place * sizeof(T), sizeof(T));
  return value;
}

}  // namespace

std::uint64_t graph_key(std::string_view listing_id) {
  return hash64(listing_id);
}

std::string write_graph_vectors(std::size_t dimensions, std::span<const std::uint64_t> keys,
                                std::span<const float> vectors) {
  HANDSEL_CHECK(vectors.size() == keys.size() * dimensions);
  std::vector<std::size_t> order(keys.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return keys[i]; });
  const auto same = std::ranges::unique(order, {}, [&](std::size_t i) { return keys[i]; });
  order.erase(same.begin(), same.end());
  std::string out(kMagic);
  put_varint(out, dimensions);
  put_fixed(out, static_cast<std::uint64_t>(order.size()));
  for (const std::size_t i : order) put_fixed(out, keys[i]);
  put_coded_rows(out, order.size(),
                 [&](std::size_t place) { return vectors.subspan(order[place] * dimensions, dimensions); });
  put_fixed(out, crc32c(out));
  return out;
}

Result<std::unique_ptr<GraphVectors>> GraphVectors::open(std::shared_ptr<const FileBytes> bytes) {
  const std::string_view all = bytes->bytes();
  if (all.size() < kMagic.size() + sizeof(std::uint32_t) || !all.starts_with(kMagic)) {
    return fail(Code::kCorrupt, "these are no graph vectors: they do not begin with '{}'", kMagic);
  }
  const std::string_view body = all.substr(0, all.size() - sizeof(std::uint32_t));
  if (ByteReader(all.substr(body.size())).fixed<std::uint32_t>() != crc32c(body)) {
    return fail(Code::kCorrupt, "the graph vectors are damaged: their checksum does not fit their {} bytes",
                all.size());
  }
  ByteReader reader(body.substr(kMagic.size()));
  std::unique_ptr<GraphVectors> vectors(new GraphVectors(std::move(bytes)));
  const std::uint64_t dimensions = reader.varint();
  const std::uint64_t size = reader.fixed<std::uint64_t>();
  const std::uint64_t row_bytes = sizeof(std::uint64_t) + sizeof(float) + dimensions;
  const bool fits = reader.ok() && dimensions >= 1 && dimensions <= kDimensionsMax &&
                    size <= reader.remaining() / row_bytes && size * row_bytes == reader.remaining();
  if (!fits) {
    return fail(Code::kCorrupt, "the graph vectors have not their {} rows of {} numbers", size, dimensions);
  }
  vectors->dimensions_ = dimensions;
  vectors->size_ = size;
  vectors->keys_ = reader.bytes(size * sizeof(std::uint64_t)).data();
  vectors->scales_ = reader.bytes(size * sizeof(float)).data();
  vectors->codes_ = reader.bytes(size * dimensions).data();
  vectors->fingerprint_ = hash64(all);
  for (std::size_t i = 0; i < size; ++i) {
    if (i > 0 && vectors->key(i - 1) >= vectors->key(i)) {
      return fail(Code::kCorrupt, "the keys of the graph vectors do not ascend at row {}", i);
    }
    if (!std::isfinite(value_at<float>(vectors->scales_, i) * kCodeMax)) {
      return fail(Code::kCorrupt, "row {} of the graph vectors is not finite", i);
    }
  }
  return vectors;
}

std::uint64_t GraphVectors::key(std::size_t place) const {
  return value_at<std::uint64_t>(keys_, place);
}

bool GraphVectors::find(std::string_view listing_id, std::span<float> out) const {
  HANDSEL_CHECK(out.size() == dimensions_);
  const std::uint64_t wanted = graph_key(listing_id);
  std::size_t place = 0;
  for (std::size_t end = size_; place < end;) {
    const std::size_t middle = place + (end - place) / 2;
    if (key(middle) < wanted) {
      place = middle + 1;
    } else {
      end = middle;
    }
  }
  if (place == size_ || key(place) != wanted) {
    std::ranges::fill(out, 0.0F);
    return false;
  }
  const float scale = value_at<float>(scales_, place);
  for (std::size_t i = 0; i < dimensions_; ++i) {
    out[i] = scale * static_cast<float>(value_at<std::int8_t>(codes_, place * dimensions_ + i));
  }
  return true;
}

}  // namespace handsel::models
