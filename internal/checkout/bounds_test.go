package checkout_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"smartlinks/internal/checkout"
	"smartlinks/internal/fault"
)

func many[T any](n int, make func(i int) T) []T {
	var all []T
	for i := range n {
		all = append(all, make(i))
	}
	return all
}

// What a merchant asks is held to its bounds, each at its field, and what is just within
// them is taken.
func TestWhatIsAskedIsHeldToItsBounds(t *testing.T) {
	question := func(change func(*checkout.Question)) checkout.Rules {
		q := checkout.Question{Key: "size", Label: "Size", Type: checkout.Text}
		change(&q)
		return checkout.Rules{Questions: []checkout.Question{q}}
	}
	number := func(least, most, step string) checkout.Rules {
		return question(func(q *checkout.Question) { q.Type, q.Min, q.Max, q.Step = checkout.Number, least, most, step })
	}
	options := func(of checkout.Type, n int) checkout.Rules {
		return question(func(q *checkout.Question) {
			q.Type, q.Options = of, many(n, func(i int) string { return fmt.Sprint("option ", i) })
		})
	}
	quantity := func(least, most int64) checkout.Rules {
		return checkout.Rules{Quantity: &checkout.Quantity{Min: least, Max: most}}
	}
	tip := func(percent ...int64) checkout.Rules {
		return checkout.Rules{Tip: &checkout.Tip{Percent: percent}}
	}
	fee := func(percent string, fixed int64) checkout.Rules {
		return checkout.Rules{CoverFee: &checkout.CoverFee{Percent: percent, Fixed: fixed}}
	}
	pairs := func(n int, key string) checkout.Rules {
		return checkout.Rules{Metadata: many(n, func(i int) checkout.Pair { return checkout.Pair{Name: key, Value: "v"} })}
	}
	for name, c := range map[string]struct {
		rules checkout.Rules
		want  string
	}{
		"one":                  {quantity(1, 1), ""},
		"a thousand":           {quantity(1000, 1000), ""},
		"none":                 {quantity(0, 1), "quantity.min quantity.min"},
		"more than a thousand": {quantity(1001, 1001), "quantity.min quantity.min, quantity.max quantity.max"},
		"at most none":         {quantity(1, 0), "quantity.max quantity.max"},
		"at most less":         {quantity(3, 2), "quantity.max quantity.order"},
		"four tips":            {tip(1, 2, 3, 100), ""},
		"five":                 {tip(1, 2, 3, 4, 5), "tip.percent tip.steps"},
		"no tip":               {tip(), "tip.percent tip.steps"},
		"own tips":             {checkout.Rules{Tip: &checkout.Tip{Own: true}}, ""},
		"a tip of nothing":     {tip(0), "tip.percent tip.percent"},
		"more than all":        {tip(101), "tip.percent tip.percent"},
		"twice":                {tip(5, 5), "tip.percent tip.percent"},
		"a thousandth":         {fee("0.001", 0), ""},
		"less":                 {fee("0.0001", 0), "cover_fee.percent cover_fee.percent"},
		"a quarter":            {fee("25", 0), ""},
		"more":                 {fee("25.001", 0), "cover_fee.percent cover_fee.percent"},
		"below nought":         {fee("-1", 0), "cover_fee.percent cover_fee.percent"},
		"a fee in words":       {fee("some", 0), "cover_fee.percent cover_fee.percent"},
		"a fixed fee":          {fee("", 1_000_000), ""},
		"a large one":          {fee("", 1_000_001), "cover_fee.fixed.value cover_fee.fixed"},
		"a fixed one below":    {fee("1", -1), "cover_fee.fixed.value cover_fee.fixed"},
		"no fee":               {fee("0", 0), "cover_fee.percent cover_fee.nothing"},
		"fifty pairs":          {pairs(50, strings.Repeat("ö", 40)), ""},
		"fifty-one":            {pairs(51, "k"), "metadata metadata.many"},
		"a long key":           {pairs(1, strings.Repeat("ö", 41)), "metadata metadata.key"},
		"no key":               {pairs(1, ""), "metadata metadata.key"},
		"a key with a mark":    {pairs(1, "k\u202e"), "metadata metadata.key"},
		"a long value":         {checkout.Rules{Metadata: []checkout.Pair{{Name: "k", Value: strings.Repeat("v", 501)}}}, "metadata text.long"},
		"thirty ways":          {checkout.Rules{Methods: many(30, func(int) string { return " iDEAL" })}, ""},
		"thirty-one":           {checkout.Rules{Methods: many(31, func(int) string { return "ideal" })}, "methods methods.many"},
		"no way":               {checkout.Rules{Methods: []string{""}}, "methods methods.form"},
		"ten questions": {checkout.Rules{Questions: many(10, func(i int) checkout.Question {
			return checkout.Question{Key: fmt.Sprint("k", i), Label: "L", Type: checkout.Date}
		})}, ""},
		"eleven": {checkout.Rules{Questions: many(11, func(i int) checkout.Question {
			return checkout.Question{Key: fmt.Sprint("k", i), Label: "L", Type: checkout.Date}
		})}, "questions questions.many"},
		"two of one key":          {checkout.Rules{Questions: many(2, func(i int) checkout.Question { return checkout.Question{Key: "k", Label: "L", Type: checkout.Date} })}, "questions[1].key question.twice"},
		"a key of the page":       {question(func(q *checkout.Question) { q.Key = "utm_size" }), "questions[0].key question.taken"},
		"an odd key":              {question(func(q *checkout.Question) { q.Key = "Size" }), "questions[0].key question.key"},
		"a card":                  {question(func(q *checkout.Question) { q.Label = "Credit Card" }), "questions[0].label question.card"},
		"an unknown type":         {question(func(q *checkout.Question) { q.Type = "file" }), "questions[0].type question.type"},
		"two to choose from":      {options(checkout.Choice, 2), ""},
		"one to choose":           {options(checkout.Choice, 1), "questions[0].options question.options"},
		"one of several":          {options(checkout.Several, 1), ""},
		"none of several":         {options(checkout.Several, 0), "questions[0].options question.options"},
		"fifty options":           {options(checkout.Choice, 50), ""},
		"fifty-one options":       {options(checkout.Choice, 51), "questions[0].options question.options"},
		"an option twice":         {question(func(q *checkout.Question) { q.Type, q.Options = checkout.Choice, []string{"a", " a"} }), "questions[0].options question.option_twice"},
		"bounds":                  {number("-1.5", "-1.5", "0.000001"), ""},
		"bounds that are crossed": {number("2", "1", ""), "questions[0].max question.order"},
		"a bound alone":           {number("2", "", ""), ""},
		"the other alone":         {number("", "-2", ""), ""},
		"a step of nothing":       {number("", "", "0"), "questions[0].step question.number"},
		"a bound in words":        {number("two", "", ""), "questions[0].min question.number"},
		"an odd demand":           {checkout.Rules{Collect: checkout.Collect{Phone: "maybe"}}, "collect.phone collect.demand"},
		"no demand":               {checkout.Rules{Collect: checkout.Collect{Phone: checkout.No}}, ""},
	} {
		var wrong fault.Fields
		c.rules.Clean(&wrong)
		var all []string
		for _, w := range wrong {
			if said := w.Name + " " + w.Code; len(all) == 0 || all[len(all)-1] != said {
				all = append(all, said)
			}
		}
		if got := strings.Join(all, ", "); got != c.want {
			t.Errorf("%s: %q, not %q", name, got, c.want)
		}
	}
}

