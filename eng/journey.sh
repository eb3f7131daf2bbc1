#!/usr/bin/env bash
# Shows the city's journey against a running stack: every step, what was called and what came back.
#   eng/journey.sh [--gateway http://localhost:8080] [--user officer@sofia.example]
# The published readings are looked for in LIVINGCITY_DATA, else beside the repository.
set -euo pipefail
cd "$(dirname "$0")/.."
exec dotnet run --project tools/Cli --configuration Release -- journey --data "${LIVINGCITY_DATA:-../shared/data}" "$@"
