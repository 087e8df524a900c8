// Against tests/models: two tiny encoders with random weights, and what the reference
// implementation made of a few texts with them (scripts/make-tiny-encoders).
#include "analysis/models/transformer_encoder.h"

#include <cmath>
#include <functional>
#include <numeric>
#include <thread>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "analysis/models/import_transformer.h"

namespace handsel::models {
namespace {

const std::string kFolder = HANDSEL_SOURCE_DIR "/tests/models";

storage::Artefact artefact_of(const std::string& name) {
  auto imported = import_transformer(real_file_system(), kFolder + "/" + name);
  EXPECT_TRUE(imported) << imported.error().message;
  storage::Artefact artefact;
  if (!imported) return artefact;
  artefact.manifest = imported->manifest;
  for (auto& [file, bytes] : imported->files) artefact.files[file] = std::make_shared<HeapBytes>(std::move(bytes));
  return artefact;
}

std::unique_ptr<TransformerEncoder> encoder_of(const std::string& name) {
  auto encoder = open_transformer(artefact_of(name));
  EXPECT_TRUE(encoder) << encoder.error().message;
  return encoder ? std::move(*encoder) : nullptr;
}

std::vector<float> vectors_of(const TextEncoder& encoder, const std::vector<std::string>& texts) {
  std::vector<QueryInput> queries;
  for (const std::string& text : texts) queries.push_back({.text = text});
  std::vector<float> out(texts.size() * encoder.dimensions());
  EXPECT_TRUE(encoder.encode_queries(queries, out));
  return out;
}

double length(std::span<const float> row) {
  return std::sqrt(std::inner_product(row.begin(), row.end(), row.begin(), 0.0));
}

TEST(TransformerEncoder, AgreesWithTheReference) {
  const auto bytes = real_file_system().read_file(kFolder + "/expected.json");
  ASSERT_TRUE(bytes);
  const auto expected = nlohmann::json::parse(*bytes);
  const auto texts = expected["texts"].get<std::vector<std::string>>();
  for (const char* name : {"tiny_bert", "tiny_albert"}) {
    const auto encoder = encoder_of(name);
    ASSERT_NE(encoder, nullptr);
    const std::size_t width = encoder->dimensions();
    const auto vectors = vectors_of(*encoder, texts);
    for (std::size_t i = 0; i < texts.size(); ++i) {
      const std::span row(vectors.data() + i * width, width);
      if (length(row) == 0) continue;  // nothing known in it; see the next test
      const auto reference = expected[name][i].get<std::vector<float>>();
      ASSERT_EQ(reference.size(), width);
      // The reference is written with six digits.
      for (std::size_t j = 0; j < width; ++j) EXPECT_NEAR(row[j], reference[j], 5e-6) << name << ": " << texts[i];
    }
  }
}

TEST(TransformerEncoder, VectorsAreOfLengthOneOrZero) {
  for (const char* name : {"tiny_bert", "tiny_albert"}) {
    const auto encoder = encoder_of(name);
    ASSERT_NE(encoder, nullptr);
    const std::vector<std::string> known = {"mug", "a blue mug, hand made", std::string(10'000, 'a') + " mug",
                                            "mug \xff\xfe \xe4"};
    const std::vector<std::string> unknown = {"", "   ", "你好", "\xff\xfe", std::string("\0\0", 2)};
    const auto vectors = vectors_of(*encoder, known);
    const std::size_t width = encoder->dimensions();
    for (std::size_t i = 0; i < known.size(); ++i) {
      EXPECT_NEAR(length({vectors.data() + i * width, width}), 1.0, 1e-5) << known[i].substr(0, 30);
    }
    for (const float x : vectors_of(*encoder, unknown)) EXPECT_EQ(x, 0.0f);
  }
}

TEST(TransformerEncoder, ABatchGivesWhatEachTextGivesAlone) {
  const auto encoder = encoder_of("tiny_bert");
  ASSERT_NE(encoder, nullptr);
  std::vector<std::string> texts;
  for (int i = 0; i < 200; ++i)
    texts.push_back(i % 7 == 0 ? "" : "mug " + std::string(static_cast<std::size_t>(i % 30), 'a'));
  const auto together = vectors_of(*encoder, texts);
  const std::size_t width = encoder->dimensions();
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const auto alone = vectors_of(*encoder, {texts[i]});
    // Rows are multiplied in other groups, with the same sums.
    for (std::size_t j = 0; j < width; ++j) EXPECT_NEAR(together[i * width + j], alone[j], 1e-6);
  }
}

TEST(TransformerEncoder, ReadsTheTextAlone) {
  const auto encoder = encoder_of("tiny_bert");
  ASSERT_NE(encoder, nullptr);
  EXPECT_TRUE(encoder->reads_text_alone());
  const std::vector<float> session(encoder->dimensions(), 0.5F);
  const QueryInput query{.text = "mug", .language = "de", .country = "PT", .session = session};
  std::vector<float> out(encoder->dimensions());
  ASSERT_TRUE(encoder->encode_queries({&query, 1}, out));
  EXPECT_EQ(out, vectors_of(*encoder, {"mug"}));
}

TEST(TransformerEncoder, ListingsAreReadByTheTemplate) {
  const auto encoder = encoder_of("tiny_bert");
  ASSERT_NE(encoder, nullptr);
  const catalog::Listing mug{.title = "blue mug", .tags = {"hand made"}};
  const catalog::Listing empty;
  const catalog::Listing* const listings[] = {&mug, &empty};
  std::vector<float> out(2 * encoder->dimensions());
  ASSERT_TRUE(encoder->encode_listings(listings, out));
  const auto expected = vectors_of(*encoder, {"blue mug. hand made", ""});
  for (std::size_t i = 0; i < out.size(); ++i) EXPECT_NEAR(out[i], expected[i], 1e-6);
}

TEST(TransformerEncoder, ManyThreadsGetTheSame) {
  const auto encoder = encoder_of("tiny_albert");
  ASSERT_NE(encoder, nullptr);
  const auto expected = vectors_of(*encoder, {"a linen apron"});
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < 50; ++round) EXPECT_EQ(vectors_of(*encoder, {"a linen apron"}), expected);
    });
  }
}