func TestEachWayToPayIsNamedOnce(t *testing.T) {
	rules := checkout.Rules{Methods: []string{" iDEAL", "bank_transfer", "ideal"}}
	var wrong fault.Fields
	rules.Clean(&wrong)
	named, may := rules.ByProvider()
	if len(wrong) > 0 || !slices.Equal(rules.Methods, []string{"ideal", "bank_transfer"}) || !rules.TakesTransfers() || !may || !slices.Equal(named, []string{"ideal"}) {
		t.Errorf("%q, %q, %v", rules.Methods, named, wrong)
	}
	for methods, want := range map[string][2]bool{"": {true, true}, "bank_transfer": {true, false}, "provider": {false, true}, "card": {false, true}} {
		rules := checkout.Rules{Methods: strings.Fields(methods)}
		if _, may := rules.ByProvider(); rules.TakesTransfers() != want[0] || may != want[1] {
			t.Errorf("%q: %t %t", methods, rules.TakesTransfers(), may)
		}
	}
}

// How many a payer wants is read in digits of two scripts, and held to what may be bought.
func TestHowManyIsReadAsItIsTyped(t *testing.T) {
	rules := checkout.Rules{Quantity: &checkout.Quantity{Min: 2, Max: 9}}
	for typed, want := range map[string]string{
		"": "2", "2": "2", "9": "9", "٠٢": "2", "٩": "9", "007": "7", "1": "1 " + checkout.TooLow, "10": "10 " + checkout.TooHigh, "٠": "0 " + checkout.TooLow,
		"1.5": "0 " + checkout.NoNumber, "+2": "0 " + checkout.NoNumber, " 2": "0 " + checkout.NoNumber, "2e1": "0 " + checkout.NoNumber, "/": "0 " + checkout.NoNumber, ":": "0 " + checkout.NoNumber, "1000000": "1000000 " + checkout.TooHigh,
		strings.Repeat("9", 30): "9999999 " + checkout.TooHigh,
	} {
		var wrong fault.Fields
		got := fmt.Sprint(rules.ReadQuantity(typed, &wrong))
		for _, w := range wrong {
			got += " " + w.Code
		}
		if got != want {
			t.Errorf("%q is %s, not %s", typed, got, want)
		}
	}
	var wrong fault.Fields
	if none := (checkout.Rules{}); none.Least() != 1 || none.Most() != 1 || none.ReadQuantity("2", &wrong) != 2 || !wrong.Has("quantity") {
		t.Error("of what has no quantity there is not one")
	}
}

