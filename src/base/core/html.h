// Text that goes into a page: nothing of it is read as markup, in content or in quoted
// attributes. Any thread.
#pragma once

#include <string>
#include <string_view>

namespace handsel {

void append_html_escaped(std::string& out, std::string_view text);

}  // namespace handsel
