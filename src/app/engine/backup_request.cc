#include "app/engine/backup_request.h"

#include "base/core/clock.h"

namespace handsel {
namespace {

using namespace std::chrono_literals;

constexpr auto kLookEvery = 200ms;
constexpr std::string_view kDone = "ok";

std::string request_path(const std::string& folder) {
  return folder + "/backup.request";
}
std::string answer_path(const std::string& folder) {
  return folder + "/backup.answer";
}

// "ok", or "<number of the code> <message>".
std::string to_text(const Result<void>& outcome) {
  if (outcome) return std::string(kDone);
  return fmt::format("{} {}", static_cast<int>(outcome.error().code), outcome.error().message);
}

Result<void> from_text(const std::string& text) {
  if (text == kDone) return {};
  const std::size_t space = text.find(' ');
  const std::string number = text.substr(0, space);
  for (int code = 0; code <= static_cast<int>(Code::kUnsupported); ++code) {
    if (number == std::to_string(code) && space != std::string::npos) {
      return fail(static_cast<Code>(code), "{}", text.substr(space + 1));
    }
  }
  return fail(Code::kCorrupt, "the running process answered something else: '{}'", text.substr(0, 200));
}

}  // namespace

Result<void> request_backup(FileSystem& files, const std::string& folder, const std::string& to,
                            std::chrono::milliseconds taken_within) {
  if (files.exists(request_path(folder))) {
    return fail(Code::kConflict, "another backup of {} is waiting; if none is, remove {}", folder,
                request_path(folder));
  }
  static_cast<void>(files.remove_file(answer_path(folder)));
  HANDSEL_TRY(files.write_file(request_path(folder), to));
  const Stopwatch watch;
  while (!files.exists(answer_path(folder))) {
    const bool waiting = files.exists(request_path(folder));
    if (waiting && watch.elapsed_ms() > static_cast<double>(taken_within.count())) {
      static_cast<void>(files.remove_file(request_path(folder)));
      return fail(Code::kTimedOut, "the process that has {} open does not take the request for a backup", folder);
    }
    std::this_thread::sleep_for(50ms);
  }
  HANDSEL_ASSIGN(const std::string text, files.read_file(answer_path(folder)));
  static_cast<void>(files.remove_file(answer_path(folder)));
  return from_text(text);
}

BackupRequests::BackupRequests(FileSystem& files, std::string folder, Backup backup)
    : files_(files), folder_(std::move(folder)), backup_(std::move(backup)) {
  // Left over from a process that was killed; whoever asked is gone.
  static_cast<void>(files_.remove_file(request_path(folder_)));
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

BackupRequests::~BackupRequests() {
  thread_.request_stop();
  stopped_.notify_all();
}

void BackupRequests::run(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (!stopped_.wait_for(lock, stop, kLookEvery, [&] { return stop.stop_requested(); })) {
    if (files_.exists(request_path(folder_))) answer_one();
  }
}

void BackupRequests::answer_one() {
  const auto to = files_.read_file(request_path(folder_));
  static_cast<void>(files_.remove_file(request_path(folder_)));
  const Result<void> outcome = to ? backup_(*to) : Result<void>(std::unexpected(to.error()));
  // Where the answer cannot be written (a full disk), the asker is told by the silence.
  static_cast<void>(files_.write_file(answer_path(folder_), to_text(outcome)));
}

}  // namespace handsel
