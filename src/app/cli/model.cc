// Models and other artefacts of a marketplace, in DATA/models: what was learned from
// its log, and encoders that were imported.
#include <algorithm>
#include <set>

#include <nlohmann/json.hpp>

#include "analysis/models/import_transformer.h"
#include "app/cli/commands.h"
#include "app/cli/table.h"
#include "base/storage/artefact_store.h"

namespace handsel::cli {
namespace {

using storage::ArtefactStore;
using storage::Manifest;

struct ImportOptions {
  std::string folder;
  bool promote = false;
};

struct ChallengeOptions {
  std::string ranker;
  double share = 0.2;
  bool none = false;
};

struct Named {
  std::string name;  // an id or a kind
};

// Models belong to a marketplace; a mistyped folder must not silently get some.
Result<std::unique_ptr<ArtefactStore>> open_store(const Context& context) {
  if (!context.process.files.exists(context.data)) return fail(Code::kNotFound, "there is no folder {}", context.data);
  return std::make_unique<ArtefactStore>(context.process.files, context.process.clock, context.data + "/models");
}

// What part a model has in what is answered.
struct Service {
  bool serves = false;
  double challenges = 0;  // the share of sessions in which it is tried beside the one that serves
  std::string text() const {
    return serves ? "yes" : challenges > 0 ? fmt::format("tried, {:g} %", 100 * challenges) : "";
  }
};

nlohmann::json to_json(const Manifest& manifest, const Service& service) {
  return {{"kind", manifest.kind},
          {"id", manifest.id},
          {"serves", service.serves},
          {"challenges", service.challenges},
          {"made_ms", manifest.made_ms},
          {"seed", manifest.seed},
          {"data_fingerprint", manifest.data_fingerprint},
          {"features", manifest.features},
          {"metrics", manifest.metrics},
          {"details", manifest.details},
          {"files", manifest.files}};
}

Result<Service> service_of(const ArtefactStore& store, const Manifest& manifest) {
  HANDSEL_ASSIGN(const auto promoted, store.promoted(manifest.kind));
  HANDSEL_ASSIGN(const auto challenger, store.challenger(manifest.kind));
  return Service{.serves = promoted == manifest.id,
                 .challenges = challenger && challenger->id == manifest.id ? challenger->share : 0};
}

// The one artefact whose id is `id`, or begins with it.
Result<Manifest> find(const ArtefactStore& store, const std::string& id) {
  HANDSEL_ASSIGN(const auto listing, store.list());
  std::vector<const Manifest*> found;
  for (const Manifest& manifest : listing.artefacts) {
    if (manifest.id == id) return manifest;
    if (!id.empty() && manifest.id.starts_with(id)) found.push_back(&manifest);
  }
  if (found.size() > 1) {
    std::string ids;
    for (const Manifest* manifest : found)
      ids += fmt::format("{}{} {}", ids.empty() ? "" : ", ", manifest->kind, manifest->id);
    return fail(Code::kInvalidArgument, "{} models have an id that begins with {}: {}", found.size(), id, ids);
  }
  if (found.empty()) return fail(Code::kNotFound, "there is no model {}; 'handsel model list' shows all", id);
  return *found.front();
}

Result<int> import(const ImportOptions& options, Context& context) {
  HANDSEL_ASSIGN(const auto store, open_store(context));
  HANDSEL_ASSIGN(models::ImportedModel model, models::import_transformer(context.process.files, options.folder));
  const Manifest manifest = model.manifest;
  HANDSEL_ASSIGN(const std::string id, store->put(std::move(model.manifest), model.files));
  if (options.promote) HANDSEL_TRY(store->promote(manifest.kind, id));
  if (context.json) {
    context.print(nlohmann::json{{"kind", manifest.kind}, {"id", id}, {"serves", options.promote}}.dump() + "\n");
    return 0;
  }
  context.print(fmt::format("{} {}: {} of {} layers, vectors of {} numbers\n", manifest.kind, id,
                            manifest.details.at("architecture"), manifest.details.at("layers"),
                            manifest.details.at("dimensions")));
  if (!options.promote) {
    std::fprintf(context.process.err, "handsel: it serves after 'handsel model promote %s --data %s'\n", id.c_str(),
                 context.data.c_str());
  }
  return 0;
}

Result<int> list(Context& context) {
  HANDSEL_ASSIGN(const auto store, open_store(context));
  HANDSEL_ASSIGN(const auto listing, store->list());
  std::vector<std::string> damaged = listing.damaged;
  auto rows = nlohmann::json::array();
  Table table({{.title = "kind"}, {.title = "id"}, {.title = "serves"}, {.title = "what", .width_max = 40}});
  for (const Manifest& manifest : listing.artefacts) {
    HANDSEL_ASSIGN(const Service service, service_of(*store, manifest));
    if (service.serves || service.challenges > 0) {
      if (const auto whole = store->open(manifest.kind, manifest.id); !whole) damaged.push_back(whole.error().message);
    }
    rows.push_back(to_json(manifest, service));
    const auto name = manifest.details.find("name");
    table.row({manifest.kind, manifest.id, service.text(), name == manifest.details.end() ? "" : name->second});
  }
  for (const std::string& one : damaged) std::fprintf(context.process.err, "handsel: %s\n", one.c_str());
  if (context.json) {
    context.print(nlohmann::json{{"models", rows}, {"damaged", damaged}}.dump() + "\n");
  } else {
    context.print(
        table.empty()
            ? "there are no models; 'handsel train' learns some from the log, 'handsel model import' brings one in\n"
            : table.text());
  }
  return damaged.empty() ? 0 : 1;
}

std::string text_of(const Manifest& manifest, const Context& context, const Service& service) {
  std::string text = fmt::format("{} {}{}\n", manifest.kind, manifest.id,
                                 service.serves           ? ", serves"
                                 : service.challenges > 0 ? ", " + service.text()
                                                          : "");
  const auto line = [&](std::string_view name, std::string_view value) {
    if (!value.empty()) text += fmt::format("  {:<24} {}\n", name, value);
  };
  const std::int64_t minutes = (context.process.clock.now_ms() - manifest.made_ms) / 60'000;
  line("made", minutes < 120 ? fmt::format("{} minutes ago", minutes) : fmt::format("{} hours ago", minutes / 60));
  line("seed", manifest.seed == 0 ? "" : std::to_string(manifest.seed));
  line("data fingerprint", manifest.data_fingerprint);
  for (const auto& [name, value] : manifest.details) line(name, value);
  for (const auto& [name, value] : manifest.metrics) line(name, fmt::format("{:.6g}", value));
  line("features", fmt::format("{}", fmt::join(manifest.features, ", ")));
  for (const auto& [name, checksum] : manifest.files) line(name, fmt::format("checksum {:016x}", checksum));
  return text;
}

// Reads every file, so that 'show' also answers whether the model is whole.
Result<int> show(const Named& options, Context& context) {
  HANDSEL_ASSIGN(const auto store, open_store(context));
  HANDSEL_ASSIGN(const Manifest manifest, find(*store, options.name));
  HANDSEL_TRY(store->open(manifest.kind, manifest.id));
  HANDSEL_ASSIGN(const Service service, service_of(*store, manifest));
  context.print(context.json ? to_json(manifest, service).dump() + "\n" : text_of(manifest, context, service));
  return 0;
}

// "encoder, ranker".
Result<std::string> serving_kinds(const ArtefactStore& store) {
  HANDSEL_ASSIGN(const auto listing, store.list());
  std::set<std::string> kinds;
  for (const Manifest& manifest : listing.artefacts) {
    HANDSEL_ASSIGN(const Service service, service_of(store, manifest));
    if (service.serves) kinds.insert(manifest.kind);
  }
  return fmt::format("{}", fmt::join(kinds, ", "));
}

Result<int> answer(Context& context, const std::string& kind, const std::string& id) {
  context.print(context.json ? nlohmann::json{{"kind", kind}, {"id", id}, {"serves", true}}.dump() + "\n"
                             : fmt::format("{} {} serves now\n", kind, id));
  return 0;
}

Result<int> promote(const Named& options, Context& context) {
  HANDSEL_ASSIGN(const auto store, open_store(context));
  HANDSEL_ASSIGN(const Manifest manifest, find(*store, options.name));
  HANDSEL_TRY(store->open(manifest.kind, manifest.id));  // a damaged model must not serve
  HANDSEL_TRY(store->promote(manifest.kind, manifest.id));
  return answer(context, manifest.kind, manifest.id);
}

Result<int> roll_back(const Named& options, Context& context) {
  HANDSEL_ASSIGN(const auto store, open_store(context));
  const std::string& kind = options.name;
  const auto back = store->rollback(kind);
  if (!back) {
    HANDSEL_ASSIGN(const std::string kinds, serving_kinds(*store));
    return fail(back.error().code, "{}; {}", back.error().message,
                kinds.empty() ? "nothing serves that was learned" : "models serve of kind " + kinds);
  }
  if (*back) return answer(context, kind, **back);
  context.print(context.json ? nlohmann::json{{"kind", kind}, {"id", nullptr}, {"serves", false}}.dump() + "\n"
                             : fmt::format("no {} serves now: there was none before it\n", kind));
  return 0;
}

Result<int> end_challenge(ArtefactStore& store, const std::string& kind, Context& context) {
  HANDSEL_ASSIGN(const bool ended, store.end_challenge(kind));
  context.print(context.json ? nlohmann::json{{"kind", kind}, {"ended", ended}}.dump() + "\n"
                             : fmt::format("{}\n", ended ? "the trial has ended" : "there was no trial"));
  return 0;
}

Result<int> challenge(const ChallengeOptions& options, Context& context) {
  const std::string kind = "ranker";
  HANDSEL_ASSIGN(const auto store, open_store(context));
  if (options.none != options.ranker.empty()) {
    return fail(Code::kInvalidArgument, "model challenge: name either a ranker or --none");
  }
  if (options.none) return end_challenge(*store, kind, context);
  HANDSEL_ASSIGN(const Manifest manifest, find(*store, options.ranker));
  if (manifest.kind != kind) {
    return fail(Code::kInvalidArgument, "model challenge: {} is no ranker but of kind '{}'", manifest.id,
                manifest.kind);
  }
  HANDSEL_ASSIGN(const auto serving, store->promoted(kind));
  if (!serving) return fail(Code::kNotFound, "no ranker serves that could be challenged; promote one first");
  HANDSEL_TRY(store->challenge(kind, manifest.id, options.share));
  context.print(
      context.json
          ? nlohmann::json{{"kind", kind}, {"id", manifest.id}, {"serving", *serving}, {"share", options.share}}
                    .dump() +
                "\n"
          : fmt::format("ranker {} challenges {} in {:.6g} % of the sessions\n", manifest.id, *serving,
                        100 * options.share));
  return 0;
}

// A command whose only word is a name.
std::function<Action(Flags&)> taking(std::string_view word, std::string_view help,
                                     Result<int> (*run)(const Named&, Context&)) {
  return [=](Flags& flags) -> Action {
    auto options = std::make_shared<Named>();
    flags.word(options->name, word, help);
    return [options, run](Context& context) { return run(*options, context); };
  };
}

}  // namespace

Command model_import_command() {
  return {.name = "model import",
          .summary = "Take in a published sentence encoder (BERT, MiniLM, ALBERT)",
          .example = "handsel model import all-MiniLM-L6-v2 --data shop --promote",
          .declare = [](Flags& flags) -> Action {
            auto options = std::make_shared<ImportOptions>();
            flags.word(options->folder, "FOLDER", "Holds config.json, model.safetensors and the vocabulary");
            flags.boolean(options->promote, "--promote", "Let it serve at once");
            return [options](Context& context) { return import(*options, context); };
          }};
}

Command model_list_command() {
  return {.name = "model list",
          .summary = "List the models, and which of them serve",
          .example = "handsel model list --data shop",
          .declare = [](Flags&) -> Action { return [](Context& context) { return list(context); }; }};
}

Command model_show_command() {
  return {.name = "model show",
          .summary = "Show what a model is made of, and check its files",
          .example = "handsel model show 20260102T030405 --data shop",
          .declare = taking("ID", "The id, or its beginning, as 'handsel model list' prints it", show)};
}

Command model_promote_command() {
  return {.name = "model promote",
          .summary = "Let a model serve; a running server notices within a second",
          .example = "handsel model promote 20260102T030405 --data shop",
          .declare = taking("ID", "The id, or its beginning, as 'handsel model list' prints it", promote)};
}

Command model_rollback_command() {
  return {.name = "model rollback",
          .summary = "Go back to the model of a kind that served before, or to none",
          .example = "handsel model rollback encoder --data shop",
          .declare = taking("KIND", "The kind, as 'handsel model list' prints it", roll_back)};
}

Command model_challenge_command() {
  return {.name = "model challenge",
          .summary = "Try a ranker beside the one that serves, on a share of the sessions",
          .example = "handsel model challenge 20260102T030405 --share 0.2 --data shop",
          .declare = [](Flags& flags) -> Action {
            auto options = std::make_shared<ChallengeOptions>();
            flags.optional_word(options->ranker, "ID",
                                "Of a ranker, or its beginning, as 'handsel model list' prints it");
            flags.real(options->share, "--share", "Of the sessions: above 0, at most 1");
            flags.boolean(options->none, "--none", "End the trial");
            return [options](Context& context) { return challenge(*options, context); };
          }};
}

}  // namespace handsel::cli
