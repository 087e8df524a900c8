#include "ranking/learning/svmlight.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <unordered_set>

#include "ranking/trees/tree_ensemble.h"

namespace handsel::learning {
namespace {

constexpr std::string_view kBlanks = " \t\r";

std::string_view next_line(std::string_view& text) {
  const std::size_t end = std::min(text.find('\n'), text.size());
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

std::string_view next_word(std::string_view& line) {
  line.remove_prefix(std::min(line.find_first_not_of(kBlanks), line.size()));
  const std::size_t end = std::min(line.find_first_of(kBlanks), line.size());
  const std::string_view word = line.substr(0, end);
  line.remove_prefix(end);
  return word;
}

template <typename T>
std::optional<T> number(std::string_view word) {
  T value{};
  if (word.starts_with('+')) word.remove_prefix(1);
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (error != std::errc() || end != word.data() + word.size()) return std::nullopt;
  return value;
}

struct Entry {
  std::uint32_t column = 0;
  float value = 0;
};

class Parser {
 public:
  explicit Parser(const SvmlightOptions& options) : options_(options) {}

  Result<void> line(std::string_view line, std::size_t number_of_line) {
    line = line.substr(0, line.find('#'));
    const std::string_view grade_word = next_word(line);
    if (grade_word.empty()) return {};
    const auto grade = number<double>(grade_word);
    if (!grade || *grade != std::floor(*grade) || *grade < 0 || *grade > kGradeMax) {
      return fail(Code::kInvalidData, "line {}: expected a grade of 0 to {}, found '{}'", number_of_line, kGradeMax,
                  grade_word.substr(0, 40));
    }
    if (out_.rows() == trees::kRowsMax) return fail(Code::kTooLarge, "more than {} rows", trees::kRowsMax);
    out_.gains.push_back(static_cast<float>(options_.gain == GainKind::kLinear ? *grade : std::exp2(*grade) - 1));
    for (std::string_view word = next_word(line); !word.empty(); word = next_word(line)) {
      const std::size_t colon = word.find(':');
      const bool is_qid = word.starts_with("qid:");
      const auto said = is_qid ? qid(word.substr(4)) : entry(word, colon);
      if (!said) return fail(said.error().code, "line {}: {}", number_of_line, said.error().message);
    }
    row_ends_.push_back(entries_.size());
    return {};
  }

  Result<void> groups(std::string_view text) {
    std::size_t end = 0;
    for (std::size_t line = 1; !text.empty(); ++line) {
      std::string_view rest = next_line(text);
      const std::string_view word = next_word(rest);
      if (word.empty()) continue;
      const auto size = number<std::size_t>(word);
      if (!size || *size > trees::kGroupRowsMax || !next_word(rest).empty()) {
        return fail(Code::kInvalidData, "groups, line {}: expected a size of at most {}, found '{}'", line,
                    trees::kGroupRowsMax, word.substr(0, 40));
      }
      end += *size;
      out_.ends.push_back(end);
    }
    if (end != out_.rows())
      return fail(Code::kInvalidData, "the groups have {} rows, the lines are {}", end, out_.rows());
    return {};
  }

  Result<trees::RankingRows> finish(bool own_groups) {
    if (own_groups) {
      if (out_.rows() > 0 && !has_qid_)
        return fail(Code::kInvalidData, "the lines have no qid, and there is no file of groups");
      if (out_.rows() > 0) out_.ends.push_back(out_.rows());
    }
    const std::size_t columns = options_.columns > 0 ? options_.columns : columns_;
    if (columns > 0 && out_.rows() > kSvmlightValuesMax / columns) {
      return fail(Code::kTooLarge, "{} rows of {} columns are more than {} values", out_.rows(), columns,
                  kSvmlightValuesMax);
    }
    for (std::size_t c = 0; c < columns; ++c) out_.features.push_back(fmt::format("{}", c));
    out_.values.assign(out_.rows() * columns, 0);
    std::size_t at = 0;
    for (std::size_t row = 0; row < out_.rows(); ++row) {
      for (; at < row_ends_[row]; ++at) {
        if (entries_[at].column < columns) out_.values[row * columns + entries_[at].column] = entries_[at].value;
      }
    }
    HANDSEL_TRY(trees::check(out_));
    return std::move(out_);
  }

 private:
  Result<void> entry(std::string_view word, std::size_t colon) {
    const auto column = number<std::uint32_t>(word.substr(0, colon));
    const auto value = colon == std::string_view::npos ? std::nullopt : number<float>(word.substr(colon + 1));
    if (!column || !value) return fail(Code::kInvalidData, "expected COLUMN:VALUE, found '{}'", word.substr(0, 40));
    if (*column >= trees::kFeaturesMax)
      return fail(Code::kInvalidData, "column {}; at most {}", *column, trees::kFeaturesMax - 1);
    if (entries_.size() == kSvmlightValuesMax) return fail(Code::kTooLarge, "more than {} values", kSvmlightValuesMax);
    columns_ = std::max<std::size_t>(columns_, *column + 1);
    entries_.push_back({.column = *column, .value = *value});
    return {};
  }

  Result<void> qid(std::string_view word) {
    const auto value = number<std::uint64_t>(word);
    if (!value) return fail(Code::kInvalidData, "expected a number after qid:, found '{}'", word.substr(0, 40));
    if (has_qid_ && *value == qid_) return {};
    if (!seen_.insert(*value).second)
      return fail(Code::kInvalidData, "qid {} was there before, and is not a neighbour", *value);
    if (has_qid_) out_.ends.push_back(out_.rows() - 1);  // the line's own row is counted already
    has_qid_ = true;
    qid_ = *value;
    return {};
  }

  const SvmlightOptions& options_;
  trees::RankingRows out_;
  std::vector<Entry> entries_;
  std::vector<std::size_t> row_ends_;  // of entries_
  std::size_t columns_ = 0;
  bool has_qid_ = false;
  std::uint64_t qid_ = 0;
  std::unordered_set<std::uint64_t> seen_;
};

}  // namespace

Result<trees::RankingRows> parse_svmlight(std::string_view text, std::string_view groups,
                                          const SvmlightOptions& options) {
  if (options.columns > trees::kFeaturesMax) return fail(Code::kInvalidArgument, "{} columns", options.columns);
  Parser parser(options);
  for (std::size_t line = 1; !text.empty(); ++line) HANDSEL_TRY(parser.line(next_line(text), line));
  const bool own_groups = groups.empty();
  if (!own_groups) HANDSEL_TRY(parser.groups(groups));
  return parser.finish(own_groups);
}

}  // namespace handsel::learning
