#include "facts/catalog/import/refusal_writer.h"

#include <chrono>

#include "facts/catalog/import/json_writer.h"

namespace handsel::catalog {
namespace {

// "20241231T235959.123Z": sorts by time and needs no quoting in a shell.
std::string compact_time(std::int64_t time_ms) {
  using namespace std::chrono;
  const sys_time<milliseconds> time{milliseconds(time_ms)};
  const auto day = floor<days>(time);
  const year_month_day date(day);
  const hh_mm_ss clock(time - day);
  return fmt::format("{:04}{:02}{:02}T{:02}{:02}{:02}.{:03}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), clock.hours().count(),
                     clock.minutes().count(), clock.seconds().count(), clock.subseconds().count());
}

// The last part of a path, with what a file name should not have replaced.
std::string file_label(const std::string& source) {
  constexpr std::size_t kLabelBytesMax = 100;
  std::string label = source.substr(source.find_last_of('/') + 1).substr(0, kLabelBytesMax);
  for (char& c : label) {
    const bool plain =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
    if (!plain) c = '-';
  }
  return label.empty() ? "input" : label;
}

}  // namespace

RefusalWriter::RefusalWriter(FileSystem& files, const Clock& clock, std::string folder, const std::string& source)
    : files_(files),
      folder_(std::move(folder)),
      path_(fmt::format("{}/{}-{}.jsonl", folder_, compact_time(clock.now_ms()), file_label(source))) {}

Result<void> RefusalWriter::write(const RefusedRow& row) {
  ++refused_;
  if (refused_ > kRefusalsWrittenMax) return {};
  if (!file_) {
    HANDSEL_TRY(files_.make_folders(folder_));
    HANDSEL_ASSIGN(file_, files_.create_file(path_));
  }
  std::string line;
  {
    JsonObjectWriter object(line);
    object.number("line", row.line);
    object.text("field", row.field);
    object.text("reason", row.reason);
    object.text("row", row.text);
  }
  line.push_back('\n');
  return file_->append(line);
}

Result<std::string> RefusalWriter::finish() {
  if (!file_) return std::string();
  if (refused_ > kRefusalsWrittenMax) {
    HANDSEL_TRY(file_->append(fmt::format("{{\"reason\":\"{} more rows were refused and are not listed\"}}\n",
                                          refused_ - kRefusalsWrittenMax)));
  }
  HANDSEL_TRY(file_->commit());
  file_.reset();
  return path_;
}

}  // namespace handsel::catalog
