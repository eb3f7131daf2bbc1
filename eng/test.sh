#!/usr/bin/env bash
# Installs what is missing, builds everything, runs all tests against real servers and a real browser. The last line says how many passed.
#   eng/test.sh [project ...]     only these test projects, for instance eng/test.sh Ingestion Gateway
# Tests on published data look for it in LIVINGCITY_DATA, else beside the repository in ../shared/data, and are skipped where it is absent.
set -euo pipefail
cd "$(dirname "$0")/.."
export Engine=embedded DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

eng/setup.sh --tests
dotnet build Platform.sln --configuration Release --nologo --verbosity quiet

logs="$PWD/artifacts/tests"
mkdir -p "$logs"
passed=0 failed=0 skipped=0
for folder in tests/*.Tests; do
    name="${folder#tests/}" name="${name%.Tests}"
    if [ $# -gt 0 ] && [[ " $* " != *" $name "* ]]; then continue; fi
    printf '%-20s' "$name"
    status=0
    dotnet "$folder/bin/Release/net10.0/LivingCity.$name.Tests.dll" -noColor > "$logs/$name.log" 2>&1 || status=$?

    # The runner's own summary: "Total: 26, Errors: 0, Failed: 0, Skipped: 0, Not Run: 0, Time: 12.813s"
    summary="$(grep -aoE 'Total: [0-9]+, Errors: [0-9]+, Failed: [0-9]+, Skipped: [0-9]+.*' "$logs/$name.log" | tail -1 || true)"
    if [[ "$summary" =~ Total:\ ([0-9]+),\ Errors:\ ([0-9]+),\ Failed:\ ([0-9]+),\ Skipped:\ ([0-9]+) ]]; then
        bad=$((BASH_REMATCH[2] + BASH_REMATCH[3]))
        skipped=$((skipped + BASH_REMATCH[4]))
        passed=$((passed + BASH_REMATCH[1] - BASH_REMATCH[3] - BASH_REMATCH[4]))
        [ "$status" = 0 ] || [ "$bad" -gt 0 ] || bad=1
    else
        bad=1 summary="ended with status $status and no summary"
    fi

    failed=$((failed + bad))
    echo "$summary"
    [ "$bad" = 0 ] || grep -aE -A 12 '\[FAIL\]|Unhandled exception|Errors: [1-9]' "$logs/$name.log" | head -150
done

[ "$skipped" = 0 ] || grep -ahE '\[SKIP\]' -A 1 "$logs"/*.log | grep -vE '\[SKIP\]|^--' | sort | uniq -c
if [ "$skipped" = 0 ]; then echo "$passed passed, $failed failed"; else echo "$passed passed, $failed failed, $skipped skipped"; fi
[ "$failed" = 0 ]
