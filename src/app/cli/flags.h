// How a command says what it takes. The only user of CLI11 is flags.cc with run.cc
// above it; commands see this alone, which keeps their compile time small.
//
// Targets are written when the command line is parsed, and must outlive it: keep
// them in a struct that the command's action owns.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace CLI {
class App;
}

namespace handsel::cli {

class Flags {
 public:
  explicit Flags(CLI::App& app) : app_(app) {}

  // Words without a dash. `name` is what --help calls them: "FILE".
  void word(std::string& target, std::string_view name, std::string_view help);
  void word_of(std::string& target, std::string_view name, std::string_view help,
               std::span<const std::string_view> choices);
  void words(std::vector<std::string>& target, std::string_view name, std::string_view help);
  void optional_words(std::vector<std::string>& target, std::string_view name, std::string_view help);
  void optional_word(std::string& target, std::string_view name, std::string_view help);

  // `names` as in "--format" or "-n,--limit". Targets keep their value where the flag is absent.
  void text(std::string& target, std::string_view names, std::string_view help);
  void required_text(std::string& target, std::string_view names, std::string_view help);
  void texts(std::vector<std::string>& target, std::string_view names, std::string_view help);
  void choice(std::string& target, std::string_view names, std::string_view help,
              std::span<const std::string_view> choices);
  struct Range {
    std::int64_t low = 0;
    std::int64_t high = 0;
  };
  void number(std::int64_t& target, std::string_view names, std::string_view help, Range range);
  void real(double& target, std::string_view names, std::string_view help);
  void boolean(bool& target, std::string_view names, std::string_view help);

 private:
  CLI::App& app_;
};

}  // namespace handsel::cli
