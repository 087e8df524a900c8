#include "ranking/trees/linear_learner.h"

#include <algorithm>
#include <cmath>

namespace handsel::trees {
namespace {

constexpr double kFirstMoment = 0.9;
constexpr double kSecondMoment = 0.999;
constexpr double kTiny = 1e-8;

struct Column {
  double mean = 0;
  double deviation = 0;  // 0: says nothing
};

// Of the values that are known and finite.
std::vector<Column> describe(const RankingRows& rows) {
  const std::size_t width = rows.features.size();
  std::vector<Column> columns(width);
  for (std::size_t c = 0; c < width; ++c) {
    double sum = 0;
    double squares = 0;
    double count = 0;
    for (std::size_t r = 0; r < rows.rows(); ++r) {
      const double value = rows.values[r * width + c];
      if (!std::isfinite(value)) continue;
      ++count;
      const double off = value - sum;  // Welford's update; `sum` holds the mean
      sum += off / count;
      squares += off * (value - sum);
    }
    columns[c] = {.mean = sum, .deviation = count > 0 ? std::sqrt(squares / count) : 0};
  }
  return columns;
}

std::vector<float> standardised(const RankingRows& rows, const std::vector<Column>& columns) {
  const std::size_t width = columns.size();
  std::vector<float> out(rows.values.size());
  for (std::size_t i = 0; i < out.size(); ++i) {
    const Column& column = columns[i % width];
    const double value = rows.values[i];
    if (column.deviation > 0 && std::isfinite(value)) {
      out[i] = static_cast<float>((value - column.mean) / column.deviation);
    }
  }
  return out;
}

class Learner {
 public:
  Learner(const RankingRows& rows, const LinearOptions& options)
      : rows_(rows),
        options_(options),
        width_(rows.features.size()),
        columns_(describe(rows)),
        values_(standardised(rows, columns_)),
        start_(width_),
        low_(width_, -HUGE_VAL) {
    for (const LinearTerm& term : options.start) start_[term.column] += term.weight * columns_[term.column].deviation;
    for (const std::string& name : options.increasing) {
      if (const std::size_t column = column_of(rows, name); column < width_) low_[column] = 0;
    }
    weights_ = start_;
  }

  Result<TreeEnsemble> learn(const std::stop_token& stop) {
    std::vector<double> first(width_);
    std::vector<double> second(width_);
    for (std::size_t step = 1; step <= options_.steps; ++step) {
      if (stop.stop_requested()) return fail(Code::kCancelled, "training was stopped after {} steps", step - 1);
      const std::vector<double> slope = slopes();
      const double size =
          options_.step_size * (1 - static_cast<double>(step - 1) / static_cast<double>(options_.steps));
      for (std::size_t c = 0; c < width_; ++c) {
        first[c] = kFirstMoment * first[c] + (1 - kFirstMoment) * slope[c];
        second[c] = kSecondMoment * second[c] + (1 - kSecondMoment) * slope[c] * slope[c];
        const double mean = first[c] / (1 - std::pow(kFirstMoment, step));
        const double spread = std::sqrt(second[c] / (1 - std::pow(kSecondMoment, step)));
        weights_[c] = std::max(low_[c], weights_[c] - size * mean / (spread + kTiny));
      }
    }
    return ensemble();
  }

 private:
  // Of the mean loss a group and the penalty.
  std::vector<double> slopes() const {
    std::vector<float> scores(rows_.rows());
    for (std::size_t r = 0; r < scores.size(); ++r) {
      double score = rows_.offset(r);
      for (std::size_t c = 0; c < width_; ++c) score += weights_[c] * values_[r * width_ + c];
      scores[r] = static_cast<float>(score);
    }
    std::vector<float> gradients(scores.size());
    std::vector<float> hessians(scores.size());
    lambda_gradients(rows_, scores, {.normalise = false}, gradients, hessians);
    std::vector<double> out(width_);
    for (std::size_t r = 0; r < scores.size(); ++r) {
      if (gradients[r] == 0) continue;
      for (std::size_t c = 0; c < width_; ++c) out[c] += static_cast<double>(gradients[r]) * values_[r * width_ + c];
    }
    for (std::size_t c = 0; c < width_; ++c) {
      out[c] = out[c] / static_cast<double>(rows_.groups()) + options_.l2 * (weights_[c] - start_[c]);
    }
    return out;
  }

  Result<TreeEnsemble> ensemble() const {
    EnsembleParts parts{.features = rows_.features};
    for (std::size_t c = 0; c < width_; ++c) {
      if (columns_[c].deviation <= 0 || weights_[c] == 0) continue;
      const auto weight = static_cast<float>(weights_[c] / columns_[c].deviation);
      if (!std::isfinite(weight)) continue;  // of a column that hardly moves
      parts.linear.push_back(
          {.column = static_cast<std::uint32_t>(c), .weight = weight, .missing = static_cast<float>(columns_[c].mean)});
    }
    return TreeEnsemble::build(std::move(parts));
  }

  const RankingRows& rows_;
  const LinearOptions& options_;
  const std::size_t width_;
  const std::vector<Column> columns_;
  const std::vector<float> values_;
  std::vector<double> start_;  // in units of the standardised columns
  std::vector<double> low_;
  std::vector<double> weights_;
};

}  // namespace

Result<TreeEnsemble> train_linear(const RankingRows& rows, const LinearOptions& options, const std::stop_token& stop) {
  HANDSEL_TRY(check(rows));
  if (rows.groups() == 0) return fail(Code::kInvalidArgument, "there are no rows to learn from");
  if (options.steps == 0 || !(options.step_size > 0) || !(options.l2 >= 0)) {
    return fail(Code::kInvalidArgument, "options of the linear learner are out of range");
  }
  for (const LinearTerm& term : options.start) {
    if (term.column >= rows.features.size()) return fail(Code::kInvalidArgument, "a linear term of no column");
  }
  return Learner(rows, options).learn(stop);
}

}  // namespace handsel::trees
