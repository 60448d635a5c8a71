package checkout

import (
	"fmt"
	"strings"

	"github.com/gosimple/slug"
)

// SuggestKeys are the keys of questions: those that have none get one made from the label,
// in Latin letters by the rules of a language, that nothing else of the page has.
func SuggestKeys(questions []Question, language string) []string {
	used := map[string]bool{}
	for _, q := range questions {
		used[q.Key] = true
	}
	keys := make([]string, len(questions))
	for i, q := range questions {
		if keys[i] = q.Key; q.Key != "" {
			continue
		}
		key := keyFrom(q.Label, language)
		for n := 2; used[key]; n++ {
			key = cutKey(keyFrom(q.Label, language), fmt.Sprintf("_%d", n))
		}
		keys[i], used[key] = key, true
	}
	return keys
}

func keyFrom(label, language string) string {
	key := strings.Trim(strings.ReplaceAll(slug.MakeLang(label, language), "-", "_"), "_")
	switch {
	case key == "":
		key = "question" // nothing of the label can stand in a key
	case key[0] < 'a' || key[0] > 'z':
		key = "question_" + key
	}
	if key = cutKey(key, ""); IsTaken(key) {
		key = cutKey(key, "_answer")
		if IsTaken(key) { // of a whole family of names, like utm_source
			key = cutKey("question_"+key, "")
		}
	}
	return key
}

// cutKey is a key with something behind it, within the length.
func cutKey(key, behind string) string {
	if most := MaxKey - len(behind); len(key) > most {
		key = strings.TrimRight(key[:most], "_")
	}
	return key + behind
}
