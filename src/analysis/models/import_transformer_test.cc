#include "analysis/models/import_transformer.h"

#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>

#include <gtest/gtest.h>
#include <unistd.h>

#include "analysis/models/foreign_config.h"
#include "analysis/models/transformer_encoder.h"

namespace handsel::models {
namespace {

namespace fs = std::filesystem;

const fs::path kTiny = HANDSEL_SOURCE_DIR "/tests/models/tiny_bert";

// A copy of a tiny model, to be changed; gone afterwards.
class Copy {
 public:
  explicit Copy(const fs::path& from = kTiny)
      : root_(fs::temp_directory_path() / ("handsel_import_" + std::to_string(getpid()))) {
    fs::remove_all(root_);
    fs::copy(from, root_, fs::copy_options::recursive);
  }
  ~Copy() { fs::remove_all(root_); }
  Copy(const Copy&) = delete;
  Copy& operator=(const Copy&) = delete;

  std::string path() const { return root_; }
  std::string read(const std::string& name) const {
    std::ifstream in(root_ / name, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
  }
  void write(const std::string& name, const std::string& text) const {
    std::ofstream(root_ / name, std::ios::binary) << text;
  }
  void remove(const std::string& name) const { fs::remove_all(root_ / name); }
  void replace(const std::string& name, const std::string& from, const std::string& to) const {
    std::string text = read(name);
    const std::size_t at = text.find(from);
    ASSERT_NE(at, std::string::npos) << from;
    write(name, text.replace(at, from.size(), to));
  }

 private:
  fs::path root_;
};

Result<ImportedModel> import(const Copy& copy) {
  return import_transformer(real_file_system(), copy.path());
}

Result<TransformerSettings> settings(const Copy& copy) {
  return read_foreign_settings(real_file_system(), copy.path());
}

TEST(ImportTransformer, MakesAnArtefact) {
  const Copy copy;
  const auto model = import(copy);
  ASSERT_TRUE(model) << model.error().message;
  EXPECT_EQ(model->manifest.kind, "encoder");
  EXPECT_EQ(model->manifest.details.at("format"), "transformer");
  EXPECT_EQ(model->manifest.details.at("dimensions"), "16");
  EXPECT_EQ(model->files.size(), 3u);
  EXPECT_EQ(model->files.at("model.safetensors"), copy.read("model.safetensors"));
  EXPECT_EQ(model->files.at("vocab.txt"), copy.read("vocab.txt"));
  const auto read = parse_settings(model->files.at("settings.json"), "settings.json");
  ASSERT_TRUE(read);
  EXPECT_EQ(read->tokens_max, 20u);
  EXPECT_EQ(read->pooling, Pooling::kMean);
}

TEST(ImportTransformer, WhatIsMissingOrWrongIsNamedWithAdvice) {
  struct Row {
    std::function<void(const Copy&)> change;
    Code code;
    std::string words;
  };
  const auto removed = [](const std::string& name) { return [=](const Copy& copy) { copy.remove(name); }; };
  const auto replaced = [](const std::string& name, const std::string& from, const std::string& to) {
    return [=](const Copy& copy) { copy.replace(name, from, to); };
  };
  const Row rows[] = {
      {removed("config.json"), Code::kNotFound, "/config.json is missing; name the folder"},
      {removed("model.safetensors"), Code::kNotFound, "/model.safetensors is missing; it holds the weights"},
      {removed("vocab.txt"), Code::kNotFound, "/vocab.txt is missing, and so is tokenizer.json"},
      {replaced("config.json", "\"bert\"", "\"roberta\""), Code::kUnsupported, "model_type is roberta"},
      {replaced("config.json", "\"gelu\"", "\"relu\""), Code::kUnsupported, "hidden_act is relu"},
      {replaced("config.json", "\"hidden_size\": 16", "\"hidden_size\": 32"), Code::kInvalidData, "has shape [81, 16]"},
      {replaced("config.json", "\"hidden_size\": 16", "\"hidden_size\": \"a\""), Code::kInvalidData,
       "hidden_size must"},
      {replaced("config.json", "\"num_hidden_layers\": 2", "\"num_hidden_layers\": 3"), Code::kInvalidData,
       "encoder.layer.2.attention.self.query.weight is missing"},
      {replaced("config.json", "{", ""), Code::kInvalidData, "/config.json is not JSON"},
      {replaced("modules.json", "models.Pooling", "models.Dense"), Code::kUnsupported, "module '"},
      {replaced("modules.json", "1_Pooling", "../../x"), Code::kInvalidData, "leads out of the folder"},
      {replaced("1_Pooling/config.json", "mean_tokens", "max_tokens"), Code::kUnsupported, "pooling_mode_max_tokens"},
      {[](const Copy& copy) { copy.write("model.safetensors", copy.read("model.safetensors").substr(0, 10'000)); },
       Code::kInvalidData, "the file is cut short"},
      {[](const Copy& copy) { copy.write("vocab.txt", copy.read("vocab.txt") + "more\n"); }, Code::kInvalidData,
       "the tokenizer has 82 pieces"},
      {[](const Copy& copy) {
         copy.remove("model.safetensors");
         copy.write("pytorch_model.bin", "x");
       },
       Code::kUnsupported, "pytorch_model.bin is not read"},
  };
  for (const Row& row : rows) {
    const Copy copy;
    row.change(copy);
    const auto model = import(copy);
    ASSERT_FALSE(model) << row.words;
    EXPECT_EQ(model.error().code, row.code) << model.error().message;
    EXPECT_NE(model.error().message.find(row.words), std::string::npos) << model.error().message << "\n" << row.words;
    EXPECT_NE(model.error().message.find(copy.path()), std::string::npos) << model.error().message;
  }
}

TEST(ImportTransformer, WeightsThatAreNoNumbersAreRefused) {
  const Copy copy;
  std::string weights = copy.read("model.safetensors");
  for (std::size_t i = weights.size() - 2000; i < weights.size(); ++i) weights[i] = '\xff';
  copy.write("model.safetensors", weights);
  const auto model = import(copy);
  ASSERT_FALSE(model);
  EXPECT_NE(model.error().message.find("gives no vector"), std::string::npos) << model.error().message;
}

TEST(ImportTransformer, TheVocabularyMayLieInTokenizerJson) {
  const Copy copy;
  std::istringstream lines(copy.read("vocab.txt"));
  std::string vocabulary;
  std::size_t count = 0;
  for (std::string piece; std::getline(lines, piece); ++count) {
    vocabulary += (count > 0 ? ",\"" : "\"") + piece + "\":" + std::to_string(count);
  }
  const std::string before = copy.read("vocab.txt");
  copy.remove("vocab.txt");
  copy.write("tokenizer.json", R"({"model":{"type":"WordPiece","vocab":{)" + vocabulary + "}}}");
  const auto model = import(copy);
  ASSERT_TRUE(model) << model.error().message;
  EXPECT_EQ(model->files.at("vocab.txt"), before);
  for (const char* bad : {"", "[]", "{}", R"({"model":{"vocab":[["a",1]]}})", R"({"model":{"vocab":{"a":1}}})",
                          R"({"model":{"vocab":{"a\nb":0}}})", R"({"model":{"vocab":{"a":-1}}})"}) {
    EXPECT_FALSE(word_pieces_of(bad, "tokenizer.json")) << bad;
  }
}

TEST(ImportTransformer, OptionalFilesMayBeMissing) {
  const Copy copy;
  for (const char* name : {"modules.json", "1_Pooling", "tokenizer_config.json", "sentence_bert_config.json"}) {
    copy.remove(name);
  }
  const auto read = settings(copy);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->pooling, Pooling::kMean);
  EXPECT_EQ(read->tokens_max, 24u);
  EXPECT_TRUE(read->lower_case && read->strip_accents);
}

TEST(ImportTransformer, SettingsOfTheTokenizerAndPromptsAreRead) {
  const Copy copy;
  copy.write("tokenizer_config.json", R"({"do_lower_case":false,"strip_accents":null,"model_max_length":1e30})");
  copy.write("sentence_bert_config.json", "{}");
  copy.write("config_sentence_transformers.json", R"({"prompts":{"query":"query: ","document":"text: "}})");
  copy.write("1_Pooling/config.json", R"({"pooling_mode_cls_token":true,"pooling_mode_mean_tokens":false})");
  const auto read = settings(copy);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_FALSE(read->lower_case || read->strip_accents);
  EXPECT_EQ(read->tokens_max, 24u);
  EXPECT_EQ(read->pooling, Pooling::kFirst);
  EXPECT_EQ(read->query_prefix, "query: ");
  EXPECT_EQ(read->listing_prefix, "text: ");
}

}  // namespace
}  // namespace handsel::models
