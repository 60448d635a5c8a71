// Package service reads what mail services tell of mails: Amazon SES by SNS, Postmark and
// Brevo, each as its public documentation has it.
package service

import (
	"bytes"
	"encoding/json"
	"errors"

	"smartlinks/internal/bounce/report"
)

// errForm says that a body is not what the service sends.
var errForm = errors.New("service: this is no event of the service")

// maxEvents bounds the events of one request; Brevo can send many together.
const maxEvents = 1000

// Postmark reads what Postmark posts: one object, told apart by its RecordType
// (postmarkapp.com/developer/webhooks). Its own ids name no mail of ours, so each carries
// ours in its metadata.
func Postmark(body []byte) ([]report.Report, error) {
	var e struct {
		RecordType, Type, Email, Recipient, Description, Details string
		Metadata                                                 map[string]any
	}
	if err := json.Unmarshal(body, &e); err != nil || e.RecordType == "" {
		return nil, errForm
	}
	mail, _ := e.Metadata["mail"].(string)
	r := report.Report{Addresses: []string{e.Email}, Reason: e.Details, Mails: []string{mail}}
	if r.Reason == "" {
		r.Reason = e.Description
	}
	switch e.RecordType {
	case "Delivery":
		r.Kind, r.Addresses, r.Reason = report.Delivered, []string{e.Recipient}, ""
	case "SpamComplaint":
		r.Kind = report.Complaint
	case "Bounce":
		switch e.Type {
		case "HardBounce", "BadEmailAddress":
			r.Kind = report.Hard
		case "SoftBounce", "Transient", "DnsError", "Blocked", "SpamNotification", "VirusNotification", "Undeliverable", "DMARCPolicy", "Unknown":
			r.Kind = report.Soft
		case "SpamComplaint":
			r.Kind = report.Complaint
		default:
			return nil, nil // answers of people and programs, and what only Postmark is concerned with
		}
	default:
		return nil, nil
	}
	return one(r), nil
}

// brevoKinds are the events of Brevo that say what became of a mail. Of "deferred" Brevo
// tries again by itself, and "request", opens and clicks say nothing of an address.
var brevoKinds = map[string]report.Kind{
	"delivered": report.Delivered, "hard_bounce": report.Hard, "soft_bounce": report.Soft, "blocked": report.Soft, "error": report.Soft, "spam": report.Complaint,
	invalidEmail: report.Soft,
}

// invalidEmail is told of the recipient's address by one page of Brevo's, and of the sender's
// by another (developers.brevo.com/reference/gettransacemailcontent), so that only what the
// server said tells whether the address is to blame.
const invalidEmail = "invalid_email"

// Brevo reads what Brevo posts: an object, or a list of up to 500 where its user has asked
// for that (developers.brevo.com/docs/transactional-webhooks and /docs/batch-webhooks).
func Brevo(body []byte) (all []report.Report, err error) {
	type event struct {
		Event, Email, Reason string
		MessageID            string `json:"message-id"`
		Custom               string `json:"X-Mailin-custom"`
	}
	var events []event
	if text := bytes.TrimSpace(body); len(text) > 0 && text[0] == '[' {
		err = json.Unmarshal(text, &events)
	} else {
		events = make([]event, 1)
		err = json.Unmarshal(text, &events[0])
	}
	if err != nil || len(events) > maxEvents || len(events) > 0 && events[0].Event == "" {
		return nil, errForm
	}
	for _, e := range events {
		kind, told := brevoKinds[e.Event]
		if e.Event == invalidEmail {
			kind = report.Judge("", e.Reason)
		}
		if told {
			all = append(all, one(report.Report{Kind: kind, Addresses: []string{e.Email}, Reason: e.Reason, Mails: []string{e.Custom, e.MessageID}})...)
		}
	}
	return all, nil
}

// one is a report with its reason on one line.
func one(r report.Report) []report.Report {
	r.Reason = report.OneLine(r.Reason)
	return []report.Report{r}
}
