package webhook

import (
	"slices"
	"strings"

	"smartlinks/internal/fault"
)

// Type says what an event tells.
type Type string

// The types. More may come; receivers ignore those they don't know.
const (
	LinkCreated       Type = "link.created"
	LinkUpdated       Type = "link.updated"
	LinkDeactivated   Type = "link.deactivated"   // switched off
	LinkLimitReached  Type = "link.limit_reached" // it has all its payments
	LinkDeleted       Type = "link.deleted"
	LinkOverdue       Type = "link.overdue"     // its due date has passed unpaid, once for each
	LinkAlmostFull    Type = "link.almost_full" // three payments or fewer are left
	PaymentStarted    Type = "payment.started"
	PaymentPending    Type = "payment.pending" // money is on its way
	PaymentExpired    Type = "payment.expired" // it was not finished in time
	PaymentSucceeded  Type = "payment.succeeded"
	PaymentRecorded   Type = "payment.recorded" // by hand; payment.succeeded comes too
	PaymentFailed     Type = "payment.failed"   // refused by the provider; not: given up or expired
	PaymentRefunded   Type = "payment.refunded" // money went back, all or a part
	PaymentDisputed   Type = "payment.disputed"
	DisputeClosed     Type = "payment.dispute_closed" // won, lost or turned round
	DeliverySent      Type = "delivery.sent"
	DeliveryDelivered Type = "delivery.delivered" // the phone has it
	DeliveryFailed    Type = "delivery.failed"
	ReminderSent      Type = "reminder.sent"
	CustomerTagged    Type = "customer.tagged"
	CustomerCreated   Type = "customer.created"
	WaitingJoined     Type = "waiting_list.joined"
	WaitingOffered    Type = "waiting_list.offered"

	// Test is what a member sends to try an endpoint. Nobody asks for it.
	Test Type = "webhook.test"
)

// All stands for every type, also those to come.
const All Type = "*"

// Types are what an endpoint may ask for, in the order in which people read them.
func Types() []Type {
	return []Type{
		LinkCreated, LinkUpdated, LinkDeactivated, LinkLimitReached, LinkAlmostFull, LinkDeleted, LinkOverdue,
		PaymentStarted, PaymentPending, PaymentSucceeded, PaymentRecorded, PaymentFailed, PaymentExpired, PaymentRefunded, PaymentDisputed, DisputeClosed,
		DeliverySent, DeliveryDelivered, DeliveryFailed, ReminderSent, CustomerCreated, CustomerTagged, WaitingJoined, WaitingOffered,
	}
}

// Asked are the types that an endpoint asks for.
type Asked []Type

// Has reports whether the endpoint asks for the type.
func (a Asked) Has(t Type) bool { return slices.Contains(a, t) || slices.Contains(a, All) }

// column is how they are stored.
func (a Asked) column() string {
	words := make([]string, len(a))
	for i, t := range a {
		words[i] = string(t)
	}
	return strings.Join(words, " ")
}

func askedFrom(column string) Asked {
	var a Asked
	for word := range strings.FieldsSeq(column) {
		a = append(a, Type(word))
	}
	return a
}

// clean puts them in order, each once, and notes what is wrong.
func (a Asked) clean(wrong *fault.Fields) Asked {
	if slices.Contains(a, All) {
		return Asked{All}
	}
	for _, t := range a {
		if !slices.Contains(Types(), t) {
			wrong.Add("events", "events.unknown", "There is no event “"+string(t)+"”. Choose from: "+Asked(Types()).column()+", or * for all.")
			return a
		}
	}
	if len(a) == 0 {
		wrong.Add("events", "events.none", "Choose at least one event.")
	}
	return slices.DeleteFunc(Types(), func(t Type) bool { return !slices.Contains(a, t) })
}
