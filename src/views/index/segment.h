// One immutable piece of the index, complete in itself, read in place from a
// mapped file or from memory.
//
// Sections (segment_file.h):
//   kMeta        u32 documents, u64 fingerprint of scoring and format
//   kTerms       dictionary of terms; a term's place is its number there
//   kTermOrdinals u32 per place: the term's ordinal. Ordinals are places in the order of
//                document frequency, greatest first, ties by place
//   kTermPlaces  u32 per ordinal: the term's place
//   kTermOffsets u40 start of each place's list in kPostings, and the end
//   kPostings    posting lists (postings.h), by place
//   kForwardOffsets u40 per document, and the end; into
//   kForward     a record per document (forward_record.h)
//   kIdOffsets   u32 per document, and the end; into
//   kIds         ids
//   kIdHashes    u64 per document
//   kIdTable     open addressing, a power of two of u32 (document + 1, 0 empty), by id hash
//   kPositions   u64 per document: partition << 48 | offset in the log
//   kColumns     columns.h
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/core/file_system.h"
#include "base/core/result.h"
#include "facts/log/log.h"
#include "views/index/attribute_hashes.h"
#include "views/index/columns.h"
#include "views/index/filter_cache.h"
#include "views/index/forward_record.h"
#include "views/index/index.h"
#include "views/index/postings.h"
#include "views/index/segment_file.h"

namespace handsel::index {

enum SegmentSection : std::uint32_t {
  kMeta = 1,
  kTerms,
  kTermOffsets,
  kPostings,
  kForwardOffsets,
  kForward,
  kIdOffsets,
  kIds,
  kIdHashes,
  kIdTable,
  kPositions,
  kColumns,
  kTermOrdinals,
  kTermPlaces,
};

// Changes whenever scores would: a segment made with another one is not used.
std::uint64_t scoring_fingerprint(const Scoring& scoring);

std::uint64_t pack_position(log::Position position);
log::Position unpack_position(std::uint64_t packed);

// Offsets into a section, 5 bytes each: a terabyte is enough.
void put_offset(std::string& out, std::uint64_t offset);

// Writes the two sections that say which term has which ordinal; returns the ordinals by
// place. `frequencies`: of documents, by place.
std::vector<std::uint32_t> write_ordinals(std::span<const std::uint32_t> frequencies, SegmentFileWriter& writer);

// Any thread.
class Segment {
 public:
  // kCorrupt where the sections do not fit together, kConflict where the fingerprint differs.
  static Result<std::shared_ptr<const Segment>> open(std::shared_ptr<const FileBytes> bytes, std::uint64_t fingerprint);

  std::uint32_t documents() const { return documents_; }
  const Dictionary& terms() const { return terms_; }
  const Columns& columns() const { return columns_; }
  std::string_view file_bytes() const { return file_.bytes(); }
  Result<void> verify() const { return file_.verify(); }
  void release() const { file_.release(); }
  // Forward records and postings, read here and there, are copied from now on; the rest
  // stays mapped.
  void use_little_memory() const { file_.use_little_memory(); }

  // By ordinal; kNoOrdinal and an empty string where there is none.
  std::optional<std::uint32_t> find_term(std::string_view term) const;
  std::uint32_t ordinal_at(std::uint32_t place) const;
  std::string term(std::uint32_t ordinal) const;
  // Borrows the segment.
  PostingCursor postings(std::uint32_t ordinal) const;
  // Of all documents, deleted ones too.
  std::uint32_t document_frequency(std::uint32_t ordinal) const;

  std::string_view id(std::uint32_t doc) const;
  std::uint64_t id_hash(std::uint32_t doc) const;
  log::Position position(std::uint32_t doc) const;
  std::optional<std::uint32_t> find_id(std::string_view id, std::uint64_t hash) const;
  // Fetches what find_id() will look at, for all of them at once.
  void prefetch_ids(std::span<const std::uint64_t> hashes) const;

  // Fetch the document's id and terms: first the one for all documents, then the other.
  void prefetch_offsets(std::uint32_t doc) const;
  void prefetch_document(std::uint32_t doc) const;

  // Ordinals at each title position.
  void title(std::uint32_t doc, std::vector<std::uint32_t>& out) const;
  // Every term once, ascending.
  void forward(std::uint32_t doc, std::vector<ForwardTerm>& out) const;

  FilterCache& filter_cache() const { return filter_cache_; }
  AttributeHashes& attribute_hashes() const;

 private:
  std::uint32_t place_of(std::uint32_t ordinal) const;
  std::string_view posting_list(std::uint32_t ordinal) const;
  std::string_view forward_record(std::uint32_t doc, std::string& buffer) const;

  SegmentFile file_;
  std::uint32_t documents_ = 0;
  Dictionary terms_;
  Columns columns_;
  std::string_view term_ordinals_, term_places_, term_offsets_, postings_, forward_offsets_, forward_, id_offsets_,
      ids_, id_hashes_, id_table_, positions_;
  mutable FilterCache filter_cache_;  // thread safe
  mutable std::once_flag hashes_made_;
  mutable std::unique_ptr<AttributeHashes> attribute_hashes_;  // made when first asked for; thread safe
};

// Which documents of a segment are dead. Immutable once published.
struct Deletions {
  std::vector<std::uint64_t> bits;  // empty: none
  std::uint32_t count = 0;
  // How many dead documents have each term, by ordinal; so that document
  // frequencies stay exact.
  std::unordered_map<std::uint32_t, std::uint32_t> term_counts;

  bool contains(std::uint32_t doc) const { return !bits.empty() && ((bits[doc / 64] >> (doc % 64)) & 1) != 0; }
  void add(const Segment& segment, std::uint32_t doc);  // not yet contained
};

}  // namespace handsel::index
