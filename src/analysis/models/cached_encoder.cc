#include "analysis/models/cached_encoder.h"

#include <algorithm>

#include "base/core/bytes.h"

namespace handsel::models {
namespace {

// Empty where the query is not to be kept; a key is never empty.
std::string key_of(const QueryInput& given, bool text_alone) {
  const QueryInput query = text_alone ? QueryInput{.text = given.text} : given;
  std::string key;
  const std::size_t size = query.text.size() + query.language.size() + query.country.size();
  if (!query.session.empty() || size > kCachedQueryBytesMax) return key;
  put_string(key, query.language);
  put_string(key, query.country);
  key.append(query.text);
  return key;
}

}  // namespace

bool CachedEncoder::find(const std::string& key, std::span<float> out) const {
  const std::lock_guard lock(mutex_);
  const auto found = key.empty() ? by_key_.end() : by_key_.find(key);
  if (found == by_key_.end()) {
    ++misses_;
    return false;
  }
  ++hits_;
  entries_.splice(entries_.begin(), entries_, found->second);
  std::ranges::copy(found->second->vector, out.begin());
  return true;
}

void CachedEncoder::keep(std::string key, std::span<const float> vector) const {
  const std::lock_guard lock(mutex_);
  if (queries_max_ == 0 || by_key_.contains(key)) return;
  if (entries_.size() == queries_max_) {
    by_key_.erase(entries_.back().key);
    entries_.pop_back();
  }
  entries_.push_front({std::move(key), {vector.begin(), vector.end()}});
  by_key_.emplace(entries_.front().key, entries_.begin());
}

// What is not known goes to the encoder together, in one batch.
Result<void> CachedEncoder::encode_queries(std::span<const QueryInput> queries, std::span<float> out) const {
  const std::size_t width = dimensions();
  std::vector<QueryInput> missed;
  std::vector<std::size_t> places;
  std::vector<std::string> keys;
  for (std::size_t i = 0; i < queries.size(); ++i) {
    std::string key = key_of(queries[i], reads_text_alone());
    if (find(key, out.subspan(i * width, width))) continue;
    missed.push_back(queries[i]);
    places.push_back(i);
    keys.push_back(std::move(key));
  }
  if (missed.empty()) return {};
  std::vector<float> vectors(missed.size() * width);
  HANDSEL_TRY(encoder_->encode_queries(missed, vectors));
  for (std::size_t i = 0; i < missed.size(); ++i) {
    const auto vector = std::span<const float>(vectors).subspan(i * width, width);
    std::ranges::copy(vector, out.begin() + static_cast<std::ptrdiff_t>(places[i] * width));
    if (!keys[i].empty()) keep(std::move(keys[i]), vector);
  }
  return {};
}

CachedEncoder::Counts CachedEncoder::counts() const {
  const std::lock_guard lock(mutex_);
  return {.hits = hits_, .misses = misses_, .queries = entries_.size()};
}

}  // namespace handsel::models
