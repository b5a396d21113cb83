# Sourced by the scripts that need Debian packages.
#
#   need_packages NAME...   installs what is missing, after saying what; uses sudo where it must

need_packages() {
  missing=""
  for package in "$@"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' ||
      missing="$missing $package"
  done
  [ -n "$missing" ] || return 0
  echo "Installing Debian packages:$missing"
  run_as_root=""
  if [ "$(id -u)" -ne 0 ]; then run_as_root="sudo"; fi
  # shellcheck disable=SC2086  # the list is meant to be split
  $run_as_root env DEBIAN_FRONTEND=noninteractive sh -c '
    apt-get install -y -qq --no-install-recommends "$@" >/dev/null 2>&1 ||
      { apt-get update -qq && apt-get install -y -qq --no-install-recommends "$@" >/dev/null; }
  ' install $missing
}

# What the library is built with, beside Swift. libcurl is only opened at run time.
build_packages="gcc g++ make libc6-dev libcurl4 libcurl4-openssl-dev libboost-json1.81-dev libffi-dev"
