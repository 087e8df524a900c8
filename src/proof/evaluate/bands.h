// How often a query is asked, in three parts: head are the queries that the first third of all
// searches went to, torso those of the second, tail the rest; what nobody asked is unasked. A
// mean over all queries hides that a change helps where much is known and hurts where little is.
//
// One thread while searches are added, any afterwards. 16 bytes or so for each different query.
#pragma once

#include <cstdint>
#include <string_view>
#include <unordered_map>

namespace handsel::evaluate {

class QueryBands {
 public:
  // One search. `query` as text::normalised_query() makes it, here and in of().
  void add(std::string_view query);
  // After the last search.
  void finish();

  bool empty() const { return asked_.empty(); }
  // "head", "torso", "tail" or "unasked".
  std::string_view of(std::string_view query) const;
  // Asked so often or more: the least of the head, and of the torso.
  std::uint64_t head_from() const { return head_from_; }
  std::uint64_t torso_from() const { return torso_from_; }

 private:
  std::unordered_map<std::uint64_t, std::uint64_t> asked_;  // by the query's hash
  std::uint64_t head_from_ = 0;
  std::uint64_t torso_from_ = 0;
};

}  // namespace handsel::evaluate
