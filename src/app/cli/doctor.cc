// Looks at everything that can stand in the way, and says what is in force and why.
#include <algorithm>

#include <sys/resource.h>
#include <sys/utsname.h>
#include <unistd.h>
#if defined(__aarch64__)
#include <sys/auxv.h>
#endif

#include <nlohmann/json.hpp>

#include "app/cli/commands.h"
#include "app/cli/table.h"
#include "app/cli/version.h"
#include "app/engine/experiments_source.h"
#include "app/engine/governor.h"
#include "app/http/keys.h"
#include "ranking/learning/objective.h"

namespace handsel::cli {
namespace {

enum class Verdict : std::uint8_t { kOk, kNote, kFailed };

struct Check {
  std::string name;
  Verdict verdict = Verdict::kOk;
  std::string words;  // what was found, and what to do where it is not ok
};

std::string_view verdict_name(Verdict verdict) {
  switch (verdict) {
    case Verdict::kOk:
      return "ok";
    case Verdict::kNote:
      return "note";
    case Verdict::kFailed:
      return "FAILED";
  }
  return "";
}

constexpr rlim_t kOpenFilesMin = 1024;

Check check_processor() {
#if defined(__x86_64__)
  std::string sets;
  if (__builtin_cpu_supports("avx2")) sets += " AVX2";
  if (__builtin_cpu_supports("avx512f")) sets += " AVX-512";
  if (__builtin_cpu_supports("popcnt")) sets += " POPCNT";
  return {"processor", Verdict::kOk, sets.empty() ? "x86-64, plain kernels" : "x86-64 with" + sets};
#elif defined(__aarch64__)
  const bool dot_products = (::getauxval(AT_HWCAP) & HWCAP_ASIMDDP) != 0;
  return {"processor", Verdict::kOk, dot_products ? "aarch64 with NEON and its dot products" : "aarch64 with NEON"};
#else
  return {"processor", Verdict::kOk, "neither x86-64 nor aarch64: portable kernels"};
#endif
}

Check check_system() {
  utsname info{};
  ::uname(&info);
  return {"system", Verdict::kOk,
          fmt::format("{} {}, {} cores, {} of memory", info.sysname, info.release, ::sysconf(_SC_NPROCESSORS_ONLN),
                      bytes_text(static_cast<std::uint64_t>(::sysconf(_SC_PHYS_PAGES)) *
                                 static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE))))};
}

Check check_memory(const settings::Settings& settings) {
  const auto physical = ::sysconf(_SC_PHYS_PAGES) * ::sysconf(_SC_PAGESIZE);
  if (settings.memory_max_bytes == 0) return {"memory ceiling", Verdict::kOk, "none"};
  if (settings.memory_max_bytes > physical) {
    return {"memory ceiling", Verdict::kNote, "engine.memory_max is more than the machine has"};
  }
  return {"memory ceiling", Verdict::kOk, bytes_text(static_cast<std::uint64_t>(settings.memory_max_bytes))};
}

Check check_objective(const settings::Settings& settings) {
  const auto objective = learning::parse_objective(settings.objective);
  if (!objective) return {"objective", Verdict::kFailed, "train." + objective.error().message};
  return {"objective", Verdict::kOk, learning::to_text(*objective)};
}

Check check_open_files() {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  if (limit.rlim_cur < kOpenFilesMin) {
    return {"open files", Verdict::kFailed,
            fmt::format("the limit is {}, too few for tables and connections; raise it ('ulimit -n {}')",
                        limit.rlim_cur, kOpenFilesMin)};
  }
  return {"open files", Verdict::kOk, fmt::format("up to {}", limit.rlim_cur)};
}

Check check_disk(const settings::Settings& settings, const std::string& folder) {
  const auto free = free_disk_bytes(folder);
  if (!free) return {"disk", Verdict::kFailed, free.error().message};
  if (*free < static_cast<std::uint64_t>(settings.disk_free_min_bytes)) {
    return {"disk", Verdict::kFailed,
            fmt::format("{} free, less than engine.disk_free_min ({}): writes are refused; make room",
                        bytes_text(*free), bytes_text(static_cast<std::uint64_t>(settings.disk_free_min_bytes)))};
  }
  return {"disk", Verdict::kOk, bytes_text(*free) + " free"};
}

Check check_permissions(const std::string& folder) {
  if (::access(folder.c_str(), R_OK | W_OK | X_OK) != 0) {
    return {"permissions", Verdict::kFailed,
            fmt::format("this user (id {}) may not read and write {}; change its owner or mode", ::geteuid(), folder)};
  }
  return {"permissions", Verdict::kOk, "read and write"};
}

