package batches

import (
	"regexp"

	"smartlinks/internal/delivery"
	"smartlinks/internal/requests"
	"smartlinks/internal/text"
	"smartlinks/internal/web/dashboard/frame"
)

var (
	sameReference = regexp.MustCompile(`^Same reference as row (\d+)\.$`)
	sameRow       = regexp.MustCompile(`^The same as row (\d+)\.`)
)

// whyWords say why a row is not sent, or not by every way.
func whyWords(scope *frame.Scope, r requests.Reached) string {
	if found := sameReference.FindStringSubmatch(r.Reason); found != nil {
		return scope.T("Same reference as row {{.Row}}", "Row", found[1])
	}
	if found := sameRow.FindStringSubmatch(r.Reason); found != nil {
		return scope.T("The same as row {{.Row}}. Give each a reference of its own to ask twice.", "Row", found[1])
	}
	if r.Reason == "There is neither an email address nor a phone number." {
		return scope.T("Neither an email address nor a phone number")
	}
	if len(r.Closed) > 0 {
		return obstacleWords(scope.Reader, r.Closed[0])
	}
	label, why := r.Why()
	if label == "" {
		return scope.Sentence(why)
	}
	return scope.T("{{.Field}}: {{.Problem}}", "Field", scope.T(label), "Problem", scope.Sentence(why))
}

// obstacleWords say why a way is closed.
func obstacleWords(reader frame.Reader, w delivery.Way) string {
	switch w.Obstacle {
	case delivery.NoAddress:
		return reader.T("No address for it")
	case delivery.OptedOut:
		return reader.T("Wants no messages from you")
	case delivery.Bounced:
		return reader.T("Mail to this address came back")
	case delivery.NoGateway:
		return reader.T("Not set up: see Settings")
	case delivery.NoSender:
		return reader.T("Your sender can’t reach this country")
	}
	return reader.Sentence(w.Why)
}

// times is a typed number of reminders, as far as it is one.
func times(typed string) int64 {
	n, err := text.Whole(typed)
	if err != nil || n < 1 || n > 50 {
		return 1
	}
	return n
}
