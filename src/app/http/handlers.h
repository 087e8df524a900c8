// What the routes do. Each handler answers one request, on the thread that its
// route names; errors become problem documents.
#pragma once

#include <string>

#include "app/http/call.h"
#include "app/http/message.h"
#include "base/core/result.h"

namespace handsel::http {

Response handle_search(Context& context, const Call& call);
Response handle_search_body(Context& context, const Call& call);
Response handle_multi_search(Context& context, const Call& call);
Response handle_complete(Context& context, const Call& call);

Response handle_listing(Context& context, const Call& call);
Response handle_put_listing(Context& context, const Call& call);
Response handle_patch_listing(Context& context, const Call& call);
Response handle_delete_listing(Context& context, const Call& call);

Response handle_events(Context& context, const Call& call);

Response handle_assign(Context& context, const Call& call);
Response handle_experiments(Context& context, const Call& call);
Response handle_put_experiments(Context& context, const Call& call);
Response handle_decide_experiment(Context& context, const Call& call);

Response handle_live(Context& context, const Call& call);
Response handle_ready(Context& context, const Call& call);
Response handle_metrics(Context& context, const Call& call);
Response handle_page(Context& context, const Call& call);
Response handle_picture(Context& context, const Call& call);

// A problem document that names the request.
Response refuse(const Call& call, const Error& error, int status = 0);
Response json_answer(std::string body);

// "application/json; charset=utf-8" is of type "application/json".
bool has_type(std::string_view content_type, std::string_view type);

}  // namespace handsel::http
