#!/bin/bash
# 6,764 real products and 75 judged queries of the Amazon Shopping Queries data set:
# import, serve, search over HTTP, evaluate.
#
#   examples/esci/run.sh [FOLDER_WITH_THE_DATA] [WHERE_TO_KEEP_THE_MARKETPLACE]
#
# The folder holds products.jsonl.gz, query.csv, label.dev.csv and ubi_synthetic.jsonl.gz;
# by default ../shared/data/esci-us-sample beside the repository.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
source "$here/../serving.sh"
input=${1:-$here/../../../shared/data/esci-us-sample}
data=${2:-$(mktemp -d)/esci}
[ -f "$input/products.jsonl.gz" ] || { echo "no data in $input" >&2; exit 3; }

echo "== import the products through examples/esci/mapping.toml"
"$handsel" import listings "$input/products.jsonl.gz" --data "$data" --map "$here/mapping.toml"

echo "== import the synthetic log of queries and clicks, OpenSearch UBI as it stands"
"$handsel" import events "$input/ubi_synthetic.jsonl.gz" --data "$data" --format ubi
"$handsel" log stats --data "$data"

echo "== search over HTTP"
serve "$data"
await_spelling "vinpositine"
for query in "brown belt without buckle" "tshirt" "apple earbuds" "vinpositine"; do
  echo "-- $query"
  titles "$query" limit=3
done
echo "-- women, at most 30, the brands counted"
ask "sandals for women" "filter=price <= 30" facets=attr.brand limit=0
echo
stop_serving

echo "== evaluate on label.dev.csv (the marketplace is kept in $data)"
"$handsel" evaluate search --data "$data" --queries "$input/query.csv" --judgments "$input/label.dev.csv" \
  --gains E=1,S=0.1,C=0.01,I=0 --at 10,100
