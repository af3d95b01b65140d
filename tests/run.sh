#!/bin/sh
# Run all tests in two processes that share one server: what is asked of every operation and policy, and the rest.
#
#   tests/run.sh python -m pytest [OPTION...]
#
# Not by pytest-xdist: the tests generated from the contract have one node id, and of one id it runs one test.
set -u
of_everything="tests/contract tests/isolation tests/badinput"
log=var/tests-of-everything.log
rest=
for folder in tests/*/; do
    case " $of_everything " in *" ${folder%/} "*) ;; *) rest="$rest ${folder%/}" ;; esac
done
mkdir -p var

"$@" -q $of_everything >"$log" 2>&1 &
other=$!
trap 'kill $other 2>/dev/null' EXIT
trap 'exit 130' INT TERM
"$@" -q $rest
failed=$?
wait "$other" || failed=$?
cat "$log"
exit "$failed"
