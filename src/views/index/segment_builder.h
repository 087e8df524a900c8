// Listings become a segment: analysed, scored once, sorted by term.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "analysis/text/analyzer.h"
#include "facts/catalog/listing.h"
#include "facts/log/log.h"
#include "views/index/columns.h"
#include "views/index/index.h"
#include "views/index/segment_file.h"

namespace handsel::index {

// BM25F: the fields' term frequencies, each normalised by its length and weighted,
// are added up first and saturated once: x / (k1 + x), as 1..255.
std::uint8_t impact_of(double weighted_frequency, double k1);

// What the ids of documents need on disk; the builder and the merge share it.
class IdSectionsBuilder {
 public:
  void add(std::string_view id, log::Position position);
  void write(SegmentFileWriter& writer) const;

 private:
  std::string offsets_, ids_, hashes_, positions_;
  std::vector<std::uint64_t> hash_values_;
};

// Not thread safe. Memory: about 400 bytes a document.
class SegmentBuilder {
 public:
  // Borrows the analyser for its lifetime.
  SegmentBuilder(const text::Analyzer& analyzer, const Scoring& scoring);

  // The ids of one builder must differ.
  void add(const catalog::Listing& listing, log::Position position);
  std::uint32_t documents() const { return documents_; }
  Result<void> write(SegmentSink& sink) const;

 private:
  std::uint32_t term_number(std::string_view term);
  void add_text(Field field, std::string_view text, std::string_view language);
  void end_field(Field field);

  struct TermHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view term) const;
  };

  const text::Analyzer& analyzer_;
  const Scoring scoring_;
  std::uint32_t documents_ = 0;

  std::unordered_map<std::string, std::uint32_t, TermHash, std::equal_to<>> numbers_;  // term -> number
  std::vector<std::string_view> terms_;                                                // number -> term

  // All documents' distinct terms, one after the other.
  std::vector<std::uint32_t> doc_terms_;
  std::vector<std::uint8_t> doc_impacts_;
  std::vector<std::size_t> doc_ends_;
  std::vector<std::uint32_t> titles_;
  std::vector<std::size_t> title_ends_;

  IdSectionsBuilder ids_;
  ColumnsBuilder columns_;

  // Of the document being added.
  std::vector<double> weighted_;        // by term number; 0 where absent
  std::vector<std::uint32_t> touched_;  // term numbers
  std::vector<std::uint32_t> field_terms_;
};

}  // namespace handsel::index
