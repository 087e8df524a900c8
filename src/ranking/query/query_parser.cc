#include "ranking/query/query_parser.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

namespace handsel::query {
namespace {

constexpr std::size_t kShownBytesMax = 40;

bool is_space(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

bool begins_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
}

bool ends_word(char c) {
  return is_space(c) || std::string_view(",.;:!?)").contains(c);
}

// Not within a character.
std::string_view cut(std::string_view text, std::size_t bytes) {
  if (text.size() <= bytes) return text;
  while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xc0) == 0x80) --bytes;
  return text.substr(0, bytes);
}

std::string shown(std::string_view text) {
  const std::string_view part = cut(text, kShownBytesMax);
  return std::string(part) + (part.size() < text.size() ? "..." : "");
}

// Curly quotation marks and minus signs as the plain ones, so that one rule reads them.
std::string plain_marks(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::string_view rest = text.substr(i);
    const bool quotation = rest.starts_with("\u201c") || rest.starts_with("\u201d") || rest.starts_with("\u201e");
    if (quotation || rest.starts_with("\u2212")) {
      out.push_back(quotation ? '"' : '-');
      i += 2;
    } else {
      out.push_back(text[i]);
    }
  }
  return out;
}

class Parser {
 public:
  Parser(const text::Analyzer& analyzer, ParsedQuery& query) : analyzer_(analyzer), query_(query), text_(query.text) {}

  void run() {
    while (at_ < text_.size()) {
      if (at_word_start() && text_[at_] == '"' && take_phrase()) continue;
      if (at_word_start() && text_[at_] == '-' && take_exclusion()) continue;
      ++at_;
    }
    take_plain(text_.size());
    settle_exclusions();
    if (dropped_ > 0) {
      complain(fmt::format("only the first {} words were read, {} were not", kQueryWordsMax, dropped_));
    }
    if (query_.words.empty() && !std::ranges::all_of(text_, is_space)) {
      complain(fmt::format("there is no word to search for in '{}'", shown(text_)));
    }
  }

 private:
  bool at_word_start() const { return at_ == 0 || is_space(text_[at_ - 1]); }

  void complain(std::string complaint) {
    if (query_.complaints.size() < kComplaintsMax) query_.complaints.push_back(std::move(complaint));
  }

  // `text` is a part of the query.
  std::vector<QueryWord> words_of(std::string_view text, bool quoted) const {
    const auto offset = static_cast<std::size_t>(text.data() - text_.data());
    std::vector<QueryWord> words;
    analyzer_.visit_tokens(text, query_.language, [&](const text::TokenView& token) {
      words.push_back({.term = std::string(token.term),
                       .surface = std::string(token.surface),
                       .stop = analyzer_.is_stop_word(token.surface, query_.language),
                       .quoted = quoted,
                       .begin = offset + token.begin,
                       .end = offset + token.end});
    });
    return words;
  }

  void add_words(std::vector<QueryWord> words) {
    for (QueryWord& word : words) {
      if (query_.words.size() < kQueryWordsMax) {
        query_.words.push_back(std::move(word));
      } else {
        ++dropped_;
      }
    }
  }

  // What was passed over since the last mark: plain words.
  void take_plain(std::size_t end) {
    add_words(words_of(text_.substr(plain_begin_, end - plain_begin_), false));
    plain_begin_ = end;
  }

  // True where the text goes on behind a phrase.
  bool take_phrase() {
    const std::optional<std::size_t> close = closing_mark(at_ + 1);
    if (!close) {
      complain("a quotation mark is not closed; the words were read without it");
      return false;
    }
    take_plain(at_);
    std::vector<QueryWord> words = words_of(text_.substr(at_ + 1, *close - at_ - 1), true);
    const std::size_t begin = query_.words.size();
    add_words(std::move(words));
    if (query_.words.size() - begin >= 2) query_.phrases.push_back({begin, query_.words.size()});
    at_ = plain_begin_ = *close + 1;
    return true;
  }

  std::optional<std::size_t> closing_mark(std::size_t from) const {
    for (std::size_t i = from; i < text_.size(); ++i) {
      if (text_[i] == '"' && (i + 1 == text_.size() || ends_word(text_[i + 1]))) return i;
    }
    return std::nullopt;
  }

  bool take_exclusion() {
    const std::string_view rest = text_.substr(at_ + 1);
    if (rest.starts_with('"')) {
      complain("a phrase cannot be excluded, only a word (-word)");
      return false;
    }
    if (rest.empty() || !begins_word(rest.front())) return false;
    const std::size_t size = std::min<std::size_t>(
        static_cast<std::size_t>(std::ranges::find_if(rest, is_space) - rest.begin()), rest.size());
    std::vector<QueryWord> words = words_of(rest.substr(0, size), true);
    if (words.size() != 1 || words.front().stop) return false;
    if (excluded_.size() == kExcludedMax) {
      complain(fmt::format("only {} words can be excluded", kExcludedMax));
      return false;
    }
    take_plain(at_);
    excluded_.push_back(std::move(words.front()));
    at_ = plain_begin_ = at_ + 1 + size;
    return true;
  }

  // With nothing that is wanted, or where a word is wanted too, the minus was none.
  void settle_exclusions() {
    const bool wanted = !query_.words.empty();
    for (QueryWord& word : excluded_) {
      const bool contradicts = std::ranges::find(query_.words, word.term, &QueryWord::term) != query_.words.end();
      if (wanted && !contradicts) {
        query_.excluded.push_back(std::move(word));
      } else if (!contradicts) {
        word.quoted = false;
        add_words({std::move(word)});
      }
    }
  }

  const text::Analyzer& analyzer_;
  ParsedQuery& query_;
  const std::string_view text_;
  std::size_t at_ = 0;
  std::size_t plain_begin_ = 0;
  std::size_t dropped_ = 0;
  std::vector<QueryWord> excluded_;
};

}  // namespace

ParsedQuery parse_query(const text::Analyzer& analyzer, std::string_view text, std::string_view language) {
  ParsedQuery query;
  query.text = plain_marks(cut(text, kQueryBytesMax));
  query.language = language;
  if (text.size() > kQueryBytesMax) {
    query.complaints.push_back(fmt::format("only the first {} bytes of the query were read", kQueryBytesMax));
  }
  Parser(analyzer, query).run();
  return query;
}

}  // namespace handsel::query
