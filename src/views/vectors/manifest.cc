#include "views/vectors/manifest.h"

#include "base/core/bytes.h"
#include "base/core/words.h"

namespace handsel::vectors {
namespace {

constexpr std::string_view kMagic = "HVMA";
constexpr std::uint32_t kVersion = 1;

}  // namespace

std::string encode_manifest(const Manifest& manifest) {
  std::string out(kMagic);
  put_fixed(out, kVersion);
  put_fixed(out, manifest.dimensions);
  put_string(out, manifest.fingerprint);
  put_fixed(out, manifest.next_name);
  put_words(out, manifest.applied);
  put_varint(out, manifest.segments.size());
  for (const ManifestSegment& segment : manifest.segments) {
    put_string(out, segment.name);
    put_words(out, segment.dead);
    put_fixed(out, segment.effort);
    put_fixed(out, segment.recall_at_100);
  }
  put_fixed(out, crc32c(out));
  return out;
}

Result<Manifest> decode_manifest(std::string_view bytes) {
  constexpr std::size_t kCrcBytes = 4;
  if (bytes.size() < kMagic.size() + 4 + kCrcBytes || !bytes.starts_with(kMagic)) {
    return fail(Code::kCorrupt, "damaged manifest of the vectors: not a manifest, or cut short");
  }
  const std::string_view contents = bytes.substr(0, bytes.size() - kCrcBytes);
  if (ByteReader(bytes.substr(contents.size())).fixed<std::uint32_t>() != crc32c(contents)) {
    return fail(Code::kCorrupt, "damaged manifest of the vectors: checksum");
  }
  ByteReader reader(contents.substr(kMagic.size()));
  if (reader.fixed<std::uint32_t>() != kVersion) {
    return fail(Code::kConflict, "manifest of the vectors of another version");
  }
  Manifest manifest;
  manifest.dimensions = reader.fixed<std::uint32_t>();
  manifest.fingerprint = std::string(reader.string());
  manifest.next_name = reader.fixed<std::uint64_t>();
  manifest.applied = read_words(reader);
  const std::uint64_t segments = reader.varint();
  for (std::uint64_t i = 0; i < segments && reader.ok(); ++i) {
    ManifestSegment segment{.name = std::string(reader.string()), .dead = {}};
    segment.dead = read_words(reader);
    segment.effort = reader.fixed<std::uint32_t>();
    segment.recall_at_100 = reader.fixed<float>();
    manifest.segments.push_back(std::move(segment));
  }
  if (!reader.ok() || !reader.empty()) {
    return fail(Code::kCorrupt, "damaged manifest of the vectors: its parts do not fit");
  }
  return manifest;
}

}  // namespace handsel::vectors
