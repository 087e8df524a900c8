// The inverted index: a view of the listings topic.
//
// Immutable segments, memory-mapped, each complete in itself (segment.h); new
// listings go to small segments in memory, which are merged and written out in the
// background. A Snapshot is one consistent set of segments: reads take one and
// hold it as long as they like; it never changes.
//
// Answers depend only on the set of live listings, not on how they are spread over
// segments: document frequencies are exact over the live documents, scores are
// integers, ties are broken by a hash of the id. So a rebuild from the log gives
// the same answers to the last bit.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "analysis/text/analyzer.h"
#include "base/core/file_system.h"
#include "base/core/result.h"
#include "facts/catalog/listing.h"
#include "facts/log/log.h"
#include "views/index/query.h"

namespace handsel::index {

// BM25F (Robertson & Zaragoza 2009, "The Probabilistic Relevance Framework", 3.6).
// Field lengths are normalised by fixed pivots, not by running averages, so that a
// document's score parts never change after it was indexed. A change of any of
// these makes the index rebuild itself.
struct FieldWeights {
  double weight = 1;
  double b = 0.5;            // how much length counts, 0..1
  double length_pivot = 10;  // tokens; the length at which nothing is corrected
  bool operator==(const FieldWeights&) const = default;
};

struct Scoring {
  double k1 = 1.2;
  std::array<FieldWeights, kFields> fields = {{
      {.weight = 4.0, .b = 0.5, .length_pivot = 12},    // title
      {.weight = 2.0, .b = 0.5, .length_pivot = 24},    // tags
      {.weight = 1.0, .b = 0.5, .length_pivot = 6},     // materials
      {.weight = 1.5, .b = 0.5, .length_pivot = 12},    // attributes
      {.weight = 1.0, .b = 0.5, .length_pivot = 4},     // shop
      {.weight = 1.5, .b = 0.5, .length_pivot = 8},     // taxonomy
      {.weight = 1.0, .b = 0.75, .length_pivot = 120},  // description
  }};
  bool operator==(const Scoring&) const = default;
};

class Segment;
struct Deletions;

struct SegmentView {
  std::shared_ptr<const Segment> segment;
  std::shared_ptr<const Deletions> deletions;  // never null
};

struct Snapshot {
  std::uint64_t generation = 0;
  std::vector<SegmentView> segments;
  std::uint64_t live = 0;  // documents
};

// What the index knows of a document without reading the log.
struct DocInfo {
  std::string_view id;     // lives as long as the snapshot
  log::Position position;  // of the whole listing in the log
};
DocInfo doc_info(const Snapshot& snapshot, DocRef doc);

// Live documents with that term in any field.
std::uint64_t document_frequency(const Snapshot& snapshot, std::string_view term);
// Every term with its live document frequency, in byte order. For spelling and completion.
void visit_terms(const Snapshot& snapshot, const std::function<void(std::string_view term, std::uint64_t df)>& visit);
// Where given terms stand in titles; for proximity and phrases. Looks each term up
// once per segment, so it is cheap per document. One thread; borrows the snapshot.
class TitleMatcher {
 public:
  TitleMatcher(const Snapshot& snapshot, std::vector<std::string> terms);
  // For each position of the document's title the number of the term there, or -1.
  std::vector<int> positions(DocRef doc);

 private:
  const Snapshot& snapshot_;
  std::vector<std::string> terms_;
  std::vector<std::vector<std::pair<std::uint32_t, int>>> ordinals_;  // by segment: (term ordinal, number), sorted
  std::vector<bool> looked_up_;
};
// Each term of the document once, with its impact (0..255: the saturated BM25F part).
struct DocTerm {
  std::string term;
  std::uint8_t impact;
};
std::vector<DocTerm> document_terms(const Snapshot& snapshot, DocRef doc);
// How much each of `terms` is worth in each of `documents`: row by row, document after document,
// 0 where the term is absent. Looks each term up once per segment.
std::vector<std::uint8_t> term_impacts(const Snapshot& snapshot, std::span<const DocRef> documents,
                                       std::span<const std::string> terms);
// The document's values of a keyword column, folded ("taxonomy": each prefix of the path), for grouping.
std::vector<std::string> keyword_values(const Snapshot& snapshot, DocRef doc, std::string_view field);
// The names in a value of the column "taxonomy", root to leaf.
std::vector<std::string> taxonomy_names(std::string_view path);
// What may be wanted of it, as "name=value", folded: its attributes ("color=sage") and
// materials, tags, shop, and that it is personalizable ("material=linen", "tag=boho",
// "shop=clay & co", "personalizable=true").
std::vector<std::string> document_attributes(const Snapshot& snapshot, DocRef doc);
// hash64() of each of them, without reading them again for every document.
void append_attribute_hashes(const Snapshot& snapshot, DocRef doc, std::vector<std::uint64_t>& out);
// The document with that id, if it is live in the snapshot.
std::optional<DocRef> find_document(const Snapshot& snapshot, std::string_view id);
// The same for many ids, which wait for memory together and not one after the other.
struct IdAsked {
  std::string_view id;
  std::uint64_t hash = 0;  // hash64() of the id
};
std::vector<std::optional<DocRef>> find_documents(const Snapshot& snapshot, std::span<const IdAsked> ids);

// A number column, looked up once for many documents. Borrows the snapshot. Any thread.
class NumberColumn;
class NumberReader {
 public:
  NumberReader(const Snapshot& snapshot, std::string_view field);
  double at(DocRef doc) const;  // not a number where the document has none

