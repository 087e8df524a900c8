// SentencePiece, the tokenizer of ALBERT: the most likely way to cut a text into
// pieces of its vocabulary (Kudo and Richardson 2018, arXiv:1808.06226).
#pragma once

#include <string>

#include "analysis/models/tokenizer.h"
#include "analysis/text/model_text.h"

namespace handsel::models {

// `model`: the bytes of spiece.model. `name` is what errors call it. kInvalidData
// where it does not load or has no [CLS], [SEP] or unknown piece.
Result<std::unique_ptr<Tokenizer>> open_sentence_piece(std::string_view model, std::string_view name,
                                                       const text::SentenceRules& rules);

}  // namespace handsel::models
