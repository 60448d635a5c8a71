package report

import (
	"net/mail"
	"regexp"
	"strings"
)

var (
	// robots are the senders of reports.
	robots = regexp.MustCompile(`(?i)\b(?:mailer-daemon|postmaster|mail-daemon|mailerdaemon|maildelivery)\b`)
	// failure are the subjects of reports.
	failure = regexp.MustCompile(`(?i)undeliver|not delivered|returned mail|returned to sender|delivery (?:status|fail|has failed|problem|error)|mail delivery|failure notice|delivery notification|unzustellbar|nicht zugestellt|onbestelbaar|niet bezorgd|non remis|non distribu|no se (?:puede|ha podido) entregar|entrega fallida`)
	// copied is the line behind which a report repeats the mail.
	copied = regexp.MustCompile(`(?im)^(?:-{2,}[^\n]*(?:copy|original|message|header|below this line)[^\n]*|return-path:[^\n]*|received: [^\n]*)$`)
)

// plain reads a report that is meant for people, as qmail and older servers send them:
// it must look like one in its head, and name an address and a reason.
func (p *parts) plain(h mail.Header) []Report {
	failed := h.Get("X-Failed-Recipients")
	// Answers of programs come without a sender as well (RFC 3834, 3.3).
	answer := strings.HasPrefix(strings.ToLower(h.Get("Auto-Submitted")), "auto-replied")
	fromRobot := robots.MatchString(h.Get("From")) || !answer && strings.TrimSpace(h.Get("Return-Path")) == "<>"
	if failed == "" && !(fromRobot && failure.MatchString(h.Get("Subject"))) {
		return nil
	}
	said := string(p.text)
	if at := copied.FindStringIndex(said); at != nil {
		said = said[:at[0]]
	}
	addresses := inText.FindAllString(failed, maxReports)
	if len(addresses) == 0 {
		addresses = inText.FindAllString(said, maxReports)
	}
	why := p.why(said)
	if len(addresses) == 0 || why == "" {
		return nil
	}
	for i, a := range addresses {
		addresses[i] = strings.TrimRight(a, ".?!")
	}
	// Which of several addresses has failed can't be told; a mail of ours has one.
	return []Report{{Kind: Judge("", why), Addresses: addresses, Reason: OneLine(why)}}
}

// why is the line with the reason: the first with a code or with words for it.
func (p *parts) why(said string) string {
	for line := range strings.Lines(said) {
		if line = strings.TrimSpace(line); enhanced.MatchString(line) || reply.MatchString(line) || nobody.MatchString(line) || unwilling.MatchString(line) {
			return line
		}
	}
	return ""
}
