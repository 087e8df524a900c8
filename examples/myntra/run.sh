#!/bin/bash
# 12,491 fashion products, a CSV of another shape: import, serve, search over HTTP.
#
#   examples/myntra/run.sh [FOLDER_WITH_THE_DATA] [WHERE_TO_KEEP_THE_MARKETPLACE]
#
# The folder holds myntra_products_catalog.csv.gz; by default
# ../shared/data/myntra-catalog beside the repository.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
source "$here/../serving.sh"
input=${1:-$here/../../../shared/data/myntra-catalog}
data=${2:-$(mktemp -d)/myntra}
[ -f "$input/myntra_products_catalog.csv.gz" ] || { echo "no data in $input" >&2; exit 3; }

echo "== import the products through examples/myntra/mapping.toml"
"$handsel" import listings "$input/myntra_products_catalog.csv.gz" --data "$data" --map "$here/mapping.toml"

echo "== search over HTTP"
serve "$data"
await_spelling "runing shoes"
for query in "blue denim jacket" "kurta for women" "trolley bag" "runing shoes"; do
  echo "-- $query"
  titles "$query" limit=3
done
echo "-- shirts under 1,000, the colours counted"
ask "shirt" "filter=price < 1000" facets=attr.color limit=0
echo
