package report_test

import (
	"encoding/base64"
	"slices"
	"strings"
	"testing"

	"smartlinks/internal/bounce/report"
)

// Where reports in the wild differ: each is written as the server of its name writes them.
func TestReportsOfServersInTheWild(t *testing.T) {
	for name, c := range map[string]struct {
		source string
		kind   report.Kind
		reason string // in it
	}{
		"Postfix":                {dsn("failed", "5.1.1", "smtp; 550 5.1.1 <amara@example.com>: Recipient address rejected: User unknown"), report.Hard, "User unknown"},
		"Postfix without a host": {dsn("failed", "5.4.4", "X-Postfix; Host or domain name not found. Name service error for name=example.com type=AAAA: Host not found"), report.Hard, "Host not found"},
		"a full mailbox":         {dsn("failed", "5.2.2", "smtp; 552 5.2.2 The email account that you tried to reach is over quota"), report.Soft, "over quota"},
		"Gmail":                  {dsn("failed", "5.1.1", "smtp; 550-5.1.1 The email account that you tried to reach does not exist."), report.Hard, "does not exist"},
		"Exchange Online":        {dsn("failed", "5.4.1", "smtp;550 5.4.1 Recipient address rejected: Access denied. [SN1PR01.prod.outlook.example]"), report.Hard, "Recipient address rejected"},
		"Outlook":                {dsn("failed", "5.5.0", "smtp;550 5.5.0 Requested action not taken: mailbox unavailable"), report.Hard, "mailbox unavailable"},
		"a block":                {dsn("failed", "5.7.1", "smtp; 550 5.7.1 Message rejected due to local policy"), report.Soft, "local policy"},
		"a blocklist":            {dsn("failed", "5.0.0", "smtp; 550 Service unavailable, client host blocked using zen.blocklist.example"), report.Soft, "blocked"},
		"the sender refused":     {dsn("failed", "5.1.8", "smtp; 553 5.1.8 Sender address rejected: Domain not found"), report.Soft, "Sender address"},
		"no status":              {dsn("failed", "5.0.0", "smtp; 550 No such user here"), report.Hard, "No such user"},
		"given up after days":    {dsn("failed", "4.4.1", "smtp; connect to mx.example.com[192.0.2.7]:25: Connection timed out"), report.Soft, "timed out"},
		"arrived":                {dsn("delivered", "2.0.0", "smtp; 250 ok"), report.Delivered, ""},
		"base64":                 {strings.Replace(dsn("failed", "5.1.1", "x"), statusOf("failed", "5.1.1", "x"), "Content-Type: message/delivery-status\r\nContent-Transfer-Encoding: base64\r\n\r\n"+base64.StdEncoding.EncodeToString([]byte(fieldsOf("failed", "5.1.1", "smtp; 550 5.1.1 gone"))), 1), report.Hard, "gone"},
		"a complaint":            {complaint("abuse"), report.Complaint, "abuse"},
		"qmail":                  {qmail, report.Hard, "User unknown"},
		"Exim":                   {exim, report.Hard, "Unrouteable address"},
		"Domino":                 {domino, report.Hard, "not found"},
	} {
		t.Run(name, func(t *testing.T) {
			all := report.Read([]byte(c.source))
			if len(all) != 1 {
				t.Fatalf("%d reports are read: %+v", len(all), all)
			}
			r := all[0]
			if r.Kind != c.kind || !strings.Contains(r.Reason, c.reason) || strings.ContainsAny(r.Reason, "\r\n") {
				t.Errorf("it is %s because of %q, want %s", r.Kind, r.Reason, c.kind)
			}
			if !slices.Contains(r.Addresses, "amara@example.com") {
				t.Errorf("it is about %q", r.Addresses)
			}
			if !slices.Contains(r.Mails, "mal_01J9ZQ4N7Y8W3V5T2S1R0PQXKM@pay.example") {
				t.Errorf("the mail is one of %q", r.Mails)
			}
			if !slices.Contains(r.To, "bounces+key-mac@pay.example") {
				t.Errorf("it was sent to %q", r.To)
			}
		})
	}
}

