// The body of POST /v1/assign, read strictly: what is not known is refused.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>

#include "base/core/result.h"

namespace handsel::http {

inline constexpr std::size_t kAssignMembersMax = 100;  // in each of its lists
inline constexpr std::size_t kAssignValueBytesMax = 64 * 1024;

struct AssignRequest {
  std::string user_id;
  std::string session_id;
  std::string query;
  std::map<std::string, std::string, std::less<>> attributes;  // as targeting compares them
  std::map<std::string, std::string, std::less<>> units;       // of kinds of the caller's own: "shop" to its id
  std::set<std::string> experiments;                           // empty: all
  bool expose = false;
};

// kInvalidData where it is no JSON, kInvalidArgument where a member is wrong.
Result<AssignRequest> assign_from_json(std::string_view text);

}  // namespace handsel::http
