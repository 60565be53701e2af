#!/bin/sh
# Makes sure that the tests find the programs they look at results with; installs them from Debian when it may.
# `needs.sh unit`: what opens documents (poppler, LibreOffice), and PostgreSQL, of which the tests start a server of their own unless HUIYIN_TEST_POSTGRES names one. `needs.sh e2e`: Chromium too. Both: a Chinese font.
set -eu
need=""
[ "${1:-}" != e2e ] || [ -x /usr/bin/chromium ] || need="chromium"
command -v pdftotext >/dev/null && command -v pdffonts >/dev/null || need="$need poppler-utils"
command -v soffice >/dev/null || need="$need libreoffice-writer-nogui"
[ -n "${HUIYIN_TEST_POSTGRES:-}" ] || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || need="$need postgresql"
fc-list :lang=zh 2>/dev/null | grep -q . || need="$need fonts-noto-cjk"
[ -z "$need" ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
	apt-get update -q
	# shellcheck disable=SC2086
	DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends fontconfig $need
else
	echo "The tests need: $need (and fontconfig). Install them, for example:" >&2
	echo "  sudo apt-get install --no-install-recommends fontconfig $need" >&2
	exit 1
fi
