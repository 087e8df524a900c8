// A mixed load whose outcome can be judged after a crash: imports, updates,
// deletions, events, each a function of small numbers, and a judge who was told what
// began and what was acknowledged.
//
// Ids are divided among writers, and a writer does one thing at a time; so of each id
// at most one operation is open when the crash comes, and what is found must be the
// state before it or after it, to the last byte.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/engine/engine.h"
#include "base/core/rng.h"

namespace handsel::test {

enum class Kind : char { kPut = 'p', kPatch = 'c', kDelete = 'd', kEvent = 'e' };

struct Operation {
  Kind kind = Kind::kPut;
  std::string id;
  std::uint64_t number = 0;  // what is written is a function of id and number
  bool operator==(const Operation&) const = default;
};

// "p w0-17 4711"
std::string to_text(const Operation& operation);
std::optional<Operation> from_text(std::string_view text);

// One call of the engine: operations of one kind, of different ids.
std::vector<Operation> draw(Rng& rng, std::uint64_t writer, std::uint64_t& next_number);
// True where the engine acknowledged all of it. A listing that is not there is no
// failure of a patch or deletion.
bool perform(Engine& engine, const std::vector<Operation>& operations);

// Not thread safe.
class Judge {
 public:
  void began(const Operation& operation);
  void acknowledged(const Operation& operation);
  // What contradicts what was told; none: all is well. Waits for the views. What is
  // found becomes the state from which the next round goes on.
  std::vector<std::string> judge(Engine& engine);

  std::uint64_t acknowledged_count() const { return acknowledged_count_; }

 private:
  using State = std::optional<catalog::Listing>;  // nothing: deleted, or never there
  struct Tracked {
    State settled;
    std::optional<Operation> open;
  };
  struct TrackedEvent {
    std::uint64_t number = 0;
    bool acknowledged = false;
  };
  void judge_listing(Engine& engine, const std::string& id, Tracked& tracked, std::vector<std::string>& problems);
  void judge_pages(Engine& engine, std::vector<std::string>& problems) const;
  void judge_events(Engine& engine, std::vector<std::string>& problems);

  std::map<std::string, Tracked> listings_;
  std::map<std::string, TrackedEvent> events_;
  std::uint64_t acknowledged_count_ = 0;
};

}  // namespace handsel::test
