#include "app/http/compress.h"

#include <limits>

#include <zlib.h>

#include "facts/catalog/import/values.h"

namespace handsel::http {
namespace {

// "gzip;q=0.5" -> name "gzip", weight 0.5. A weight that is none counts as 0.
struct Coding {
  std::string_view name;
  double weight = 1;
};

Coding parse_coding(std::string_view text) {
  const std::size_t semicolon = text.find(';');
  Coding coding{.name = catalog::trim(text.substr(0, semicolon))};
  if (semicolon == std::string_view::npos) return coding;
  const std::string_view weight = catalog::trim(text.substr(semicolon + 1));
  coding.weight = weight.starts_with("q=") ? catalog::parse_number(weight.substr(2)).value_or(0) : 0;
  return coding;
}

}  // namespace

bool accepts_gzip(std::string_view accept_encoding) {
  bool any = false;
  while (!accept_encoding.empty()) {
    const std::size_t comma = accept_encoding.find(',');
    const Coding coding = parse_coding(accept_encoding.substr(0, comma));
    if (catalog::equal_ignoring_case(coding.name, "gzip")) return coding.weight > 0;
    if (coding.name == "*") any = coding.weight > 0;
    if (comma == std::string_view::npos) break;
    accept_encoding.remove_prefix(comma + 1);
  }
  return any;
}

std::optional<std::string> gzip(std::string_view bytes, int level) {
  if (bytes.size() > std::numeric_limits<uInt>::max() / 2) return std::nullopt;
  z_stream stream{};
  constexpr int kGzipWindow = 15 + 16;  // the largest window, in a gzip envelope
  if (deflateInit2(&stream, level, Z_DEFLATED, kGzipWindow, 8, Z_DEFAULT_STRATEGY) != Z_OK) return std::nullopt;
  std::string out(bytes.size(), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));  // zlib does not write to it
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int result = deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return result == Z_STREAM_END ? std::optional(std::move(out)) : std::nullopt;
}

}  // namespace handsel::http
