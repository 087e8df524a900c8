#include <algorithm>

#include "app/http/handlers.h"
#include "app/http/problem.h"
#include "app/http/search_answer.h"
#include "app/http/search_request.h"
#include "app/http/visible.h"
#include "facts/catalog/import/json_writer.h"
#include "facts/catalog/import/values.h"

namespace handsel::http {
namespace {

constexpr std::size_t kCompletionsMax = 50;
constexpr std::size_t kCompletions = 8;
// Every so many searches one is asked to explain itself, for the times of its stages.
constexpr std::uint64_t kStagesSampledEvery = 32;

void count_stages(Context& context, const search::SearchResponse& response) {
  for (const search::ExplainStep& step : response.explain) {
    context.metrics
        .histogram("handsel_search_stage_seconds", "Time in each stage of a search (a sample of searches).",
                   {{"stage", step.stage}})
        .observe_ms(step.ms);
  }
}

// Where it is forbidden the engine does not even learn who asks.
void forget_person(search::SearchRequest& request) {
  request.personalise = false;
  request.session_id.clear();
  request.user_id.clear();
  request.country.clear();
}

Result<void> append_search(Context& context, const Call& call, const search::SearchRequest& asked, std::string& out) {
  search::SearchRequest request = asked;
  request.key_filter = call.key_filter();
  if (!call.may_personalise()) forget_person(request);
  const bool sampled = context.searches.fetch_add(1, std::memory_order_relaxed) % kStagesSampledEvery == 0;
  request.explain = asked.explain || sampled;
  HANDSEL_ASSIGN(const search::SearchResponse response, context.engine.search(request));
  count_stages(context, response);
  append_search_answer(out, asked, response);
  return {};
}

Response answer(Context& context, const Call& call, const Result<search::SearchRequest>& request) {
  if (!request) return refuse(call, request.error());
  std::string body;
  if (const auto searched = append_search(context, call, *request, body); !searched) {
    return refuse(call, searched.error());
  }
  return json_answer(std::move(body));
}

struct CompleteRequest {
  std::string prefix;
  std::size_t limit = kCompletions;
};

Result<CompleteRequest> read_complete(const std::vector<Parameter>& parameters) {
  CompleteRequest request;
  for (const auto& [name, value] : parameters) {
    if (name == "q") {
      if (value.size() > search::kQueryBytesMax) {
        return fail(Code::kInvalidArgument, "'q' is longer than {} bytes", search::kQueryBytesMax);
      }
      request.prefix = value;
    } else if (name == "limit") {
      const auto limit = catalog::parse_whole_number(value);
      if (!limit || *limit < 1 || *limit > static_cast<std::int64_t>(kCompletionsMax)) {
        return fail(Code::kInvalidArgument, "'limit' is a whole number from 1 to {}", kCompletionsMax);
      }
      request.limit = static_cast<std::size_t>(*limit);
    } else {
      return fail(Code::kInvalidArgument, "'{}' is no parameter of a completion; there are: q, limit",
                  catalog::cut_text(name, 60));
    }
  }
  return request;
}

}  // namespace

Response handle_search(Context& context, const Call& call) {
  return answer(context, call, search_from_parameters(call.target.parameters));
}

Response handle_search_body(Context& context, const Call& call) {
  return answer(context, call, search_from_json(call.request.body));
}

Response handle_multi_search(Context& context, const Call& call) {
  const auto requests = searches_from_json(call.request.body, context.limits.searches_max);
  if (!requests) return refuse(call, requests.error());
  std::string body = "{\"answers\":[";
  for (std::size_t i = 0; i < requests->size(); ++i) {
    if (i != 0) body.push_back(',');
    const std::size_t begin = body.size();
    const auto& request = (*requests)[i];
    const Result<void> searched =
        request ? append_search(context, call, *request, body) : std::unexpected(request.error());
    if (searched) continue;
    body.resize(begin);
    body += "{\"error\":";
    append_problem(body, searched.error());
    body.push_back('}');
  }
  return json_answer(body + "]}");
}

Response handle_complete(Context& context, const Call& call) {
  const auto request = read_complete(call.target.parameters);
  if (!request) return refuse(call, request.error());
  std::string body;
  if (const std::string filter = call.key_filter(); !filter.empty()) {
    const auto visible = visible_completions(context.engine, request->prefix, request->limit, filter);
    if (!visible) return refuse(call, visible.error());
    append_completions(body, *visible);
  } else {
    append_completions(body, context.engine.complete(request->prefix, request->limit));
  }
  return json_answer(std::move(body));
}

}  // namespace handsel::http
