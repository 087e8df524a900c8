#include "app/http/assign_request.h"

#include "app/engine/experiments.h"
#include "app/http/json_body.h"
#include "app/http/search_request.h"

namespace handsel::http {
namespace {

namespace json = catalog::json;
using json::Complaint;
using json::Element;
using Texts = std::map<std::string, std::string, std::less<>>;

Complaint read_within(Element value, std::string& out, std::size_t bytes_max) {
  if (Complaint complaint = json::read_id(value, out)) return complaint;
  if (out.size() > bytes_max) return fmt::format("is longer than {} bytes", bytes_max);
  if (out.contains('\0')) return "has a zero byte in it";
  return {};
}

// {"country": "DE"}
Complaint read_members(Element value, Texts& out) {
  json::Object object;
  if (value.get(object) != simdjson::SUCCESS) return json::expected("an object of names and values", value);
  for (const auto [key, member] : object) {
    if (out.size() >= kAssignMembersMax) return fmt::format("has over {} members", kAssignMembersMax);
    std::string text;
    if (Complaint complaint = read_within(member, text, kAssignValueBytesMax)) return complaint;
    out.insert_or_assign(std::string(key), std::move(text));
  }
  return {};
}

Complaint read_attributes(Element value, Texts& out) {
  if (Complaint complaint = read_members(value, out)) return complaint;
  for (auto& [name, text] : out) text = attribute_value(name, text);
  return {};
}

Complaint read_names(Element value, std::set<std::string>& out) {
  std::vector<std::string> names;
  if (Complaint complaint = json::read_texts(value, names)) return complaint;
  if (names.size() > kAssignMembersMax) return fmt::format("has over {} names", kAssignMembersMax);
  out.insert(names.begin(), names.end());
  return {};
}

constexpr auto kFields = std::to_array<json::Field<AssignRequest>>({
    {"user_id", [](Element v, AssignRequest& r) { return read_within(v, r.user_id, kPersonIdBytesMax); }},
    {"session_id", [](Element v, AssignRequest& r) { return read_within(v, r.session_id, kPersonIdBytesMax); }},
    {"query", [](Element v, AssignRequest& r) { return read_within(v, r.query, kAssignValueBytesMax); }},
    {"attributes", [](Element v, AssignRequest& r) { return read_attributes(v, r.attributes); }},
    {"units", [](Element v, AssignRequest& r) { return read_members(v, r.units); }},
    {"experiments", [](Element v, AssignRequest& r) { return read_names(v, r.experiments); }},
    {"expose", [](Element v, AssignRequest& r) { return json::read_bool(v, r.expose); }},
});

}  // namespace

Result<AssignRequest> assign_from_json(std::string_view text) {
  AssignRequest request;
  HANDSEL_TRY(read_json_body<AssignRequest>(text, kFields, request));
  return request;
}

}  // namespace handsel::http
