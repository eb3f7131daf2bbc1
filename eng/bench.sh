#!/usr/bin/env bash
# Measures the platform on this machine. What the figures mean, and what was seen where: benchmarks/README.md
#   eng/bench.sh start      time from start to all healthy, and memory of each idle service (3 runs)
#   eng/bench.sh events     registrations a second against pgbench, the programme's page at 500 requests a second
#   eng/bench.sh gateway    requests per second and p99 through the gateway against nginx, alternating
#   eng/bench.sh dataspace  negotiations end to end, the catalogue, pulls under policy against direct reading, 100 peers crawled
#   eng/bench.sh ingestion  the context broker at 10^4, 10^5 and 10^6 entities, batches against COPY, 10^7 points of history
#   eng/bench.sh portal     what a first visit to the pages costs in a browser
#   eng/bench.sh assessment saving answers with 500 respondents, the benchmark's pages over 10^3 to 10^5 cities
#   eng/bench.sh twin       the simulation models against the machine's own limits; twin --scaling: by cells, zones and buses; twin carlisle: the whole flood
set -euo pipefail
cd "$(dirname "$0")/.."
export Engine=embedded

start() {
    dotnet build AppHost/AppHost.csproj --configuration Release --nologo --verbosity quiet
    local log stack pid
    log="$(mktemp)"
    for run in 1 2 3; do
        dotnet AppHost/bin/Release/net10.0/LivingCity.AppHost.dll run --ephemeral > "$log" 2>&1 &
        stack=$!
        until grep -q '^Living City is ready' "$log"; do
            kill -0 "$stack" 2> /dev/null || { cat "$log"; exit 1; }
            sleep 0.2
        done
        echo "run $run: $(grep -oE 'after [0-9.]+ s' "$log" | head -1) all resources healthy"
        if [ "$run" = 3 ]; then
            echo "resident memory after a minute at rest:"
            sleep 60
            for pid in $(descendants "$stack"); do
                name="$(tr '\0' ' ' < "/proc/$pid/cmdline" | grep -oE 'LivingCity\.[A-Za-z]+\.dll' || true)"
                [ -z "$name" ] || [ "$(cat "/proc/$pid/comm")" != dotnet ] || awk -v name="$name" '/VmRSS/ { printf "  %-28s %4d MB\n", name, $2 / 1024 }' "/proc/$pid/status"
            done
        fi
        kill -TERM "$stack"
        wait "$stack" || true
    done
    rm -f "$log"
}

descendants() {
    local child
    for child in $(cat /proc/"$1"/task/*/children 2> /dev/null); do
        echo "$child"
        descendants "$child"
    done
}

case "${1:-}" in
    start) eng/setup.sh && start ;;
    events)
        eng/setup.sh --bench
        dotnet build services/events/Events.csproj --configuration Release --nologo --verbosity quiet
        dotnet build gateway/Gateway.csproj --configuration Release --nologo --verbosity quiet
        dotnet run --project benchmarks/Events --configuration Release -- "${@:2}"
        ;;
    gateway) eng/setup.sh --bench && dotnet run --project benchmarks/Gateway.Benchmarks --configuration Release -- "${@:2}" ;;
    dataspace)
        eng/setup.sh
        dotnet build services/ingestion/Ingestion.csproj --configuration Release --nologo --verbosity quiet
        dotnet build services/dataspace/Dataspace.csproj --configuration Release --nologo --verbosity quiet
        dotnet run --project benchmarks/Dataspace --configuration Release -- "${@:2}"
        ;;
    ingestion) eng/setup.sh && dotnet run --project benchmarks/Ingestion --configuration Release -- "${@:2}" ;;
    assessment)
        eng/setup.sh
        dotnet build services/assessment/Assessment.csproj --configuration Release --nologo --verbosity quiet
        dotnet run --project benchmarks/Assessment --configuration Release -- "${@:2}"
        ;;
    portal) eng/setup.sh && dotnet run --project benchmarks/Portal.Benchmarks --configuration Release -- "${@:2}" ;;
    twin) dotnet run --project benchmarks/Twin --configuration Release -- "${@:2}" ;;
    *) sed -n '2,10p' "$0" | sed 's/^# \{0,1\}//'; exit 2 ;;
esac
