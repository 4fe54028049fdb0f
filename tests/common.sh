# shellcheck shell=bash
# Helpers of the scripts; sourced, never run.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# The .NET SDK is the one thing that Debian does not have.
require_dotnet() {
    if ! command -v dotnet >/dev/null && [ -x "$HOME/.dotnet/dotnet" ]; then
        # Test programs find the runtime by this variable, not by PATH.
        export PATH=$HOME/.dotnet:$PATH DOTNET_ROOT=$HOME/.dotnet
    fi
    local version
    version=$(dotnet --version 2>/dev/null || true)
    if [ "${version%%.*}" -ge 10 ] 2>/dev/null; then
        export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
        return 0
    fi
    echo "The .NET 10 SDK is needed and is not installed (found: ${version:-none})." >&2
    echo "Get it from https://dotnet.microsoft.com/download/dotnet/10.0, or run:" >&2
    echo "  curl -sSL https://dot.net/v1/dotnet-install.sh | bash -s -- --channel 10.0" >&2
    return 1
}

# True when packages can be installed without asking anybody.
can_install() {
    [ "$(id -u)" -eq 0 ] || { command -v sudo >/dev/null && sudo -n true 2>/dev/null; }
}

# Prints the newest installed kernel of a series (default: Debian 12's own) and flavour (default: the stock one) that
# has an image and headers. Others may be installed beside it.
#   newest_kernel [SERIES [cloud|rt]]
newest_kernel() {
    local series=${1:-6.1} flavour=${2-} image release
    for image in /boot/vmlinuz-*; do
        release=${image#/boot/vmlinuz-}
        [[ $release =~ ^${series//./\\.}\.[^-]*(-[0-9]+)?${flavour:+-$flavour}-amd64$ ]] || continue
        if [ -e "/lib/modules/$release/build/Makefile" ]; then
            echo "$release"
        fi
    done | sort -V | tail -n 1
}

# Publishes klp-build into the directory $1 unless it is newer than every source.
publish_tool() {
    if [ -x "$1/klp-build" ] &&
        [ -z "$(find "$root/src" "$root"/Directory.*.props -newer "$1/klp-build" -type f \
            -not -path '*/obj/*' -not -path '*/bin/*' -print -quit)" ]; then
        return 0
    fi
    dotnet publish "$root/src/LivePatch.Cli" -c Release -o "$1" -v quiet -nologo
    touch "$1/klp-build"
}

# Tests keep their caches in the checkout and never touch the user's.
use_test_cache() {
    export XDG_CACHE_HOME=$root/artifacts/test-cache
}
