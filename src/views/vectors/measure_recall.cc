#include "views/vectors/measure_recall.h"

#include <algorithm>
#include <array>
#include <unordered_set>
#include <vector>

#include "base/core/rng.h"
#include "base/math/vector_kernels.h"
#include "views/vectors/search.h"

namespace handsel::vectors {
namespace {

constexpr std::size_t kQuestions = 64;
constexpr std::size_t kTop = 100;
constexpr std::uint64_t kSeed = 1;
constexpr float kTowardsAnother = 0.5f;
constexpr std::array<std::uint32_t, 10> kEfforts = {100, 130, 170, 220, 300, 400, 550, 750, 1000, 1500};

std::vector<float> make_question(const Segment& segment, Rng& rng) {
  const std::uint16_t* a = segment.halves(static_cast<std::uint32_t>(rng.below(segment.rows())));
  const std::uint16_t* b = segment.halves(static_cast<std::uint32_t>(rng.below(segment.rows())));
  std::vector<float> question(segment.dimensions());
  for (std::size_t i = 0; i < question.size(); ++i) question[i] = from_half(a[i]) + kTowardsAnother * from_half(b[i]);
  return question;
}

struct Question {
  std::vector<float> vector;
  std::unordered_set<std::uint64_t> exact;  // hashes of the ids
};

float recall(const Part& part, std::span<const Question> questions, std::uint32_t effort) {
  std::size_t found = 0;
  std::size_t wanted = 0;
  for (const Question& question : questions) {
    TopHits top(kTop);
    walk(part, {.vector = question.vector, .top = kTop, .effort = effort}, top);
    for (const VectorHit& hit : top.take_sorted()) found += question.exact.count(hit.id_hash);
    wanted += question.exact.size();
  }
  return wanted == 0 ? 1.0f : static_cast<float>(found) / static_cast<float>(wanted);
}

}  // namespace

void measure_recall(Part& part, const std::atomic<bool>& stopping) {
  Rng rng(kSeed);
  std::vector<Question> questions;
  for (std::size_t i = 0; i < kQuestions && !stopping; ++i) {
    Question question{.vector = make_question(*part.segment, rng), .exact = {}};
    const VectorQuery query{.vector = question.vector, .top = kTop};
    if (!can_be_asked(query, part.segment->dimensions())) continue;  // two listings cancel each other
    TopHits top(kTop);
    scan(part, query, top);
    for (const VectorHit& hit : top.take_sorted()) question.exact.insert(hit.id_hash);
    questions.push_back(std::move(question));
  }
  for (const std::uint32_t effort : kEfforts) {
    if (stopping) return;
    part.effort = effort;
    part.recall_at_100 = recall(part, questions, effort);
    if (part.recall_at_100 >= kRecallWanted) return;
  }
}

}  // namespace handsel::vectors
