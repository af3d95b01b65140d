#!/bin/sh
# Run all tests in two processes that share one server: what is asked of every operation and policy with what is
# computed, and the rest.
#
#   [WITHOUT="tests/FOLDER..."] tests/run.sh python -m pytest [OPTION...]
#
# Not by pytest-xdist: the tests generated from the contract have one node id, and of one id it runs one test.
set -u
asked_of_everything="tests/contract tests/isolation tests/badinput tests/protection tests/reporting"
log=var/tests-of-everything.log
first= rest=
for folder in tests/*/; do
    folder=${folder%/}
    case " ${WITHOUT:-} " in *" $folder "*) continue ;; esac
    case " $asked_of_everything " in
    *" $folder "*) first="$first $folder" ;;
    *) rest="$rest $folder" ;;
    esac
done
mkdir -p var

"$@" -q $first >"$log" 2>&1 &
other=$!
trap 'kill $other 2>/dev/null' EXIT
trap 'exit 130' INT TERM
"$@" -q $rest
failed=$?
wait "$other" || failed=$?
cat "$log"
exit "$failed"
