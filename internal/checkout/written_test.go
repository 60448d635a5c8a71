package checkout_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"smartlinks/internal/checkout"
	"smartlinks/internal/fault"
	"smartlinks/internal/money"
	"smartlinks/internal/spreadsheet"
)

// anyRules are rules that a link may have.
func anyRules(t *rapid.T) (r checkout.Rules) {
	words := rapid.StringOfN(rapid.SampledFrom([]rune("aé;,=+-@\"'’ \t{}[]\\<&>ض１＝0")), 1, 30, -1)
	maybe := func(what string) bool { return rapid.Bool().Draw(t, what) }
	if maybe("quantity") {
		least := rapid.Int64Range(1, 1000).Draw(t, "min")
		r.Quantity = &checkout.Quantity{Min: least, Max: rapid.Int64Range(least, 1000).Draw(t, "max")}
	}
	for i := range rapid.IntRange(0, checkout.MaxQuestions).Draw(t, "questions") {
		q := checkout.Question{
			Key: fmt.Sprintf("key_%d", i), Label: words.Draw(t, "label"), Help: words.Draw(t, "help"), Required: maybe("required"), ToProvider: maybe("to provider"),
			Type: rapid.SampledFrom([]checkout.Type{checkout.Text, checkout.LongText, checkout.Number, checkout.Choice, checkout.Several, checkout.Checkbox, checkout.Date}).Draw(t, "type"),
		}
		switch q.Type {
		case checkout.Choice, checkout.Several:
			for n := range rapid.IntRange(2, 5).Draw(t, "options") {
				q.Options = append(q.Options, fmt.Sprint(n, words.Draw(t, "option")))
			}
		case checkout.Number:
			q.Min, q.Max, q.Step = "-1.5", "10", "0.5"
		}
		r.Questions = append(r.Questions, q)
	}
	demand := rapid.SampledFrom([]checkout.Demand{"", checkout.Optional, checkout.Required})
	r.Collect = checkout.Collect{Phone: demand.Draw(t, "phone"), Address: demand.Draw(t, "address"), Company: demand.Draw(t, "company")}
	if maybe("consent") {
		r.Consent = &checkout.Consent{Text: words.Draw(t, "consent") + "\n[terms](https://example.com/terms?a=1&b=2)", Required: maybe("agree")}
	}
	if maybe("marketing") {
		r.Marketing = &checkout.Marketing{Text: words.Draw(t, "offer")}
	}
	if maybe("tip") {
		r.Tip = &checkout.Tip{Percent: []int64{5, 10}, Own: maybe("own")}
	}
	if maybe("fee") {
		r.CoverFee = &checkout.CoverFee{Percent: rapid.SampledFrom([]string{"", "1.5", "0.125"}).Draw(t, "percent"), Fixed: rapid.Int64Range(1, 1_000_000).Draw(t, "fixed")}
	}
	if maybe("methods") {
		r.Methods = []string{"card", "ideal"}
	}
	for i := range rapid.IntRange(0, 4).Draw(t, "metadata") {
		r.Metadata = append(r.Metadata, checkout.Pair{Name: fmt.Sprint(i, words.Draw(t, "name")), Value: words.Draw(t, "value")})
	}
	return r
}

// What is asked comes back as it was from a cell of an export, whatever spreadsheets would
// have run of it and whatever parts the cells.
func TestWhatIsAskedComesBackFromAFile(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want, c := anyRules(t), rapid.SampledFrom([]money.Currency{"EUR", "JPY", "KWD"}).Draw(t, "currency")
		separator := rapid.SampledFrom([]spreadsheet.Separator{spreadsheet.Comma, spreadsheet.Semicolon}).Draw(t, "separator")
		var file bytes.Buffer
		w, err := spreadsheet.NewWriter(&file, separator)
		if err == nil {
			if err = w.Write("Shirt", want.Write(c)); err == nil {
				err = w.Flush()
			}
		}
		if err != nil {
			t.Fatal(err)
		}
		from := csv.NewReader(strings.NewReader(strings.TrimPrefix(file.String(), "\ufeff")))
		from.Comma = rune(separator)
		line, err := from.Read()
		if err != nil || len(line) != 2 {
			t.Fatalf("%q, %v", line, err)
		}
		cell := strings.TrimSpace(spreadsheet.Unescape(line[1]))
		if want.Nothing() {
			if cell != "" {
				t.Fatalf("nothing is %q", cell)
			}
			return
		}
		got, err := checkout.Read(cell, c)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Fatalf("%s\nbecame %+v, want %+v, %v", cell, got, want, err)
		}
	})
}

func TestWhatIsNoRuleIsRefused(t *testing.T) {
	for _, line := range []string{"", "shirt", `{"question": []}`, `{"quantity": "many"}`, `{"cover_fee": {"fixed": "1.999"}}`, `{} {}`, `[]`, `{"questions": [{"key": "a", "colour": "red"}]}`} {
		if _, err := checkout.Read(line, "EUR"); !fault.Is(err, fault.Invalid) {
			t.Errorf("%q: %v", line, err)
		}
	}
}
