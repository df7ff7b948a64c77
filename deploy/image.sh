#!/bin/sh
# image.sh DIRECTORY: the context for `docker build`: the Dockerfile, and the packages of this tree installed without what only
# developers need. Run it where `npm run build` has run. Optional parts: WITH="pg libsql" deploy/image.sh context
set -eu
[ $# -eq 1 ] || { echo "usage: image.sh DIRECTORY" >&2; exit 2; }
[ ! -e "$1" ] || { echo "error: $1 exists and is not overwritten" >&2; exit 2; }
root=$(cd "$(dirname "$0")/.." && pwd)
[ -e "$root/dist/cli/main.js" ] || { echo "error: nothing is built: npm run build" >&2; exit 2; }
mkdir -p "$1/app"
context=$(cd "$1" && pwd)
packages=$(mktemp -d)
trap 'rm -rf "$packages"' EXIT
for part in . runtime service; do
  (cd "$root/$part" && npm pack --silent --ignore-scripts --pack-destination "$packages" >/dev/null)
done
cd "$context/app"
echo '{"name":"plan-lint-image","private":true}' >package.json
# shellcheck disable=SC2086 # several packages
npm install --omit=dev --omit=peer --ignore-scripts --no-audit --no-fund "$packages"/*.tgz ${WITH:-}
cp "$root/deploy/Dockerfile" "$context/Dockerfile"
echo "context      $context"
