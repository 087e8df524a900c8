// A folder in which somebody published a sentence encoder becomes an artefact of ours.
//
// Read are, as sentence-transformers and its relatives lay them out:
//
//   config.json                         shape and kind: BERT or ALBERT
//   model.safetensors                   weights
//   vocab.txt or tokenizer.json         WordPiece; spiece.model where it is ALBERT
//   tokenizer_config.json               case, accents                     (may be missing)
//   sentence_bert_config.json           longest text                      (may be missing)
//   modules.json, 1_Pooling/config.json how rows become one vector        (may be missing: mean)
//   config_sentence_transformers.json   prompts before queries, documents (may be missing)
//
// What the folder asks for and we do not do is an error, never a guess. The model is
// opened and asked for a vector before it is taken. Costs a copy of the weights in
// memory, which is the result.
#pragma once

#include <map>
#include <string>

#include "base/core/file_system.h"
#include "base/core/result.h"
#include "base/storage/artefact_store.h"

namespace handsel::models {

inline constexpr std::size_t kConfigBytesMax = 1u << 20;
inline constexpr std::size_t kTokenizerJsonBytesMax = 64u << 20;
inline constexpr std::size_t kWeightsBytesMax = std::size_t{4} << 30;

// For storage::ArtefactStore::put.
struct ImportedModel {
  storage::Manifest manifest;
  std::map<std::string, std::string> files;
};

// Errors name the file and say what to do.
Result<ImportedModel> import_transformer(FileSystem& files, const std::string& folder);

}  // namespace handsel::models
