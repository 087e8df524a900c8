// The next period's shares of a bandit, from a file of what happened so far: text with the lines for the definitions
// file, and JSON. What is computed stands in proof/assignment/allocation.h.
//
// One row a unit. Periods are words, in the order of their first rows: the file is in order of time. A column of
// weights says with which share the unit's arm was drawn; without one the shares are what was observed in the period,
// and the estimate is the mean of each period, weighted by the period's units. Rows with anything missing are left out
// and counted. Memory as in unit_table.h; one thread.
#pragma once

#include <string>
#include <vector>

#include "facts/catalog/import/byte_source.h"
#include "proof/assignment/allocation.h"

namespace handsel::experiments {

struct AllocationRequest {
  std::string variant;
  std::string outcome;
  std::string period;   // column; empty: one period
  std::string weight;   // column; empty: as observed
  std::string control;  // empty: "control" or the first by name
  assignment::AllocationOptions options;
};

struct AllocationReport {
  std::string source;
  AllocationRequest request;
  std::vector<std::string> arms;  // the control first
  std::size_t periods = 0;
  std::size_t rows_read = 0;
  std::size_t rows_incomplete = 0;
  assignment::Allocation allocation;
};

// kInvalidData: two weights of one arm in one period, or as in allocate().
Result<AllocationReport> allocate_file(catalog::ByteSource& source, const AllocationRequest& request);

std::string headline(const AllocationReport& report);
std::string to_text(const AllocationReport& report);
std::string to_json(const AllocationReport& report);

}  // namespace handsel::experiments
