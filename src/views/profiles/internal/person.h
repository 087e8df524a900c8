// What one session or one user did, boiled down: the state behind a Profile. The rules
// are those of profiles.h.
//
// A person follows the events of its own (what is on the page, what was acted on) and
// makes Lessons of them; lessons are learnt by the session and by its user alike.
//
// Not thread safe.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "facts/events/event.h"
#include "views/profiles/profiles.h"

namespace handsel::profiles {

// Time constant of forgetting, and how often it is applied. 0: never.
struct Forgetting {
  std::int64_t tau_ms = 0;
};
inline constexpr std::int64_t kForgetEveryMs = 60 * 60 * 1000;

// What an event teaches.
struct Lessons {
  const ListingFacts* acted = nullptr;  // borrowed from the caller of follow()
  std::string_view acted_id;            // where not empty, even if nothing is known of the listing
  double delta = 0;                     // of the action, less what the listing counted already
  bool first_action = false;            // on that listing
  std::string_view query;               // asked
  struct Passed {
    std::vector<std::uint32_t> attributes;
    double delta = 0;
  };
  std::vector<Passed> passed;
};

class Person {
 public:
  // What the event teaches, given what happened before. Changes what is on the page.
  Lessons follow(const events::Event& event, std::span<const ListingFacts> listings);
  void learn(const Lessons& lessons, std::int64_t time_ms, Forgetting forgetting);

  // What is known; `other` (the user) counts with its weight.
  struct Other {
    const Person* person = nullptr;
    double weight = 0;
  };
  Profile profile(Other other) const;
  std::size_t actions() const { return actions_; }

  std::int64_t last_ms() const { return last_ms_; }
  void seen_at(std::int64_t time_ms) { last_ms_ = std::max(last_ms_, time_ms); }

  // Of everything, near enough for a limit.
  std::size_t bytes() const;

 private:
  struct Attribute {
    float alpha = 1;
    float beta = 1;
    float acted = 0;   // |U|
    float passed = 0;  // |V|
    std::string name;  // known once it was acted on
  };
  struct Acted {
    std::string id;
    float delta = 0;  // of its strongest action
  };
  // A listing of the newest page, or one that an impression told of.
  struct OnPage {
    std::uint64_t listing = 0;  // hash of the id
    std::uint16_t begin = 0;    // of page_attributes_
    std::uint16_t end = 0;
    bool seen = false;
    bool acted = false;
    bool settled = false;  // passed over was learnt
  };

  // Follow.
  void open_page(const events::Event& event, std::span<const ListingFacts> listings);
  void put_on_page(std::uint64_t listing, const ListingFacts* facts);
  void leave_page(Lessons& lessons);
  void act(const events::Event& event, std::span<const ListingFacts> listings, double delta, Lessons& lessons);
  void see(const events::Event& event, std::span<const ListingFacts> listings);
  void reject(const events::Event& event, std::span<const ListingFacts> listings, Lessons& lessons);
  void settle_before(std::size_t end, Lessons& lessons);
  OnPage* find_on_page(std::uint64_t listing);

  // Learn.
  void forget(std::int64_t time_ms, Forgetting forgetting);
  void learn_action(const Lessons& lessons);
  void learn_passed(const Lessons::Passed& passed);
  void learn_taxonomy(const std::vector<std::string>& path, float weight);
  Attribute& attribute(std::uint32_t key);

  // Profile: each adds its part.
  void add_leanings(double weight, Profile& profile) const;
  void add_names(Profile& profile) const;
  void add_taxonomies(double weight, Profile& profile) const;
  void add_recent(Profile& profile) const;

  // Of the logarithms of prices.
  struct Prices {
    double weight = 0;
    double sum = 0;
    double squares = 0;
    std::optional<std::pair<double, double>> band() const;
  };

  std::size_t actions_ = 0;
  std::int64_t last_ms_ = 0;
  std::int64_t forgot_ms_ = 0;

  // The page; for the person that follows.
  std::vector<OnPage> page_;
  std::vector<std::uint32_t> page_attributes_;

  // What was learnt.
  std::vector<std::uint32_t> keys_;  // beside attributes_, for the search
  std::vector<Attribute> attributes_;
  std::vector<std::pair<std::string, float>> taxonomies_;
  float taxonomy_weight_ = 0;  // of all actions on listings whose place is known
  std::vector<Acted> acted_;   // oldest first
  std::vector<std::string> queries_;
  Prices prices_;
};

}  // namespace handsel::profiles
