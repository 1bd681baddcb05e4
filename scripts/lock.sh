#!/usr/bin/env bash
# Compiles every lock file from pyproject.toml, with hashes and without any registry's address.
# The order matters: the engine is resolved first, for the Processing image's Python 3.10, and every
# other file is constrained by it, so that the laptop runs the very versions that the job runs; but for
# numpy on Python 3.14, for which the job's has no wheels.
set -euo pipefail
cd "$(dirname "$0")/.."

lock() { # lock OUTPUT PYTHON [uv arguments and inputs...]
  local output=$1 python=$2
  shift 2
  uv pip compile --quiet --python-version "$python" --generate-hashes --no-emit-index-url --no-header --no-annotate \
    --output-file "$output" "$@"
}

direct() { # the direct requirements of one extra, its own extras expanded, and nothing of the project's dependencies
  python3 - "$1" <<'PY'
import re, sys, tomllib

extras = tomllib.load(open("pyproject.toml", "rb"))["project"]["optional-dependencies"]

def expand(name):
    for requirement in extras[name]:
        own = re.fullmatch(r"kempelen\[(.+)\]", requirement)
        if own:
            for inner in own[1].split(","):
                yield from expand(inner)
        else:
            yield requirement

print("\n".join(expand(sys.argv[1])))
PY
}

direct engine | lock requirements/engine.txt 3.10 --python-platform x86_64-manylinux_2_28 -
direct learning | lock requirements/learning.txt 3.10 --python-platform x86_64-manylinux_2_28 -c requirements/engine.txt -
constraints=$(mktemp --suffix=.txt)
trap 'rm -f "$constraints"' EXIT
sed -E "s/^numpy==[^ ]+/& ; python_version < '3.14'/" requirements/engine.txt >"$constraints"
lock requirements.txt 3.11 --universal -c "$constraints" pyproject.toml
direct lambda | lock requirements/lambda.txt 3.11 --universal -c requirements.txt -
direct demo | lock requirements/demo.txt 3.11 --universal -c requirements.txt -
lock requirements-dev.txt 3.11 --universal -c requirements.txt --extra dev pyproject.toml
direct assist | lock requirements/assist.txt 3.11 --universal -c requirements-dev.txt -
direct localcloud | lock requirements/localcloud.txt 3.11 --universal -
# imgaug asks for OpenCV with windows; the one without serves all, at the engine's version.
direct bench | lock requirements-bench.txt 3.11 --universal -c "$constraints" \
  --override <(echo "opencv-python ; python_version < '3'") -
direct label-studio | lock requirements/label-studio.txt 3.11 --universal -
direct checks | lock requirements/checks.txt 3.11 --universal -
direct node | lock requirements/node.txt 3.11 --universal -
echo uv | lock requirements/uv.txt 3.11 --universal -c requirements.txt -
