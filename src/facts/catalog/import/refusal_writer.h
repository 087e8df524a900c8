// Writes refused rows to DIR/rejected/<time>-<file>.jsonl, one object a line:
// {"line": 17, "field": "price", "reason": "...", "row": "..."}.
//
// The file appears whole at finish(), and only if a row was refused. After
// kRefusalsWrittenMax rows it says that more were left out, so that a wrong mapping
// over a large file does not fill the disk. One thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/core/clock.h"
#include "base/core/file_system.h"
#include "base/core/result.h"
#include "facts/catalog/import/row.h"

namespace handsel::catalog {

inline constexpr std::uint64_t kRefusalsWrittenMax = 100'000;

class RefusalWriter {
 public:
  // `source` is the name of the imported file; its folder is left away.
  RefusalWriter(FileSystem& files, const Clock& clock, std::string folder, const std::string& source);

  Result<void> write(const RefusedRow& row);
  // The path of the file, or nothing where no row was refused.
  Result<std::string> finish();

  std::uint64_t refused() const { return refused_; }

 private:
  FileSystem& files_;
  const std::string folder_;
  const std::string path_;
  std::unique_ptr<FileWriter> file_;
  std::uint64_t refused_ = 0;
};

}  // namespace handsel::catalog
