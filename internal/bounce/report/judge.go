package report

import (
	"regexp"
	"strings"
)

var (
	// enhanced is a status code of RFC 3463 where a text has one.
	enhanced = regexp.MustCompile(`\b[245]\.\d{1,3}\.\d{1,3}\b`)
	// reply is a code of RFC 5321 at the begin of an answer.
	reply = regexp.MustCompile(`(?:^|[\s;:(<])([245]\d\d)(?:[\s-]|$)`)
	// nobody are the words for an address that doesn't exist.
	nobody = regexp.MustCompile(`(?i)user unknown|unknown user|no such (?:user|person|recipient|mailbox)|(?:user|account|mailbox|recipient|address)[^.]{0,40}(?:does ?n.t exist|does not exist|not found|unknown|disabled|inactive)|mailbox unavailable|invalid (?:recipient|mailbox|address)|recipient (?:address )?rejected|unrouteable address|not our customer|host (?:or domain name )?not found|domain (?:name )?not found`)
	// unwilling are the words for a server that doesn't want the mail, whomever it is for.
	unwilling = regexp.MustCompile(`(?i)spam|blocked|blacklist|blocklist|blackhole|denylist|policy|reputation|dmarc|dkim|\bspf\b|relay(?:ing)? denied|not permitted to relay|quota|full|too large|rate limit|greylist|virus`)
)

// Judge says of a mail that failed whether its address is to blame, by the status of
// RFC 3463 and by what the server said. What is not clear is Soft: an address is written
// off only for a reason.
func Judge(status, said string) Kind {
	class := enhanced.FindString(status)
	if class == "" || strings.HasSuffix(class, ".0.0") {
		if closer := enhanced.FindString(said); closer != "" {
			class = closer
		}
	}
	switch class {
	case "5.1.7", "5.1.8": // the sender's address
		return Soft
	case "5.2.1", "5.4.4":
		return Hard
	case "", "5.0.0", "5.5.0", "5.5.1", "5.4.1":
		return unclear(class, said)
	}
	if strings.HasPrefix(class, "5.1.") {
		return Hard
	}
	return Soft
}

// unclear judges by words, and where there are none by the code.
func unclear(class, said string) Kind {
	if unwilling.MatchString(said) {
		return Soft
	}
	code := ""
	if found := reply.FindStringSubmatch(said); found != nil {
		code = found[1]
	}
	if strings.HasPrefix(code, "4") {
		return Soft
	}
	if nobody.MatchString(said) || class == "" && (code == "550" || code == "551" || code == "553") {
		return Hard
	}
	return Soft
}
