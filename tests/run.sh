#!/bin/sh
# Run all tests in five processes, each with a server of its own, so that none waits for the others for long.
#
#   tests/run.sh python -m pytest [OPTION...]
#
# Not by pytest-xdist: the tests generated from the contract have one node id, and of one id it runs one test.
set -u
of_every_operation="tests/contract tests/badinput tests/reporting"
computed="tests/isolation tests/protection tests/attacks tests/imports"
# The worker first: it goes through every area there is, and each test leaves one.
started="tests/worker tests/journey tests/kit tests/referrals tests/webhooks"
# What ends servers and starts them again waits most of its time.
ended="tests/durability tests/demo"
rest=
for folder in tests/*/; do
    case " $of_every_operation $computed $started $ended " in
    *" ${folder%/} "*) ;;
    *) rest="$rest ${folder%/}" ;;
    esac
done
mkdir -p var

run_aside() { # NAME FOLDERS COMMAND...
    part=$1 folders=$2
    shift 2
    KIM_TEST_PART=-$part "$@" -q $folders >"var/tests-$part.log" 2>&1 &
    aside="$aside $!:$part"
}

aside=
run_aside of-every-operation "$of_every_operation" "$@"
run_aside computed "$computed" "$@"
run_aside started "$started" "$@"
run_aside ended "$ended" "$@"
trap 'for each in $aside; do kill "${each%%:*}" 2>/dev/null; done' EXIT
trap 'exit 130' INT TERM
"$@" -q $rest
failed=$?
for each in $aside; do
    wait "${each%%:*}" || failed=$?
    cat "var/tests-${each#*:}.log"
done
exit "$failed"
