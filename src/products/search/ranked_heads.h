// The ranked beginnings of orders that cursors were handed out for.
//
// What ranks is learned all the time: a click changes a counter, and with it the place of
// a listing. Somebody who turns the page must go on in the order that the first page was
// cut from, so it is kept, for a while, by number. Bounded; the least recently used goes
// first; where a head is gone, the next page is ranked anew.
//
// Thread safe. A lock and a copy of a pointer a call; about six kilobytes a head.
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "views/index/query.h"

namespace handsel::search {

inline constexpr std::size_t kHeadsMax = 4'096;

struct RankedHead {
  struct Item {
    index::DocRef doc;
    float score = 0;
    char team = 0;  // 'a' or 'b' where two rankers were interleaved
  };
  std::uint64_t generation = 0;   // of the snapshot that `doc` belongs to
  std::uint64_t fingerprint = 0;  // of the request that it answers; nobody else may read it
  std::uint64_t person = 0;       // who asked; nobody else may read it either. 0: the order is anybody's
  std::vector<Item> items;        // in order
  std::uint64_t by_meaning = 0;   // items that the words do not match
  std::uint64_t challenge = 0;    // that the teams belong to; 0: none
  bool learned = false;           // a ranker made the order
  bool personalised = false;      // what was known of the session had a say
};

class RankedHeads {
 public:
  // A number that find() knows it by; never 0.
  std::uint64_t keep(RankedHead head);
  // Null where it is gone.
  std::shared_ptr<const RankedHead> find(std::uint64_t number);
  std::size_t size() const;

 private:
  struct Kept {
    std::uint64_t number = 0;
    std::shared_ptr<const RankedHead> head;
  };
  mutable std::mutex mutex_;
  std::uint64_t last_ = 0;
  std::list<Kept> kept_;  // the most recently used in front
  std::unordered_map<std::uint64_t, std::list<Kept>::iterator> by_number_;
};

}  // namespace handsel::search
