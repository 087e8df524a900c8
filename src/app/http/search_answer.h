// Writes answers of the engine as JSON, straight into a string: about 1 µs for each
// hit of a kilobyte. The shapes are those of api/openapi.json.
#pragma once

#include <span>
#include <string>

#include "app/engine/engine.h"
#include "products/search/search.h"

namespace handsel::http {

// `request` decides which of the optional members are there.
void append_search_answer(std::string& out, const search::SearchRequest& request,
                          const search::SearchResponse& response);
void append_completions(std::string& out, std::span<const Engine::Completion> completions);
void append_health(std::string& out, const Health& health, bool stopping);
// Why the engine should not get requests yet; none: it should.
std::vector<std::string> reasons_not_ready(const Health& health, bool stopping);

}  // namespace handsel::http
