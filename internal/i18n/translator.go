package i18n

import (
	"context"
	"slices"
	"strconv"
	"strings"

	goi18n "github.com/nicksnyder/go-i18n/v2/i18n"
)

// Translator gives the texts of the dashboard in one language. Its zero value speaks English.
type Translator struct {
	language  Language
	plain     map[string]string // the texts without values, by the English one
	patterns  []pattern
	localizer *goi18n.Localizer
}

// TranslatorFor is the translator of a language by its code; English for those there are none of.
func TranslatorFor(code string) Translator {
	all := translators().translators
	if t, ok := all[code]; ok {
		return t
	}
	return all[Fallback]
}

type translatorKey struct{}

// WithLanguage is ctx for somebody who reads the language.
func WithLanguage(ctx context.Context, code string) context.Context {
	return context.WithValue(ctx, translatorKey{}, TranslatorFor(code))
}

// TranslatorOf is the translator of whoever reads what the context is for; English when
// nobody has said.
func TranslatorOf(ctx context.Context) Translator {
	if t, ok := ctx.Value(translatorKey{}).(Translator); ok {
		return t
	}
	return TranslatorFor(Fallback)
}

// T is Translator.T for the reader of ctx, as every template has one.
func T(ctx context.Context, english string, args ...string) string {
	return TranslatorOf(ctx).T(english, args...)
}

// N is Translator.N for the reader of ctx.
func N(ctx context.Context, n int64, one, many string, args ...string) string {
	return TranslatorOf(ctx).N(n, one, many, args...)
}

// Number is Translator.Number for the reader of ctx.
func Number(ctx context.Context, n int64) string { return TranslatorOf(ctx).Number(n) }

// Mark returns the text as it is. It tells the tests that a text in a table or a constant is
// translated where it is shown, by T with a variable.
func Mark(english string) string { return english }

// Lang returns the code for <html lang>.
func (t Translator) Lang() string { return t.spoken().Code }

// Dir returns "ltr" or "rtl" for <html dir>.
func (t Translator) Dir() string { return t.spoken().Dir }

func (t Translator) spoken() Language {
	if t.language.Code == "" {
		return languages()[0]
	}
	return t.language
}

// T translates an English text. args are pairs of a name in the text and what to put there:
// T("Delete {{.Name}}?", "Name", link.Name). A word that languages part where English doesn't
// says behind a bar which one it is, for translators alone: "Open|of a link". What has no
// translation stays English, so that a page never fails for want of a word; a test looks
// for those.
func (t Translator) T(english string, args ...string) string {
	if text, ok := t.plain[english]; ok {
		return text
	}
	shown, _, _ := strings.Cut(english, "|")
	if len(args) == 0 {
		return shown
	}
	return t.localize(&goi18n.LocalizeConfig{
		DefaultMessage: &goi18n.Message{ID: english, Other: shown},
		TemplateData:   t.values(args),
	})
}

// N is T for a text with a number, in the plural form that the language wants for n. The
// number is {{.Count}} in both English forms; many is the key.
func (t Translator) N(n int64, one, many string, args ...string) string {
	values := t.values(args)
	values["Count"] = t.Number(n)
	return t.localize(&goi18n.LocalizeConfig{
		DefaultMessage: &goi18n.Message{ID: many, One: one, Other: many},
		PluralCount:    strconv.FormatInt(max(n, -n), 10), TemplateData: values,
	})
}

// Sentence translates an English sentence that was put together by a feature, such as that of
// a fault: "At most 50 links." by the translation of "At most {{.Max}} links.".
// What others said stands behind a colon, in quotation marks, and is left as it is. A reason
// that was ended as a sentence when it was stored is found without its full stop.
func (t Translator) Sentence(english string) string {
	return t.SentenceWith(english, func(_, value string) string { return value })
}

