package service

import (
	"encoding/json"
	"strings"

	"smartlinks/internal/bounce/report"
)

// SES reads the message of a notification: what Amazon SES tells of a mail, whether by
// its feedback notifications or by its published events, which differ in one name
// (docs.aws.amazon.com/ses, "notification contents" and "event data"). SES writes a
// Message-ID of its own, and repeats ours among the headers.
func SES(message string) (all []report.Report, err error) {
	type recipient struct{ EmailAddress, Status, DiagnosticCode string }
	var e struct {
		NotificationType, EventType string
		Mail                        struct {
			CommonHeaders struct{ MessageID string }
			Headers       []struct{ Name, Value string }
		}
		Bounce struct {
			BounceType, BounceSubType string
			BouncedRecipients         []recipient
		}
		Complaint struct {
			ComplainedRecipients  []recipient
			ComplaintFeedbackType string
		}
		Delivery struct {
			Recipients []string
		}
	}
	if err := json.Unmarshal([]byte(message), &e); err != nil {
		return nil, errForm
	}
	mails := []string{e.Mail.CommonHeaders.MessageID}
	for _, h := range e.Mail.Headers {
		if strings.EqualFold(h.Name, "Message-ID") {
			mails = append(mails, h.Value)
		}
	}
	add := func(kind report.Kind, address, reason string) {
		all = append(all, one(report.Report{Kind: kind, Addresses: []string{address}, Reason: reason, Mails: mails})...)
	}
	switch e.NotificationType + e.EventType {
	case "Bounce":
		for _, r := range e.Bounce.BouncedRecipients {
			kind := report.Soft
			if e.Bounce.BounceType == "Permanent" {
				kind = permanent(e.Bounce.BounceSubType, r.Status, r.DiagnosticCode)
			}
			add(kind, r.EmailAddress, reasonOf(e.Bounce.BounceSubType, r.DiagnosticCode))
		}
	case "Complaint":
		if e.Complaint.ComplaintFeedbackType == "not-spam" {
			return nil, nil
		}
		for _, r := range e.Complaint.ComplainedRecipients {
			add(report.Complaint, r.EmailAddress, e.Complaint.ComplaintFeedbackType)
		}
	case "Delivery":
		for _, to := range e.Delivery.Recipients {
			add(report.Delivered, to, "")
		}
	}
	if len(all) > maxEvents {
		return nil, errForm
	}
	return all, nil
}

// permanent is what SES calls permanent: the address, unless the server's own words lay
// it on something else.
func permanent(sub, status, said string) report.Kind {
	if sub == "General" && status != "" && !strings.HasPrefix(status, "5.1.") && said != "" {
		return report.Judge(status, said)
	}
	return report.Hard
}

func reasonOf(sub, said string) string {
	if said == "" {
		return "Amazon SES: " + sub
	}
	if kind, rest, found := strings.Cut(said, ";"); found && strings.EqualFold(strings.TrimSpace(kind), "smtp") {
		return rest
	}
	return said
}
