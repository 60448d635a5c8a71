package i18n_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// otherTone are words of the tone that a language's catalogues do not take.
var otherTone = map[string]*regexp.Regexp{
	"de": regexp.MustCompile(`(?i)\b(du|dir|dich|dein(e[mnrs]?)?)\b`),
	"nl": regexp.MustCompile(`\b([Uu]|[Uu]w)\b`),
	"es": regexp.MustCompile(`(?i)\b(usted|ustedes)\b`),
	"fr": regexp.MustCompile(`(?i)\b(tu|toi)\b`),
}

// The merchant and the payer are spoken to in one tone, however many hands wrote the texts.
func TestALanguageHasOneTone(t *testing.T) {
	files, _ := filepath.Glob("*.toml")
	more, _ := filepath.Glob("dashboard/*.toml")
	read := 0
	for _, file := range append(files, more...) {
		parts := strings.Split(filepath.Base(file), ".")
		other := otherTone[parts[len(parts)-2]]
		if other == nil {
			continue
		}
		read++
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for n, line := range strings.Split(string(text), "\n") {
			if strings.HasPrefix(line, "#") {
				continue
			}
			_, said, named := strings.Cut(line, `" = `) // what is before is English
			if !named {
				said = line
			}
			if word := other.FindString(said); word != "" {
				t.Errorf("%s:%d: %q is of the other tone: %s", file, n+1, word, said)
			}
		}
	}
	if read < 4 {
		t.Errorf("%d files were read", read)
	}
}
