#!/bin/sh
# Makes sure that the browser tests find Chromium and a Chinese font; installs them from Debian when it may.
set -eu
need=""
[ -x /usr/bin/chromium ] || need="chromium"
fc-list :lang=zh 2>/dev/null | grep -q . || need="$need fonts-noto-cjk"
[ -z "$need" ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
	apt-get update -q
	# shellcheck disable=SC2086
	DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends fontconfig $need
else
	echo "The browser tests need: $need (and fontconfig). Install them, for example:" >&2
	echo "  sudo apt-get install --no-install-recommends fontconfig $need" >&2
	exit 1
fi
