#!/bin/sh
# Starts the fake backend, tests the page, stops the fake backend and shows its report.
# Exit status 0: the tests have passed, and every request had an entry and every entry a request.

cd "$(dirname "$0")" || exit 1
port=${PORT:-8080}
export URL="http://localhost:$port/"

fakebackend check responses.json || exit 1

rm -f report.md
fakebackend run responses.json -p "$port" \
  --set responses_report=report.md --set responses_fail_on=unmatched,unused,error > fakebackend.log &
backend=$!
trap 'kill $backend 2> /dev/null' EXIT

fakebackend wait --port "$port" || { cat fakebackend.log; exit 1; }

status=0
python3 -m pytest -q test_page.py || status=1

trap - EXIT
kill $backend
wait $backend || status=1

cat report.md
exit $status
