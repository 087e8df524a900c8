#include "views/index/dictionary.h"

#include <algorithm>

#include "base/core/bytes.h"

namespace handsel::index {

void DictionaryBuilder::add(std::string_view string) {
  if (count_ % kDictionaryBlock == 0) {
    put_fixed(offsets_, static_cast<std::uint32_t>(data_.size()));
    put_string(data_, string);
  } else {
    const auto differ = std::ranges::mismatch(last_, string);
    const auto shared = static_cast<std::size_t>(differ.in1 - last_.begin());
    put_varint(data_, shared);
    put_string(data_, string.substr(shared));
  }
  last_ = string;
  ++count_;
}

std::string DictionaryBuilder::finish() const {
  std::string out;
  put_fixed(out, count_);
  put_fixed(out, static_cast<std::uint32_t>(offsets_.size() / 4));
  return out + offsets_ + data_;
}

Dictionary::Dictionary(std::string_view bytes) {
  ByteReader reader(bytes);
  const auto count = reader.fixed<std::uint32_t>();
  const auto blocks = reader.fixed<std::uint32_t>();
  offsets_ = reader.bytes(std::uint64_t{blocks} * 4);
  data_ = reader.bytes(reader.remaining());
  if (!reader.ok() || blocks != (std::uint64_t{count} + kDictionaryBlock - 1) / kDictionaryBlock) return;
  count_ = count;
  blocks_ = blocks;
}

std::string_view Dictionary::block(std::uint32_t number) const {
  const auto offset = ByteReader(offsets_.substr(std::size_t{number} * 4)).fixed<std::uint32_t>();
  return offset <= data_.size() ? data_.substr(offset) : std::string_view{};
}

std::string_view Dictionary::first_of_block(std::uint32_t number) const {
  return ByteReader(block(number)).string();
}

std::uint32_t Dictionary::lower_bound(std::string_view string) const {
  // The last block whose first string is not above the wanted one.
  std::uint32_t low = 0;
  std::uint32_t high = blocks_;
  while (low < high) {
    const std::uint32_t middle = low + (high - low) / 2;
    if (first_of_block(middle) <= string) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  if (low == 0) return 0;
  const std::uint32_t end = std::min(low * kDictionaryBlock, count_);
  Iterator it(*this, (low - 1) * kDictionaryBlock);
  while (it.number() < end && it.value() < string) it.next();
  return it.number();
}

std::optional<std::uint32_t> Dictionary::find(std::string_view string) const {
  const std::uint32_t number = lower_bound(string);
  if (number < count_ && at(number) == string) return number;
  return std::nullopt;
}

std::string Dictionary::at(std::uint32_t number) const {
  if (number >= count_) return {};
  Iterator it(*this, number - number % kDictionaryBlock);
  while (it.number() < number) it.next();
  return it.value();
}

Dictionary::Iterator::Iterator(const Dictionary& dictionary, std::uint32_t number)
    : dictionary_(&dictionary), number_(number - number % kDictionaryBlock) {
  if (valid()) read();
  while (valid() && number_ < number) next();
}

void Dictionary::Iterator::next() {
  ++number_;
  if (valid()) read();
}

void Dictionary::Iterator::read() {
  if (number_ % kDictionaryBlock == 0) {
    rest_ = dictionary_->block(number_ / kDictionaryBlock);
    value_.clear();
  }
  ByteReader reader(rest_);
  const std::uint64_t shared = number_ % kDictionaryBlock == 0 ? 0 : reader.varint();
  const std::string_view suffix = reader.string();
  value_.resize(std::min<std::uint64_t>(shared, value_.size()));
  value_.append(suffix);
  rest_ = rest_.substr(rest_.size() - reader.remaining());
}

}  // namespace handsel::index
