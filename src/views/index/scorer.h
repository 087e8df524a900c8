// Scores the documents of one segment, a window of documents at a time.
//
// MaxScore (Turtle & Flood 1995) with block maxima (Ding & Suel 2011), in the
// windowed form: in each window the groups are ordered by the most that they can add
// there; those that even together cannot reach the threshold are not essential, and are
// looked up only for documents that the others found. Scores are integers, so the
// order in which parts are added does not change them.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "views/index/filter_cache.h"
#include "views/index/postings.h"
#include "views/index/query.h"
#include "views/index/segment.h"

namespace handsel::index {

// A query with the weights that a snapshot gives it.
struct PreparedVariant {
  std::string term;
  std::int32_t weight = 0;  // times impact is the score
};
struct PreparedGroup {
  std::vector<PreparedVariant> variants;
  bool required = true;
};
struct PreparedQuery {
  std::vector<PreparedGroup> groups;
  Match match = Match::kAll;
  std::vector<Phrase> phrases;
  std::vector<std::string> excluded;  // looked at by the twin; score_segment() gets them through `allowed`
};

// A group's score in a document: that of its best variant.
PreparedQuery prepare(const Snapshot& snapshot, const IndexQuery& query);

// Receives matching documents, ascending. Documents whose score is below threshold() may
// be left out.
class ScoreSink {
 public:
  virtual ~ScoreSink() = default;
  virtual std::int32_t threshold() const = 0;
  struct Scored {
    std::uint32_t doc;
    std::int32_t score;
  };
  virtual void offer(std::span<const Scored> documents) = 0;
};

// Calls the sink for every live document of the segment that matches the query and whose bit
// is set in `allowed` (null: all).
void score_segment(const SegmentView& view, const PreparedQuery& query, const DocBits* allowed, ScoreSink& sink);

// The obvious twin: each document through its forward record.
void score_segment_exhaustive(const SegmentView& view, const PreparedQuery& query, const Filter& filter,
                              ScoreSink& sink);

}  // namespace handsel::index
