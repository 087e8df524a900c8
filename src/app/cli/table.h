// Columns for people. Numbers to the right, words to the left, long words cut.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace handsel::cli {

class Table {
 public:
  struct Column {
    std::string_view title;
    bool right = false;
    std::size_t width_max = 60;  // characters; longer cells end in an ellipsis
  };
  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}

  void row(std::vector<std::string> cells);
  bool empty() const { return rows_.empty(); }
  std::string text() const;

 private:
  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

// "12.50 EUR"; empty where there is no price.
std::string price_text(std::int64_t cents, std::string_view currency);
// "1.4 GB".
std::string bytes_text(std::uint64_t bytes);

}  // namespace handsel::cli