Check check_keys(const Context& context) {
  const auto keys = http::list_keys(context.process.files, http::keys_path(context.data));
  if (!keys) return {"keys", Verdict::kFailed, keys.error().message};
  return {"keys", Verdict::kOk, fmt::format("{}", keys->size())};
}

// Also where a server has the folder.
Check check_experiments(const Context& context) {
  const auto experiments = load_experiments(context.process.files, experiments_path(context.data));
  if (!experiments) return {"experiments", Verdict::kFailed, experiments.error().message};
  const auto running = std::ranges::count_if(experiments->all(), &assignment::Experiment::is_running);
  return {"experiments", Verdict::kOk, fmt::format("{}, of which {} run", experiments->all().size(), running)};
}

// Opens the folder as every command would.
Check check_marketplace(const Context& context) {
  const auto engine = open_engine(context, Folder::kMustExist);
  if (!engine && engine.error().code == Code::kConflict) {
    return {"marketplace", Verdict::kNote, "in use: " + engine.error().message};
  }
  if (!engine) return {"marketplace", Verdict::kFailed, engine.error().message};
  if (const auto done = (*engine)->catch_up(); !done) return {"marketplace", Verdict::kFailed, done.error().message};
  const Health health = (*engine)->health();
  std::string words = fmt::format("{} listings, {} events, index of {} in {} segments", health.listings, health.events,
                                  bytes_text(health.index_bytes), health.index_segments);
  for (const std::string& reason : health.degraded) words += "; " + reason;
  return {"marketplace", health.degraded.empty() ? Verdict::kOk : Verdict::kFailed, std::move(words)};
}

std::vector<Check> run_checks(const Context& context) {
  std::vector<Check> checks = {check_system(), check_processor(), check_memory(context.settings.values),
                               check_objective(context.settings.values), check_open_files()};
  for (const std::string& complaint : context.settings.complaints) {
    checks.push_back({"settings", Verdict::kNote, complaint});
  }
  if (context.data.empty()) {
    checks.push_back({"data folder", Verdict::kNote, "not looked at; name it with --data"});
  } else if (!context.process.files.exists(context.data)) {
    checks.push_back({"data folder", Verdict::kFailed, "there is no folder " + context.data});
  } else {
    checks.push_back(check_permissions(context.data));
    checks.push_back(check_disk(context.settings.values, context.data));
    checks.push_back(check_keys(context));
    checks.push_back(check_experiments(context));
    checks.push_back(check_marketplace(context));
  }
  return checks;
}

std::string for_people(const Context& context, const std::vector<Check>& checks) {
  constexpr std::size_t kPathMax = 4'200;  // whole: a path and a line to go to
  Table in_force({{.title = "setting"}, {.title = "value", .width_max = 40}, {.title = "from", .width_max = kPathMax}});
  for (std::size_t i = 0; i < settings::table().size(); ++i) {
    in_force.row({std::string(settings::table()[i].name), settings::show(context.settings.values, settings::table()[i]),
                  context.settings.origins[i].where});
  }
  Table found({{.title = "check"}, {.title = ""}, {.title = "found", .width_max = 400}});
  for (const Check& check : checks) found.row({check.name, std::string(verdict_name(check.verdict)), check.words});
  std::string libraries;
  for (const Part& part : parts()) libraries += (libraries.empty() ? "" : ", ") + part.name + " " + part.version;
  return fmt::format("handsel {} ({})\n\n{}\n{}", kVersion, libraries, in_force.text(), found.text());
}

std::string for_programs(const Context& context, const std::vector<Check>& checks, bool failed) {
  nlohmann::json json = {{"version", kVersion}, {"ok", !failed}};
  for (const Part& part : parts()) json["built_with"][part.name] = part.version;
  for (std::size_t i = 0; i < settings::table().size(); ++i) {
    json["settings"].push_back({{"name", settings::table()[i].name},
                                {"value", settings::show(context.settings.values, settings::table()[i])},
                                {"from", context.settings.origins[i].where}});
  }
  for (const Check& check : checks) {
    json["checks"].push_back({{"check", check.name}, {"verdict", verdict_name(check.verdict)}, {"found", check.words}});
  }
  return json.dump() + "\n";
}

Result<int> run(Context& context) {
  const std::vector<Check> checks = run_checks(context);
  const bool failed = std::ranges::any_of(checks, [](const Check& c) { return c.verdict == Verdict::kFailed; });
  context.print(context.json ? for_programs(context, checks, failed) : for_people(context, checks));
  return failed ? 1 : 0;
}

}  // namespace

Command doctor_command() {
  return {.name = "doctor",
          .summary = "Print what is in force and where it comes from, and check machine and data folder",
          .example = "handsel doctor --data shop",
          .uses = Uses::kDoctor,
          .declare = [](Flags&) -> Action { return [](Context& context) { return run(context); }; }};
}

}  // namespace handsel::cli
