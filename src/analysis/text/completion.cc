#include "analysis/text/completion.h"

#include <algorithm>
#include <queue>
#include <ranges>
#include <tuple>
#include <unordered_set>

#include "analysis/text/fold.h"

namespace handsel::text {
namespace {

struct Keyed {
  std::string key;
  std::string text;
  std::uint64_t weight;
};

std::uint64_t saturating_add(std::uint64_t a, std::uint64_t b) {
  return a + b < a ? ~std::uint64_t{0} : a + b;
}

// By key; of equal ones the heaviest text stays, with the weights of all.
std::vector<Keyed> fold_and_merge(std::vector<WeightedPhrase> phrases) {
  std::vector<Keyed> keyed;
  keyed.reserve(phrases.size());
  for (WeightedPhrase& phrase : phrases) {
    if (phrase.text.size() > kPhraseBytesMax) continue;
    std::string key = fold_text(phrase.text);
    if (!key.empty()) keyed.push_back({std::move(key), std::move(phrase.text), phrase.weight});
  }
  std::ranges::sort(keyed, [](const Keyed& a, const Keyed& b) {
    return std::tie(a.key, b.weight, a.text) < std::tie(b.key, a.weight, b.text);
  });
  std::vector<Keyed> merged;
  for (Keyed& phrase : keyed) {
    if (!merged.empty() && merged.back().key == phrase.key) {
      merged.back().weight = saturating_add(merged.back().weight, phrase.weight);
    } else {
      merged.push_back(std::move(phrase));
    }
  }
  return merged;
}

bool is_part_of_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80 || c == '\'';
}

bool starts_later_word(std::string_view key, std::size_t at) {
  return at > 0 && is_part_of_word(key[at]) && key[at] != '\'' && !is_part_of_word(key[at - 1]);
}

// As the keys are: folded; a space at the end says that the word is complete.
std::string fold_prefix(std::string_view prefix) {
  std::string key = fold_text(prefix);
  if (!key.empty() && prefix.back() == ' ') key.push_back(' ');
  return key;
}

}  // namespace

Completion Completion::build(std::vector<WeightedPhrase> phrases) {
  Completion out;
  const auto append = [&out](const Keyed& phrase) {
    out.phrases_.push_back({.text_begin = static_cast<std::uint32_t>(out.texts_.size()),
                            .key_begin = static_cast<std::uint32_t>(out.keys_.size()),
                            .weight = phrase.weight});
    out.texts_ += phrase.text;
    out.keys_ += phrase.key;
  };
  for (const Keyed& phrase : fold_and_merge(std::move(phrases))) {
    if (out.keys_.size() > kCompletionBytesMax || out.texts_.size() > kCompletionBytesMax) break;
    append(phrase);
  }
  append({});
  for (std::uint32_t i = 0; i < out.size(); ++i) {
    const std::string_view key = out.key_of(i);
    out.whole_.starts.push_back({.phrase = i, .offset = 0});
    for (std::uint32_t at = 0; at < key.size(); ++at) {
      if (starts_later_word(key, at)) out.later_.starts.push_back({.phrase = i, .offset = at});
    }
  }
  out.sort_and_rank(out.whole_);
  out.sort_and_rank(out.later_);
  return out;
}

std::string_view Completion::text_of(std::size_t phrase) const {
  const std::uint32_t begin = phrases_[phrase].text_begin;
  return std::string_view(texts_).substr(begin, phrases_[phrase + 1].text_begin - begin);
}

std::string_view Completion::key_of(std::size_t phrase) const {
  const std::uint32_t begin = phrases_[phrase].key_begin;
  return std::string_view(keys_).substr(begin, phrases_[phrase + 1].key_begin - begin);
}

// Phrases are numbered by key, so that ties go by key.
bool Completion::better(const Start& a, const Start& b) const {
  const std::uint64_t weight_a = phrases_[a.phrase].weight;
  const std::uint64_t weight_b = phrases_[b.phrase].weight;
  return std::tie(weight_b, a.phrase, a.offset) < std::tie(weight_a, b.phrase, b.offset);
}

void Completion::sort_and_rank(Places& places) const {
  std::ranges::sort(places.starts, [this](const Start& a, const Start& b) {
    return std::pair(key_from(a), a.phrase) < std::pair(key_from(b), b.phrase);
  });
  const std::size_t count = places.starts.size();
  places.best.resize(count);
  const auto node = [&](std::size_t i) { return i >= count ? static_cast<std::uint32_t>(i - count) : places.best[i]; };
  for (std::size_t i = count; i-- > 1;) {
    const std::uint32_t left = node(2 * i);
    const std::uint32_t right = node(2 * i + 1);
    places.best[i] = better(places.starts[left], places.starts[right]) ? left : right;
  }
}

