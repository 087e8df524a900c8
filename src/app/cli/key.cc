#include <algorithm>

#include <nlohmann/json.hpp>

#include "app/cli/commands.h"
#include "app/cli/table.h"
#include "app/http/keys.h"

namespace handsel::cli {
namespace {

constexpr std::int64_t kDayMs = 24ll * 3600 * 1000;

struct NewOptions {
  std::string name;
  std::string scopes = "search,events";
  std::string filter;
  std::vector<std::string> origins;
  std::int64_t requests_per_s = 0;
  std::int64_t days = 0;
  bool anonymous = false;
  bool no_personalisation = false;
};

struct RevokeOptions {
  std::string id;
};

nlohmann::json to_json(const http::Key& key) {
  return {{"id", key.id},
          {"name", key.name},
          {"scopes", http::scope_names(key.scopes)},
          {"filter", key.filter},
          {"origins", key.origins},
          {"requests_per_s", key.requests_per_s},
          {"created_ms", key.created_ms},
          {"expires_ms", key.expires_ms},
          {"anonymous", key.anonymous},
          {"personalisation", key.personalisation}};
}

// Keys belong to a marketplace; a mistyped folder must not silently get some.
Result<void> check_folder(const Context& context) {
  if (context.process.files.exists(context.data)) return {};
  return fail(Code::kNotFound, "there is no folder {}", context.data);
}

Result<int> make(const NewOptions& options, Context& context) {
  HANDSEL_TRY(check_folder(context));
  if (options.name.empty()) return fail(Code::kInvalidArgument, "--name is empty: say what the key is for");
  http::Key wishes{.name = options.name,
                   .filter = options.filter,
                   .origins = options.origins,
                   .requests_per_s = options.requests_per_s,
                   .anonymous = options.anonymous,
                   .personalisation = !options.no_personalisation};
  HANDSEL_ASSIGN(wishes.scopes, http::parse_scopes(options.scopes));
  if (options.days > 0) wishes.expires_ms = context.process.clock.now_ms() + options.days * kDayMs;
  HANDSEL_ASSIGN(const http::NewKey made, http::create_key(context.process.files, http::keys_path(context.data),
                                                           std::move(wishes), context.process.clock));
  if (context.json) {
    nlohmann::json json = to_json(made.key);
    if (!made.text.empty()) json["key"] = made.text;
    context.print(json.dump() + "\n");
  } else if (made.text.empty()) {
    context.print(fmt::format("visitors without a key may now do this ({})\n", made.key.id));
  } else {
    context.print(made.text + "\n");
    std::fprintf(context.process.err, "handsel: keep it safe, it is not shown again\n");
  }
  return 0;
}

// "no personalisation, 20 requests/s, from https://shop.example".
std::string limits_of(const http::Key& key) {
  std::vector<std::string> limits;
  if (!key.personalisation) limits.emplace_back("no personalisation");
  if (key.requests_per_s > 0) limits.push_back(fmt::format("{} requests/s", key.requests_per_s));
  if (!key.origins.empty()) limits.push_back(fmt::format("from {}", fmt::join(key.origins, " ")));
  return fmt::format("{}", fmt::join(limits, ", "));
}

Result<int> list(Context& context) {
  HANDSEL_TRY(check_folder(context));
  HANDSEL_ASSIGN(const auto keys, http::list_keys(context.process.files, http::keys_path(context.data)));
  if (context.json) {
    auto rows = nlohmann::json::array();
    for (const http::Key& key : keys) rows.push_back(to_json(key));
    context.print(nlohmann::json{{"keys", rows}}.dump() + "\n");
    return 0;
  }
  Table table({{.title = "id"},
               {.title = "name", .width_max = 30},
               {.title = "scopes"},
               {.title = "filter"},
               {.title = "limits", .width_max = 60},
               {.title = "expires"}});
  for (const http::Key& key : keys) {
    std::string scopes;
    for (const std::string& scope : http::scope_names(key.scopes)) scopes += (scopes.empty() ? "" : ",") + scope;
    const std::int64_t left_ms = key.expires_ms - context.process.clock.now_ms();
    table.row({key.id, key.anonymous ? key.name + " (visitors)" : key.name, scopes, key.filter, limits_of(key),
               key.expires_ms == 0 ? "never"
               : left_ms <= 0      ? "expired"
                                   : fmt::format("in {} days", left_ms / kDayMs)});
  }
  context.print(table.empty() ? "there are no keys; 'handsel key new' makes one\n" : table.text());
  return 0;
}

Result<int> revoke(const RevokeOptions& options, Context& context) {
  HANDSEL_TRY(check_folder(context));
  HANDSEL_TRY(http::revoke_key(context.process.files, http::keys_path(context.data), options.id));
  context.print(context.json ? nlohmann::json{{"revoked", options.id}}.dump() + "\n"
                             : fmt::format("revoked {}\n", options.id));
  return 0;
}

}  // namespace

Command key_new_command() {
  return {.name = "key new",
          .summary = "Make an API key; it is printed once, and stored hashed",
          .example = "handsel key new --data shop --name website --scopes search,events",
          .declare = [](Flags& flags) -> Action {
            auto options = std::make_shared<NewOptions>();
            flags.required_text(options->name, "--name", "What the key is for");
            flags.text(options->scopes, "--scopes", "search, events, listings:write, metrics, admin; or all");
            flags.text(options->filter, "--filter", "All that the key can see; no request escapes it");
            flags.texts(options->origins, "--origins", "Sites whose pages may use the key");
            flags.number(options->requests_per_s, "--requests-per-s", "Limit of its own; 0 is none", {0, 1'000'000});
            flags.number(options->days, "--days", "How long it is valid; 0 is for ever", {0, 36'500});
            flags.boolean(options->anonymous, "--anonymous", "Not a key: what visitors without one may do");
            flags.boolean(options->no_personalisation, "--no-personalisation",
                          "Searches know nothing of who asks, whatever the request says");
            return [options](Context& context) { return make(*options, context); };
          }};
}

Command key_list_command() {
  return {.name = "key list",
          .summary = "List the API keys, without their secrets",
          .example = "handsel key list --data shop",
          .declare = [](Flags&) -> Action { return [](Context& context) { return list(context); }; }};
}

Command key_revoke_command() {
  return {.name = "key revoke",
          .summary = "Revoke an API key; a running server notices within seconds",
          .example = "handsel key revoke 3f9ac1d27b40 --data shop",
          .declare = [](Flags& flags) -> Action {
            auto options = std::make_shared<RevokeOptions>();
            flags.word(options->id, "ID", "The id, as 'handsel key list' prints it");
            return [options](Context& context) { return revoke(*options, context); };
          }};
}

}  // namespace handsel::cli
