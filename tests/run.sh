#!/bin/sh
# Run all tests in three processes, each with a server of its own, so that none waits for the others for long.
#
#   tests/run.sh python -m pytest [OPTION...]
#
# Not by pytest-xdist: the tests generated from the contract have one node id, and of one id it runs one test.
set -u
of_every_operation="tests/contract tests/badinput tests/reporting"
computed="tests/isolation tests/protection tests/attacks tests/imports"
rest=
for folder in tests/*/; do
    case " $of_every_operation $computed " in
    *" ${folder%/} "*) ;;
    *) rest="$rest ${folder%/}" ;;
    esac
done
mkdir -p var

KIM_TEST_PART=-of-every-operation "$@" -q $of_every_operation >var/tests-of-every-operation.log 2>&1 &
first=$!
KIM_TEST_PART=-computed "$@" -q $computed >var/tests-computed.log 2>&1 &
second=$!
trap 'kill $first $second 2>/dev/null' EXIT
trap 'exit 130' INT TERM
"$@" -q $rest
failed=$?
for each in "$first var/tests-of-every-operation.log" "$second var/tests-computed.log"; do
    wait "${each%% *}" || failed=$?
    cat "${each#* }"
done
exit "$failed"
