package payform

import (
	"slices"
	"strconv"
	"strings"

	"smartlinks/internal/fault"
	"smartlinks/internal/i18n"
	"smartlinks/internal/text"
)

// Changed tells what is asked otherwise than on the page that the form was filled in on, a
// sentence for each, and brings the form in line: all that was typed stays, but for a number
// that can't be bought any more, which is said, and for ticks under another text. A form that
// was filled in on no page has seen nothing that could have changed.
func (f *Form) Changed(a Asked, t i18n.Localizer, page Page) (sentences []string) {
	if !page.Opened && !f.typed.Has(termsField) {
		return nil
	}
	was, now := readTerms(f.typed.Get(termsField)), f.terms(a)
	for _, part := range f.changes(was, now, a) {
		sentences = append(sentences, f.follow(part, was[part], now[part], a, t, page)...)
	}
	return sentences
}

// Page is what else tells about the page that the form was filled in on, and about the one
// that is shown now.
type Page struct {
	Opened  bool // a browser had it open
	Title   string
	WayName func(way string) string
}

// follow brings the form in line with one part that changed, and says so.
func (f *Form) follow(part, was, now string, a Asked, t i18n.Localizer, page Page) []string {
	key, asked := strings.CutPrefix(part, questionPart)
	switch {
	case asked:
		return f.followAsked(was, now, readSeen(now).label, strings.Join(f.typed[key], ", "), t)
	case part == phonePart:
		return f.followAsked(was, now, t.T("pay.phone"), f.typed.Get("phone"), t)
	case part == companyPart:
		return f.followAsked(was, now, t.T("pay.company"), f.typed.Get("company"), t)
	case part == addressPart:
		return f.followAsked(was, now, t.T("pay.address"), f.typed.Get("line1"), t)
	}
	switch part {
	case soldPart:
		return []string{t.T("changed.sold", "Title", page.Title)}
	case quantityPart:
		return f.followQuantity(was, a, t)
	case codePart:
		return []string{f.followCode(was, a, t)}
	case consentPart:
		if readSeen(was).mark != readSeen(now).mark {
			f.typed.Del(consentField) // it was given to another text
		} else {
			return []string{t.T("changed.consent_required")}
		}
	case marketingPart:
		f.typed.Del(marketField)
	case waysPart:
		if now == "" {
			return []string{t.T("changed.ways_all")}
		}
		var names []string
		for _, way := range a.Methods {
			names = append(names, page.WayName(way))
		}
		return []string{t.T("changed.ways", "Ways", strings.Join(names, ", "))}
	}
	return []string{t.T("changed." + part + ending(was, now))}
}

// ending is that of the key of a sentence about something that is new, gone or other.
func ending(was, now string) string {
	switch {
	case was == "":
		return "_new"
	case now == "":
		return "_gone"
	}
	return ""
}

// followAsked tells of a question, or of what is collected beside.
func (f *Form) followAsked(was, now, label, answer string, t i18n.Localizer) []string {
	before, after := readSeen(was), readSeen(now)
	if now == "" && before.label != "" {
		label = text.Plain(before.label)
	}
	answer = cutLabel(text.Plain(answer))
	said := "changed.question"
	switch {
	case now == "" && label == "":
		return []string{t.T("changed.question_gone")} // no page of ours wrote that
	case now == "" && answer != "":
		return []string{t.T("changed.asked_gone_answered", "Label", label, "Answer", answer)}
	case now == "":
		said = "changed.asked_gone"
	case was == "" && after.required:
		said = "changed.asked_required"
	case was == "":
		said = "changed.asked_new"
	case before.mark == after.mark:
		said = "changed.required"
	}
	return []string{t.T(said, "Label", label)}
}

// followQuantity sets a number that can't be bought any more to the nearest that can.
func (f *Form) followQuantity(was string, a Asked, t i18n.Localizer) []string {
	if a.Quantity == nil {
		return []string{t.T("changed.quantity_gone")}
	}
	number := func(n int64) string { return strconv.FormatInt(n, 10) }
	said := []string{t.T("changed.quantity"+ending(was, "now"), "Min", number(a.Least()), "Max", number(a.most()))}
	typed := f.typed.Get(QuantityField)
	if typed == "" && was == "" {
		typed = "1" // the page sold one
	}
	var wrong fault.Fields
	wanted := a.ReadQuantity(typed, &wrong)
	if nearest := min(max(wanted, a.Least()), a.most()); typed != "" && !slices.ContainsFunc(wrong, isNoNumber) {
		f.typed.Set(QuantityField, number(nearest))
		if nearest != wanted {
			said = append(said, t.T("changed.number", "Typed", typed, "Number", number(nearest)))
		}
	}
	return said
}

// followCode tells of a code that counted. One that ended stays in its field, and who pays
// now pays without it.
func (f *Form) followCode(text string, a Asked, t i18n.Localizer) string {
	was := readApplied(text)
	if f.off.Code == "" {
		f.typed.Set(endedField, f.Code())
		return t.T("changed.code_gone", "Code", was.Code)
	}
	now := applied{Off: f.off}
	return t.T("changed.code", "Code", was.Code, "Now", now.says(a), "Was", was.says(a))
}
