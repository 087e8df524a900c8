// Text as the tokenizers of imported language models want it.
//
// Their rules were fixed when the models were trained, and differ from those of
// analyzer.h: they are followed to the letter, because a model reads pieces it never
// saw as noise. Any bytes are read; what is not UTF-8 counts as U+FFFD.
//
// Pure functions, any thread, time in proportion to the text.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace handsel::text {

// BERT's basic tokenisation (Devlin et al. 2019, arXiv:1810.04805, released code):
// control characters go; white space parts words; punctuation (in Unicode's sense, and
// every ASCII sign) and, if wished, ideographs are words of their own.
struct BasicWordRules {
  bool lower_case = true;
  bool strip_accents = true;  // canonical decomposition without nonspacing marks
  bool split_ideographs = true;
};

// Calls `visit` for each word in order, as long as it returns true. Words are not empty.
void visit_basic_words(std::string_view text, const BasicWordRules& rules,
                       const std::function<bool(std::string_view)>& visit);

// What ALBERT does to a text before SentencePiece sees it (Lan et al. 2020,
// arXiv:1909.11942, released code): `` and '' become ", accents and case go if wished.
struct SentenceRules {
  bool lower_case = true;
  bool strip_accents = true;  // compatibility decomposition without marks
};

std::string prepare_sentence(std::string_view text, const SentenceRules& rules);

}  // namespace handsel::text
