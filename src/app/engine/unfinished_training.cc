#include "app/engine/unfinished_training.h"

#include <sstream>
#include <utility>

namespace handsel {

UnfinishedTraining::UnfinishedTraining(FileSystem& files, std::string path, Run run)
    : files_(files), path_(std::move(path)), run_(run) {
  read();
}

void UnfinishedTraining::read() {
  const auto text = files_.read_file(path_);
  if (!text) return;
  std::istringstream in(*text);
  Run then;
  in >> then.task >> then.started_ms >> then.records;
  if (!in || then.task != run_.task || run_.started_ms - then.started_ms > kAgeMaxMs) return;
  const auto records = static_cast<double>(then.records);
  if (run_.records < then.records || static_cast<double>(run_.records) > (1 + kGrowthMax) * records) return;
  for (std::string kind, id; in >> kind >> id;) made_[kind] = id;
  run_ = then;
}

Result<void> UnfinishedTraining::add(std::string_view kind, std::string_view id) {
  made_[std::string(kind)] = id;
  std::string text = fmt::format("{} {} {}\n", run_.task, run_.started_ms, run_.records);
  for (const auto& [name, artefact] : made_) text += fmt::format("{} {}\n", name, artefact);
  return files_.write_file(path_, text);
}

Result<void> UnfinishedTraining::finish() {
  return files_.exists(path_) ? files_.remove_file(path_) : Result<void>();
}

}  // namespace handsel
