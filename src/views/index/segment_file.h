// The container of a segment: named sections of bytes, each with a checksum.
//
//   "HSEG" u32 version
//   section bytes, each padded to 8
//   table: for each section  u32 id, u32 crc32c, u64 offset, u64 size
//   u32 sections, u32 crc32c of the table, u64 offset of the table, "GESH"
//
// Opening checks the table; verify() checks every byte and is for those who have
// time (doctor, after a crash, background).
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/core/file_system.h"
#include "base/core/result.h"

namespace handsel::index {

inline constexpr std::uint32_t kSegmentVersion = 1;

// Where sections go while a segment is written: a file, or memory.
class SegmentSink {
 public:
  virtual ~SegmentSink() = default;
  virtual Result<void> append(std::string_view bytes) = 0;
};

class MemorySink final : public SegmentSink {
 public:
  Result<void> append(std::string_view bytes) override {
    bytes_.append(bytes);
    return {};
  }
  std::string take() { return std::move(bytes_); }

 private:
  std::string bytes_;
};

class FileSink final : public SegmentSink {
 public:
  explicit FileSink(FileWriter& file) : file_(file) {}
  Result<void> append(std::string_view bytes) override;
  Result<void> flush();

 private:
  FileWriter& file_;  // outlives this
  std::string buffer_;
};

// One thread; sections in the order they are begun. The first failure is kept and
// returned by finish(), so that callers in the middle need not look.
class SegmentFileWriter {
 public:
  explicit SegmentFileWriter(SegmentSink& sink);
  void begin(std::uint32_t id);
  void append(std::string_view bytes);
  void section(std::uint32_t id, std::string_view bytes) {
    begin(id);
    append(bytes);
  }
  std::uint64_t section_size() const { return written_ - table_.back().offset; }
  Result<void> finish();

 private:
  struct Section {
    std::uint32_t id;
    std::uint32_t crc;
    std::uint64_t offset;
    std::uint64_t size;
  };
  void put(std::string_view bytes);
  void end();

  SegmentSink& sink_;  // outlives this
  std::vector<Section> table_;
  std::uint64_t written_ = 0;
  Result<void> status_;
};

class SegmentFile {
 public:
  static Result<SegmentFile> open(std::shared_ptr<const FileBytes> bytes);
  // Empty where there is no such section.
  std::string_view section(std::uint32_t id) const;
  Result<void> verify() const;
  std::string_view bytes() const { return bytes_->bytes(); }
  void release() const { bytes_->release(); }
  void use_little_memory() const { bytes_->use_little_memory(); }
  // For fetch(). Lives as long as the segment.
  const FileBytes& file() const { return *bytes_; }

 private:
  struct Section {
    std::uint32_t id;
    std::uint32_t crc;
    std::string_view bytes;
  };
  std::shared_ptr<const FileBytes> bytes_;
  std::vector<Section> sections_;
};

}  // namespace handsel::index
