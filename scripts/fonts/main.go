// Command fonts copies the fonts that official documents are set in from their npm packages to where the compiler
// builds them into the program: packed, and only the very files that were looked at. Run it at the top of the
// repository, after `npm ci`; what is there already is left alone.
package main

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
)

// fonts are the files, with the SHA-256 of each.
func fonts() []font {
	return []font{
		{from: "noto-serif-sc/400Regular/NotoSerifSC_400Regular.ttf", to: "NotoSerifSC-Regular.ttf.gz", sum: "c358a69de3df5f423a8946a7b03e3126fb6ba116f1130a463455b4e39e1f0742"},
		{from: "noto-serif-sc/700Bold/NotoSerifSC_700Bold.ttf", to: "NotoSerifSC-Bold.ttf.gz", sum: "9c6a2ba736e4b499c84f65ce366bd3625c0401885fd3e585ace50fb738b96ff6"},
		{from: "noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf", to: "NotoSansSC-Regular.ttf.gz", sum: "d45f67f0a7c0ca3f256950777ce6a61cc7ce5f9696d02900cbbaac25f8aa7d16"},
	}
}

type font struct{ from, to, sum string }

const (
	packages = "node_modules/@expo-google-fonts"
	target   = "internal/document/fonts"
)

func main() {
	for _, f := range fonts() {
		if err := f.copy(); err != nil {
			fmt.Fprintf(os.Stderr, "fonts: %v\n", err)
			os.Exit(1)
		}
	}
}

// copy packs one font. A file that is as new as its source is kept: packing takes seconds.
func (f font) copy() error {
	from, to := filepath.Join(packages, f.from), filepath.Join(target, f.to)
	source, err := os.Stat(from)
	if err != nil {
		return fmt.Errorf("%w (run npm ci first)", err)
	}
	if done, err := os.Stat(to); err == nil && !done.ModTime().Before(source.ModTime()) {
		return nil
	}
	data, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	if sum := sha256.Sum256(data); hex.EncodeToString(sum[:]) != f.sum {
		return fmt.Errorf("%s is not the file that was chosen: its SHA-256 is %x", from, sum)
	}
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return err
	}
	if _, err := z.Write(data); err != nil {
		return err
	}
	if err := z.Close(); err != nil {
		return err
	}
	part := to + ".part"
	if err := os.WriteFile(part, b.Bytes(), 0o644); err != nil {
		return err
	}
	return os.Rename(part, to)
}
