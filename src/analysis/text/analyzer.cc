#include "analysis/text/analyzer.h"

#include <algorithm>
#include <map>
#include <utility>

#include "analysis/text/internal/atoms.h"
#include "analysis/text/internal/folded_text.h"
#include "analysis/text/internal/joins.h"
#include "analysis/text/internal/stemmer.h"
#include "analysis/text/internal/stop_words.h"
#include "base/core/utf8.h"

namespace handsel::text {
namespace {

using internal::Atom;
using internal::AtomFinder;
using internal::FoldedText;
using internal::Folder;
using internal::Stemmer;
using internal::Word;
using internal::WordReader;

// What one call needs of memory and libraries. A visitor that calls the analyzer
// again gets another one.
struct Scratch {
  struct Folders {
    explicit Folders(Folder::Mode mode) : bare(mode), accented(mode, internal::Accents::kKept) {}
    Folder bare;
    Folder accented;
  };
  Folders fast{Folder::Mode::kFast};
  Folders plain{Folder::Mode::kPlain};
  FoldedText folded;
  FoldedText bare_surface;
  FoldedText bare_term;
  AtomFinder finder;
  std::vector<Atom> atoms;
  std::map<std::string, std::unique_ptr<Stemmer>, std::less<>> stemmers;  // bounded by Snowball's languages
  bool in_use = false;

  // Null where there is none for that language.
  Stemmer* stemmer(const std::string& language) {
    const auto found = stemmers.find(language);
    if (found != stemmers.end()) return found->second.get();
    std::unique_ptr<Stemmer> made = Stemmer::make(language);
    if (!made) return nullptr;
    return stemmers.emplace(language, std::move(made)).first->second.get();
  }
};

class ScratchLease {
 public:
  ScratchLease() {
    thread_local Scratch of_thread;
    if (of_thread.in_use) own_ = std::make_unique<Scratch>();
    scratch_ = own_ ? own_.get() : &of_thread;
    scratch_->in_use = true;
  }
  ~ScratchLease() { scratch_->in_use = false; }
  ScratchLease(const ScratchLease&) = delete;
  ScratchLease& operator=(const ScratchLease&) = delete;

  Scratch& operator*() { return *scratch_; }

 private:
  std::unique_ptr<Scratch> own_;
  Scratch* scratch_;
};

bool is_stemmed(std::string_view surface) {
  return std::ranges::none_of(surface, [](char c) { return (c >= '0' && c <= '9') || c == '&'; });
}

}  // namespace

class Analyzer::Impl {
 public:
  Impl(std::string_view default_language, Path path)
      : default_language_(internal::primary_language(default_language)), path_(path) {}

  void visit(std::string_view text, std::string_view language,
             const std::function<void(const TokenView&)>& visit) const {
    text = utf8_prefix(text, kTextBytesMax);
    ScratchLease lease;
    Scratch& scratch = *lease;
    Stemmer* stemmer = stemmer_for(scratch, language);
    find_atoms(text, stemmer != nullptr && stemmer->needs_accents(), scratch);
    WordReader words(scratch.folded.bytes, scratch.atoms);
    std::size_t begin_hint = 0;
    std::size_t end_hint = 0;
    for (Word word; words.next(word);) {
      TokenView token = spell(word.surface, stemmer, scratch);
      token.begin = scratch.folded.source_begin(word.begin, begin_hint);
      token.end = scratch.folded.source_end(word.end, end_hint);
      visit(token);
    }
  }

  bool is_stop_word(std::string_view surface, std::string_view language) const {
    const std::string primary = internal::primary_language(language);
    return internal::is_stop_word(surface, primary.empty() ? default_language_ : primary);
  }

 private:
  void find_atoms(std::string_view text, bool with_accents, Scratch& scratch) const {
    Scratch::Folders& folders = path_ == Path::kFast ? scratch.fast : scratch.plain;
    (with_accents ? folders.accented : folders.bare).fold(text, scratch.folded);
    if (path_ == Path::kFast) {
      scratch.finder.find(scratch.folded, scratch.atoms);
    } else {
      scratch.finder.find_by_icu(scratch.folded, scratch.atoms);
    }
  }

  // Surface and term of a word, which has accents only where the stemmer needs them.
  static TokenView spell(std::string_view word, Stemmer* stemmer, Scratch& scratch) {
    word = utf8_prefix(word, kTermBytesMax);
    const bool stems = stemmer != nullptr && is_stemmed(word);
    const std::string_view stem = stems ? utf8_prefix(stemmer->stem(word), kTermBytesMax) : word;
    if (stemmer == nullptr || !stemmer->needs_accents() || is_ascii(word)) return {.term = stem, .surface = word};
    scratch.fast.bare.fold(word, scratch.bare_surface);
    scratch.fast.bare.fold(stem, scratch.bare_term);
    return {.term = scratch.bare_term.bytes, .surface = scratch.bare_surface.bytes};
  }

  Stemmer* stemmer_for(Scratch& scratch, std::string_view language) const {
    if (!language.empty()) {
      if (Stemmer* stemmer = scratch.stemmer(internal::primary_language(language))) return stemmer;
    }
    return scratch.stemmer(default_language_);
  }

  const std::string default_language_;
  const Path path_;
};

Analyzer::Analyzer(std::string_view default_language, Path path)
    : impl_(std::make_unique<Impl>(default_language, path)) {}

Analyzer::~Analyzer() = default;

void Analyzer::visit_tokens(std::string_view text, std::string_view language,
                            const std::function<void(const TokenView&)>& visit) const {
  impl_->visit(text, language, visit);
}

void Analyzer::analyze(std::string_view text, std::string_view language, std::vector<Token>& out) const {
  impl_->visit(text, language, [&out](const TokenView& token) {
    out.push_back({.term = std::string(token.term),
                   .surface = std::string(token.surface),
                   .begin = token.begin,
                   .end = token.end});
  });
}

bool Analyzer::is_stop_word(std::string_view surface, std::string_view language) const {
  return impl_->is_stop_word(surface, language);
}

}  // namespace handsel::text