// What people and their programs answer is no report, nor is what only says that it takes
// longer, whatever words are in it.
func TestAnswersAreNoReports(t *testing.T) {
	for name, source := range map[string]string{
		"late":       dsn("delayed", "4.4.1", "smtp; connection timed out"),
		"relayed":    dsn("relayed", "2.0.0", "smtp; 250 ok"),
		"not spam":   complaint("not-spam"),
		"a vacation": head("Amara <amara@example.com>", "Not delivered: user unknown 550 5.1.1") + "Auto-Submitted: auto-replied\r\n\r\nI am away. 550 5.1.1 user unknown amara@example.com\r\n",
		"an answer":  strings.Replace(head("Amara <amara@example.com>", "Undeliverable?"), "<>", "<amara@example.com>", 1) + "\r\nWhy did I get 550 5.1.1 for amara@example.com?\r\n",
		"no reason":  head("MAILER-DAEMON@mx.example.com", "Returned mail") + "\r\nWe could not bring it to amara@example.com\r\n",
		"nothing":    "",
		"no mail":    "\x00\x01\x02",
	} {
		if all := report.Read([]byte(source)); len(all) != 0 {
			t.Errorf("%s is read as %+v", name, all)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, source := range []string{dsn("failed", "5.1.1", "smtp; 550 5.1.1 gone"), complaint("abuse"), qmail, exim, domino} {
		f.Add([]byte(source))
	}
	f.Fuzz(func(t *testing.T, source []byte) {
		for _, r := range report.Read(source) {
			if len([]rune(r.Reason)) > 301 || len(r.Addresses) > 50 || len(r.Mails) > 50 || len(r.To) > 50 {
				t.Errorf("a report is larger than its bounds: %+v", r)
			}
		}
	})
}

func head(from, subject string) string {
	return "Return-Path: <>\r\nDelivered-To: bounces+key-mac@pay.example\r\nFrom: " + from + "\r\nTo: bounces+key-mac@pay.example\r\nSubject: " + subject + "\r\nMIME-Version: 1.0\r\n"
}

func fieldsOf(action, status, said string) string {
	return "Reporting-MTA: dns; mx.example.com\r\nArrival-Date: Mon, 30 Nov 2026 07:00:00 +0000\r\n\r\n" +
		"Final-Recipient: rfc822; amara@example.com\r\nOriginal-Recipient: rfc822;amara@example.com\r\nAction: " + action + "\r\nStatus: " + status + "\r\nDiagnostic-Code: " + said + "\r\n"
}

func statusOf(action, status, said string) string {
	return "Content-Type: message/delivery-status\r\n\r\n" + fieldsOf(action, status, said)
}

const original = "Received: from app (localhost [127.0.0.1])\r\nFrom: Acme <no-reply@pay.example>\r\nMessage-ID:\r\n <mal_01J9ZQ4N7Y8W3V5T2S1R0PQXKM@pay.example>\r\nTo: amara@example.com\r\n"

// dsn is a report of RFC 3464.
func dsn(action, status, said string) string {
	return head("Mail Delivery System <MAILER-DAEMON@mx.example.com>", "Undelivered Mail Returned to Sender") +
		"Content-Type: multipart/report; report-type=delivery-status;\r\n\tboundary=\"b1\"\r\n\r\n--b1\r\nContent-Type: text/plain\r\n\r\nI'm sorry to have to inform you.\r\n" +
		"--b1\r\n" + statusOf(action, status, said) + "\r\n--b1\r\nContent-Type: message/rfc822\r\n\r\n" + original + "\r\nHello\r\n--b1--\r\n"
}

// complaint is a report of RFC 5965.
func complaint(kind string) string {
	return head("<feedback@isp.example>", "FW: a payment") +
		"Content-Type: multipart/report; report-type=feedback-report; boundary=\"b1\"\r\n\r\n--b1\r\nContent-Type: text/plain\r\n\r\nThis is an abuse report.\r\n" +
		"--b1\r\nContent-Type: message/feedback-report\r\n\r\nFeedback-Type: " + kind + "\r\nUser-Agent: Some/1.0\r\nVersion: 1\r\nOriginal-Rcpt-To: <amara@example.com>\r\n" +
		"\r\n--b1\r\nContent-Type: message/rfc822\r\n\r\n" + original + "\r\nHello\r\n--b1--\r\n"
}

var qmail = head("MAILER-DAEMON@mx.example.com", "failure notice") + "\r\nHi. This is the qmail-send program at mx.example.com.\r\nI'm afraid I wasn't able to deliver your message to the following addresses.\r\n\r\n" +
	"<amara@example.com>:\r\n192.0.2.7 does not like recipient.\r\nRemote host said: 550 5.1.1 User unknown\r\nGiving up on 192.0.2.7.\r\n\r\n--- Below this line is a copy of the message.\r\n\r\n" + original

var exim = head("Mail Delivery System <Mailer-Daemon@mx.example.com>", "Mail delivery failed: returning message to sender") + "X-Failed-Recipients: amara@example.com\r\nAuto-Submitted: auto-replied\r\n\r\n" +
	"A message that you sent could not be delivered to one or more of its recipients.\r\n\r\n  amara@example.com\r\n    Unrouteable address\r\n\r\n------ This is a copy of the message, including all the headers. ------\r\n\r\n" + original

var domino = head("Postmaster@example.com", "DELIVERY FAILURE: User amara (amara@example.com) not listed") + "Content-Type: multipart/mixed; boundary=b2\r\n\r\n--b2\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\n" +
	"Your message was not delivered to:\r\n\r\namara@example.com\r\n\r\nbecause:\r\n\r\nThe recipient was not found in the directory\r\n\r\n--b2\r\nContent-Type: message/rfc822\r\n\r\n" + original + "\r\n--b2--\r\n"
