// Reading the fields of a JSON object with simdjson, for the .cc files of the
// readers (this header pulls in simdjson: keep it out of other headers).
//
// A reader of a shape is a table of Field rows: a key and a function that turns its
// value into a member, or says in words what is wrong with it. read_object() walks
// the object once; an absent key or null leaves the member as it is, and of a key
// that is there twice the last counts.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <simdjson.h>

#include "facts/catalog/import/row.h"
#include "facts/catalog/import/values.h"
#include "facts/catalog/listing.h"

namespace handsel::catalog::json {

using Element = simdjson::dom::element;
using Object = simdjson::dom::object;
using Array = simdjson::dom::array;

// Deeper JSON is refused: nothing that we read needs more.
inline constexpr std::size_t kDepthMax = 64;

// What is wrong with a value, to be read after the name of its field; or nothing.
using Complaint = std::optional<std::string>;

// Keeps its buffers. One thread; an Element is valid until the next parse().
class Parser {
 public:
  RowResult<Element> parse(std::string_view text);

 private:
  simdjson::dom::parser parser_;
};

// "a string", "an array", ...
std::string_view type_name(Element value);
Complaint expected(std::string_view what, Element found);

// The member of an object; nothing where it is absent or null, or where `value` is no object.
std::optional<Element> member(Element value, std::string_view key);
// member() of member() ...
std::optional<Element> member(Element value, std::string_view first, std::string_view second);
// The elements of an array; none where `value` is none.
std::vector<Element> elements(std::optional<Element> value);

// Lenient: a string as it is, a number or truth value written out, else empty.
std::string text_of(std::optional<Element> value);
// Lenient: a number, or a string that is one.
std::optional<double> number_of(std::optional<Element> value);
std::optional<std::int64_t> whole_number_of(std::optional<Element> value);
bool truth_of(std::optional<Element> value);
// A number since 1970 or a written time; see parse_time_ms().
std::optional<std::int64_t> time_ms_of(std::optional<Element> value);

// Strict: the type must be right.
Complaint read_text(Element value, std::string& out);
Complaint read_id(Element value, std::string& out);  // a string or a whole number
Complaint read_texts(Element value, std::vector<std::string>& out);
Complaint read_whole_number(Element value, std::int64_t& out);
Complaint read_number(Element value, std::optional<double>& out);
Complaint read_bool(Element value, bool& out);
Complaint read_price(Element value, std::optional<std::int64_t>& cents);  // in units
Complaint read_location(Element value, std::optional<GeoPoint>& out);     // {"lat", "lon"}

template <typename T>
struct Field {
  std::string_view key;
  Complaint (*read)(Element value, T& out);
};

enum class UnknownKeys { kPassOver, kRefuse };

template <typename T>
RowResult<void> read_object(Element value, std::span<const Field<T>> fields, T& out,
                            UnknownKeys unknown = UnknownKeys::kPassOver) {
  Object object;
  if (value.get(object) != simdjson::SUCCESS) return refuse("", "expected an object, found {}", type_name(value));
  for (const auto [key, member_value] : object) {
    const Field<T>* found = nullptr;
    for (const Field<T>& field : fields) {
      if (field.key != key) continue;
      found = &field;
      break;
    }
    if (found == nullptr) {
      if (unknown == UnknownKeys::kRefuse) return refuse(key, "is not a key that is known here");
      continue;
    }
    if (member_value.is_null()) continue;
    if (Complaint complaint = found->read(member_value, out)) return refuse(key, "{}", *complaint);
  }
  return {};
}

}  // namespace handsel::catalog::json
