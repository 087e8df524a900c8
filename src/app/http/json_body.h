// The body of a request, by a table of its fields. For .cc files only: it pulls in simdjson.
#pragma once

#include <span>
#include <string_view>

#include "base/core/result.h"
#include "facts/catalog/import/json_fields.h"

namespace handsel::http {

// kInvalidData: no JSON. kInvalidArgument: no object, an unknown key, a value of another shape, by name.
template <typename Body>
Result<void> read_json_body(std::string_view text, std::span<const catalog::json::Field<Body>> fields, Body& out) {
  namespace json = catalog::json;
  json::Parser parser;
  const auto element = parser.parse(text);
  if (!element) return fail(Code::kInvalidData, "the body {}", element.error().reason);
  const auto read = json::read_object<Body>(*element, fields, out, json::UnknownKeys::kRefuse);
  if (read) return {};
  if (read.error().field.empty()) return fail(Code::kInvalidArgument, "the body: {}", read.error().reason);
  return fail(Code::kInvalidArgument, "'{}' {}", catalog::cut_text(read.error().field, 60), read.error().reason);
}

}  // namespace handsel::http
