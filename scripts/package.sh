#!/bin/sh
# Makes a Debian package of a program that was built: scripts/package.sh PROGRAM FOLDER. The same program gives the same bytes.
set -eu
program=$1 out=$2
cd "$(dirname "$0")/.."
version=$(cat cmd/huiyin/version.txt)
arch=$(dpkg --print-architecture)
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-1767225600}
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
chmod 755 "$tree"
put() { install -D -m "$1" "$2" "$tree/$3"; }
put 755 "$program" usr/bin/huiyin
put 644 packaging/huiyin.service lib/systemd/system/huiyin.service
put 644 packaging/huiyin.toml etc/huiyin/huiyin.toml
put 644 docs/operations.md usr/share/doc/huiyin/operations.md
put 644 LICENSE usr/share/doc/huiyin/copyright
put 644 packaging/huiyin.1 usr/share/man/man1/huiyin.1
gzip -9n "$tree/usr/share/man/man1/huiyin.1"
put 755 packaging/postinst DEBIAN/postinst
put 755 packaging/prerm DEBIAN/prerm
put 755 packaging/postrm DEBIAN/postrm
echo /etc/huiyin/huiyin.toml >"$tree/DEBIAN/conffiles"
cat >"$tree/DEBIAN/control" <<CONTROL
Package: huiyin
Version: $version
Architecture: $arch
Maintainer: Huiyin <root@localhost>
Section: web
Priority: optional
Depends: passwd
Description: petitions and disputes, handled by law
 One program with its database. 信访事项和矛盾纠纷的办理。
CONTROL
find "$tree" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
mkdir -p "$out"
dpkg-deb --root-owner-group -Zgzip --build "$tree" "$out/huiyin_${version}_$arch.deb"
