#include "app/http/target.h"

#include <algorithm>

#include "facts/catalog/import/values.h"

namespace handsel::http {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// Takes what stands before `separator` off the front of `rest`.
std::string_view take(std::string_view& rest, char separator) {
  const std::size_t end = rest.find(separator);
  const std::string_view piece = rest.substr(0, end);
  rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
  return piece;
}

Result<std::string> decode(std::string_view text, PlusSign plus, std::string_view what) {
  std::optional<std::string> decoded = percent_decode(text, plus);
  if (!decoded) return fail(Code::kInvalidArgument, "{}: a '%' is not followed by two hexadecimal digits", what);
  if (!catalog::is_utf8(*decoded)) return fail(Code::kInvalidArgument, "{} is not UTF-8", what);
  if (decoded->contains('\0')) return fail(Code::kInvalidArgument, "{} has a zero byte in it", what);
  return std::move(*decoded);
}

Result<void> read_path(std::string_view path, std::vector<std::string>& segments) {
  if (!path.starts_with('/')) return fail(Code::kInvalidArgument, "the target of a request starts with '/'");
  path.remove_prefix(1);
  if (path.empty()) return {};
  const bool ends_with_slash = path.ends_with('/');
  while (!path.empty()) {
    HANDSEL_ASSIGN(std::string segment, decode(take(path, '/'), PlusSign::kIsItself, "the path"));
    segments.push_back(std::move(segment));
  }
  if (ends_with_slash) segments.emplace_back();
  return {};
}

Result<void> read_query(std::string_view query, Target& target) {
  while (!query.empty()) {
    std::string_view value = take(query, '&');
    if (value.empty()) continue;
    const std::string_view name = take(value, '=');
    Parameter parameter;
    HANDSEL_ASSIGN(parameter.name, decode(name, PlusSign::kIsSpace, "the name of a parameter"));
    const std::string what = fmt::format("parameter '{}'", catalog::cut_text(parameter.name, 60));
    HANDSEL_ASSIGN(parameter.value, decode(value, PlusSign::kIsSpace, what));
    if (target.find(parameter.name) != nullptr) return fail(Code::kInvalidArgument, "{} is there twice", what);
    if (target.parameters.size() >= kParametersMax) {
      return fail(Code::kInvalidArgument, "there are more than {} parameters", kParametersMax);
    }
    target.parameters.push_back(std::move(parameter));
  }
  return {};
}

}  // namespace

const std::string* Target::find(std::string_view name) const {
  const auto found = std::ranges::find(parameters, name, &Parameter::name);
  return found == parameters.end() ? nullptr : &found->value;
}

std::optional<std::string> percent_decode(std::string_view text, PlusSign plus) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+' && plus == PlusSign::kIsSpace) {
      out.push_back(' ');
    } else if (text[i] != '%') {
      out.push_back(text[i]);
    } else {
      if (text.size() - i < 3) return std::nullopt;
      const int high = hex_digit(text[i + 1]);
      const int low = hex_digit(text[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      out.push_back(static_cast<char>(high * 16 + low));
      i += 2;
    }
  }
  return out;
}

Result<Target> parse_target(std::string_view text) {
  Target target;
  std::string_view query = text.substr(0, text.find('#'));
  const std::string_view path = take(query, '?');
  HANDSEL_TRY(read_path(path, target.segments));
  HANDSEL_TRY(read_query(query, target));
  return target;
}

}  // namespace handsel::http
