package document

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"strconv"
)

//go:embed words.json
var wordsFile []byte

// setting is what a line of a template's head sets. Its values are the keys of words.json.
type setting string

const (
	setHead    setting = "head"
	setNumber  setting = "number"
	setTitle   setting = "title"
	setTo      setting = "to"
	setAttach  setting = "attach"
	setSign    setting = "sign"
	setDate    setting = "date"
	setSeal    setting = "seal"
	setNote    setting = "note"
	setCopy    setting = "copy"
	setPrinted setting = "printed"
)

// several reports whether a setting may be given more than once, each time adding a line.
func (s setting) several() bool { return s == setTitle || s == setAttach || s == setSign }

// words are the words of the template language and of the printed form.
type words struct {
	Settings map[setting]string `json:"settings"`
	Each     string             `json:"each"`
	With     string             `json:"with"`
	Without  string             `json:"without"`
	End      string             `json:"end"`
	Count    string             `json:"count"`
	Ordinal  string             `json:"ordinal"`
	Yes      string             `json:"yes"`
	No       string             `json:"no"`
	Digits   string             `json:"digits"`
}

func loadWords() (words, error) {
	var w words
	if err := json.Unmarshal(wordsFile, &w); err != nil {
		return w, fmt.Errorf("document: words.json: %w", err)
	}
	return w, nil
}

// setting finds what a word sets.
func (w words) setting(word string) (setting, bool) {
	for s, name := range w.Settings {
		if name == word {
			return s, true
		}
	}
	return "", false
}

// ordinal writes 1 to 99 in Chinese numerals, other numbers in digits.
func (w words) ordinal(n int) string {
	digits := []rune(w.Digits)
	if n < 1 || n > 99 || len(digits) != 10 {
		return strconv.Itoa(n)
	}
	tens, ones := n/10, n%10
	var out []rune
	if tens > 1 {
		out = append(out, digits[tens-1])
	}
	if tens > 0 {
		out = append(out, digits[9])
	}
	if ones > 0 {
		out = append(out, digits[ones-1])
	}
	return string(out)
}