std::uint32_t Completion::best_of(const Places& places, std::size_t begin, std::size_t end) const {
  const std::size_t count = places.starts.size();
  auto best = static_cast<std::uint32_t>(begin);
  const auto offer = [&](std::size_t node) {
    const std::uint32_t place = node >= count ? static_cast<std::uint32_t>(node - count) : places.best[node];
    if (better(places.starts[place], places.starts[best])) best = place;
  };
  for (begin += count, end += count; begin < end; begin /= 2, end /= 2) {
    if (begin % 2 == 1) offer(begin++);
    if (end % 2 == 1) offer(--end);
  }
  return best;
}

// Takes the best place of a range, then the best of what lies left and right of it,
// and so on.
class Completion::Chooser {
 public:
  Chooser(const Completion& completion, std::size_t limit) : completion_(completion), limit_(limit) {}

  void take(const Places& places, std::string_view prefix) {
    const auto beginning = [&](const Start& start) { return completion_.key_from(start).substr(0, prefix.size()); };
    const auto range = std::ranges::equal_range(places.starts, prefix, {}, beginning);
    const auto worse = [&](const Range& a, const Range& b) {
      return completion_.better(places.starts[b.best], places.starts[a.best]);
    };
    std::priority_queue<Range, std::vector<Range>, decltype(worse)> ranges(worse);
    const auto push = [&](std::size_t begin, std::size_t end) {
      if (begin < end) ranges.push({begin, end, completion_.best_of(places, begin, end)});
    };
    push(static_cast<std::size_t>(range.begin() - places.starts.begin()),
         static_cast<std::size_t>(range.end() - places.starts.begin()));
    while (chosen_.size() < limit_ && !ranges.empty()) {
      const Range top = ranges.top();
      ranges.pop();
      choose(places.starts[top.best].phrase);
      push(top.begin, top.best);
      push(top.best + std::size_t{1}, top.end);
    }
  }

  std::vector<Completed> chosen() && { return std::move(chosen_); }

 private:
  struct Range {
    std::size_t begin;
    std::size_t end;
    std::uint32_t best;
  };

  void choose(std::uint32_t phrase) {
    if (!seen_.insert(phrase).second) return;
    chosen_.push_back({completion_.text_of(phrase), completion_.phrases_[phrase].weight});
  }

  const Completion& completion_;
  const std::size_t limit_;
  std::vector<Completed> chosen_;
  std::unordered_set<std::uint32_t> seen_;
};

std::vector<Completed> Completion::complete(std::string_view prefix, std::size_t limit) const {
  const std::string key = fold_prefix(prefix);
  Chooser chooser(*this, limit);
  chooser.take(whole_, key);
  if (!key.empty()) chooser.take(later_, key);
  return std::move(chooser).chosen();
}

std::vector<Completed> Completion::complete_by_scan(std::string_view prefix, std::size_t limit) const {
  const std::string key = fold_prefix(prefix);
  struct Found {
    bool later;
    Start start;
  };
  std::vector<Found> found;
  for (std::uint32_t i = 0; i < size(); ++i) {
    const std::string_view phrase = key_of(i);
    bool later = false;
    for (std::size_t at = 1; at < phrase.size() && !later; ++at)
      later = starts_later_word(phrase, at) && phrase.substr(at).starts_with(key);
    if (phrase.starts_with(key)) {
      found.push_back({false, {i, 0}});
    } else if (later) {
      found.push_back({true, {i, 0}});
    }
  }
  std::ranges::sort(found, [this](const Found& a, const Found& b) {
    return a.later != b.later ? b.later : better(a.start, b.start);
  });
  std::vector<Completed> out;
  for (const Found& one : found | std::views::take(limit))
    out.push_back({text_of(one.start.phrase), phrases_[one.start.phrase].weight});
  return out;
}

std::size_t Completion::memory_bytes() const {
  const auto places = [](const Places& p) { return p.starts.capacity() * sizeof(Start) + p.best.capacity() * 4; };
  return texts_.capacity() + keys_.capacity() + phrases_.capacity() * sizeof(Phrase) + places(whole_) + places(later_);
}

}  // namespace handsel::text
