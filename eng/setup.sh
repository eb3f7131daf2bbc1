#!/usr/bin/env bash
# Installs what the platform needs to run without containers, and nothing twice. Debian and Ubuntu: with apt; elsewhere it says what to install.
#   eng/setup.sh [--tests] [--bench]     --tests: also a browser and the MQTT broker Mosquitto; --bench: also nginx and wrk
set -euo pipefail
cd "$(dirname "$0")/.."

with_tests=false
with_bench=false
for argument in "$@"; do
    case "$argument" in
        --tests) with_tests=true ;;
        --bench) with_bench=true ;;
        *) echo "usage: eng/setup.sh [--tests] [--bench]" >&2; exit 2 ;;
    esac
done

fail() { echo "setup: $*" >&2; exit 1; }
exists() { compgen -G "$1" > /dev/null; }
present() { command -v "$1" > /dev/null; }
# What needs root: as it is for root, else with sudo.
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }

check_sdk_and_node() {
    present dotnet || fail ".NET SDK 10 is missing: https://dotnet.microsoft.com/download"
    present node || fail "Node.js 20.19 or later is missing: https://nodejs.org/en/download"
    node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' \
        || fail "Node.js 20.19 or later is needed, this is $(node --version): https://nodejs.org/en/download"
    present npm || fail "npm is missing: it comes with Node.js, on Debian in the package npm"
}

has_postgres() { exists '/usr/lib/postgresql/*/bin/postgres' || exists '/opt/homebrew/opt/postgresql@*/bin/postgres' || exists '/usr/local/opt/postgresql@*/bin/postgres' || present postgres; }
has_postgis() { exists '/usr/share/postgresql/*/extension/postgis.control' || exists '/opt/homebrew/share/postgresql@*/extension/postgis.control' || exists '/usr/local/share/postgresql@*/extension/postgis.control'; }
has_rabbitmq() { [ -x /usr/lib/rabbitmq/bin/rabbitmq-server ] || present rabbitmq-server; }

list_missing() {
    has_postgres || echo postgresql
    has_postgis || echo postgis
    has_rabbitmq || echo rabbitmq-server
    if $with_tests; then present chromium || present chromium-browser || present google-chrome || echo chromium; fi
    if $with_tests; then
        present mosquitto || [ -x /usr/sbin/mosquitto ] || echo mosquitto
        present mosquitto_sub || echo mosquitto-clients
        [ -d /usr/lib/python3/dist-packages/icalendar ] || ! present apt-get || echo python3-icalendar
    fi
    if $with_bench; then
        present nginx || [ -x /usr/sbin/nginx ] || echo nginx
        present wrk || echo wrk
    fi
}

restore=()
clean_up() { for step in "${restore[@]}"; do eval "as_root $step"; done; }

# The packages would start system services and make a system cluster; the platform runs its own, and other people's machines stay as they are.
keep_services_off() {
    if [ ! -e /usr/sbin/policy-rc.d ]; then
        restore+=("rm -f /usr/sbin/policy-rc.d")
        printf '#!/bin/sh\nexit 101\n' | as_root tee /usr/sbin/policy-rc.d > /dev/null
        as_root chmod 755 /usr/sbin/policy-rc.d
    fi
}

keep_clusters_off() {
    local settings=/etc/postgresql-common/createcluster.conf
    install_packages postgresql-common
    if ! grep -qE '^[[:space:]]*create_main_cluster' "$settings"; then
        restore+=("sed -i '/^create_main_cluster = false$/d' $settings")
        echo 'create_main_cluster = false' | as_root tee -a "$settings" > /dev/null
    fi
}

install_packages() { as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@"; }

# The version that is installed, else the distribution's: what "postgresql" depends on.
postgres_version() {
    if exists '/usr/lib/postgresql/*/bin/postgres'; then
        basename -a /usr/lib/postgresql/* | sort -n | tail -1
    else
        apt-cache depends postgresql | sed -n 's/^ *Depends: postgresql-\([0-9][0-9]*\)$/\1/p' | head -1
    fi
}

install_with_apt() {
    trap clean_up EXIT
    as_root apt-get update -q
    keep_services_off
    local packages=()
    for name in "$@"; do
        case "$name" in
            postgresql) keep_clusters_off; packages+=("postgresql-$(postgres_version)") ;;
            postgis) packages+=("postgresql-$(postgres_version)-postgis-3") ;;
            *) packages+=("$name") ;;
        esac
    done
    install_packages "${packages[@]}"
}

check_sdk_and_node
# shellcheck disable=SC2207 # names without spaces; mapfile is not in the bash of macOS
missing=($(list_missing))
if [ "${#missing[@]}" -gt 0 ]; then
    if present apt-get; then
        install_with_apt "${missing[@]}"
    elif present brew; then
        fail "missing: ${missing[*]}. Install with: brew install postgresql@17 postgis rabbitmq"
    else
        fail "missing: ${missing[*]}. Install them with your system's package manager (PostgreSQL 15 or later with PostGIS, RabbitMQ 3.10 or later)."
    fi
fi

for folder in AppHost/Embedded/Identity AppHost/Mail gateway/Portal/Client tests/Assessment.Tests/Schemas tests/Dataspace.Tests/Schemas tests/Events.Tests/Readers; do
    if [ ! "$folder/node_modules/.package-lock.json" -nt "$folder/package-lock.json" ]; then
        (cd "$folder" && npm ci --no-audit --no-fund && touch node_modules/.package-lock.json)
    fi
done
# The map and charts of the portal; the gateway's build makes them anew when their sources change.
client=gateway/wwwroot/portal/portal.js
if [ ! -e "$client" ] || [ -n "$(find gateway/Portal/Client -newer "$client" -type f -not -path '*/node_modules/*' -print -quit)" ]; then
    (cd gateway/Portal/Client && npm run --silent build)
fi
echo "setup: everything is there"
