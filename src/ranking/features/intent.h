// What the two intent features have in common: a listing is as likely meant as the
// likeliest of its names.
#pragma once

#include <algorithm>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

#include "ranking/features/feature.h"

namespace handsel::features {

class ShareTable {
 public:
  explicit ShareTable(const Signals::Shares& shares) {
    for (const auto& [name, share] : shares) shares_.emplace(name, share);
  }
  double best(std::span<const std::string> names) const {
    double best = 0;
    for (const std::string& name : names) {
      const auto found = shares_.find(name);
      if (found != shares_.end()) best = std::max(best, found->second);
    }
    return best;
  }

 private:
  std::unordered_map<std::string_view, double> shares_;  // borrows the names
};

}  // namespace handsel::features
