#!/bin/sh
# Makes sure that the tests find the programs they look at results with; installs them from Debian when it may.
# `needs.sh unit`: what opens documents (poppler, LibreOffice), and PostgreSQL, of which the tests start a server of their own unless HUIYIN_TEST_POSTGRES names one. `needs.sh e2e`: Chromium too, without its windows if that can be had. Both: a Chinese font.
set -eu
need=""
shell=/usr/bin/chromium-headless-shell # Chromium without its windows, which is quicker; where it cannot be had, Chromium will do
[ "${1:-}" != e2e ] || [ -x $shell ] || [ -x /usr/bin/chromium ] || need="chromium-headless-shell"
command -v pdftotext >/dev/null && command -v pdffonts >/dev/null || need="$need poppler-utils"
command -v soffice >/dev/null || need="$need libreoffice-writer-nogui"
[ -n "${HUIYIN_TEST_POSTGRES:-}" ] || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || need="$need postgresql"
fc-list :lang=zh 2>/dev/null | grep -q . || need="$need fonts-noto-cjk"
if [ -z "$need" ]; then
	if [ "${1:-}" = e2e ] && [ ! -x $shell ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
		timeout 60 apt-get update -q && DEBIAN_FRONTEND=noninteractive timeout 120 apt-get install -y -q --no-install-recommends chromium-headless-shell || true
	fi
	exit 0
fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
	apt-get update -q
	# shellcheck disable=SC2086
	DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends fontconfig $need
else
	echo "The tests need: $need (and fontconfig). Install them, for example:" >&2
	echo "  sudo apt-get install --no-install-recommends fontconfig $need" >&2
	exit 1
fi
