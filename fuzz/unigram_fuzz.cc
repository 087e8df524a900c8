// Any bytes as a SentencePiece model: what parses cuts texts into pieces it has.
#include <cstdint>
#include <string_view>

#include "analysis/models/unigram.h"
#include "base/core/result.h"

using namespace handsel;
using namespace handsel::models;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto model = Unigram::parse(bytes);
  if (!model) return 0;
  for (const std::string_view text : {std::string_view("a hand made mug"), std::string_view("Café 日本 \xff"), bytes}) {
    for (const std::int32_t piece : model->encode(text.substr(0, 1000))) {
      HANDSEL_CHECK(piece >= 0 && static_cast<std::size_t>(piece) < model->size());
    }
  }
  return 0;
}
