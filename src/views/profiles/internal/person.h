// What one session or one user did, boiled down: the state behind a Profile. The rules
// are those of profiles.h.
//
// A person follows the events of its own (what is on the page, what was acted on) and
// makes Lessons of them; lessons are learnt by the session and by its user alike.
//
// Not thread safe.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/core/bytes.h"
#include "facts/events/event.h"
#include "views/profiles/profiles.h"

namespace handsel::profiles {

inline constexpr std::size_t kQueryBytesKept = 200;

// Time constant of forgetting, and how often it is applied. 0: never.
struct Forgetting {
  std::int64_t tau_ms = 0;
};
inline constexpr std::int64_t kForgetEveryMs = 60 * 60 * 1000;

// What an event teaches. Borrows from the event.
struct Lessons {
  std::shared_ptr<const ListingFacts> acted;
  std::string_view acted_id;  // where not empty, even if nothing is known of the listing
  double delta = 0;           // of the action, less what the listing counted already
  bool first_action = false;  // on that listing
  std::string_view query;     // asked
  struct Passed {
    std::array<std::uint32_t, kListingAttributesMax> keys{};
    std::size_t count = 0;
    double delta = 0;
  };
  std::vector<Passed> passed;
};

class Person {
 public:
  // What the event teaches, given what happened before. Changes what is on the page.
  Lessons follow(const events::Event& event, const FactsOf& facts);
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

  // All of it as bytes, and back (person_bytes.cc). False where the bytes make no sense; then
  // this may not be used any more.
  void put(std::string& out) const;
  bool take(ByteReader& in);

 private:
  struct Attribute {
    float alpha = 1;
    float beta = 1;
    float acted = 0;   // |U|
    float passed = 0;  // |V|
  };
  struct Acted {
    std::string id;
    float delta = 0;  // of its strongest action
  };
  // A listing of the newest page, or one that an impression told of.
  struct OnPage {
    std::string id;
    bool seen = false;
    bool acted = false;
    bool settled = false;  // passed over was learnt
  };

  // Follow.
  void open_page(const events::Event& event);
  void leave_page(const FactsOf& facts, Lessons& lessons);
  void act(const events::Event& event, double delta, const FactsOf& facts, Lessons& lessons);
  void see(const events::Event& event);
  void reject(const events::Event& event, const FactsOf& facts, Lessons& lessons);
  void settle_before(std::size_t end, const FactsOf& facts, Lessons& lessons);
  OnPage* find_on_page(const std::string& listing_id);

  // Learn.
  void forget(std::int64_t time_ms, Forgetting forgetting);
  void learn_action(const Lessons& lessons);
  void learn_passed(const Lessons::Passed& passed);
  void learn_taxonomy(const std::vector<std::string>& path, float weight);
  Attribute& attribute(std::uint32_t key);
  void drop_least_known();

  // Bytes: each its part.
  void put_page(std::string& out) const;
  void put_learnt(std::string& out) const;
  bool take_page(ByteReader& in);
  bool take_attributes(ByteReader& in);
  bool take_names(ByteReader& in);
  bool take_taxonomies(ByteReader& in);
  bool take_recent(ByteReader& in);

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

  // What was learnt.
  std::vector<std::uint32_t> keys_;  // beside attributes_, for the search
  std::vector<Attribute> attributes_;
  std::vector<std::pair<std::uint32_t, std::string>> names_;  // of those acted on
  std::vector<std::pair<std::string, float>> taxonomies_;
  float taxonomy_weight_ = 0;  // of all actions on listings whose place is known
  std::vector<Acted> acted_;   // oldest first
  std::vector<std::string> queries_;
  Prices prices_;
};

}  // namespace handsel::profiles
