// How the commands about experiments end: a report from a file, said as text, JSON or a page.
//
// Reports are those of proof/reports, whose to_html(), to_json() and to_text() are found by their namespace.
#pragma once

#include <string>

#include "app/cli/command.h"
#include "facts/catalog/import/byte_source.h"

namespace handsel::cli {

// What `read(source, request)` makes of the file; errors name it.
template <typename Report, typename Request>
Result<Report> report_of_file(const std::string& path, Result<Report> (*read)(catalog::ByteSource&, const Request&),
                              const Request& request) {
  HANDSEL_ASSIGN(const auto source, catalog::open_source(path));
  auto report = read(*source, request);
  if (!report) return fail(report.error().code, "{}: {}", path, report.error().message);
  return report;
}

template <typename Report>
void print_report(const Report& report, const Context& context) {
  context.print(context.json ? to_json(report) : to_text(report));
}

// And a page in the file `html`, where that is not empty.
template <typename Report>
Result<void> tell_report(const Report& report, const std::string& html, const Context& context) {
  if (!html.empty()) HANDSEL_TRY(context.process.files.write_file(html, to_html(report)));
  print_report(report, context);
  return {};
}

}  // namespace handsel::cli
