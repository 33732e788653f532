# SPDX-License-Identifier: GPL-3.0-or-later
# Debian packages, by purpose; sourced by the other scripts.

build_packages=(
  build-essential cmake ninja-build pkg-config
  libsndfile1-dev libfftw3-dev libsoxr-dev libeigen3-dev libcli11-dev libtinyxml2-dev
  nlohmann-json3-dev libtomlplusplus-dev libzip-dev libcairo2-dev
)
test_packages=(
  libgtest-dev libgmock-dev musescore3 lilypond ffmpeg mandoc zsh fish locales jq
  python3 python3-numpy python3-scipy python3-soundfile python3-mido python3-mir-eval python3-torch
  python3-matplotlib python3-jsonschema chromium chromium-driver python3-selenium
)
lint_packages=(clang clang-format clang-tidy)

# Installs what is missing of the packages named, as root or through sudo.
install_packages() {
  local missing=() package
  for package in "$@"; do
    if [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" != installed ]; then
      missing+=("$package")
    fi
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  echo "== Installing ${missing[*]}"
  local sudo=()
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || {
      echo "$0: not root and no sudo; install these packages first: ${missing[*]}" >&2
      return 1
    }
    sudo=(sudo)
  fi
  "${sudo[@]}" apt-get update -q
  "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -q -y --no-install-recommends "${missing[@]}"
}