 private:
  std::vector<const NumberColumn*> columns_;  // by segment; null: it has none
};
// Fetches from memory, for all of these documents at once, what ranking reads of them one after the other: terms,
// ids, and the values of some columns. A quarter of a search at a million documents was waiting for these.
void prefetch_documents(const Snapshot& snapshot, std::span<const Hit> documents,
                        std::span<const std::string_view> columns);

// What the words of a query are worth in given documents, as search() scores them; the
// filter, `top` and `after` play no part. For candidates that another source found.
struct DocumentScore {
  std::int32_t score = 0;     // of the groups that the document has, required or not
  bool matches = false;       // search() would return it, the filter aside
  bool has_excluded = false;  // one of the words that no result may have
};
std::vector<DocumentScore> score_documents(const Snapshot& snapshot, const IndexQuery& query,
                                           std::span<const DocRef> documents);
// Which documents a filter lets through; the bits of a segment are made on its first use.
// One thread; borrows snapshot and filter. check: kInvalidArgument as search() would say.
class FilterMatcher {
 public:
  static Result<FilterMatcher> create(const Snapshot& snapshot, const Filter& filter);
  bool passes(DocRef doc);

 private:
  FilterMatcher(const Snapshot& snapshot, const Filter& filter);
  const Snapshot* snapshot_;
  const Filter* filter_;
  struct Bits {
    bool made = false;
    std::shared_ptr<const std::vector<std::uint64_t>> words;  // null: all
  };
  std::vector<Bits> bits_;
};

// Where a term that n of N live documents have gets its weight: ln(1 + (N-n+.5)/(n+.5)).
double idf(std::uint64_t documents, std::uint64_t frequency);

// Answers a query. Threads: any, on one snapshot at once. Costs what MaxScore with
// block maxima costs where only the top is asked for, one pass over the matches
// where totals, facets or another order are. Errors: unknown columns, by name.
Result<IndexAnswer> search(const Snapshot& snapshot, const IndexQuery& query);
// The obvious twin: scores every document. For tests.
Result<IndexAnswer> search_exhaustive(const Snapshot& snapshot, const IndexQuery& query);

struct IndexOptions {
  Scoring scoring;
  std::size_t tail_documents_max = 50'000;  // in memory before they are written out
  std::size_t tail_bytes_max = 128u << 20;
  bool background = true;  // flush and merge on threads of their own; off in tests: in refresh()
};

// upsert, remove, apply, refresh: one thread at a time (the engine's applier). The
// others: any thread. commit and compact may take seconds and do not hold up writers.
class Index {
 public:
  // `log_partitions`: of the listings topic. Opens what is in `folder`; starts empty
  // (and says so by positions of 0) where the files are missing, damaged, or made
  // with other scoring or another format.
  static Result<std::unique_ptr<Index>> open(FileSystem& files, std::string folder, const text::Analyzer& analyzer,
                                             std::uint32_t log_partitions, IndexOptions options);
  virtual ~Index() = default;

  // For each partition, the log offset to go on from after a restart.
  virtual std::vector<std::uint64_t> applied() const = 0;

  // Replaces what was there under that id. Visible at the next refresh.
  virtual void upsert(const catalog::Listing& listing, log::Position position) = 0;
  virtual void remove(std::string_view id, log::Position position) = 0;
  // Many at once, analysed on `threads` threads.
  struct Change {
    const catalog::Listing* listing = nullptr;  // null: remove
    std::string id;
    log::Position position;
  };
  virtual void apply(std::span<const Change> changes, std::size_t threads) = 0;

  // Makes everything applied so far visible.
  virtual void refresh() = 0;
  virtual std::shared_ptr<const Snapshot> snapshot() const = 0;

  // Writes the tail out and remembers `applied()` durably.
  virtual Result<void> commit() = 0;
  // Merges everything to one segment; for benchmarks and nightly quiet.
  virtual Result<void> compact() = 0;

  struct Stats {
    std::uint64_t documents_live = 0;
    std::uint64_t documents_dead = 0;
    std::uint64_t segments = 0;
    std::uint64_t bytes_on_disk = 0;
    std::uint64_t bytes_in_memory = 0;
    std::string last_error;  // of the background work; empty: none
  };
  virtual Stats stats() const = 0;
  // Lets the operating system take back mapped pages; they come back when touched.
  virtual void release_pages() = 0;
};

}  // namespace handsel::index
