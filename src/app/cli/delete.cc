#include "app/cli/commands.h"

#include <nlohmann/json.hpp>

namespace handsel::cli {
namespace {

struct Options {
  std::vector<std::string> ids;
};

Result<int> run(const Options& options, Context& context) {
  HANDSEL_ASSIGN(const auto engine, open_engine(context, Folder::kMustExist, "DELETE /v1/listings/{id}"));
  HANDSEL_ASSIGN(const auto statuses, engine->delete_listings(options.ids));
  std::size_t deleted = 0;
  auto rows = nlohmann::json::array();
  for (const WriteStatus& status : statuses) {
    if (!status.error) ++deleted;
    rows.push_back({{"id", status.id}, {"status", status.error ? "absent" : "deleted"}});
    if (status.error && !context.json) context.print(fmt::format("{}: {}\n", status.id, status.error->message));
  }
  if (context.json) {
    context.print(nlohmann::json{{"deleted", deleted}, {"listings", rows}}.dump() + "\n");
  } else {
    context.print(fmt::format("deleted {} of {} listings\n", deleted, statuses.size()));
  }
  return deleted == statuses.size() ? 0 : 1;
}

}  // namespace

Command delete_command() {
  return {.name = "delete",
          .summary = "Delete listings by id",
          .example = "handsel delete L17 L18 --data shop",
          .declare = [](Flags& flags) -> Action {
            auto options = std::make_shared<Options>();
            flags.words(options->ids, "ID", "Ids of listings");
            return [options](Context& context) { return run(*options, context); };
          }};
}

}  // namespace handsel::cli
