package report

import "strings"

// outcomes are what a delivery status says (RFC 3464), one for each recipient. A mail
// that is only late is still under way.
func (p *parts) outcomes() (all []Report) {
	for _, g := range groups(p.status) {
		r := Report{Addresses: addressesOf(g.get("original-recipient"), g.get("final-recipient")), Reason: OneLine(typed(g.get("diagnostic-code")))}
		status := g.get("status")
		if r.Reason == "" {
			r.Reason = OneLine(status)
		}
		switch strings.ToLower(firstWord(g.get("action"))) {
		case "failed":
			r.Kind = Judge(status, r.Reason)
		case "delivered":
			r.Kind = Delivered
		default:
			continue
		}
		all = append(all, r)
	}
	return all
}

// complaints are what a feedback report says (RFC 5965). Only abuse is one: "not-spam"
// and the like are none.
func (p *parts) complaints() []Report {
	var merged group
	for _, g := range groups(p.feedback) {
		merged = g
		break
	}
	switch kind := strings.ToLower(firstWord(merged.get("feedback-type"))); kind {
	case "abuse", "fraud", "virus", "opt-out":
		return []Report{{Kind: Complaint, Addresses: addressesOf(merged.get("original-rcpt-to"), merged.get("removal-recipient")), Reason: kind}}
	}
	return nil
}

// firstWord is a value without its comment.
func firstWord(value string) string {
	word, _, _ := strings.Cut(strings.TrimSpace(value), " ")
	return strings.TrimRight(word, ";")
}

// typed is a value behind its type, as in "rfc822; amara@example.com".
func typed(value string) string {
	if _, rest, found := strings.Cut(value, ";"); found {
		return strings.TrimSpace(rest)
	}
	return value
}

// addressesOf are the addresses that fields name.
func addressesOf(values ...string) (all []string) {
	for _, value := range values {
		if address := inText.FindString(typed(value)); address != "" {
			all = append(all, address)
		}
	}
	return all
}
