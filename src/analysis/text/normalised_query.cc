#include "analysis/text/normalised_query.h"

#include "analysis/text/fold.h"
#include "base/core/utf8.h"

namespace handsel::text {

std::string normalised_query(std::string_view query) {
  std::string name = fold_text(utf8_prefix(query, kQueryBytesRead));
  if (name.size() <= kNormalisedQueryBytesMax) return name;
  name.resize(utf8_prefix(name, kNormalisedQueryBytesMax).size());
  if (name.ends_with(' ')) name.pop_back();
  return name;
}

}  // namespace handsel::text
