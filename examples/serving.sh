# What the examples share: starting `handsel serve` on a free port and asking it.
# To be sourced; sets $address.

handsel=${HANDSEL:-$(dirname "${BASH_SOURCE[0]}")/../build/release/handsel}
command -v curl > /dev/null || { echo "the examples need curl" >&2; exit 4; }
[ -x "$handsel" ] || { echo "no program at $handsel: run 'make build' or set HANDSEL" >&2; exit 4; }
server=

# serve DATA: returns when the server is ready.
serve() {
  local log=$1/serve.log
  "$handsel" serve --data "$1" --listen 127.0.0.1:0 > "$log" 2>&1 &
  server=$!
  for _ in $(seq 600); do
    address=$(grep -oE 'http://127\.0\.0\.1:[0-9]+' "$log" | head -n 1 || true)
    if [ -n "$address" ] && curl -sf "$address/health/ready" > /dev/null; then return; fi
    kill -0 "$server" 2> /dev/null || break
    sleep 0.1
  done
  echo "the server did not come up:" >&2
  cat "$log" >&2
  exit 1
}

stop_serving() {
  [ -z "$server" ] && return
  kill -TERM "$server" && wait "$server" || true
  server=
}
trap stop_serving EXIT

# ask WORDS [NAME=VALUE...]: a search over HTTP; prints its JSON.
ask() {
  local words=$1 parameters=()
  shift
  for parameter in "$@"; do parameters+=(--data-urlencode "$parameter"); done
  curl -sfG "$address/v1/search" --data-urlencode "q=$words" "${parameters[@]}"
}

# The titles of a search's answer, one a line; nothing where nothing is found.
titles() {
  ask "$@" | grep -oE '"title":"([^"\\]|\\.)*"' | sed -E 's/^"title":"//; s/"$//' || true
}

# The words that spelling correction knows are gathered in the background after a
# start; this waits, ten seconds at most, until MISSPELT is corrected.
await_spelling() {
  for _ in $(seq 100); do
    if ask "$1" limit=1 | grep -q '"corrected_query":"'; then return; fi
    sleep 0.1
  done
}
