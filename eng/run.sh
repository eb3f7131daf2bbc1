#!/usr/bin/env bash
# Sets up, builds and runs the platform without containers. Arguments go to the AppHost: run (default), down, reset, status; --ephemeral, --data, --city demo ...
# With containers: dotnet run --project AppHost -p:Engine=aspire
set -euo pipefail
root="$(cd "$(dirname "$0")/.." && pwd)"
export Engine=embedded
program="$root/AppHost/bin/Release/net10.0/LivingCity.AppHost.dll"
case "${1:-run}" in
    down | reset | status) [ -f "$program" ] || { echo "Nothing has been built, so nothing runs."; exit 1; } ;;
    *)
        "$root/eng/setup.sh"
        dotnet build "$root/AppHost/AppHost.csproj" -c Release --nologo -v quiet
        ;;
esac
exec dotnet "$program" "$@"
