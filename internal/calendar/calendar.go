// Package calendar writes dates and times as the languages of payers do, and reads
// those of addresses.
package calendar

import (
	"strconv"
	"strings"
	"time"
)

// style is how a language writes dates, from CLDR 48: the pattern yMMMd and the
// short time. golang.org/x/text formats no dates.
type style struct {
	months [12]string // abbreviated, within a date
	day    string     // behind the day's number
	comma  string     // between date and time
	padded bool       // hours have two digits
	halves [2]string  // before and after noon; empty where hours count to 24
}

// styles by language. English is that of Europe (en-150), as its days come
// first. Arabic keeps Latin digits, as amounts do.
var styles = map[string]style{
	"en": {months: words("Jan Feb Mar Apr May Jun Jul Aug Sept Oct Nov Dec"), comma: ", ", padded: true},
	"nl": {months: words("jan feb mrt apr mei jun jul aug sep okt nov dec"), comma: ", ", padded: true},
	"de": {months: words("Jan. Feb. März Apr. Mai Juni Juli Aug. Sept. Okt. Nov. Dez."), day: ".", comma: ", ", padded: true},
	"fr": {months: words("janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc."), comma: ", ", padded: true},
	"es": {months: words("ene feb mar abr may jun jul ago sept oct nov dic"), comma: ", "},
	"ar": {months: words("يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر"), comma: "، ", halves: [2]string{"ص", "م"}},
}

func words(twelve string) (months [12]string) {
	copy(months[:], strings.Fields(twelve))
	return months
}

// styleOf is that of English for languages that are not known. A region
// (nl-BE) is not looked at.
func styleOf(language string) style {
	if i := strings.IndexAny(language, "-_"); i >= 0 {
		language = language[:i]
	}
	if s, known := styles[language]; known {
		return s
	}
	return styles["en"]
}

// Date writes the day of t in zone: 18 Feb 2026, 18. Feb. 2026.
func Date(t time.Time, zone *time.Location, language string) string {
	return styleOf(language).date(t.In(zone))
}

// DateTime writes the day of t in zone with the time to the minute:
// 18 Feb 2026, 10:42.
func DateTime(t time.Time, zone *time.Location, language string) string {
	s := styleOf(language)
	return s.date(t.In(zone)) + s.comma + s.time(t.In(zone))
}

// DateTimeSeconds writes the day of t in zone with the time to the second:
// 18 Feb 2026, 10:42:07.
func DateTimeSeconds(t time.Time, zone *time.Location, language string) string {
	s := styleOf(language)
	return s.date(t.In(zone)) + s.comma + s.clock(t.In(zone), ":04:05")
}

// Time writes the time of t in zone to the minute: 10:42.
func Time(t time.Time, zone *time.Location, language string) string {
	return styleOf(language).time(t.In(zone))
}

// weekdays by language, abbreviated, from Sunday, and what stands behind them (CLDR's E d MMM).
var weekdays = map[string]struct{ names, gap string }{
	"en": {"Sun Mon Tue Wed Thu Fri Sat", " "},
	"nl": {"zo ma di wo do vr za", " "},
	"de": {"So. Mo. Di. Mi. Do. Fr. Sa.", ", "},
	"fr": {"dim. lun. mar. mer. jeu. ven. sam.", " "},
	"es": {"dom lun mar mié jue vie sáb", ", "},
	"ar": {"الأحد الاثنين الثلاثاء الأربعاء الخميس الجمعة السبت", "، "},
}

// Weekday writes the day of t in zone with its weekday and without its year: Wed 18 Feb.
func Weekday(t time.Time, zone *time.Location, language string) string {
	day := t.In(zone)
	if i := strings.IndexAny(language, "-_"); i >= 0 {
		language = language[:i]
	}
	names, known := weekdays[language]
	if !known {
		names = weekdays["en"]
	}
	return strings.Fields(names.names)[day.Weekday()] + names.gap + styleOf(language).short(day)
}

// ShortDate writes the day of t in zone without its year: 18 Feb.
func ShortDate(t time.Time, zone *time.Location, language string) string {
	return styleOf(language).short(t.In(zone))
}

// ShortDateTime writes the day of t in zone without its year, and the time: 18 Feb, 10:42.
func ShortDateTime(t time.Time, zone *time.Location, language string) string {
	s := styleOf(language)
	return s.short(t.In(zone)) + s.comma + s.time(t.In(zone))
}

func (s style) short(t time.Time) string {
	return strconv.Itoa(t.Day()) + s.day + " " + s.months[t.Month()-1]
}

func (s style) date(t time.Time) string {
	return strconv.Itoa(t.Day()) + s.day + " " + s.months[t.Month()-1] + " " + strconv.Itoa(t.Year())
}

func (s style) time(t time.Time) string { return s.clock(t, ":04") }

// clock is the hour as the language writes it, and what behind says of the rest.
func (s style) clock(t time.Time, behind string) string {
	minutes := t.Format(behind)
	switch {
	case s.halves[0] != "":
		return strconv.Itoa((t.Hour()+11)%12+1) + minutes + " " + s.halves[t.Hour()/12]
	case s.padded:
		return t.Format("15") + minutes
	}
	return strconv.Itoa(t.Hour()) + minutes
}
