// Writes JSON in one line, for the shapes that are ours.
#pragma once

#include <charconv>
#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

namespace handsel::catalog {

// `text` is valid UTF-8.
void append_json_string(std::string& out, std::string_view text);
// Hundredths as units: 1250 -> 12.5, 5 -> 0.05.
void append_json_units(std::string& out, std::int64_t cents);

// The members of one object, in the order of the calls. Appends to a borrowed string.
class JsonObjectWriter {
 public:
  explicit JsonObjectWriter(std::string& out) : out_(out) { out_.push_back('{'); }
  ~JsonObjectWriter() { out_.push_back('}'); }
  JsonObjectWriter(const JsonObjectWriter&) = delete;
  JsonObjectWriter& operator=(const JsonObjectWriter&) = delete;

  // Writes `"key":`; what follows is up to the caller.
  std::string& key(std::string_view name);

  void text(std::string_view name, std::string_view value) { append_json_string(key(name), value); }
  void text_if_any(std::string_view name, std::string_view value) {
    if (!value.empty()) text(name, value);
  }
  template <typename Number>
    requires(std::integral<Number> || std::floating_point<Number>)
  void number(std::string_view name, Number value) {
    char digits[32];
    const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
    key(name).append(digits, end);
  }
  void truth(std::string_view name, bool value) { key(name) += value ? "true" : "false"; }
  void units(std::string_view name, std::int64_t cents) { append_json_units(key(name), cents); }

  // [one, two, ...] with `write(out, item)` for each; nothing where `items` is empty.
  template <typename Items, typename Write>
  void array_if_any(std::string_view name, const Items& items, Write write) {
    if (items.empty()) return;
    key(name).push_back('[');
    bool first = true;
    for (const auto& item : items) {
      if (!first) out_.push_back(',');
      first = false;
      write(out_, item);
    }
    out_.push_back(']');
  }
  template <typename Texts>
  void texts_if_any(std::string_view name, const Texts& texts) {
    array_if_any(name, texts, [](std::string& out, std::string_view value) { append_json_string(out, value); });
  }

 private:
  std::string& out_;
  bool first_ = true;
};

}  // namespace handsel::catalog