// Numbers are read with six decimals, in two scripts, and within what is asked.
func TestNumbersOfPayersAreReadExactly(t *testing.T) {
	for _, c := range []struct{ least, most, step, typed, want string }{
		{"", "", "", "1,5", "1.5"}, {"", "", "", "−0.000001", "-0.000001"}, {"", "", "", "0.0000001", checkout.BadNumber}, {"", "", "", "5.", checkout.BadNumber}, {"", "", "", ".5", checkout.BadNumber},
		{"", "", "", "999999999999.999999", "999999999999.999999"}, {"", "", "", "1000000000000", checkout.BadNumber}, {"", "", "", "-", checkout.BadNumber}, {"", "", "", "١٢٫٥", "12.5"}, {"", "", "", "۱۲٫۵", "12.5"}, {"", "", "", "１２.５", "12.5"}, {"", "", "", "٠٫٩", "0.9"}, {"", "", "", "0,1", "0.1"}, {"", "", "", "1.2.3", checkout.BadNumber},
		{"0", "", "", "0", "0"}, {"0", "", "", "-0.1", checkout.OutOfRange}, {"", "10", "", "10", "10"}, {"", "10", "", "10.000001", checkout.OutOfRange}, {"", "", "", "010", "10"}, {"", "", "", "-5", "-5"},
		{"0.5", "", "2", "2.5", "2.5"}, {"0.5", "", "2", "2", checkout.OffStep}, {"", "", "2", "4", "4"}, {"", "", "2", "3", checkout.OffStep}, {"1", "", "", " ", ""},
	} {
		rules := checkout.Rules{Questions: []checkout.Question{{Key: "n", Label: "N", Type: checkout.Number, Min: c.least, Max: c.most, Step: c.step}}}
		a, wrong := read(rules, map[string][]string{"n": {c.typed}})
		got := ""
		switch {
		case len(wrong) > 0:
			got = wrong[0].Code
		case len(a.Fields) > 0:
			got = a.Fields[0].Values[0]
		}
		if got != c.want {
			t.Errorf("%+v is read as %s", c, got)
		}
	}
}

// Keys are made of labels: short, in Latin letters, each once, and none that the page uses.
func TestKeysAreMadeOfLabels(t *testing.T) {
	long := strings.Repeat("abcde ", 20)
	var asked []checkout.Question
	for _, label := range []string{"Größe", "Größe", "2nd name", "!", "Offer", "UTM source", long, long, "E-mail address", "Email"} {
		asked = append(asked, checkout.Question{Label: label})
	}
	asked = append(asked, checkout.Question{Key: "mine", Label: "x"}, checkout.Question{Label: "mine"}, checkout.Question{Label: "Größe"})
	keys := checkout.SuggestKeys(asked, "de")
	seen := map[string]bool{}
	for i, key := range keys {
		if seen[key] || checkout.IsTaken(key) || len(key) > checkout.MaxKey || key == "" || key[0] < 'a' || key[0] > 'z' || strings.HasSuffix(key, "_") {
			t.Errorf("%q gets %q", asked[i].Label, key)
		}
		seen[key] = true
	}
	if keys[0] != "groesse" || keys[1] != keys[0]+"_2" || keys[2] != "question_2nd_name" || keys[3] != "question" || keys[10] != "mine" || keys[11] != "mine_2" || keys[12] != keys[0]+"_3" || keys[6] != strings.TrimSuffix(strings.Repeat("abcde_", 7)[:40], "_") {
		t.Errorf("%q", keys)
	}
}

// What a code takes off is rounded half up and never more than the price, also of amounts
// that no payment has.
func TestWhatACodeTakesOff(t *testing.T) {
	for _, c := range []struct {
		off        checkout.Off
		list, want int64
	}{
		{checkout.Off{Percent: 10_00}, 4999, 500}, {checkout.Off{Percent: 10_00}, 4994, 499}, {checkout.Off{Percent: 10_00}, 4995, 500}, {checkout.Off{Percent: 100_00}, 4999, 4999}, {checkout.Off{Percent: 1}, 4999, 0}, {checkout.Off{Percent: 1}, 5000, 1},
		{checkout.Off{Amount: 500}, 499, 499}, {checkout.Off{Amount: 500}, 501, 500}, {checkout.Off{}, 100, 0}, {checkout.Off{Percent: 50_00}, 1 << 62, 1 << 61 / 100_00 * 100_00},
	} {
		if got := c.off.Of(c.list); got != c.want && (c.list < 1<<60 || got > c.want+100_00 || got < c.want-100_00) {
			t.Errorf("%+v of %d is %d, not %d", c.off, c.list, got, c.want)
		}
	}
	for typed, want := range map[string]int64{"12.5": 1250, "0,01": 1, "100": 10000, "0.001": -1, "x": -1, "-1": -100} {
		got, ok := checkout.ReadPercent(typed)
		if !ok {
			got = -1
		}
		if got != want {
			t.Errorf("%q is %d, not %d", typed, got, want)
		}
	}
}
