#include "views/index/postings.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

#include "base/core/bytes.h"

namespace handsel::index {
namespace {

// Four lanes of 32 bits: SSE2 on every x86-64, NEON on every arm64. Value 4r+l of a
// block is in lane l, bits [r*B, r*B+B) of that lane's stream.
using Lanes = std::uint32_t __attribute__((vector_size(16)));

Lanes load_lanes(const char* from) {
  Lanes lanes;
  std::memcpy(&lanes, from, sizeof(lanes));
  return lanes;
}

template <unsigned kBits>
void unpack_bits(const char* packed, std::uint32_t base, std::uint32_t* docs) {
  constexpr std::uint32_t kMask = kBits == 32 ? ~0u : (1u << kBits) - 1;
  Lanes running = {base, base, base, base};
#pragma GCC unroll 32
  for (unsigned row = 0; row < 32; ++row) {
    Lanes value = {0, 0, 0, 0};
    if constexpr (kBits > 0) {
      const unsigned word = row * kBits / 32;
      const unsigned shift = row * kBits % 32;
      value = load_lanes(packed + 16 * word) >> shift;
      if (shift + kBits > 32) value |= load_lanes(packed + 16 * (word + 1)) << ((32 - shift) & 31);
      value &= kMask;
    }
    // Running sum inside the four lanes, then onto the last one of the row before.
    const Lanes zero = {0, 0, 0, 0};
    value += __builtin_shufflevector(zero, value, 0, 4, 5, 6);
    value += __builtin_shufflevector(zero, value, 0, 1, 4, 5);
    value += running;
    std::memcpy(docs + 4 * row, &value, sizeof(value));
    running = __builtin_shufflevector(value, value, 3, 3, 3, 3);
  }
}

using Unpack = void (*)(const char*, std::uint32_t, std::uint32_t*);

template <std::size_t... kBits>
constexpr std::array<Unpack, sizeof...(kBits)> unpack_table(std::index_sequence<kBits...>) {
  return {&unpack_bits<kBits>...};
}

constexpr auto kUnpack = unpack_table(std::make_index_sequence<33>{});

void encode_varint_block(std::span<const Posting> postings, std::uint32_t base, std::string& out) {
  for (const Posting& posting : postings) {
    put_varint(out, posting.doc - base);
    base = posting.doc;
  }
  for (const Posting& posting : postings) out.push_back(static_cast<char>(posting.impact));
}

std::uint8_t greatest(std::span<const Posting> postings) {
  std::uint8_t impact = 0;
  for (const Posting& posting : postings) impact = std::max(impact, posting.impact);
  return impact;
}

std::uint32_t read_u32(const char* from) {
  std::uint32_t value;
  std::memcpy(&value, from, sizeof(value));
  return value;
}

constexpr unsigned kBitsMax = 24;  // of a delta; see kSegmentDocumentsMax
constexpr std::size_t kSkipBytes = 4 + 4 + 1 + 1;
constexpr std::size_t kVarintBytesMax = 10;
constexpr std::size_t kBlockBytesMax = kBlockPostings * (5 + 1);  // packed or not
constexpr std::size_t kFirstFetchBytes = 64;                      // most lists are short

}  // namespace

void pack_block(const std::uint32_t* deltas, unsigned bits, std::string& out) {
  std::array<std::uint32_t, kBlockPostings> words{};  // word w of lane l at 4 w + l
  for (unsigned i = 0; i < kBlockPostings; ++i) {
    const unsigned at = i / 4 * bits / 32 * 4 + i % 4;
    const unsigned shift = i / 4 * bits % 32;
    words[at] |= deltas[i] << shift;
    if (shift + bits > 32) words[at + 4] |= deltas[i] >> (32 - shift);
  }
  out.append(reinterpret_cast<const char*>(words.data()), std::size_t{16} * bits);
}

void unpack_block(const char* packed, unsigned bits, std::uint32_t base, std::uint32_t* docs) {
  kUnpack[bits](packed, base, docs);
}

void unpack_block_scalar(const char* packed, unsigned bits, std::uint32_t base, std::uint32_t* docs) {
  for (unsigned i = 0; i < kBlockPostings; ++i) {
    std::uint32_t delta = 0;
    for (unsigned b = 0; b < bits; ++b) {
      const unsigned at = i / 4 * bits + b;
      const auto byte = static_cast<unsigned char>(packed[16 * (at / 32) + 4 * (i % 4) + at % 32 / 8]);
      delta |= static_cast<std::uint32_t>((byte >> (at % 8)) & 1) << b;
    }
    base += delta;
    docs[i] = base;
  }
}

void encode_postings(std::span<const Posting> postings, std::string& out) {
  put_varint(out, postings.size());
  if (postings.size() <= kBlockPostings) {
    encode_varint_block(postings, 0, out);
    return;
  }
  std::string last_docs, offsets, bits_of, greatest_of, data;
  std::uint32_t base = 0;
  for (std::size_t start = 0; start < postings.size(); start += kBlockPostings) {
    const auto block = postings.subspan(start, std::min(kBlockPostings, postings.size() - start));
    put_fixed(last_docs, block.back().doc);
    put_fixed(offsets, static_cast<std::uint32_t>(data.size()));
    greatest_of.push_back(static_cast<char>(greatest(block)));
    unsigned bits = 0;
    if (block.size() == kBlockPostings) {
      std::array<std::uint32_t, kBlockPostings> deltas;
      std::uint32_t all = 0;
      std::uint32_t previous = base;
      for (std::size_t i = 0; i < kBlockPostings; ++i) {
        deltas[i] = block[i].doc - previous;
        previous = block[i].doc;
        all |= deltas[i];
      }
      bits = static_cast<unsigned>(std::bit_width(all));
      pack_block(deltas.data(), bits, data);
      for (const Posting& posting : block) data.push_back(static_cast<char>(posting.impact));
    } else {
      encode_varint_block(block, base, data);
    }
    bits_of.push_back(static_cast<char>(bits));
    base = block.back().doc;
  }
  out += last_docs + offsets + bits_of + greatest_of + data;
}

std::uint32_t posting_count(std::string_view list, const FileBytes* file) {
  std::string buffer;
  const std::string_view head = list.substr(0, kVarintBytesMax);
  const std::uint64_t count = ByteReader(file == nullptr ? head : file->fetch(head, buffer)).varint();
  return count <= list.size() ? static_cast<std::uint32_t>(count) : 0;  // a posting is a byte at least
}

PostingCursor::PostingCursor(std::string_view list, std::uint32_t document_count, const FileBytes* file)
    : file_(file), document_count_(document_count) {
  std::string buffer;
  std::string_view head = list;
  if (file_ != nullptr) {
    head = file_->fetch(list.substr(0, kFirstFetchBytes), buffer);
    if (!head.empty() && head.data() != list.data()) copies_ = std::make_unique<Copies>();
  }
  ByteReader reader(head);
  const std::uint64_t count = reader.varint();
  if (!reader.ok() || count == 0 || count > document_count) return;
  count_ = static_cast<std::uint32_t>(count);
  blocks_ = (count + kBlockPostings - 1) / kBlockPostings;
  data_ = list.substr(head.size() - reader.remaining());
  if (copies_ != nullptr) copies_->data = head.substr(head.size() - reader.remaining());  // of a short list, all of it
  if (blocks_ > 1 && !read_skips()) {
    count_ = 0;
    blocks_ = 0;
    return;
  }
  load(0);
  if (blocks_ == 1) {
    for (std::size_t i = 0; i < in_block_; ++i) max_impact_ = std::max(max_impact_, impacts_[i]);
  } else {
    for (std::size_t i = 0; i < blocks_; ++i) max_impact_ = std::max(max_impact_, block_max(i));
  }
}

// The skips are in front of data_.
bool PostingCursor::read_skips() {
  const std::size_t size = blocks_ * kSkipBytes;
  if (data_.size() < size) return false;
  skips_ = data_.substr(0, size);
  if (copies_ != nullptr) skips_ = file_->fetch(skips_, copies_->skips);
  data_ = data_.substr(size);
  return skips_.size() == size;
}

std::uint32_t PostingCursor::last_doc(std::size_t block) const {
  return skips_.empty() ? kEndOfPostings - 1 : read_u32(skips_.data() + 4 * block);
}

std::uint8_t PostingCursor::block_max(std::size_t block) const {
  return skips_.empty() ? max_impact_ : static_cast<std::uint8_t>(skips_[9 * blocks_ + block]);
}

void PostingCursor::end() {
  doc_ = kEndOfPostings;
  block_ = blocks_;
  at_ = 0;
  in_block_ = 0;
}

void PostingCursor::load(std::size_t block) {
  if (block >= blocks_) return end();
  const std::size_t left = count_ - block * kBlockPostings;
  const std::size_t count = std::min(left, kBlockPostings);
  const std::uint32_t base = block == 0 ? 0 : std::min(last_doc(block - 1), document_count_ - 1);
  const std::uint32_t seen = in_block_ == 0 ? 0 : docs_[in_block_ - 1];
  const std::uint32_t offset = skips_.empty() ? 0 : read_u32(skips_.data() + 4 * blocks_ + 4 * block);
  if (offset > data_.size()) return end();
  const std::string_view bytes = copies_ == nullptr ? data_.substr(offset) : copied_from(offset, block == block_ + 1);
  block_ = block;
  const bool packed = !skips_.empty() && count == kBlockPostings;
  if (!(packed ? load_packed(block, base, bytes) : load_varint(count, base, bytes))) return end();
  if (docs_[0] < seen) return end();  // damaged: documents never go back
  at_ = 0;
  in_block_ = count;
  doc_ = docs_[0];
}

// The bytes of data_ from `offset` on, enough for a block. Who reads one block after the
// other gets many at once, who skips gets little more than he asked for.
std::string_view PostingCursor::copied_from(std::size_t offset, bool in_sequence) {
  const std::size_t need = std::min(kBlockBytesMax, data_.size() - offset);
  Copies& copies = *copies_;
  const bool there = offset >= copies.begin && offset + need <= copies.begin + copies.data.size();
  if (!there) {
    const std::string_view wanted = data_.substr(offset, in_sequence ? kFetchBytes : kBlockBytesMax);
    copies.begin = offset;
    if (file_->fetch(wanted, copies.data).empty()) copies.data.clear();
  }
  return std::string_view(copies.data).substr(std::min(offset - copies.begin, copies.data.size()));
}

bool PostingCursor::load_packed(std::size_t block, std::uint32_t base, std::string_view bytes) {
  const auto bits = static_cast<std::uint8_t>(skips_[8 * blocks_ + block]);
  if (bits > kBitsMax || bytes.size() < 16u * bits + kBlockPostings) return false;
  unpack_block(bytes.data(), bits, base, docs_.data());
  for (std::uint32_t& doc : docs_) doc = std::min(doc, document_count_ - 1);
  impacts_ = reinterpret_cast<const std::uint8_t*>(bytes.data()) + 16u * bits;
  return true;
}

bool PostingCursor::load_varint(std::size_t count, std::uint32_t base, std::string_view bytes) {
  ByteReader reader(bytes);
  for (std::size_t i = 0; i < count; ++i) {
    base =
        static_cast<std::uint32_t>(std::min<std::uint64_t>(base + (reader.varint() & 0xffffffff), document_count_ - 1));
    docs_[i] = base;
  }
  const std::string_view impacts = reader.bytes(count);
  impacts_ = reinterpret_cast<const std::uint8_t*>(impacts.data());
  return reader.ok();
}

void PostingCursor::advance(std::uint32_t target) {
  if (doc_ >= target) return;
  if (docs_[in_block_ - 1] < target) {
    std::size_t block = block_ + 1;
    // Gallop over the last documents, then halve.
    std::size_t step = 1;
    while (block + step < blocks_ && last_doc(block + step - 1) < target) {
      block += step;
      step *= 2;
    }
    std::size_t high = std::min(block + step, blocks_);
    while (block < high) {
      const std::size_t middle = block + (high - block) / 2;
      if (last_doc(middle) < target) {
        block = middle + 1;
      } else {
        high = middle;
      }
    }
    load(block);
    if (doc_ >= target) return;
  }
  const std::uint32_t* begin = docs_.data() + at_;
  const std::uint32_t* found =
      std::lower_bound(begin, static_cast<const std::uint32_t*>(docs_.data()) + in_block_, target);
  at_ += static_cast<std::size_t>(found - begin);
  if (at_ < in_block_) {
    doc_ = docs_[at_];
  } else {
    load(block_ + 1);  // only damaged bytes come here: the block promised a document at or after target
    if (doc_ < target) end();
  }
}

std::uint8_t PostingCursor::max_impact_in(std::uint32_t begin, std::uint32_t end) {
  if (blocks_ <= 1) return doc_ < end ? max_impact_ : 0;
  while (looked_at_ < blocks_ && last_doc(looked_at_) < begin) ++looked_at_;
  std::uint8_t impact = 0;
  // A block holds documents above the last one of the block before.
  for (std::size_t block = looked_at_; block < blocks_; ++block) {
    if (block > 0 && last_doc(block - 1) + 1 >= end) break;
    impact = std::max(impact, block_max(block));
  }
  return impact;
}

}  // namespace handsel::index
