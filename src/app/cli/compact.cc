#include "app/cli/commands.h"
#include "app/cli/table.h"

#include <nlohmann/json.hpp>

namespace handsel::cli {
namespace {

Result<int> run(Context& context) {
  HANDSEL_ASSIGN(const auto engine, open_engine(context, Folder::kMustExist));
  HANDSEL_TRY(engine->catch_up());
  const Health before = engine->health();
  HANDSEL_TRY(engine->compact());
  const Health after = engine->health();
  if (context.json) {
    context.print(nlohmann::json{{"segments_before", before.index_segments},
                                 {"segments", after.index_segments},
                                 {"index_bytes_before", before.index_bytes},
                                 {"index_bytes", after.index_bytes}}
                      .dump() +
                  "\n");
  } else {
    context.print(fmt::format("compacted: {} segments of {} became {} of {}\n", before.index_segments,
                              bytes_text(before.index_bytes), after.index_segments, bytes_text(after.index_bytes)));
  }
  return 0;
}

}  // namespace

Command compact_command() {
  return {.name = "compact",
          .summary = "Merge the index into one segment, link all vectors, forget superseded records",
          .example = "handsel compact --data shop",
          .declare = [](Flags&) -> Action { return [](Context& context) { return run(context); }; }};
}

}  // namespace handsel::cli
