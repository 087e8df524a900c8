// For reference_check.py: reads texts, one JSON string a line, and writes the vector of
// each, as the model in FOLDER encodes it as a query.
//
//   handsel_encode_texts FOLDER < TEXTS > VECTORS
#include <algorithm>
#include <cstdio>
#include <iostream>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "analysis/models/import_transformer.h"
#include "analysis/models/transformer_encoder.h"

namespace handsel::models {
namespace {

Result<void> encode(const std::string& folder) {
  HANDSEL_ASSIGN(auto model, import_transformer(real_file_system(), folder));
  storage::Artefact artefact{.manifest = std::move(model.manifest), .files = {}};
  for (auto& [name, bytes] : model.files) artefact.files[name] = std::make_shared<HeapBytes>(std::move(bytes));
  HANDSEL_ASSIGN(const auto encoder, open_transformer(artefact));
  std::vector<std::string> texts;
  for (std::string line; std::getline(std::cin, line);) {
    const auto text = nlohmann::json::parse(line, nullptr, false);
    if (!text.is_string()) return fail(Code::kInvalidData, "line {} is no JSON text", texts.size() + 1);
    texts.push_back(text.get<std::string>());
  }
  std::vector<QueryInput> queries;
  for (const std::string& text : texts) queries.push_back({.text = text});
  std::vector<float> vectors(texts.size() * encoder->dimensions());
  HANDSEL_TRY(encoder->encode_queries(queries, vectors));
  for (std::size_t i = 0; i < vectors.size(); ++i) {
    std::printf((i + 1) % encoder->dimensions() == 0 ? "%.8g\n" : "%.8g ", static_cast<double>(vectors[i]));
  }
  return {};
}

}  // namespace
}  // namespace handsel::models

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: handsel_encode_texts FOLDER < TEXTS > VECTORS\n");
    return 2;
  }
  const auto done = handsel::models::encode(argv[1]);
  if (done) return 0;
  std::fprintf(stderr, "handsel_encode_texts: %s\n", done.error().message.c_str());
  return handsel::exit_code(done.error().code);
}
