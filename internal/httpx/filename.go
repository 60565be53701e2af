package httpx

import (
	"path"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxName is the length in characters to which a file name is cut; its extension stays.
const maxName = 100

const noName = "file"

// SafeName makes of any text a file name that harms nowhere: no folder, no control or invisible character, none that
// HTML, a shell or Windows treats as special, no start that a spreadsheet takes for a formula or a system for a hidden
// file, at most 100 characters. A safe name stays as it is.
func SafeName(name string) string {
	name = strings.ReplaceAll(strings.ToValidUTF8(name, ""), `\`, "/")
	name = name[strings.LastIndexByte(name, '/')+1:]
	name = strings.Map(func(c rune) rune {
		switch {
		case unicode.IsSpace(c):
			return ' '
		// Cf are the characters that turn the direction of text and make "exe.pdf" of "fdp.exe"
		case unicode.IsControl(c), unicode.In(c, unicode.Cf, unicode.Co, unicode.Cs), c == utf8.RuneError:
			return -1
		case strings.ContainsRune("<>:\"|?*&'`$;%", c):
			return '_'
		}
		return c
	}, name)
	name = strings.TrimRight(strings.TrimLeft(name, " .=+-@~"), " .")
	base, _, _ := strings.Cut(name, ".")
	if base == "" {
		return noName
	}
	if reservedOnWindows(base) {
		name = base + "_" + name[len(base):]
	}
	return cutName(name)
}

// cutName shortens a name in its middle, before the extension.
func cutName(name string) string {
	runes := []rune(name)
	if len(runes) <= maxName {
		return name
	}
	const longestExtension = 12
	ext := []rune(path.Ext(name))
	if len(ext) > longestExtension {
		ext = nil
	}
	return strings.TrimRight(string(runes[:maxName-len(ext)]), " .") + string(ext)
}

func reservedOnWindows(base string) bool {
	switch b := strings.ToUpper(strings.TrimRight(base, " ")); b {
	case "CON", "PRN", "AUX", "NUL":
		return true
	default:
		const device = 4 // COM1, LPT1
		return len(b) == device && (strings.HasPrefix(b, "COM") || strings.HasPrefix(b, "LPT")) && '0' <= b[3] && b[3] <= '9'
	}
}
