#include "views/index/manifest.h"

#include "base/core/bytes.h"
#include "base/core/words.h"

namespace handsel::index {
namespace {

constexpr std::string_view kMagic = "HMAN";
constexpr std::uint32_t kVersion = 1;

}  // namespace

std::string encode_manifest(const Manifest& manifest) {
  std::string out(kMagic);
  put_fixed(out, kVersion);
  put_fixed(out, manifest.fingerprint);
  put_fixed(out, manifest.next_name);
  put_words(out, manifest.applied);
  put_varint(out, manifest.segments.size());
  for (const ManifestSegment& segment : manifest.segments) {
    put_string(out, segment.name);
    put_words(out, segment.deletions);
  }
  put_fixed(out, crc32c(out));
  return out;
}

Result<Manifest> decode_manifest(std::string_view bytes) {
  constexpr std::size_t kCrcBytes = 4;
  if (bytes.size() < kMagic.size() + 4 + kCrcBytes || !bytes.starts_with(kMagic)) {
    return fail(Code::kCorrupt, "damaged index manifest: not a manifest, or cut short");
  }
  const std::string_view contents = bytes.substr(0, bytes.size() - kCrcBytes);
  if (ByteReader(bytes.substr(contents.size())).fixed<std::uint32_t>() != crc32c(contents)) {
    return fail(Code::kCorrupt, "damaged index manifest: checksum");
  }
  ByteReader reader(contents.substr(kMagic.size()));
  if (reader.fixed<std::uint32_t>() != kVersion) return fail(Code::kConflict, "index manifest of another version");
  Manifest manifest;
  manifest.fingerprint = reader.fixed<std::uint64_t>();
  manifest.next_name = reader.fixed<std::uint64_t>();
  manifest.applied = read_words(reader);
  const std::uint64_t segments = reader.varint();
  for (std::uint64_t i = 0; i < segments && reader.ok(); ++i) {
    ManifestSegment segment{.name = std::string(reader.string()), .deletions = {}};
    segment.deletions = read_words(reader);
    manifest.segments.push_back(std::move(segment));
  }
  if (!reader.ok() || !reader.empty()) return fail(Code::kCorrupt, "damaged index manifest: its parts do not fit");
  return manifest;
}

}  // namespace handsel::index
