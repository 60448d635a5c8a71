package api_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
)

// What nobody could answer is refused at its field, on making and on changing a link, and the
// link stays as it was.
func TestWhatPayersCannotBeAskedIsRefusedByField(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		const good = `{"key": "shirt", "label": "Shirt", "type": "choice", "options": ["S", "M"]}`
		link := "/links/" + s.must(201, "POST", "/links", `{"name": "Camp", "amount": {"value": "10.00", "currency": "EUR"}, "questions": [`+good+`], "metadata": {"event": "c26"}}`).json["id"].(string)
		question := func(members string) string { return `"questions": [` + good + `, {` + members + `}]` }
		text := func(key string) string { return question(fmt.Sprintf(`"key": %q, "label": "A", "type": "text"`, key)) }
		many := func(n int, one func(i int) string) string {
			var all []string
			for i := range n {
				all = append(all, one(i))
			}
			return strings.Join(all, ", ")
		}
		for _, c := range []struct{ body, at string }{
			{text("shirt"), "body.questions[1].key"}, {text("email"), "body.questions[1].key"}, {text("code_apply"), "body.questions[1].key"}, {text("utm_source"), "body.questions[1].key"},
			{text("Shirt size"), "body.questions[1].key"}, {text(strings.Repeat("k", 41)), "body.questions[1].key"},
			{question(`"key": "a", "label": "", "type": "text"`), "body.questions[1].label"}, {question(`"key": "a", "label": "` + strings.Repeat("x", 121) + `", "type": "text"`), "body.questions[1].label"},
			{question(`"key": "a", "label": "Your card number", "type": "text"`), "body.questions[1].label"},
			{question(`"key": "a", "label": "A", "type": "choice", "options": ["B", "` + strings.Repeat("x", 500) + `"]`), "body.questions[1].options"},
			{question(`"key": "a", "label": "A", "type": "choice", "options": ["B", "B"]`), "body.questions[1].options"}, {question(`"key": "a", "label": "A", "type": "choice", "options": ["B"]`), "body.questions[1].options"},
			{question(`"key": "a", "label": "A", "type": "several", "options": [` + many(51, func(i int) string { return fmt.Sprintf(`"%d"`, i) }) + `]`), "body.questions[1].options"},
			{question(`"key": "a", "label": "A", "type": "number", "min": "3", "max": "2"`), "body.questions[1].max"},
			{`"questions": [` + many(11, func(i int) string { return fmt.Sprintf(`{"key": "q%d", "label": "Q", "type": "text"}`, i) }) + `]`, "body.questions"},
			{`"quantity": {"min": 0, "max": 5}`, "body.quantity.min"}, {`"quantity": {"min": 1, "max": 1001}`, "body.quantity.max"}, {`"quantity": {"min": 3, "max": 2}`, "body.quantity.max"},
			{`"quantity": {"min": 1.5, "max": 2}`, "body.quantity.min"},
			{`"consent": {"text": "` + strings.Repeat("x", 501) + `"}`, "body.consent.text"}, {`"marketing": {"text": "` + strings.Repeat("x", 301) + `"}`, "body.marketing.text"},
			{`"tip": {"percent": [-5]}`, "body.tip.percent"}, {`"tip": {"percent": [5, 5]}`, "body.tip.percent"}, {`"tip": {"percent": [1, 2, 3, 4, 5]}`, "body.tip.percent"},
			{`"cover_fee": {"percent": "-1"}`, "body.cover_fee.percent"}, {`"cover_fee": {"percent": "26"}`, "body.cover_fee.percent"},
			{`"metadata": {"` + strings.Repeat("k", 41) + `": "v"}`, "body.metadata"}, {`"metadata": {"k": "` + strings.Repeat("v", 501) + `"}`, "body.metadata"},
			{`"metadata": {` + many(51, func(i int) string { return fmt.Sprintf(`"k%d": "v"`, i) }) + `}`, "body.metadata"},
			{`"methods": ["ideal", "barter"]`, "body.methods"},
		} {
			for _, r := range []reply{
				s.must(422, "POST", "/links", `{"name": "Other", "amount": {"value": "10.00", "currency": "EUR"}, `+c.body+`}`), s.must(422, "PATCH", link, `{`+c.body+`}`),
			} {
				if !slices.ContainsFunc(r.locations(), func(at string) bool {
					return at == c.at || strings.HasPrefix(at, c.at+".") || strings.HasPrefix(at, c.at+"[")
				}) {
					t.Errorf("%.120s: %s, want %s", c.body, r.text, c.at)
				}
			}
		}
		now := s.must(200, "GET", link, "")
		questions, err := json.Marshal(now.json["questions"])
		if err != nil || !strings.Contains(string(questions), `"shirt"`) || strings.Count(string(questions), `"key"`) != 1 || fmt.Sprint(now.json["version"]) != "1" || s.count("links") != 1 {
			t.Errorf("%s, %v", now.text, err)
		}
	})
}
