// What experiments mean to a request: the name of its unit, the variants it gets, and the parameters they carry.
//
// The unit of an experiment (its `unit` in the definitions) is named from the request:
//   visitor   the user, or else the session           user, session   that alone
//   query     the normalised words                    other kinds     what the caller names, by kind
// and with a switchback the number of the block of time, for everybody at once. A request without that name gets no
// variant. Attributes that targeting can ask for are the caller's; a search has country, language and surface
// ("search"). Countries and languages are compared in lower case.
//
// Within the washout of a switchback everybody gets the control, as far as the block is in the experiment at all, and
// nobody counts as exposed: what is seen then still stems from the block before.
//
// A search is in an experiment only where every parameter that any of its variants sets for searches is open in the
// request (products/search/search_parameters.h) and every ranker that any of them names serves. That depends on no
// variant, so the variants keep comparable units; an experiment that sets no parameter of the search is in no search.
//
// Immutable; any thread. Cost: some hundred nanoseconds an experiment that runs.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/core/result.h"
#include "facts/decisions/experiment_decision.h"
#include "products/search/search_parameters.h"
#include "proof/assignment/experiment.h"

namespace handsel {

inline constexpr std::size_t kUnitBytesMax = 128;  // longer names are replaced by their hash

// As assignment and exposures call a unit: without blanks around it, a long one by its hash.
std::string unit_name(std::string_view name);
// The unit that a search for these words is, where units are queries.
std::string query_unit_name(std::string_view words);

inline constexpr std::size_t kRankersMax = 8;  // that running experiments name by id

// Whom or what a request is from. Borrowed.
struct Asker {
  std::string_view user_id;
  std::string_view session_id;
  std::string_view query;
  std::span<const assignment::Attribute> attributes;
  const std::map<std::string, std::string, std::less<>>* units = nullptr;  // of other kinds: "shop" to its id
};

// One variant that somebody got. Points into the Experiments it came from.
struct Assigned {
  const assignment::Experiment* experiment = nullptr;
  const assignment::Variant* variant = nullptr;
  std::string unit;
  bool in_washout = false;
};

// To whom a variant was shown.
struct Exposed {
  std::string_view user_id;  // written down beside the unit; empty: not told
  std::string_view session_id;
  std::string_view surface;
};

class Experiments {
 public:
  Experiments() = default;  // none
  // Errors name the file, and the line or the experiment.
  static Result<Experiments> parse(std::string_view toml, std::string_view file_name);

  // The same, with these experiments not running.
  Result<Experiments> without(const std::set<std::string>& names) const;

  const assignment::Assignments& assignments() const { return assignments_; }
  std::span<const assignment::Experiment> all() const { return assignments_.definitions().experiments; }
  // Ids of rankers that searches may need.
  const std::set<std::string>& rankers() const { return rankers_; }

  // Nothing: no variant.
  std::optional<Assigned> assign(const assignment::Experiment& experiment, const Asker& asker,
                                 std::int64_t now_ms) const;
  // Which unit was gone by, or what keeps it out; for people.
  std::string why(const assignment::Experiment& experiment, const Asker& asker, std::int64_t now_ms) const;

  struct OfSearch {
    std::vector<Assigned> assigned;
    search::SearchParameters parameters;
    search::ParameterSet touched = 0;  // by any variant of these experiments
  };
  // `serves`: of a parameter search.ranker, whether it can be followed now.
  OfSearch of_search(const search::SearchRequest& request, std::string_view default_language,
                     const std::function<bool(std::string_view ranker)>& serves, std::int64_t now_ms) const;

 private:
  struct SearchSide {
    std::size_t experiment = 0;  // of all()
    search::ParameterSet touched = 0;
    std::set<std::string> rankers;
    std::vector<search::SearchParameters> parameters;  // as the variants
  };
  Result<void> compile();

  assignment::Assignments assignments_;
  std::vector<SearchSide> search_;  // those that run and touch searches
  std::set<std::string> rankers_;
};

struct ExperimentsInForce {
  std::shared_ptr<const Experiments> experiments = std::make_shared<const Experiments>();  // never null
  std::optional<std::string> trouble;  // what is wrong with newer definitions, which are not in force
  // What was decided about them; never null.
  std::shared_ptr<const decisions::Standings> decided = std::make_shared<const decisions::Standings>();
};

// Empty: the request has no such unit.
std::string unit_of(const assignment::Experiment& experiment, const Asker& asker, std::int64_t now_ms);

// In the case that targeting compares.
std::string attribute_value(std::string_view name, std::string_view value);

}  // namespace handsel
