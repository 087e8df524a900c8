#include "base/storage/status.h"

#include <string>

namespace handsel::storage {
namespace {

bool mentions(const std::string& text, std::string_view words) {
  return text.find(words) != std::string::npos;
}

}  // namespace

std::unexpected<Error> fail_status(const rocksdb::Status& status, std::string_view doing, std::string_view path) {
  const std::string detail = status.ToString();
  if (status.IsNoSpace() || mentions(detail, "No space left")) {
    return fail(Code::kIo, "cannot {} {}: the disk that holds it is full; free space and start again", doing, path);
  }
  if (mentions(detail, "While lock file") || mentions(detail, "lock hold by current process")) {
    return fail(Code::kConflict, "cannot {} {}: another process uses it; stop that one, or choose another folder",
                doing, path);
  }
  if (status.IsCorruption() || mentions(detail, "Column families not opened")) {
    return fail(Code::kCorrupt, "cannot {} {}: its files are damaged or not ours ({}); restore a backup", doing, path,
                detail);
  }
  if (status.IsInvalidArgument() && mentions(detail, "does not exist")) {
    return fail(Code::kNotFound, "cannot {} {}: there is no database in this folder", doing, path);
  }
  return fail(Code::kIo, "cannot {} {}: {}", doing, path, detail);
}

}  // namespace handsel::storage
