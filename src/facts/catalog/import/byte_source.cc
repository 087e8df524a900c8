#include "facts/catalog/import/byte_source.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "facts/catalog/import/internal/inflate.h"

namespace handsel::catalog {
namespace {

// The stored bytes of a file or pipe, read in buffers.
class FileBlocks final : public internal::StoredBlocks {
 public:
  FileBlocks(int fd, bool owned, std::string name, std::uint64_t total, std::size_t buffer_bytes)
      : fd_(fd), owned_(owned), name_(std::move(name)), total_(total), buffer_(buffer_bytes) {}
  ~FileBlocks() override {
    if (owned_) ::close(fd_);
  }

  Result<std::string_view> next() override {
    for (;;) {
      const ssize_t got = ::read(fd_, buffer_.data(), buffer_.size());
      if (got >= 0) {
        delivered_ += static_cast<std::uint64_t>(got);
        return std::string_view(buffer_.data(), static_cast<std::size_t>(got));
      }
      if (errno != EINTR) return fail(Code::kIo, "cannot read {}: {}", name_, std::strerror(errno));
    }
  }

  const std::string& name() const override { return name_; }
  std::uint64_t delivered() const override { return delivered_; }
  std::uint64_t total() const override { return total_; }

 private:
  const int fd_;
  const bool owned_;
  const std::string name_;
  const std::uint64_t total_;
  std::uint64_t delivered_ = 0;
  std::vector<char> buffer_;
};

class MemoryBlocks final : public internal::StoredBlocks {
 public:
  MemoryBlocks(std::string name, std::string_view bytes, std::size_t block_bytes)
      : name_(std::move(name)), bytes_(bytes), block_bytes_(block_bytes) {}

  Result<std::string_view> next() override {
    const std::string_view block = bytes_.substr(delivered_, block_bytes_);
    delivered_ += block.size();
    return block;
  }

  const std::string& name() const override { return name_; }
  std::uint64_t delivered() const override { return delivered_; }
  std::uint64_t total() const override { return bytes_.size(); }

 private:
  const std::string name_;
  const std::string_view bytes_;
  const std::size_t block_bytes_;
  std::size_t delivered_ = 0;
};

// Chooses how to inflate at the first read, because a pipe has no bytes before.
class InflatedSource final : public ByteSource {
 public:
  InflatedSource(std::unique_ptr<internal::StoredBlocks> blocks, std::size_t buffer_bytes)
      : blocks_(std::move(blocks)), buffer_bytes_(buffer_bytes) {}

  const std::string& name() const override { return blocks_->name(); }
  std::uint64_t stored_bytes_read() const override { return blocks_->delivered(); }
  std::uint64_t stored_bytes_total() const override { return blocks_->total(); }

 protected:
  Result<std::string_view> read() override {
    if (!inflater_) {
      HANDSEL_ASSIGN(std::string head, first_bytes());
      inflater_ = internal::make_inflater(*blocks_, std::move(head), buffer_bytes_);
    }
    return inflater_->next();
  }

 private:
  // Enough to recognise a compression by.
  Result<std::string> first_bytes() {
    std::string head;
    while (head.size() < internal::kMagicBytes) {
      HANDSEL_ASSIGN(const std::string_view block, blocks_->next());
      if (block.empty()) break;
      head += block;
    }
    return head;
  }

  const std::unique_ptr<internal::StoredBlocks> blocks_;
  const std::size_t buffer_bytes_;
  std::unique_ptr<internal::Inflater> inflater_;
};

}  // namespace

Result<std::string_view> ByteSource::next() {
  if (peeked_is_pending_) {
    peeked_is_pending_ = false;
    if (!peeked_.empty()) return std::string_view(peeked_);
  }
  if (error_) return std::unexpected(*error_);
  Result<std::string_view> bytes = read();
  if (!bytes) error_ = bytes.error();
  return bytes;
}

Result<std::string_view> ByteSource::peek(std::size_t bytes) {
  if (!peeked_is_pending_) peeked_.clear();
  peeked_is_pending_ = true;
  while (peeked_.size() < bytes && !error_) {
    const Result<std::string_view> more = read();
    if (!more) {
      error_ = more.error();
      break;
    }
    if (more->empty()) break;
    peeked_ += *more;
  }
  if (peeked_.empty() && error_) return std::unexpected(*error_);
  return std::string_view(peeked_).substr(0, bytes);
}

Result<std::unique_ptr<ByteSource>> open_source(const std::string& path, std::size_t buffer_bytes) {
  const bool standard_input = path == "-";
  const int fd = standard_input ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) {
    const int error = errno;
    return fail(error == ENOENT ? Code::kNotFound : Code::kIo, "cannot open {}: {}", path, std::strerror(error));
  }
  struct stat info{};
  const bool known = ::fstat(fd, &info) == 0;
  auto blocks = std::make_unique<FileBlocks>(
      fd, !standard_input, standard_input ? "standard input" : path,
      known && S_ISREG(info.st_mode) ? static_cast<std::uint64_t>(info.st_size) : 0, buffer_bytes);
  if (known && S_ISDIR(info.st_mode)) return fail(Code::kInvalidArgument, "{} is a folder; expected a file", path);
  return std::make_unique<InflatedSource>(std::move(blocks), buffer_bytes);
}

std::unique_ptr<ByteSource> memory_source(std::string name, std::string_view bytes, std::size_t buffer_bytes) {
  return std::make_unique<InflatedSource>(std::make_unique<MemoryBlocks>(std::move(name), bytes, buffer_bytes),
                                          buffer_bytes);
}

}  // namespace handsel::catalog
