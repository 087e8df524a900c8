#include "base/storage/artefact_store.h"

#include <algorithm>
#include <charconv>
#include <ctime>

#include <nlohmann/json.hpp>

#include "base/core/hash.h"

namespace handsel::storage {
namespace {

constexpr std::string_view kManifestName = "manifest.json";
constexpr std::string_view kPromotedName = "promoted";
constexpr std::string_view kChallengerName = "challenger";
constexpr std::string_view kLockName = ".lock";  // no plain name, so no kind
constexpr std::size_t kNameBytesMax = 100;

// Names become paths, so they are letters, digits and a few marks, and begin with a letter or digit.
bool is_plain_name(std::string_view name) {
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
           c == '.';
  };
  return !name.empty() && name.size() <= kNameBytesMax && name[0] != '.' && name[0] != '-' &&
         std::ranges::all_of(name, plain);
}

Result<void> check_name(std::string_view what, std::string_view name) {
  if (is_plain_name(name)) return {};
  return fail(Code::kInvalidArgument, "{}: '{}' is no plain name (letters, digits, '-', '_', '.')", what,
              name.substr(0, kNameBytesMax));
}

std::string time_name(std::int64_t ms) {
  const std::time_t seconds = ms / 1000;
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  return fmt::format("{:04}{:02}{:02}T{:02}{:02}{:02}.{:03}", utc.tm_year + 1900, utc.tm_mon + 1, utc.tm_mday,
                     utc.tm_hour, utc.tm_min, utc.tm_sec, ms % 1000);
}

std::string to_json(const Manifest& manifest) {
  const nlohmann::json json = {{"kind", manifest.kind},
                               {"id", manifest.id},
                               {"made_ms", manifest.made_ms},
                               {"seed", manifest.seed},
                               {"data_fingerprint", manifest.data_fingerprint},
                               {"features", manifest.features},
                               {"metrics", manifest.metrics},
                               {"details", manifest.details},
                               {"files", manifest.files}};
  return json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

Result<Manifest> parse_manifest(std::string_view kind, std::string_view id, const std::string& text) {
  if (text.size() > kManifestBytesMax) return fail(Code::kCorrupt, "{}/{}: the manifest is too large", kind, id);
  try {
    const nlohmann::json json = nlohmann::json::parse(text);
    Manifest manifest;
    json.at("kind").get_to(manifest.kind);
    json.at("id").get_to(manifest.id);
    json.at("made_ms").get_to(manifest.made_ms);
    json.at("seed").get_to(manifest.seed);
    json.at("data_fingerprint").get_to(manifest.data_fingerprint);
    json.at("features").get_to(manifest.features);
    // JSON has no NaN or infinity: such a metric was written as null and is left out.
    for (const auto& [name, value] : json.at("metrics").items()) {
      if (value.is_number()) manifest.metrics[name] = value.get<double>();
    }
    json.at("details").get_to(manifest.details);
    json.at("files").get_to(manifest.files);
    if (manifest.kind != kind || manifest.id != id) {
      return fail(Code::kCorrupt, "{}/{}: the manifest is that of {}/{}", kind, id, manifest.kind, manifest.id);
    }
    for (const auto& [name, checksum] : manifest.files) {
      if (!is_plain_name(name)) return fail(Code::kCorrupt, "{}/{}: the manifest names a strange file", kind, id);
    }
    return manifest;
  } catch (const std::exception& problem) {
    return fail(Code::kCorrupt, "{}/{}: the manifest cannot be read: {}", kind, id, problem.what());
  }
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    if (end > 0) lines.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

// Absent files and folders are empty ones: nothing was made or promoted yet.
template <typename T>
Result<T> or_empty(Result<T> result) {
  if (!result && result.error().code == Code::kNotFound) return T{};
  return result;
}

Result<std::vector<std::string>> read_promoted(FileSystem& files, const std::string& path) {
  if (!files.exists(path)) return std::vector<std::string>{};
  HANDSEL_ASSIGN(const std::string text, files.read_file(path));
  return lines_of(text);
}

Result<void> write_promoted(FileSystem& files, const std::string& path, const std::vector<std::string>& ids) {
  std::string text;
  for (const std::string& id : ids) text += id + "\n";
  return files.write_file(path, text);
}

template <typename Number>
bool parse_number(std::string_view text, Number& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

bool is_share(double share) {
  return share > 0 && share <= 1;
}

}  // namespace

ArtefactStore::ArtefactStore(FileSystem& files, const Clock& clock, std::string folder)
    : files_(files), clock_(clock), folder_(std::move(folder)) {}

std::string ArtefactStore::path(std::string_view kind, std::string_view id, std::string_view name) const {
  return fmt::format("{}/{}/{}/{}", folder_, kind, id, name);
}

std::string ArtefactStore::promoted_path(std::string_view kind) const {
  return fmt::format("{}/{}/{}", folder_, kind, kPromotedName);
}

Result<FileLock> ArtefactStore::lock_changes() const {
  HANDSEL_TRY(files_.make_folders(folder_));
  return FileLock::acquire(folder_ + "/" + std::string(kLockName));
}

Result<std::string> ArtefactStore::put(Manifest manifest, const std::map<std::string, std::string>& files) {
  HANDSEL_TRY(check_name("kind of artefact", manifest.kind));
  std::uint64_t content = mix64(manifest.seed);
  manifest.files.clear();
  for (const auto& [name, bytes] : files) {
    HANDSEL_TRY(check_name("file of an artefact", name));
    if (name == kManifestName) return fail(Code::kInvalidArgument, "file of an artefact: {} is ours", kManifestName);
    manifest.files[name] = hash64(bytes);
    content = mix64(content ^ manifest.files[name] ^ hash64(name));
  }
  HANDSEL_ASSIGN(const FileLock lock, lock_changes());
  manifest.made_ms = clock_.now_ms();
  manifest.id = fmt::format("{}-{:08x}", time_name(manifest.made_ms), content >> 32);
  if (files_.exists(path(manifest.kind, manifest.id, kManifestName))) return manifest.id;  // the very same
  HANDSEL_TRY(files_.make_folders(fmt::format("{}/{}/{}", folder_, manifest.kind, manifest.id)));
  for (const auto& [name, bytes] : files) {
    HANDSEL_TRY(files_.write_file(path(manifest.kind, manifest.id, name), bytes));
  }
  HANDSEL_TRY(files_.write_file(path(manifest.kind, manifest.id, kManifestName), to_json(manifest)));
  return manifest.id;
}

Result<Manifest> ArtefactStore::read_manifest(std::string_view kind, std::string_view id) const {
  HANDSEL_TRY(check_name("kind of artefact", kind));
  HANDSEL_TRY(check_name("artefact", id));
  const std::string file = path(kind, id, kManifestName);
  if (!files_.exists(file)) {
    return fail(Code::kNotFound, "there is no {} '{}'; `handsel model list` shows what there is", kind, id);
  }
  HANDSEL_ASSIGN(const std::string text, files_.read_file(file));
  return parse_manifest(kind, id, text);
}

Result<ArtefactStore::Listing> ArtefactStore::list() const {
  Listing listing;
  HANDSEL_ASSIGN(const auto kinds, or_empty(files_.list_folder(folder_)));
  for (const std::string& kind : kinds) {
    if (!is_plain_name(kind)) continue;
    const auto ids = files_.list_folder(fmt::format("{}/{}", folder_, kind));
    if (!ids) {
      listing.damaged.push_back(fmt::format("'{}' is no folder of models: {}", kind, ids.error().message));
      continue;
    }
    for (const std::string& id : *ids) {
      // A folder without a manifest was never finished.
      if (!is_plain_name(id) || !files_.exists(path(kind, id, kManifestName))) continue;
      auto manifest = read_manifest(kind, id);
      if (manifest) {
        listing.artefacts.push_back(std::move(*manifest));
      } else {
        listing.damaged.push_back(manifest.error().message);
      }
    }
  }
  return listing;
}

Result<Artefact> ArtefactStore::open(std::string_view kind, std::string_view id) const {
  Artefact artefact;
  HANDSEL_ASSIGN(artefact.manifest, read_manifest(kind, id));
  for (const auto& [name, checksum] : artefact.manifest.files) {
    auto mapped = files_.map_file(path(kind, id, name));
    if (!mapped) {
      const bool is_missing = mapped.error().code == Code::kNotFound;
      return fail(is_missing ? Code::kCorrupt : mapped.error().code, "{} '{}': {}", kind, id, mapped.error().message);
    }
    if (hash64((*mapped)->bytes()) != checksum) {
      return fail(Code::kCorrupt, "{} '{}': {} is not what was written (the checksum differs)", kind, id, name);
    }
    artefact.files[name] = std::move(*mapped);
  }
  return artefact;
}

Result<void> ArtefactStore::promote(std::string_view kind, std::string_view id) {
  HANDSEL_TRY(open(kind, id));  // nothing broken is put to work
  HANDSEL_ASSIGN(const FileLock lock, lock_changes());
  HANDSEL_ASSIGN(std::vector<std::string> ids, read_promoted(files_, promoted_path(kind)));
  if (!ids.empty() && ids.back() == id) return {};
  ids.emplace_back(id);
  return write_promoted(files_, promoted_path(kind), ids);
}

Result<std::optional<std::string>> ArtefactStore::rollback(std::string_view kind) {
  HANDSEL_TRY(check_name("kind of artefact", kind));
  HANDSEL_ASSIGN(const FileLock lock, lock_changes());
  HANDSEL_ASSIGN(std::vector<std::string> ids, read_promoted(files_, promoted_path(kind)));
  if (ids.empty()) return fail(Code::kNotFound, "there is no {} that serves", kind);
  ids.pop_back();
  if (!ids.empty()) HANDSEL_TRY(open(kind, ids.back()));
  HANDSEL_TRY(write_promoted(files_, promoted_path(kind), ids));
  return ids.empty() ? std::nullopt : std::optional(ids.back());
}

Result<std::vector<std::string>> ArtefactStore::promotions(std::string_view kind) const {
  HANDSEL_TRY(check_name("kind of artefact", kind));
  return read_promoted(files_, promoted_path(kind));
}

Result<std::optional<std::string>> ArtefactStore::promoted(std::string_view kind) const {
  HANDSEL_ASSIGN(const std::vector<std::string> ids, promotions(kind));
  if (ids.empty()) return std::nullopt;
  return ids.back();
}

std::string ArtefactStore::challenger_path(std::string_view kind) const {
  return fmt::format("{}/{}/{}", folder_, kind, kChallengerName);
}

Result<void> ArtefactStore::challenge(std::string_view kind, std::string_view id, double share) {
  if (!is_share(share)) return fail(Code::kInvalidArgument, "share: {} is not above 0 and at most 1", share);
  HANDSEL_TRY(open(kind, id));  // nothing broken is put to work
  HANDSEL_ASSIGN(const auto serving, promoted(kind));
  if (serving == id) return fail(Code::kInvalidArgument, "the {} '{}' serves already: nothing to challenge", kind, id);
  HANDSEL_ASSIGN(const FileLock lock, lock_changes());
  return files_.write_file(challenger_path(kind), fmt::format("{}\n{}\n{}\n", id, share, clock_.now_ms()));
}

Result<bool> ArtefactStore::end_challenge(std::string_view kind) {
  HANDSEL_TRY(check_name("kind of artefact", kind));
  HANDSEL_ASSIGN(const FileLock lock, lock_changes());
  if (!files_.exists(challenger_path(kind))) return false;
  HANDSEL_TRY(files_.remove_file(challenger_path(kind)));
  return true;
}

Result<std::optional<Challenger>> ArtefactStore::challenger(std::string_view kind) const {
  HANDSEL_TRY(check_name("kind of artefact", kind));
  const std::string file = challenger_path(kind);
  if (!files_.exists(file)) return std::nullopt;
  auto text = files_.read_file(file);
  if (!text && text.error().code == Code::kNotFound) return std::nullopt;  // ended this moment
  if (!text) return std::unexpected(std::move(text).error());
  const std::vector<std::string> lines = lines_of(*text);
  Challenger challenger;
  if (lines.size() != 3 || !is_plain_name(lines[0]) || !parse_number(lines[1], challenger.share) ||
      !is_share(challenger.share) || !parse_number(lines[2], challenger.started_ms)) {
    return fail(Code::kCorrupt, "{}: not three lines: id, share, time in milliseconds", file);
  }
  challenger.id = lines[0];
  return challenger;
}

// `promoted` and `challenger` of all kinds, by their names in the folder.
Result<std::map<std::string, std::string>> ArtefactStore::read_services() const {
  std::map<std::string, std::string> services;
  HANDSEL_ASSIGN(const auto kinds, or_empty(files_.list_folder(folder_)));
  for (const std::string& kind : kinds) {
    if (!is_plain_name(kind)) continue;
    for (const std::string_view name : {kPromotedName, kChallengerName}) {
      const std::string file = fmt::format("{}/{}", kind, name);
      if (!files_.exists(folder_ + "/" + file)) continue;
      auto text = files_.read_file(folder_ + "/" + file);
      if (!text && text.error().code == Code::kNotFound) continue;  // a challenge that ended this moment
      if (!text) return std::unexpected(std::move(text).error());
      services.emplace(file, std::move(*text));
    }
  }
  return services;
}

Result<void> ArtefactStore::copy_to(const std::string& folder) const {
  const auto copy = [&](const std::string& name) -> Result<void> {
    HANDSEL_ASSIGN(const auto bytes, files_.map_file(folder_ + "/" + name));
    return files_.write_file(folder + "/" + name, bytes->bytes());
  };
  HANDSEL_ASSIGN(const auto services, read_services());
  HANDSEL_ASSIGN(const Listing there, list());
  for (const Manifest& manifest : there.artefacts) {
    const std::string name = manifest.kind + "/" + manifest.id;
    HANDSEL_TRY(files_.make_folders(folder + "/" + name));
    for (const auto& [file, checksum] : manifest.files) HANDSEL_TRY(copy(name + "/" + file));
    HANDSEL_TRY(copy(name + "/" + std::string(kManifestName)));
  }
  for (const auto& [name, text] : services) {
    const std::string kind = name.substr(0, name.find('/'));
    if (!files_.exists(fmt::format("{}/{}", folder, kind))) continue;
    HANDSEL_TRY(files_.write_file(fmt::format("{}/{}", folder, name), text));
  }
  return {};
}

}  // namespace handsel::storage
