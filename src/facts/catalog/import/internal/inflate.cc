#include "facts/catalog/import/internal/inflate.h"

#include <algorithm>
#include <optional>
#include <span>
#include <vector>

#include <zlib.h>
#include <zstd.h>

namespace handsel::catalog::internal {
namespace {

constexpr std::string_view kGzipMagic = "\x1f\x8b";
constexpr std::string_view kZstdMagic = "\x28\xb5\x2f\xfd";

// A frame, or one of the sixteen kinds of skippable frame that parallel writers
// put before the first.
bool is_zstd(std::string_view head) {
  constexpr std::string_view kSkippable = "\x2a\x4d\x18";
  if (head.starts_with(kZstdMagic)) return true;
  return head.size() >= kMagicBytes && (static_cast<unsigned char>(head.front()) & 0xf0) == 0x50 &&
         head.substr(1).starts_with(kSkippable);
}

// Hands out the head, then the blocks, and counts what was used of them.
class StoredInput {
 public:
  StoredInput(StoredBlocks& blocks, std::string head) : blocks_(blocks), head_(std::move(head)), rest_(head_) {}
  StoredInput(const StoredInput&) = delete;
  StoredInput& operator=(const StoredInput&) = delete;

  // False at the end. Fetches only where everything was used.
  Result<bool> fill() {
    if (!rest_.empty()) return true;
    HANDSEL_ASSIGN(rest_, blocks_.next());
    return !rest_.empty();
  }

  std::string_view rest() const { return rest_; }
  void use(std::size_t bytes) {
    rest_.remove_prefix(bytes);
    used_ += bytes;
  }
  std::uint64_t used() const { return used_; }
  const std::string& name() const { return blocks_.name(); }

 private:
  StoredBlocks& blocks_;
  const std::string head_;
  std::string_view rest_;
  std::uint64_t used_ = 0;
};

class PlainInflater final : public Inflater {
 public:
  PlainInflater(StoredBlocks& blocks, std::string head) : input_(blocks, std::move(head)) {}

  Result<std::string_view> next() override {
    HANDSEL_TRY(input_.fill());
    const std::string_view bytes = input_.rest();
    input_.use(bytes.size());
    return bytes;
  }

 private:
  StoredInput input_;
};

// What gzip and zstd share: fill one buffer from the input, deliver what was
// inflated before an error, then the error.
class BufferedInflater : public Inflater {
 public:
  BufferedInflater(StoredBlocks& blocks, std::string head, std::size_t buffer_bytes)
      : input_(blocks, std::move(head)), buffer_(buffer_bytes) {}

  Result<std::string_view> next() final {
    if (error_) return std::unexpected(*error_);
    std::size_t filled = 0;
    bool more = true;
    while (more && filled < buffer_.size()) {
      Result<bool> step = inflate_some(std::span(buffer_).subspan(filled), filled);
      if (!step) {
        error_ = std::move(step).error();
        if (filled == 0) return std::unexpected(*error_);
        break;
      }
      more = *step;
    }
    return std::string_view(buffer_.data(), filled);
  }

 protected:
  // Adds to `filled` what it wrote to `out`. False at the end of the input.
  virtual Result<bool> inflate_some(std::span<char> out, std::size_t& filled) = 0;

  std::unexpected<Error> broken(std::string_view what) const {
    return fail(Code::kInvalidData, "{} is damaged at byte {}: {}", input_.name(), input_.used(), what);
  }

  StoredInput input_;

 private:
  std::vector<char> buffer_;
  std::optional<Error> error_;
};

class GzipInflater final : public BufferedInflater {
 public:
  using BufferedInflater::BufferedInflater;
  ~GzipInflater() override {
    if (started_) ::inflateEnd(&stream_);
  }

 protected:
  Result<bool> inflate_some(std::span<char> out, std::size_t& filled) override {
    HANDSEL_ASSIGN(const bool has_input, input_.fill());
    if (!has_input) {
      if (in_member_) return broken("the file ends in the middle of a gzip member");
      return false;
    }
    if (!in_member_) {
      if (skip_padding()) return true;
      HANDSEL_TRY(start_member());
    }
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(input_.rest().data()));
    stream_.avail_in = static_cast<uInt>(input_.rest().size());
    stream_.next_out = reinterpret_cast<Bytef*>(out.data());
    stream_.avail_out = static_cast<uInt>(out.size());
    const int status = ::inflate(&stream_, Z_NO_FLUSH);
    input_.use(input_.rest().size() - stream_.avail_in);
    filled += out.size() - stream_.avail_out;
    if (status == Z_STREAM_END) in_member_ = false;
    if (status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR) {
      return broken(stream_.msg != nullptr ? stream_.msg : "gzip cannot be read");
    }
    return true;
  }

 private:
  // Some writers fill their last block with zeros; gzip(1) passes over them too.
  bool skip_padding() {
    const std::size_t zeros = std::min(input_.rest().find_first_not_of('\0'), input_.rest().size());
    input_.use(zeros);
    return zeros > 0;
  }

  Result<void> start_member() {
    constexpr int kGzipOnly = 16 + MAX_WBITS;
    const int status = started_ ? ::inflateReset(&stream_) : ::inflateInit2(&stream_, kGzipOnly);
    if (status != Z_OK) return fail(Code::kIo, "cannot start zlib for {}", input_.name());
    started_ = true;
    in_member_ = true;
    return {};
  }

  z_stream stream_{};
  bool started_ = false;
  bool in_member_ = false;
};

class ZstdInflater final : public BufferedInflater {
 public:
  using BufferedInflater::BufferedInflater;
  ~ZstdInflater() override { ::ZSTD_freeDStream(stream_); }

 protected:
  Result<bool> inflate_some(std::span<char> out, std::size_t& filled) override {
    HANDSEL_ASSIGN(const bool has_input, input_.fill());
    // A frame that is not finished may still hold output that did not fit before.
    ZSTD_inBuffer from{input_.rest().data(), input_.rest().size(), 0};
    ZSTD_outBuffer to{out.data(), out.size(), 0};
    if (!has_input && !in_frame_) return false;
    const std::size_t status = ::ZSTD_decompressStream(stream_, &to, &from);
    input_.use(from.pos);
    filled += to.pos;
    if (::ZSTD_isError(status) != 0) return broken(::ZSTD_getErrorName(status));
    in_frame_ = status != 0;
    if (!has_input && to.pos == 0) return broken("the file ends in the middle of a zstd frame");
    return true;
  }

 private:
  ZSTD_DStream* const stream_ = ::ZSTD_createDStream();
  bool in_frame_ = false;
};

}  // namespace

std::unique_ptr<Inflater> make_inflater(StoredBlocks& blocks, std::string head, std::size_t buffer_bytes) {
  if (head.starts_with(kGzipMagic)) return std::make_unique<GzipInflater>(blocks, std::move(head), buffer_bytes);
  if (is_zstd(head)) return std::make_unique<ZstdInflater>(blocks, std::move(head), buffer_bytes);
  return std::make_unique<PlainInflater>(blocks, std::move(head));
}

}  // namespace handsel::catalog::internal
