// Google Merchant feeds, tabular or XML, are read through a mapping like any other
// file; this is that mapping. The fields are those of
// https://support.google.com/merchants/answer/7052112.
#pragma once

#include "facts/catalog/import/mapping.h"

namespace handsel::catalog {

Mapping merchant_mapping();

}  // namespace handsel::catalog
