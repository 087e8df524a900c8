#include "app/engine/interleaving_writer.h"

namespace handsel {

InterleavingWriter::InterleavingWriter(Append append)
    : append_(std::move(append)), thread_([this](const std::stop_token& stop) { run(stop); }) {}

InterleavingWriter::~InterleavingWriter() {
  thread_.request_stop();
  thread_.join();
}

void InterleavingWriter::put(decisions::InterleavedSearch search) {
  {
    const std::lock_guard lock(mutex_);
    if (waiting_.size() >= kWaitingMax) {
      ++dropped_;
      return;
    }
    waiting_.push_back(std::move(search));
  }
  put_.notify_one();
}

void InterleavingWriter::run(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  for (;;) {
    put_.wait(lock, stop, [&] { return !waiting_.empty(); });
    if (waiting_.empty()) return;  // stopped, and all is written
    const auto searches = std::exchange(waiting_, {});
    writing_ = true;
    lock.unlock();
    const Result<void> written = write(searches);
    lock.lock();
    writing_ = false;
    error_ = written ? std::nullopt : std::optional(written.error());
    idle_.notify_all();
  }
}

Result<void> InterleavingWriter::write(const std::vector<decisions::InterleavedSearch>& searches) {
  std::vector<log::NewRecord> records;
  for (const decisions::InterleavedSearch& search : searches) {
    auto record = decisions::to_record(search);
    if (record) {
      records.push_back(std::move(*record));
    } else {
      ++dropped_;
    }
  }
  if (records.empty()) return {};
  const Result<void> appended = append_(records);
  if (!appended) dropped_ += records.size();
  return appended;
}

Result<void> InterleavingWriter::finish_now() {
  std::unique_lock lock(mutex_);
  idle_.wait(lock, [&] { return waiting_.empty() && !writing_; });
  if (error_) return std::unexpected(*error_);
  return {};
}

std::optional<std::string> InterleavingWriter::trouble() const {
  const std::lock_guard lock(mutex_);
  if (error_) return fmt::format("what interleaved searches showed is not recorded: {}", error_->message);
  if (dropped_ == 0) return std::nullopt;
  return fmt::format("of {} interleaved searches it is not recorded what they showed: too many at once",
                     dropped_.load());
}

}  // namespace handsel
