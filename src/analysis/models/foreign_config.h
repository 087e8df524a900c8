// The configuration files that published sentence encoders come with, read into
// TransformerSettings. See import_transformer.h for the files.
#pragma once

#include <string>
#include <string_view>

#include "analysis/models/transformer_settings.h"
#include "base/core/file_system.h"
#include "base/core/result.h"

namespace handsel::models {

// Checked. Errors name the file and the key.
Result<TransformerSettings> read_foreign_settings(FileSystem& files, const std::string& folder);

// The WordPiece vocabulary inside a tokenizer.json, one piece a line in the order of
// the tokens. `name` is what errors call the file.
Result<std::string> word_pieces_of(std::string_view tokenizer_json, std::string_view name);

}  // namespace handsel::models
