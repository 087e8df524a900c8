#include "views/index/segment_file.h"

#include "base/core/bytes.h"

namespace handsel::index {
namespace {

constexpr std::string_view kMagic = "HSEG";
constexpr std::string_view kEndMagic = "GESH";
constexpr std::size_t kFooterBytes = 4 + 4 + 8 + 4;
constexpr std::size_t kEntryBytes = 4 + 4 + 8 + 8;
constexpr std::size_t kSinkBufferBytes = 1 << 20;

}  // namespace

Result<void> FileSink::append(std::string_view bytes) {
  buffer_.append(bytes);
  return buffer_.size() < kSinkBufferBytes ? Result<void>{} : flush();
}

Result<void> FileSink::flush() {
  Result<void> written = file_.append(buffer_);
  buffer_.clear();
  return written;
}

SegmentFileWriter::SegmentFileWriter(SegmentSink& sink) : sink_(sink) {
  std::string head(kMagic);
  put_fixed(head, kSegmentVersion);
  put(head);
}

void SegmentFileWriter::put(std::string_view bytes) {
  written_ += bytes.size();
  if (status_) status_ = sink_.append(bytes);
}

void SegmentFileWriter::begin(std::uint32_t id) {
  end();
  table_.push_back({.id = id, .crc = 0, .offset = written_, .size = 0});
}

void SegmentFileWriter::append(std::string_view bytes) {
  table_.back().crc = crc32c(bytes, table_.back().crc);
  put(bytes);
}

void SegmentFileWriter::end() {
  if (!table_.empty()) table_.back().size = written_ - table_.back().offset;
  put(std::string_view("\0\0\0\0\0\0\0\0", 8).substr(0, (8 - written_ % 8) % 8));
}

Result<void> SegmentFileWriter::finish() {
  end();
  std::string table;
  for (const Section& section : table_) {
    put_fixed(table, section.id);
    put_fixed(table, section.crc);
    put_fixed(table, section.offset);
    put_fixed(table, section.size);
  }
  std::string footer;
  put_fixed(footer, static_cast<std::uint32_t>(table_.size()));
  put_fixed(footer, crc32c(table));
  put_fixed(footer, written_);
  put(table);
  put(footer);
  put(kEndMagic);
  return status_;
}

Result<SegmentFile> SegmentFile::open(std::shared_ptr<const FileBytes> bytes) {
  const std::string_view all = bytes->bytes();
  const auto damaged = [](std::string_view what) { return fail(Code::kCorrupt, "damaged index segment: {}", what); };
  if (all.size() < 8 + kFooterBytes || !all.starts_with(kMagic) || !all.ends_with(kEndMagic)) {
    return damaged("not a segment, or cut short");
  }
  if (ByteReader(all.substr(4)).fixed<std::uint32_t>() != kSegmentVersion) return damaged("another version");
  ByteReader footer(all.substr(all.size() - kFooterBytes));
  const auto count = footer.fixed<std::uint32_t>();
  const auto table_crc = footer.fixed<std::uint32_t>();
  const auto table_offset = footer.fixed<std::uint64_t>();
  if (table_offset > all.size() || count > (all.size() - table_offset) / kEntryBytes) return damaged("bad table");
  const std::string_view table = all.substr(table_offset, count * kEntryBytes);
  if (crc32c(table) != table_crc) return damaged("checksum of the table");
  SegmentFile file;
  ByteReader reader(table);
  for (std::uint32_t i = 0; i < count; ++i) {
    const auto id = reader.fixed<std::uint32_t>();
    const auto crc = reader.fixed<std::uint32_t>();
    const auto offset = reader.fixed<std::uint64_t>();
    const auto size = reader.fixed<std::uint64_t>();
    if (offset > all.size() || size > all.size() - offset) return damaged("a section outside of the file");
    file.sections_.push_back({id, crc, all.substr(offset, size)});
  }
  file.bytes_ = std::move(bytes);
  return file;
}

std::string_view SegmentFile::section(std::uint32_t id) const {
  for (const Section& section : sections_) {
    if (section.id == id) return section.bytes;
  }
  return {};
}

Result<void> SegmentFile::verify() const {
  // A piece at a time, letting go of each: reading a whole file must not fill the memory with it.
  constexpr std::size_t kPiece = 16u << 20;
  for (const Section& section : sections_) {
    std::uint32_t crc = 0;
    for (std::size_t at = 0; at < section.bytes.size(); at += kPiece) {
      crc = crc32c(section.bytes.substr(at, kPiece), crc);
      if (section.bytes.size() > kPiece) release();
    }
    if (crc != section.crc) {
      return fail(Code::kCorrupt, "damaged index segment: checksum of section {}", section.id);
    }
  }
  return {};
}

}  // namespace handsel::index
