// The words and numbers of a TOML file that somebody wrote by hand, or what is wrong with them: "FILE, line 7: KEY must
// be a string".
//
// For documents that went through to_ascii_toml(). Templates, so that no header sees toml++: Node is toml::node,
// Problem toml::parse_error. Any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/core/ascii_toml.h"
#include "base/core/result.h"

namespace handsel {

class TomlReader {
 public:
  // The name is borrowed. `code`: of every error.
  explicit TomlReader(std::string_view file_name, Code code = Code::kInvalidData) : name_(file_name), code_(code) {}

  std::string_view file_name() const { return name_; }

  template <typename Node>
  std::unexpected<Error> wrong(const Node& node, std::string_view key, std::string_view what) const {
    return fail(code_, "{}, line {}: {} {}", name_, node.source().begin.line, key, what);
  }

  // That it is no TOML at all.
  template <typename Problem>
  std::unexpected<Error> wrong_toml(const Problem& problem) const {
    return fail(code_, "{}, line {}: {}", name_, problem.source().begin.line, from_ascii_toml(problem.description()));
  }

  template <typename Node>
  Result<std::string> text(const Node& node, std::string_view key) const {
    const std::optional<std::string> value = node.template value_exact<std::string>();
    if (!value) return wrong(node, key, "must be a string");
    return from_ascii_toml(*value);
  }

  template <typename Node>
  Result<bool> boolean(const Node& node, std::string_view key) const {
    const std::optional<bool> value = node.template value_exact<bool>();
    if (!value) return wrong(node, key, "must be true or false");
    return *value;
  }

  // Whole or not; TOML has nan and infinities, too.
  template <typename Node>
  Result<double> number(const Node& node, std::string_view key) const {
    if (!node.is_number()) return wrong(node, key, "must be a number");
    return *node.template value<double>();
  }

  // In [low, high], and so no nan.
  template <typename Node>
  Result<double> number(const Node& node, std::string_view key, double low, double high) const {
    const std::optional<double> value = node.is_number() ? node.template value<double>() : std::nullopt;
    if (!value || !(*value >= low && *value <= high)) {
      return wrong(node, key, fmt::format("must be a number from {:g} to {:g}", low, high));
    }
    return *value;
  }

 private:
  std::string_view name_;
  Code code_;
};

}  // namespace handsel