TEST(TransformerEncoder, EveryInstructionSetGivesTheSame) {
  const storage::Artefact artefact = artefact_of("tiny_bert");
  const auto settings = parse_settings(artefact.files.at("settings.json")->bytes(), "settings.json");
  ASSERT_TRUE(settings);
  const TokenBatch batch{.tokens = {2, 7, 9, 3, 2, 40, 41, 42, 43, 44, 45, 3}, .ends = {4, 12}};
  std::vector<float> plain(2 * settings->hidden);
  std::vector<float> best(plain.size());
  const auto weights = artefact.files.at("model.safetensors");
  const auto twin = Transformer::open(*settings, weights, "w", Instructions::kPlain);
  const auto fast = Transformer::open(*settings, weights, "w");
  ASSERT_TRUE(twin && fast);
  (*twin)->encode(batch, plain);
  (*fast)->encode(batch, best);
  for (std::size_t i = 0; i < plain.size(); ++i) EXPECT_NEAR(plain[i], best[i], 2e-6);
}

TEST(TransformerEncoder, TheFingerprintNamesWeightsAndSettings) {
  storage::Artefact artefact = artefact_of("tiny_bert");
  const std::string before = (*open_transformer(artefact))->fingerprint();
  EXPECT_EQ((*open_transformer(artefact))->fingerprint(), before);
  std::string settings(artefact.files["settings.json"]->bytes());
  settings.replace(settings.find("\"mean\""), 6, "\"first\"");
  artefact.files["settings.json"] = std::make_shared<HeapBytes>(settings);
  EXPECT_NE((*open_transformer(artefact))->fingerprint(), before);
  EXPECT_NE(encoder_of("tiny_albert")->fingerprint(), before);
}

// Opens tiny_bert after a change to one file; the error's message, or "opened".
std::string after(const std::string& file, const std::function<std::string(std::string)>& change) {
  storage::Artefact artefact = artefact_of("tiny_bert");
  artefact.files[file] = std::make_shared<HeapBytes>(change(std::string(artefact.files[file]->bytes())));
  const auto encoder = open_transformer(artefact);
  return encoder ? "opened" : encoder.error().message;
}

TEST(TransformerEncoder, DamageIsNamed) {
  const auto cut = [](std::size_t size) { return [size](std::string bytes) { return bytes.substr(0, size); }; };
  const auto replaced = [](const std::string& from, const std::string& to) {
    return [=](std::string bytes) { return bytes.replace(bytes.find(from), from.size(), to); };
  };
  EXPECT_NE(after("model.safetensors", cut(0)).find("model.safetensors"), std::string::npos);
  EXPECT_NE(after("model.safetensors", cut(9'000)).find("cut short"), std::string::npos);
  EXPECT_NE(after("model.safetensors", replaced("[40,16]", "[16,40]")).find("has shape [16, 40]"), std::string::npos);
  EXPECT_NE(after("model.safetensors", replaced("layer.1.output.dense.bias", "layer.1.output.dense.bios"))
                .find("encoder.layer.1.output.dense.bias is missing"),
            std::string::npos);
  EXPECT_NE(after("vocab.txt", cut(3)).find("vocab.txt"), std::string::npos);
  EXPECT_NE(after("vocab.txt", [](std::string bytes) { return bytes + "more\n"; }).find("pieces"), std::string::npos);
  EXPECT_NE(after("settings.json", cut(10)).find("settings.json"), std::string::npos);
  EXPECT_NE(after("settings.json", replaced("\"heads\": 2", "\"heads\": 3")).find("heads"), std::string::npos);
  EXPECT_NE(after("settings.json", replaced("\"layers\": 2", "\"layers\": 2000")).find("layers"), std::string::npos);
  storage::Artefact artefact = artefact_of("tiny_bert");
  artefact.files.erase("vocab.txt");
  EXPECT_EQ(open_transformer(artefact).error().code, Code::kCorrupt);
}

}  // namespace
}  // namespace handsel::models