// SentenceWith is Sentence for a reader to whom values are written another way than in English,
// as amounts are. A value has the name that it has in the text.
func (t Translator) SentenceWith(english string, written func(name, value string) string) string {
	bare, ends := strings.CutSuffix(english, ".")
	head, said, quotes := strings.Cut(english, ": “")
	ways := []struct {
		may          bool
		text, behind string
	}{{true, english, ""}, {ends, bare, "."}, {quotes, head, ": “" + said}}
	for _, w := range ways {
		if text, ok := t.plain[w.text]; w.may && ok {
			return text + w.behind
		}
	}
	// The text that says the most is the one: "{{.Typed}} is {{.Day}}." fits many others.
	best, text := pattern{}, english
	for _, w := range ways {
		if p, found := match(t.patterns, w.text); w.may && found != nil && p.fixed > best.fixed {
			best, text = p, t.fill(p, found, written)+w.behind
		}
	}
	return text
}

// ownWords is the value of a sentence that is one of our own texts itself, and translated too:
// what was being done when something went wrong.
const ownWords = "While"

// ownSentence is the value of a sentence that is one itself, put together by another feature.
const ownSentence = "Because"

// SentenceOf is Sentence for what is one of the English texts with values, or a text without.
// Nothing else is taken for a text of the dashboard that looks like it.
func (t Translator) SentenceOf(texts []string, english string) string {
	var among []pattern
	for _, p := range t.patterns {
		if slices.Contains(texts, p.english) {
			among = append(among, p)
		}
	}
	return t.sentence(english, among, func(_, value string) string { return value })
}

func (t Translator) sentence(english string, among []pattern, written func(name, value string) string) string {
	if text, ok := t.plain[english]; ok {
		return text
	}
	if p, found := match(among, english); found != nil {
		return t.fill(p, found, written)
	}
	return english
}

// match is the first of the patterns that a sentence is made of, with what stands in it.
func match(among []pattern, english string) (p pattern, found []string) {
	for _, p := range among {
		if found := p.sentence.FindStringSubmatch(english); found != nil {
			return p, found
		}
	}
	return pattern{}, nil
}

// fill is a pattern in the translator's language, with what stood in the English one.
func (t Translator) fill(p pattern, found []string, written func(name, value string) string) string {
	var args []string
	for i, name := range placeholders.FindAllStringSubmatch(p.english, -1) {
		value := written(name[1], found[i+1])
		if ours, ok := t.plain[value]; ok && name[1] == ownWords {
			value = ours
		}
		if name[1] == ownSentence {
			value = t.SentenceWith(value, written)
		}
		args = append(args, name[1], value)
	}
	return t.T(p.english, args...)
}

func (t Translator) localize(config *goi18n.LocalizeConfig) string {
	localizer := t.localizer
	if localizer == nil {
		localizer = TranslatorFor(Fallback).localizer
	}
	text, err := localizer.Localize(config)
	if err != nil && text == "" {
		return config.DefaultMessage.Other
	}
	return text
}

// Isolate gives a text the direction of its own words within what is written from right to
// left, so that its neighbours don't tear it apart (Unicode, annex 9).
func (t Translator) Isolate(text string) string {
	if text == "" || t.Dir() != "rtl" {
		return text
	}
	return isolate + text + release
}

func (t Translator) values(args []string) map[string]any {
	values := make(map[string]any, len(args)/2+1)
	for i := 0; i+1 < len(args); i += 2 {
		values[args[i]] = t.Isolate(args[i+1])
	}
	return values
}

// grouping is how a language parts thousands, and from how many digits on (CLDR 48).
func (t Translator) grouping() (separator string, smallest int) {
	switch t.Lang() {
	case "nl", "de":
		return ".", 4
	case "fr":
		return "\u202f", 4
	case "es":
		return ".", 5
	}
	return ",", 4
}

// Decimal writes a number with so many digits behind the point, for figures below a thousand.
func (t Translator) Decimal(x float64, digits int) string {
	text := strconv.FormatFloat(x, 'f', digits, 64)
	if group, _ := t.grouping(); group != "," {
		text = strings.Replace(text, ".", ",", 1)
	}
	return text
}

// Number writes a whole number as the language does, with Latin digits: 1,942 or 1.942.
func (t Translator) Number(n int64) string {
	digits := strconv.FormatInt(n, 10)
	sign := ""
	if n < 0 {
		sign, digits = "−", digits[1:]
	}
	separator, smallest := t.grouping()
	if len(digits) < smallest {
		return sign + digits
	}
	var b strings.Builder
	b.WriteString(sign)
	for i, d := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteString(separator)
		}
		b.WriteRune(d)
	}
	return b.String()
}
