// Posting lists: which documents have a term, and how much each is worth.
//
// A posting is (document, impact): impact is the saturated BM25F part of the term
// in that document, 1..255 (builder.h). idf and query weights multiply it later, so
// a list never changes when the collection does.
//
// Bytes of a list of `df` postings:
//   varint df
//   df <= 128:  varint delta of each document (the first: from 0), then df impacts
//   df >  128:  n = ceil(df / 128) blocks, described by
//                 n x u32 last document, n x u32 offset of the block in the data,
//                 n x u8 bits, n x u8 greatest impact
//               then the data: a full block is 128 deltas of `bits` bits, in four
//               interleaved lanes (16 * bits bytes), and 128 impacts; a last block of
//               fewer is varint deltas and impacts.
//
// Reading checks bounds once per block: damaged bytes give wrong documents, all below
// document_count, never a read outside of the list. Checksums find the damage (segment_file.h).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/core/file_system.h"

namespace handsel::index {

inline constexpr std::size_t kBlockPostings = 128;
// 24 bits a delta at most: then 128 of them cannot overflow 32 bits, whatever the bytes say.
inline constexpr std::size_t kSegmentDocumentsMax = 1 << 24;
inline constexpr std::uint32_t kEndOfPostings = 0xffffffff;

struct Posting {
  std::uint32_t doc;
  std::uint8_t impact;
  bool operator==(const Posting&) const = default;
};

// `postings` ascending by document, without repetition.
void encode_postings(std::span<const Posting> postings, std::string& out);

// The df of an encoded list; 0 for damaged bytes. `file`: as PostingCursor's.
std::uint32_t posting_count(std::string_view list, const FileBytes* file = nullptr);

// Walks one list forward. Borrows the bytes. Not thread safe; cheap to make.
//
// `file`, where it is given, holds the list and says how to read it: where it copies
// (FileBytes::fetch), the cursor keeps at most kFetchBytes of postings and 10 bytes for
// each block.
class PostingCursor {
 public:
  static constexpr std::size_t kFetchBytes = 16 << 10;

  PostingCursor() = default;
  PostingCursor(std::string_view list, std::uint32_t document_count, const FileBytes* file = nullptr);

  // Before the first move the cursor stands on the first posting.
  std::uint32_t doc() const { return doc_; }
  std::uint8_t impact() const { return impacts_[at_]; }
  std::uint32_t count() const { return count_; }

  void next() {
    if (++at_ < in_block_) {
      doc_ = docs_[at_];
    } else {
      load(block_ + 1);
    }
  }

  // To the first posting at or after `target`; stays where it is when already there.
  void advance(std::uint32_t target);

  // The greatest impact of any posting in [begin, end), from block maxima: it may be higher
  // than the truth, never lower, and 0 only where there is none. Decodes nothing. `begin`
  // may not go down from call to call.
  std::uint8_t max_impact_in(std::uint32_t begin, std::uint32_t end);
  std::uint8_t max_impact() const { return max_impact_; }

  // Calls visit(doc, impact) for every posting from here to before `end`, and moves there.
  template <typename Visit>
  void visit_before(std::uint32_t end, Visit&& visit) {
    while (doc_ < end) {
      const std::uint32_t* docs = docs_.data();
      std::size_t at = at_;
      if (docs[in_block_ - 1] < end) {
        for (; at < in_block_; ++at) visit(docs[at], impacts_[at]);
        load(block_ + 1);
      } else {
        for (; docs[at] < end; ++at) visit(docs[at], impacts_[at]);
        at_ = at;
        doc_ = docs[at];
      }
    }
  }

 private:
  std::uint32_t last_doc(std::size_t block) const;
  std::uint8_t block_max(std::size_t block) const;
  void load(std::size_t block);
  bool read_skips();
  std::string_view copied_from(std::size_t offset, bool in_sequence);
  bool load_packed(std::size_t block, std::uint32_t base, std::string_view bytes);
  bool load_varint(std::size_t count, std::uint32_t base, std::string_view bytes);
  void end();

  // Copies of parts of the list. Behind a pointer, for the cursor moves and views must not.
  struct Copies {
    std::string skips;
    std::string data;
    std::size_t begin = 0;  // where `data` stands in data_
  };

  const FileBytes* file_ = nullptr;
  std::unique_ptr<Copies> copies_;  // null where the list is read in place
  std::string_view skips_;          // the four arrays; empty where there is one block
  std::string_view data_;           // not to be touched where there are copies
  std::uint32_t count_ = 0;
  std::uint32_t document_count_ = 0;
  std::size_t blocks_ = 0;
  std::size_t block_ = 0;
  std::size_t looked_at_ = 0;  // block, of max_impact_in
  std::size_t at_ = 0;
  std::size_t in_block_ = 0;
  std::uint32_t doc_ = kEndOfPostings;
  std::uint8_t max_impact_ = 0;
  const std::uint8_t* impacts_ = nullptr;
  alignas(16) std::array<std::uint32_t, kBlockPostings> docs_;
};

// The kernels, here for their tests: 128 deltas of `bits` bits each (0..32) become
// documents, base + running sum. `packed` holds 16 * bits bytes.
void pack_block(const std::uint32_t* deltas, unsigned bits, std::string& out);
void unpack_block(const char* packed, unsigned bits, std::uint32_t base, std::uint32_t* docs);
void unpack_block_scalar(const char* packed, unsigned bits, std::uint32_t base, std::uint32_t* docs);

}  // namespace handsel::index
