#include "app/cli/flags.h"

#include <algorithm>

#include <CLI/CLI.hpp>

namespace handsel::cli {
namespace {

std::string own(std::string_view text) {
  return std::string(text);
}

std::string joined(std::span<const std::string_view> choices) {
  std::string all;
  for (const std::string_view choice : choices) all += (all.empty() ? "" : "|") + own(choice);
  return all;
}

CLI::Validator one_of(std::span<const std::string_view> choices) {
  const std::vector<std::string> allowed(choices.begin(), choices.end());
  return {[allowed, all = joined(choices)](std::string& value) -> std::string {
            if (std::ranges::find(allowed, value) != allowed.end()) return "";
            return "expected " + all + ", found '" + value + "'";
          },
          ""};
}

}  // namespace

void Flags::word(std::string& target, std::string_view name, std::string_view help) {
  app_.add_option(own(name), target, own(help))->required();
}

void Flags::optional_word(std::string& target, std::string_view name, std::string_view help) {
  app_.add_option(own(name), target, own(help));
}

void Flags::word_of(std::string& target, std::string_view name, std::string_view help,
                    std::span<const std::string_view> choices) {
  app_.add_option(own(name), target, own(help))->type_name(joined(choices))->required()->check(one_of(choices));
}

void Flags::words(std::vector<std::string>& target, std::string_view name, std::string_view help) {
  app_.add_option(own(name), target, own(help))->required();
}

void Flags::optional_words(std::vector<std::string>& target, std::string_view name, std::string_view help) {
  app_.add_option(own(name), target, own(help));
}

void Flags::text(std::string& target, std::string_view names, std::string_view help) {
  app_.add_option(own(names), target, own(help))->type_name("TEXT")->capture_default_str();
}

void Flags::required_text(std::string& target, std::string_view names, std::string_view help) {
  app_.add_option(own(names), target, own(help))->type_name("TEXT")->required();
}

void Flags::texts(std::vector<std::string>& target, std::string_view names, std::string_view help) {
  app_.add_option(own(names), target, own(help))->type_name("TEXT")->delimiter(',');
}

void Flags::choice(std::string& target, std::string_view names, std::string_view help,
                   std::span<const std::string_view> choices) {
  app_.add_option(own(names), target, own(help))
      ->type_name(joined(choices))
      ->check(one_of(choices))
      ->capture_default_str();
}

void Flags::number(std::int64_t& target, std::string_view names, std::string_view help, Range range) {
  CLI::Validator in_range(
      [range](std::string& value) -> std::string {
        std::int64_t number = 0;
        if (!CLI::detail::lexical_cast(value, number)) return "expected a whole number, found '" + value + "'";
        if (number >= range.low && number <= range.high) return "";
        return "expected " + std::to_string(range.low) + " to " + std::to_string(range.high) + ", found " + value;
      },
      "");
  app_.add_option(own(names), target, own(help))->type_name("NUMBER")->check(in_range)->capture_default_str();
}

void Flags::real(double& target, std::string_view names, std::string_view help) {
  app_.add_option(own(names), target, own(help))->type_name("NUMBER")->capture_default_str();
}

void Flags::boolean(bool& target, std::string_view names, std::string_view help) {
  app_.add_flag(own(names), target, own(help));
}

}  // namespace handsel::cli
