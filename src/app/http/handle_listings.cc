#include "app/http/handlers.h"
#include "app/http/visible.h"
#include "facts/catalog/import/json_writer.h"
#include "facts/catalog/import/listing_json.h"

namespace handsel::http {
namespace {

Error to_error(const catalog::RowError& row) {
  return {Code::kInvalidData, row.field.empty() ? "the body " + row.reason : row.field + ": " + row.reason};
}

Response taken(std::string_view id) {
  std::string body;
  {
    catalog::JsonObjectWriter object(body);
    object.text("id", id);
    object.text("status", "ok");
  }
  return json_answer(std::move(body));
}

Result<catalog::Listing> find(Context& context, const Call& call) {
  const std::string filter = call.key_filter();
  if (filter.empty()) return context.engine.listing(call.argument);
  HANDSEL_ASSIGN(auto visible, visible_listings(context.engine, {&call.argument, 1}, filter));
  if (visible.empty()) return fail(Code::kNotFound, "there is no listing '{}'", call.argument);
  return std::move(visible.front());
}

}  // namespace

Response handle_listing(Context& context, const Call& call) {
  const auto listing = find(context, call);
  return listing ? json_answer(catalog::to_json(*listing)) : refuse(call, listing.error());
}

Response handle_put_listing(Context& context, const Call& call) {
  catalog::CatalogParser parser;
  const auto listing = parser.listing(call.request.body);
  if (!listing) return refuse(call, to_error(listing.error()));
  const auto statuses = context.engine.put_listings({&*listing, 1});
  if (!statuses) return refuse(call, statuses.error());
  const WriteStatus& status = statuses->front();
  return status.error ? refuse(call, *status.error) : taken(listing->id);
}

Response handle_patch_listing(Context& context, const Call& call) {
  catalog::CatalogParser parser;
  const auto patch = parser.patch(call.request.body);
  if (!patch) return refuse(call, to_error(patch.error()));
  const auto status = context.engine.patch_listing(call.argument, *patch);
  if (!status) return refuse(call, status.error());
  return status->error ? refuse(call, *status->error) : taken(call.argument);
}

Response handle_delete_listing(Context& context, const Call& call) {
  const auto statuses = context.engine.delete_listings({&call.argument, 1});
  if (!statuses) return refuse(call, statuses.error());
  const WriteStatus& status = statuses->front();
  return status.error ? refuse(call, *status.error) : Response{.status = 204};
}

}  // namespace handsel::http
