#include "facts/catalog/import/byte_source.h"

#include <cstdio>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <zlib.h>
#include <zstd.h>

#include "base/core/rng.h"

namespace handsel::catalog {
namespace {

std::string gzip(std::string_view text) {
  z_stream stream{};
  deflateInit2(&stream, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&stream, text.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

// With a checksum, as the zstd program writes.
std::string zstd(std::string_view text) {
  std::string out(ZSTD_compressBound(text.size()), '\0');
  ZSTD_CCtx* const context = ZSTD_createCCtx();
  ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
  out.resize(ZSTD_compress2(context, out.data(), out.size(), text.data(), text.size()));
  ZSTD_freeCCtx(context);
  return out;
}

std::string text_of_lines(int lines) {
  std::string text;
  Rng rng(7);
  for (int i = 0; i < lines; ++i) text += "line " + std::to_string(i) + " " + std::to_string(rng()) + "\n";
  return text;
}

struct Delivered {
  std::string text;
  std::optional<Error> error;
};

Delivered read_all(ByteSource& source) {
  Delivered delivered;
  for (;;) {
    const Result<std::string_view> bytes = source.next();
    if (!bytes) {
      delivered.error = bytes.error();
      return delivered;
    }
    if (bytes->empty()) return delivered;
    delivered.text += *bytes;
  }
}

Delivered read_all(std::string_view stored, std::size_t buffer_bytes) {
  return read_all(*memory_source("test", stored, buffer_bytes));
}

const std::string kText = text_of_lines(2000);

TEST(ByteSource, DeliversTheSameBytesHoweverStoredAndBuffered) {
  const std::string halves[] = {kText.substr(0, 1000), kText.substr(1000)};
  const std::string skippable("\x50\x2a\x4d\x18\x03\x00\x00\x00xyz", 11);
  const std::string stored[] = {
      kText,
      gzip(kText),
      gzip(halves[0]) + gzip(halves[1]),
      gzip(kText) + std::string(512, '\0'),
      gzip("") + gzip(kText),
      zstd(kText),
      zstd(halves[0]) + zstd(halves[1]),
      skippable + zstd(kText),
  };
  for (const std::string& bytes : stored) {
    for (const std::size_t buffer_bytes : {1, 3, 7, 100, 4096, 1 << 20}) {
      const Delivered delivered = read_all(bytes, buffer_bytes);
      EXPECT_FALSE(delivered.error.has_value()) << delivered.error->message;
      EXPECT_EQ(delivered.text, kText) << buffer_bytes;
    }
  }
  EXPECT_EQ(read_all("", 10).text, "");
  EXPECT_EQ(read_all("\x1f", 10).text, "\x1f");
}

TEST(ByteSource, DeliversWhatIsBeforeTheDamageThenNamesTheByte) {
  const std::string gz = gzip(kText);
  const std::string zst = zstd(kText);
  std::string flipped_zst = zst;
  flipped_zst[flipped_zst.size() / 2] = static_cast<char>(~flipped_zst[flipped_zst.size() / 2]);
  struct Case {
    std::string bytes;
    bool delivers_some;
    std::string_view expected;
    bool only_checksum_tells = false;  // so some of what is delivered may be wrong
  };
  const Case cases[] = {
      {gz.substr(0, gz.size() / 2), true, "in the middle of a gzip member"},
      {gz.substr(0, gz.size() - 4), true, "in the middle of a gzip member"},
      {gz.substr(0, 5), false, "in the middle of a gzip member"},
      {gz + "garbage", true, "test is damaged at byte "},
      {gz.substr(0, 200) + std::string(200, '\xff'), true, "test is damaged at byte ", true},
      {zstd(kText.substr(0, 500)) + zst.substr(0, zst.size() / 2), true, "in the middle of a zstd frame"},
      {zstd(kText.substr(0, 500)) + flipped_zst, true, "test is damaged at byte ", true},
      {zst + "garbage", true, "test is damaged at byte "},
  };
  for (const Case& c : cases) {
    for (const std::size_t buffer_bytes : {5, 64, 1 << 20}) {
      const Delivered delivered = read_all(c.bytes, buffer_bytes);
      ASSERT_TRUE(delivered.error.has_value()) << c.expected << buffer_bytes;
      EXPECT_EQ(delivered.error->code, Code::kInvalidData);
      EXPECT_TRUE(delivered.error->message.contains(c.expected)) << delivered.error->message;
      EXPECT_TRUE(c.only_checksum_tells || kText.starts_with(delivered.text));
      EXPECT_EQ(!delivered.text.empty(), c.delivers_some) << c.expected;
    }
  }
}

TEST(ByteSource, ErrorsStay) {
  const std::unique_ptr<ByteSource> source = memory_source("test", "\x1f\x8b nonsense");
  EXPECT_FALSE(source->peek(10).has_value());
  EXPECT_FALSE(source->next().has_value());
  EXPECT_FALSE(source->next().has_value());
}

TEST(ByteSource, PeekingTakesNothingAway) {
  for (const std::size_t buffer_bytes : {1, 5, 4096}) {
    const std::string stored = gzip(kText);
    const std::unique_ptr<ByteSource> source = memory_source("test", stored, buffer_bytes);
    EXPECT_EQ(*source->peek(10), kText.substr(0, 10));
    EXPECT_EQ(*source->peek(50), kText.substr(0, 50));
    EXPECT_EQ(*source->peek(3), kText.substr(0, 3));
    EXPECT_EQ(read_all(*source).text, kText);
  }
  const std::unique_ptr<ByteSource> brief = memory_source("test", "ab");
  EXPECT_EQ(*brief->peek(100), "ab");
  EXPECT_EQ(read_all(*brief).text, "ab");
}

TEST(ByteSource, CountsStoredBytesForProgress) {
  const std::string stored = gzip(kText);
  const std::unique_ptr<ByteSource> source = memory_source("test", stored, 64);
  EXPECT_EQ(source->stored_bytes_total(), stored.size());
  EXPECT_TRUE(source->next().has_value());
  EXPECT_GT(source->stored_bytes_read(), 0u);
  EXPECT_LT(source->stored_bytes_read(), stored.size());
  read_all(*source);
  EXPECT_EQ(source->stored_bytes_read(), stored.size());
}

TEST(ByteSource, FilesThatCannotBeReadAreNamed) {
  const Result<std::unique_ptr<ByteSource>> absent = open_source("/no/such/file.jsonl");
  ASSERT_FALSE(absent.has_value());
  EXPECT_EQ(absent.error().code, Code::kNotFound);
  EXPECT_TRUE(absent.error().message.contains("/no/such/file.jsonl"));
  const Result<std::unique_ptr<ByteSource>> folder = open_source(std::filesystem::temp_directory_path().string());
  ASSERT_FALSE(folder.has_value());
  EXPECT_TRUE(folder.error().message.contains("is a folder"));
}

TEST(ByteSource, ReadsFilesInBuffers) {
  const std::string path = (std::filesystem::temp_directory_path() / "handsel_byte_source_test.gz").string();
  const std::string stored = gzip(kText);
  std::ofstream(path, std::ios::binary) << stored;
  Result<std::unique_ptr<ByteSource>> source = open_source(path, 100);
  ASSERT_TRUE(source.has_value());
  EXPECT_EQ((*source)->stored_bytes_total(), stored.size());
  EXPECT_EQ((*source)->name(), path);
  EXPECT_EQ(read_all(**source).text, kText);
  std::filesystem::remove(path);
}

}  // namespace
}  // namespace handsel::catalog
