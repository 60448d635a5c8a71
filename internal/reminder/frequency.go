// Package reminder asks recipients of a link again until it is paid: how often,
// when, and when no more.
package reminder

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"smartlinks/internal/fault"
)

// Frequency is how often reminders go out.
type Frequency string

// The frequencies.
const (
	Daily      Frequency = "daily"
	Every2Days Frequency = "every_2_days"
	Every3Days Frequency = "every_3_days"
	Weekly     Frequency = "weekly"
	Monthly    Frequency = "monthly"
)

// Frequencies are all of them, the most frequent first.
func Frequencies() []Frequency {
	return []Frequency{Daily, Every2Days, Every3Days, Weekly, Monthly}
}

// days is the distance of two reminders, 0 for months.
func (f Frequency) days() int {
	switch f {
	case Daily:
		return 1
	case Every2Days:
		return 2
	case Every3Days:
		return 3
	case Weekly:
		return 7
	}
	return 0
}

// MaxReminders bounds how many a recipient gets.
const MaxReminders = 50

// Settings are how a link reminds.
type Settings struct {
	Frequency Frequency
	Max       int64 // reminders to a recipient, 1–50
	// Offsets are days from the link's due date on which reminders go out, in place of
	// Frequency and Max: -3 is three days before. In order, each once.
	Offsets      []int64
	DueOn        string // the link's, 2026-12-31; "" without one. Not set by anybody here
	WeekdaysOnly bool   // what falls on Saturday or Sunday waits for Monday
	Quiet        *Quiet
}

// Quiet are hours of the day, in the business's time zone, in which nothing is
// sent: in minutes after midnight, From inclusive, To exclusive. To may be
// before From: then the hours pass midnight.
type Quiet struct{ From, To int64 }

const dayMinutes = 24 * 60

// Check is what is wrong with the settings, with fields as the API has them.
func (s Settings) Check() error { return (&s).clean() }

// The bounds of offsets: how many, and how many days from the due date.
const (
	MaxOffsets = 12
	MaxOffset  = 365
)

// clean refuses what can't be kept, and puts offsets in order. Fields are those of the API.
func (s *Settings) clean() error {
	var wrong fault.Fields
	if len(s.Offsets) > 0 {
		s.cleanOffsets(&wrong)
	} else {
		if !slices.Contains(Frequencies(), s.Frequency) {
			wrong.Add("reminders.frequency", "", "Choose daily, every 2 days, every 3 days, weekly or monthly.")
		}
		if s.Max < 1 || s.Max > MaxReminders {
			wrong.Add("reminders.max", "", fmt.Sprintf("Choose between 1 and %d reminders.", MaxReminders))
		}
	}
	if q := s.Quiet; q != nil && (q.From < 0 || q.From >= dayMinutes || q.To < 0 || q.To >= dayMinutes || q.From == q.To) {
		wrong.Add("reminders.quiet", "", "Give a start and an end that differ, between 00:00 and 23:59.")
	}
	return wrong.Err()
}

func (s *Settings) cleanOffsets(wrong *fault.Fields) {
	s.Offsets = slices.Compact(slices.Sorted(slices.Values(s.Offsets)))
	s.Frequency, s.Max = Daily, int64(max(len(s.Offsets), 1)) // the frequency beside them says nothing
	outside := func(days int64) bool { return days < -MaxOffset || days > MaxOffset }
	switch {
	case s.DueOn == "":
		wrong.Add("reminders.offsets", "offsets.due", "Give the link a due date, from which these days count.")
	case len(s.Offsets) > MaxOffsets:
		wrong.Add("reminders.offsets", "offsets.many", fmt.Sprintf("Choose at most %d days.", MaxOffsets))
	case slices.ContainsFunc(s.Offsets, outside):
		wrong.Add("reminders.offsets", "offsets.range", fmt.Sprintf("Choose days from -%d to %d: -3 is three days before the due date.", MaxOffset, MaxOffset))
	}
}

// ParseMinutes reads "21:30" as minutes after midnight.
func ParseMinutes(text string) (int64, bool) {
	t, err := time.Parse("15:04", strings.TrimSpace(text))
	return int64(t.Hour()*60 + t.Minute()), err == nil
}

// FormatMinutes writes them.
func FormatMinutes(m int64) string { return fmt.Sprintf("%02d:%02d", m/60, m%60) }
